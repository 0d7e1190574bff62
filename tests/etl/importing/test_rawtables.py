"""Files that are parts of one table: their columns are the same even where their labels are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.importing.files import HEADER, asked, decided, fields, inspected, lines


def test_parts_whose_labels_differ_a_little_are_one_table_and_the_other_labels_are_recorded(tmp_path: Path) -> None:
    files = {
        "part-1.csv": lines(2024),
        "part-2.csv": lines(2025, header=HEADER.replace("Ministry code", "Ministry Code ")),
        "part-3.csv": lines(2026, header=HEADER.replace("Amount", "Amounts")),
    }
    found = inspected(tmp_path, files)

    assert asked(found) == []
    assert decided(found)["parts:part-1.csv"][0] == "one table"
    (table,) = found.tables
    assert (table.files, table.rows) == (tuple(files), 72)
    assert fields(found)["Amount (EUR)"]["aliases"] == ["Amounts (EUR)"]


def test_a_column_that_a_part_lacks_is_asked_about(tmp_path: Path) -> None:
    short = "\n".join(",".join(row.split(",")[:3] + row.split(",")[4:]) for row in _with_note(2025).splitlines())
    files = {"part-1.csv": _with_note(2024), "part-2.csv": short}
    found = inspected(tmp_path, files)
    settled = inspected(tmp_path, files, {"parts:part-1.csv": "one table"})

    assert asked(found) == ["parts:part-1.csv"]
    assert (asked(settled), settled.tables[0].rows) == ([], 48)


def test_files_that_are_said_to_be_separate_tables_are(tmp_path: Path) -> None:
    files = {"part-1.csv": lines(2024), "part-2.csv": lines(2025, header=HEADER.replace("Amount", "Amounts"))}
    found = inspected(tmp_path, files, {"parts:part-1.csv": "separate tables", "facts": "part-1"})

    assert [(one.name, one.role, one.rows) for one in found.tables] == [
        ("part-1", "facts", 24),
        ("part-2", "apart", 24),
    ]


@pytest.mark.parametrize("turned", [lines(2025).replace("\n", "\r\n"), "\ufeff" + lines(2025)])
def test_line_ends_and_byte_order_marks_may_differ_from_part_to_part(tmp_path: Path, turned: str) -> None:
    found = inspected(tmp_path, {"part-1.csv": lines(2024), "part-2.csv": turned})

    assert (asked(found), [one.rows for one in found.tables]) == ([], [48])


def _with_note(year: int) -> str:
    rows = [row.split(",") for row in lines(year).splitlines()]
    notes = ["Remark", *(f"Note {at} on this line of the budget" for at in range(1, len(rows)))]
    return "\n".join(",".join([*row[:3], note, row[3]]) for row, note in zip(rows, notes, strict=True))
