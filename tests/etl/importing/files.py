"""Small files as a ministry might have them, and what an import would make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from openspending.etl.importing.precedent import Precedent
from openspending.etl.importing.prepared import ColumnMade, Prepared
from openspending.importing import Wish, inspect_files

MINISTRIES = {"010": "Health", "020": "Roads", "030": "Schools", "040": "Parks"}
HEADER = "Year,Ministry code,Ministry,Amount (EUR)"


def amount(number: int) -> Decimal:
    """The amount of line `number`: far from years, with cents, unlike any other."""
    return Decimal(12_345_67 + number * 9_871_03) / 100


def lines(year: int, *, count: int = 24, header: str = HEADER) -> str:
    """A year's budget as CSV."""
    rows = [header]
    for number in range(count):
        code = list(MINISTRIES)[number % len(MINISTRIES)]
        rows.append(f"{year},{code},{MINISTRIES[code]},{amount(number + year)}")
    return "\n".join(rows) + "\n"


def total(year: int, *, count: int = 24) -> Decimal:
    """The sum of `lines`."""
    return sum((amount(number + year) for number in range(count)), Decimal(0))


def wide(years: Sequence[int], *, words: str = "{year}", count: int = 20) -> str:
    """Programmes with one column of amounts for each year, as CSV."""
    rows = ["Programme code,Programme," + ",".join(words.format(year=year) for year in years)]
    for number in range(count):
        amounts = ",".join(str(amount(number + year)) for year in years)
        rows.append(f"P{number + 11:03},Programme of {chr(65 + number)} works,{amounts}")
    return "\n".join(rows) + "\n"


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these rows on these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write(folder: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Write the files, and say where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tuple(str(folder / name) for name in files)


def inspected(
    folder: Path,
    files: Mapping[str, str | bytes],
    given: Mapping[str, str] | None = None,
    recipe: Precedent | None = None,
) -> Prepared:
    """What an import of the files would do."""
    return inspect_files(Wish(write(folder, files), recipe=recipe, given=given or {}))


def means(found: Prepared, table: int = 0) -> dict[str, str | None]:
    """What the columns of a table mean, by label."""
    return {one.label: one.means for one in found.tables[table].columns}


def column(found: Prepared, label: str) -> ColumnMade:
    """One column of the first table."""
    return next(one for one in found.tables[0].columns if one.label == label)


def decided(found: Prepared) -> dict[str, tuple[str, str]]:
    """What was decided, by whom, by the id of the question; what columns mean is left out."""
    return {one.id: (one.value, one.by) for one in found.decisions if not one.id.endswith(":role")}


def asked(found: Prepared) -> list[str]:
    """The ids of the open questions."""
    return [one.id for one in found.questions]


def fields(found: Prepared, resource: int = 0) -> dict[str, dict[str, Any]]:
    """The fields of a resource, those that are made too, by name."""
    schema = found.descriptor["resources"][resource]["schema"]
    return {one["name"]: one for one in [*schema["fields"], *schema.get("extraFields", [])]}
