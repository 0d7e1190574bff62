"""Readers of XLSX beside each other: every cell of one sheet, read by whole processes, in turn, in one run.

    python -m benchmarks.spreadsheets [ROWS]

Makes its own workbook: ROWS lines of 13 columns, of which one has codes with the number format `000` and one has errors
(#N/A). Prints seconds, cells per second, peak memory, the ratio to our reader, and whether codes and errors survive.
Readers that are not installed are left out.
"""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
import tempfile
import textwrap
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from benchmarks.publish import Run, run

COLUMNS = 13
# Module and program of each; the program makes `rows`.
READERS = {
    "openspending": (
        "openspending",
        """
        from pathlib import Path
        from openspending.etl.formats.book import open_book
        book = open_book(Path(path), "xlsx", path)
        rows = book.rows(book.sheets[0])
        """,
    ),
    "python-calamine": (
        "python_calamine",
        """
        import python_calamine
        rows = python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows()
        """,
    ),
    "fastexcel": (
        "fastexcel",
        """
        import fastexcel
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
        rows = (list(row.values()) for row in sheet.to_arrow().to_pylist())
        """,
    ),
    "openpyxl, read only": (
        "openpyxl",
        """
        import openpyxl
        rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
        """,
    ),
}
START = "import itertools, sys\npath = sys.argv[1]\n"
END = "first = list(itertools.islice(rows, 2))\nfor row in rows:\n    pass\n"
SHOW = "print(*next(itertools.islice(rows, 1, None)), sep='\\t')\n"


def make(path: Path, rows: int) -> None:
    """Write the workbook."""
    chance = random.Random(1)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Budget")
    sheet.append([f"column {number}" for number in range(COLUMNS)])
    for row in range(rows):
        code, day = WriteOnlyCell(sheet, row % 60), datetime(2015, 1, 1) + timedelta(days=row % 3000)  # noqa: DTZ001
        code.number_format = "000"
        supplier = f"Supplier Nº {chance.randrange(5000)} & Söhne"
        amounts = [round(chance.random() * 10**size, 2) for size in (3, 5, 7)]
        texts = ["Ministry of things", f"A{row % 99999:05}", "x"]
        sheet.append([row, supplier, code, day, *amounts, *texts, 2015 + row % 5, "#N/A", chance.random()])
    workbook.save(path)


def main(rows: int) -> None:
    """Run every reader and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.xlsx"
        make(path, rows)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB\n")
        print("| | wall | CPU | cells/s | peak memory | CPU × ours | 007 | #N/A |\n|---|---|---|---|---|---|---|---|")
        ours: Run | None = None
        for name, (module, reading) in READERS.items():
            if importlib.util.find_spec(module) is None:
                continue
            program = START + textwrap.dedent(reading)
            used = run([sys.executable, "-c", program + END, str(path)])
            ours = ours or used
            speed = f"{rows * COLUMNS / used.wall:,.0f}"
            figures = (
                f"{used.wall:.1f} s | {used.cpu:.1f} s | {speed} | {used.megabytes:.0f} MB | {used.cpu / ours.cpu:.2f}"
            )
            shown = [sys.executable, "-c", program + SHOW, str(path)]
            cells = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.rstrip("\n").split("\t")
            print(
                f"| {name} | {figures} | {' | '.join('yes' if text in cells else 'no' for text in ('000', '#N/A'))} |"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
