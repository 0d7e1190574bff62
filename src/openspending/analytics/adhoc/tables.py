"""Names in SQL → datasets: `owner.name`, or `owner."name@version"` with a number, a day or a hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from openspending.analytics.adhoc.question import Answer, RefusedSQL
from openspending.analytics.adhoc.sandbox import Sandbox
from openspending.analytics.adhoc.wire import Column
from openspending.analytics.livecubes import Opened
from openspending.fdp.sqltext import identifier


class Datasets(Protocol):
    """Where the datasets are: `LiveCubes` is one."""

    def names(self) -> list[str]:
        """`owner:name` of every dataset."""
        ...

    def at(self, owner: str, name: str, version: str | None = None) -> Opened:
        """A revision of a dataset, opened. Raises NotFound, BadQuery, StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table as SQL names it, and the revision that it is."""

    owner: str
    name: str  # with its version, if one was written
    opened: Opened


def resolve(datasets: Datasets, names: Iterable[tuple[str, str]]) -> list[Table]:
    """The tables of those names. Raises NotFound, BadQuery, StoreError; RefusedSQL for two that are one in SQL."""
    tables = []
    seen: dict[str, tuple[str, str]] = {}
    for owner, written in names:
        known = seen.setdefault(f"{owner}.{written}".lower(), (owner, written))
        if known != (owner, written):
            raise RefusedSQL(f"{'.'.join(known)} and {owner}.{written} differ in their letter case only; ask one.")
        name, _, version = written.partition("@")
        tables.append(Table(owner, written, datasets.at(owner, name, version or None)))
    return tables


def answer(sandbox: Sandbox, datasets: Datasets, query: str) -> Answer:
    """The answer to `query`. Raises NotFound, BadQuery, StoreError, TooMuch, Busy."""
    with sandbox.turn(sandbox.question(query)) as question:
        names, _ = question.names()
        found = resolve(datasets, names)
        return question.answer([(one.owner, one.name, one.opened.path) for one in found])


def table_name(owner: str, name: str) -> str:
    """How SQL names the newest revision of a dataset."""
    return ".".join(one if one.isidentifier() and one.isascii() else identifier(one) for one in (owner, name))


def columns(opened: Opened) -> list[Column]:
    """The columns that a dataset has in SQL."""
    found = (
        opened.cube.connection.cursor()
        .execute(
            "SELECT column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = ? AND table_name = 'facts' ORDER BY column_index",
            [opened.path.stem],
        )
        .fetchall()
    )
    return [Column(name, "VARCHAR" if type_.startswith("ENUM") else type_) for name, type_ in found]
