"""A package whose one table has twelve faults, each of another kind, and where each of them is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Seeded:
    """A fault: its code, the cells that must be marked, and whether it is an error."""

    code: str
    cells: tuple[str, ...]
    error: bool = True


# columns: A year, B code, C ministry, D amount, E region, F without a name, G checked
TABLE = """\
year,code,ministry,AMOUNT ,region,,checked
2025,01,Health,100.50,N,x,true
2025,02,Schools,many,N,x,true
2025,03,Roads,"1,980",N,x,true
2025,04,Rivers,10,N,x,perhaps
2025,05,Parks,20,north,x,true
2025,06,Trains,30,N,x,true,over,flow
2025,07,Ships
,,,,,,
2025,01,Health again,50,N,x,true
2025,99,Nobody,60,N,x,true
2025,10,=2+3,-7,N,x,true
2025,11,"Arts
and Crafts",00070,N,x,true
2025,12,Total,8.5,N,x,true
"""

FAULTS = (
    Seeded("incorrect-label", ("D1",), error=False),  # “AMOUNT ” for “amount”
    Seeded("blank-label", ("F1",), error=False),
    Seeded("fiscal/missing-unused-column", ("J1",), error=False),  # there is no column “note”
    Seeded("type-error", ("D3", "D4")),  # a word, and a comma that may mean two things
    Seeded("fiscal/unused-column-value", ("G5",), error=False),  # “perhaps” is no boolean
    Seeded("constraint-error", ("E6",)),  # “north” is not in the enum
    Seeded("extra-cell", ("H7", "I7")),
    Seeded("missing-cell", ("D8", "E8", "F8", "G8")),
    Seeded("blank-row", ("A9", "B9", "C9", "D9", "E9", "F9", "G9"), error=False),
    Seeded("primary-key", ("A10", "B10"), error=False),  # 2025 and 01 stand in row 2
    Seeded("foreign-key", ("B11",), error=False),  # 99 is not in the list of codes
    Seeded("fiscal/maybe-total-rows", ("C14",), error=False),
)

FIELDS: list[dict[str, Any]] = [
    {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "code", "type": "string", "columnType": "administrative-classification:generic:level1:code"},
    {"name": "ministry", "type": "string", "columnType": "functional-classification:generic:level1:code"},
    {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
    {
        "name": "region",
        "type": "string",
        "columnType": "economic-classification:generic:level1:code",
        "constraints": {"enum": ["N", "S"]},
    },
    {"name": "checked", "type": "boolean"},
    {"name": "note", "type": "string"},
]
LABEL = {"name": "label", "type": "string", "columnType": "administrative-classification:generic:level1:label"}
CODES = "code,label\n" + "".join(f"{number:02},Office {number}\n" for number in range(1, 13))


def write_seeded(folder: Path, text: str = TABLE, **schema: Any) -> Path:
    """The package with the faults, or with another text in its table."""
    folder.mkdir()
    (folder / "budget.csv").write_bytes(text.encode())
    (folder / "codes.csv").write_text(CODES, encoding="utf-8")
    foreign = {"fields": ["code"], "reference": {"resource": "codes", "fields": ["code"]}}
    schema = {"fields": FIELDS, "primaryKey": ["year", "code"], "foreignKeys": [foreign], **schema}
    codes = {"fields": [{"name": "code", "type": "string"}, LABEL]}
    resources = [
        {"name": "budget", "path": "budget.csv", "schema": schema},
        {"name": "codes", "path": "codes.csv", "schema": codes},
    ]
    descriptor = json.dumps({"name": "seeded", "resources": resources})
    (folder / "datapackage.json").write_text(descriptor, encoding="utf-8")
    return folder
