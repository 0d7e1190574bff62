"""Small cuboids as JSON, for sites that read the public store and have no server behind them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from openspending.analytics.stored.catalogue import Cuboid
from openspending.fdp.sqltext import identifier

MOST_ROWS: Final = 5_000  # cells; more are no download for a page


def write_json(connection: duckdb.DuckDBPyConnection, cuboid: Cuboid, select: str, folder: Path) -> None:
    """Write `cuboid`, the rows of `select`, to its JSON file in `folder`: the refs of its columns, then its cells."""
    columns = [*cuboid.columns.values(), *cuboid.sums]
    rows = connection.execute(f"SELECT {', '.join(map(identifier, columns))} FROM ({select})").fetchall()
    body = {
        "id": cuboid.id,
        "columns": [*cuboid.columns, *cuboid.sums],
        "rows": [[_exact(value) for value in row] for row in rows],
    }
    (folder / f"{cuboid.id}.json").write_bytes(msgspec.json.encode(body) + b"\n")


def _exact(value: Any) -> Any:
    """Amounts as text: a number of JSON would lose digits in most readers."""
    return f"{value:f}" if isinstance(value, Decimal) else value
