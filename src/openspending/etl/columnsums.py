"""What the amount columns of each table add up to as the files write them: before factors, before columns become rows.

That is the figure a publisher can compare with the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from openspending.etl.check import Checked
from openspending.etl.columns import amount_fields, columns, roles
from openspending.fdp.amounts import plain
from openspending.fdp.denormalise import Branch, Plan, plan
from openspending.fdp.sqltext import identifier


@dataclass(frozen=True, slots=True)
class TableSums:
    """One table of a package: its files, how many rows it has without those left out, and the sum of each amount
    column (None: no amount at all); `sums` is empty for a code list."""

    name: str
    files: tuple[str, ...]
    rows: int
    sums: Mapping[str, Decimal | None]

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        sums = {name: None if total is None else plain(total) for name, total in self.sums.items()}
        return {"name": self.name, "files": list(self.files), "rows": self.rows, "sums": sums}


def table_sums(connection: duckdb.DuckDBPyConnection, checked: Checked) -> tuple[TableSums, ...]:
    """Rows and exact sums of tables that were found right."""
    made, _ = plan(checked.package, checked.model)
    branches = {one.resource.name: one for one in made.branches} if made is not None else {}
    found = []
    for name, loaded in checked.loaded.items():
        branch = branches.get(name)
        sums = {} if branch is None or made is None else _sums(connection, checked, made, branch)
        found.append(TableSums(name, loaded.parts, loaded.rows, sums))
    return tuple(found)


def _sums(
    connection: duckdb.DuckDBPyConnection, checked: Checked, made: Plan, branch: Branch
) -> dict[str, Decimal | None]:
    name = branch.resource.name
    amounts = frozenset(one.name for one in amount_fields(branch))
    used = [one for one in columns(branch.resource, roles(made), amounts) if one.amount]
    if not used:
        return {}
    sizes = [checked.decimals.get((name, one.field.name), (1, 0)) for one in used]
    # a number needs one digit at least
    widths = [(max(left, 1 - min(right, 1)), right) for left, right in sizes]
    values = [f"sum({one.reading.value(one.sql, width)})" for one, width in zip(used, widths, strict=True)]
    relation = identifier(checked.loaded[name].relation)
    totals = connection.execute(f"SELECT {', '.join(values)} FROM {relation}").fetchall()[0]
    return {one.field.name: total for one, total in zip(used, totals, strict=True)}
