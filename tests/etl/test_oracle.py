"""frictionless as oracle: on small tables both find the same errors in the same cells."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.fdp.problems import Problem

FIELDS: list[dict[str, Any]] = [
    {"name": "year", "type": "integer"},
    {"name": "code", "type": "string", "constraints": {"pattern": r"\d{2}", "required": True}},
    {"name": "day", "type": "date"},
    {"name": "open", "type": "boolean"},
    {"name": "amount", "type": "number", "constraints": {"minimum": -50, "maximum": 1000}},
]
MODEL = {
    "measures": {"amount": {"source": "amount", "currency": "EUR"}},
    "dimensions": {
        "date": {
            "dimensionType": "datetime",
            "attributes": {"year": {"source": "year"}, "day": {"source": "day"}},
            "primaryKey": ["year", "day"],
        },
        "function": {
            "attributes": {"code": {"source": "code"}, "open": {"source": "open"}},
            "primaryKey": ["code", "open"],
        },
    },
}
# Cells that both must judge alike. Where we are stricter on purpose (NaN, spaces around numbers, …) see test_values.
CELLS = {
    "year": ["2015", "2016", "", "15", "+7", "x", "2015.5", "20 15"],
    "code": ["01", "02", "99", "", "1", "012", "ab"],
    "day": ["2015-01-31", "2016-02-29", "", "2015-02-29", "2015-13-01", "yesterday"],
    "open": ["true", "FALSE", "1", "", "yes", "tRue"],
    "amount": ["1", "-2.50", "1e2", ".5", "", "999.99", "1000.01", "-51", "1,5", "(5)", "abc", "--1"],
}


def judged_by_frictionless(folder: Path) -> set[tuple[str, int, str]]:
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    found = report.flatten(["type", "rowNumber", "fieldName"])
    return {(str(code), int(row), str(field)) for code, row, field in found if row is not None}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(5))
def test_the_same_cells_are_refused(
    write: Callable[..., Path], problems: Callable[..., list[Problem]], tmp_path: Path, seed: int
) -> None:
    chosen = random.Random(seed)
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(CELLS)
        writer.writerows([chosen.choice(texts) for texts in CELLS.values()] for _ in range(15))
    rows = path.read_text()
    ours = {
        (one.code, one.row or 0, one.field or "")
        for one in problems(rows, fields=FIELDS, model=MODEL)
        if one.code in ("type-error", "constraint-error")
    }

    assert ours == judged_by_frictionless(write(rows, fields=FIELDS, model=MODEL))
