"""Import against a peer, `frictionless validate`, and a floor, DuckDB's bare copy; and the sizes that must be possible.

    python -m benchmarks.importing [ROWS] [RUNS]          a clean CSV: import, peer and floor in turn, in one run
    python -m benchmarks.importing large                  10,000,000 rows; the 413,839 rows that the original gave up on
    python -m benchmarks.importing workbook [ROWS]        an XLSX of ROWS rows (800,000 make about 84 MB)

Whole processes. `frictionless` is given the package with its schema; the import has to find out everything by itself.
"""

from __future__ import annotations

import csv
import random
import resource
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.package import FIELDS, make
from benchmarks.publish import COPY, Run, run, show

GIVEN_UP = 413_839  # rows, 64 MB: an hour, then an error (an issue of the original's tracker)
TOOLS = Path(sys.executable).parent


def importing(data: Path, file: Path) -> list[str]:
    """The command that imports a file with nobody to ask."""
    return [
        str(TOOLS / "openspending"),
        "--data",
        str(data),
        "import",
        str(file),
        "--into",
        "bench/mark",
        "--yes",
        "--json",
    ]


def compare(rows: int, runs: int) -> None:
    """Time import, peer and floor in turn."""
    with tempfile.TemporaryDirectory() as folder:
        package = make(Path(folder) / "package", rows)
        lines = package.with_name("lines.csv")
        data, copied = Path(folder) / "data", Path(folder) / "copied.parquet"
        commands = {
            "openspending import": importing(data, lines),
            "frictionless validate": [str(TOOLS / "frictionless"), "validate", str(package), "--json"],
            "bare copy to Parquet": [sys.executable, "-c", COPY, str(lines), str(copied)],
        }
        took: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(runs):
            shutil.rmtree(data, ignore_errors=True)
            for name, command in commands.items():
                took[name].append(run(command))
    show(rows, took)


def large() -> None:
    """The sizes that must be possible."""
    for rows in (GIVEN_UP, 10_000_000):
        with tempfile.TemporaryDirectory() as folder:
            file = make(Path(folder) / "package", rows).with_name("lines.csv")
            size = file.stat().st_size / 1e6
            took = run(importing(Path(folder) / "data", file))
        _say(f"{rows:,} rows, {size:,.0f} MB", took)


def workbook(rows: int) -> None:
    """Import one large sheet."""
    with tempfile.TemporaryDirectory() as folder:
        lines = make(Path(folder) / "package", rows).with_name("lines.csv")
        file = Path(folder) / "lines.xlsx"
        _write_workbook(lines, file)
        size = file.stat().st_size / 1e6
        took = run(importing(Path(folder) / "data", file))
    _say(f"{rows:,} rows, XLSX of {size:,.0f} MB", took)


def _say(what: str, took: Run) -> None:
    print(f"{what}: {took.wall:.1f} s wall, {took.cpu:.1f} s cpu, {took.megabytes:,.0f} MB peak")


def _write_workbook(lines: Path, file: Path) -> None:
    """A minimal workbook with the rows of a CSV, amounts as numbers."""
    numbers = {at for at, one in enumerate(FIELDS) if one["type"] == "number"}
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as book, lines.open(newline="") as source:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(csv.reader(source), start=1):
                sheet.write(_row(number, row, numbers if number > 1 else set()).encode())
            sheet.write(b"</sheetData></worksheet>")


def _row(number: int, cells: Sequence[str], numbers: set[int]) -> str:
    made = [
        f'<c r="{chr(65 + at)}{number}"><v>{cell}</v></c>'
        if at in numbers
        else f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for at, cell in enumerate(cells)
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Lines" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    random.seed(1)
    words = sys.argv[1:]
    if words[:1] == ["large"]:
        large()
    elif words[:1] == ["workbook"]:
        workbook(int(words[1]) if words[1:] else 800_000)
    else:
        compare(int(words[0]) if words else 1_000_000, int(words[1]) if words[1:] else 3)
