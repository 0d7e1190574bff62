"""Makes a fiscal data package of any size: budget lines with three classifications, supplier, date and two amounts.

python -m benchmarks.package FOLDER ROWS
"""

from __future__ import annotations

import csv
import json
import random
import sys
from pathlib import Path
from typing import Any

REQUIRED = {"required": True}
FIELDS: list[dict[str, Any]] = [
    {"name": "line", "type": "string", "columnType": "budget-line-id", "constraints": REQUIRED},
    {"name": "year", "type": "integer", "columnType": "date:fiscal-year", "constraints": REQUIRED},
    {"name": "ministry", "type": "string", "columnType": "administrative-classification:generic:level1:code"},
    {"name": "ministry_name", "type": "string", "columnType": "administrative-classification:generic:level1:label"},
    {"name": "office", "type": "string", "columnType": "administrative-classification:generic:level2:code"},
    {"name": "office_name", "type": "string", "columnType": "administrative-classification:generic:level2:label"},
    {"name": "function", "type": "string", "columnType": "functional-classification:generic:level1:code"},
    {"name": "function_name", "type": "string", "columnType": "functional-classification:generic:level1:label"},
    {"name": "nature", "type": "string", "columnType": "economic-classification:generic:level1:code"},
    {"name": "supplier", "type": "string", "columnType": "supplier:generic:id"},
    {"name": "approved_on", "type": "date", "columnType": "date:fiscal:activity-approval"},
    {"name": "approved", "type": "number", "columnType": "value", "currency": "EUR", "phase": "approved"},
    {"name": "executed", "type": "number", "columnType": "value", "currency": "EUR", "phase": "executed"},
]


def make(folder: Path, rows: int, seed: int = 1) -> Path:
    """Write `datapackage.json` and `lines.csv` of `rows` rows into `folder`; returns the descriptor's path."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = {"fields": FIELDS, "primaryKey": ["line"]}
    resource = {"name": "lines", "path": "lines.csv", "encoding": "utf-8", "schema": schema}
    descriptor = {"name": f"benchmark-{rows}", "title": "Benchmark budget", "resources": [resource]}
    path = folder / "datapackage.json"
    path.write_text(json.dumps(descriptor, indent=1))
    chance = random.Random(seed)
    with (folder / "lines.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([one["name"] for one in FIELDS])
        writer.writerows(_row(number, chance) for number in range(rows))
    return path


def _row(number: int, chance: random.Random) -> list[object]:
    ministry, office, function = chance.randrange(30), chance.randrange(20), chance.randrange(10)
    year = 2015 + number % 8
    approved = chance.randrange(-100_000, 100_000_000)
    return [
        f"L{number:08d}",
        year,
        f"{ministry:03d}",
        f"Ministry of Affairs, number {ministry}",
        f"{ministry:03d}{office:02d}",
        f"Office {ministry}-{office}",
        f"{function + 1:02d}",
        f"Function {function}",
        f"{chance.randrange(6)}.{chance.randrange(10)}",
        f"Supplier {chance.randrange(100_000)} Ltd",
        f"{year}-{chance.randrange(12) + 1:02d}-{chance.randrange(28) + 1:02d}",
        f"{approved / 100:.2f}",
        f"{approved * chance.randrange(60, 101) // 100 / 100:.2f}",
    ]


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2])))
