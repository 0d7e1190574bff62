"""A look at the facts that a package would become: the first of them, and what they come to by year and phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.fdp.amounts import plain
from openspending.fdp.model import Attribute, Model
from openspending.fdp.sqltext import identifier

ROWS: Final = 20
GROUPS: Final = 200
_YEAR: Final = "date:fiscal-year"
_PHASE: Final = "phase:"


@dataclass(frozen=True, slots=True)
class Preview:
    """`columns` of the facts, with the first `rows`; `totals` of each measure by what `parts` name (year, phase)."""

    columns: tuple[Mapping[str, Any], ...]
    rows: tuple[tuple[str | None, ...], ...]
    parts: tuple[str, ...]
    totals: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON: every amount exact, as text."""
        return {
            "columns": [dict(one) for one in self.columns],
            "rows": [list(one) for one in self.rows],
            "by": list(self.parts),
            "totals": [dict(one) for one in self.totals],
        }


def preview(model: Model, connection: duckdb.DuckDBPyConnection) -> Preview:
    """A look at the view `fact`."""
    attributes = [one for dimension in model.dimensions for one in dimension.attributes]
    columns = [{"name": one.title or one.source or one.name, "kind": one.column_type} for one in attributes]
    columns += [{"name": one.title or one.name, "kind": "value", "currency": one.currency} for one in model.measures]
    names = [*(one.column for one in attributes), *(one.column for one in model.measures)]
    chosen = ", ".join(map(identifier, names))
    rows = connection.execute(f"SELECT {chosen} FROM fact LIMIT {ROWS}").fetchall()
    parts = list(_parts(attributes))
    return Preview(
        columns=tuple(columns),
        rows=tuple(tuple(map(_text, row)) for row in rows),
        parts=tuple(part for part, _ in parts),
        totals=tuple(_totals(model, connection, parts)),
    )


def _parts(attributes: Sequence[Attribute]) -> Iterator[tuple[str, Attribute]]:
    for part, begins in (("year", _YEAR), ("phase", _PHASE)):
        found = next((one for one in attributes if (one.column_type or "").startswith(begins)), None)
        if found is not None:
            yield part, found


def _totals(
    model: Model, connection: duckdb.DuckDBPyConnection, parts: Sequence[tuple[str, Attribute]]
) -> Iterator[dict[str, Any]]:
    keys = [identifier(one.column) for _, one in parts]
    sums = [f"sum({identifier(one.column)})" for one in model.measures]
    order = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    asked = f"SELECT {', '.join([*keys, 'count(*)', *sums])} FROM fact{order} LIMIT {GROUPS}"
    for row in connection.execute(asked).fetchall():
        values, count, amounts = row[: len(keys)], row[len(keys)], row[len(keys) + 1 :]
        yield {
            **{part: _text(value) for (part, _), value in zip(parts, values, strict=True)},
            "facts": count,
            "measures": {one.name: _text(amount) for one, amount in zip(model.measures, amounts, strict=True)},
        }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)
