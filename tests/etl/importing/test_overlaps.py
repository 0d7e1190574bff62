"""Files of one table of which one holds the rows of another."""

from __future__ import annotations

from pathlib import Path

from openspending.importing import Wish, inspect_files

HEADER = "month,department,supplier,amount\n"


def lines(months: range) -> str:
    return "".join(f"{month},Office {n % 3},Supplier {n},{100 * month + n}.50\n" for month in months for n in range(6))


def written(folder: Path, **files: str) -> tuple[str, ...]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(HEADER + text, encoding="utf-8")
    return tuple(str(folder / f"{name}.csv") for name in files)


def test_a_file_that_holds_another_is_asked_about(tmp_path: Path) -> None:
    files = written(tmp_path, to_june=lines(range(1, 7)), to_december=lines(range(1, 13)))

    found = inspect_files(Wish(files))

    (question,) = [one for one in found.questions if one.id.startswith("overlap:")]
    assert question.id == "overlap:to_june.csv"
    assert [one.value for one in question.choices] == ["without to_june.csv", "keep both"]


def test_the_smaller_file_is_left_out_as_a_whole(tmp_path: Path) -> None:
    files = written(tmp_path, to_june=lines(range(1, 7)), to_december=lines(range(1, 13)))

    found = inspect_files(Wish(files, given={"overlap:to_june.csv": "without to_june.csv"}))

    assert [one.rows for one in found.tables] == [72]
    assert any(one.file == "to_june.csv" and one.count == 36 for one in found.left_out)


def test_files_with_rows_of_their_own_are_not_asked_about(tmp_path: Path) -> None:
    files = written(tmp_path, first=lines(range(1, 7)), second=lines(range(7, 13)))

    found = inspect_files(Wish(files))

    assert [one.id for one in found.questions] == []
    assert [one.rows for one in found.tables] == [72]
