"""What a resource declares of its rows, said to people: why a row is not read, what is read instead of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from openspending.etl.loaded import Loaded
from openspending.fdp.package import Resource
from openspending.fdp.spaces import BLANKS
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

_CALLED: Final = {
    "total": said("total"),
    "subtotal": said("subtotal"),
    "heading": said("heading"),
    "note": said("note"),
    "continuation": said("continuation"),
    "other": said("other"),
}


def kind_called(kind: str) -> str:
    """What rows of a kind that are left out are called."""
    return _CALLED.get(kind, kind)


def reasons(
    connection: duckdb.DuckDBPyConnection, loaded: Loaded | None, resource: Resource, part: int
) -> dict[int, str]:
    """For each row of one part that is left out by rule, why."""
    if loaded is None or not any(one.part == part for one in loaded.left_out):
        return {}
    why = [said("left out: {reason}", reason=one.reason or kind_called(one.kind)) for one in resource.leave_out]
    query = f"SELECT _row, rule FROM {identifier(loaded.left_table)} WHERE _file = {part}"
    return {row: why[rule] for row, rule in connection.execute(query).fetchall()}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is read instead of some texts: by column of the file, whether spaces around them count, and by text."""

    columns: Mapping[int, tuple[bool, Mapping[str, str | None]]] = field(default_factory=dict)

    def of(self, cells: Sequence[str]) -> dict[int, str]:
        """For each column of a record whose text is replaced, what is read."""
        return dict(self._found(cells)) if self.columns else {}

    def _found(self, cells: Sequence[str]) -> Iterator[tuple[int, str]]:
        for column, (trim, texts) in self.columns.items():
            text = cells[column] if column < len(cells) else ""
            text = text.strip(BLANKS) if trim else text
            if text in texts:
                new = texts[text]
                yield column, said("read as “{text}”", text=new) if new else said("read as a missing value")


def replaced(resource: Resource, positions: Sequence[int | None]) -> Replaced:
    """What `resource` replaces in a file whose fields are in the columns `positions`."""
    found = {}
    for one, column in zip(resource.schema.fields, positions, strict=True):
        if one.replace and column is not None:
            texts = {(old.strip(BLANKS) if one.trim else old): new for old, new in one.replace.items()}
            found[column] = (one.trim, texts)
    return Replaced(found)
