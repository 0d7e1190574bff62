"""`inspect` on the command line: what is in a file and what an import would make of it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openspending.cli.commands import app
from tests.etl.importing.files import lines, workbook, write

pytestmark = pytest.mark.slow


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["inspect", *arguments])


def answered(*arguments: str, code: int = 0) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == code, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def test_every_column_is_shown_with_its_meaning_how_sure_that_is_and_why(tmp_path: Path) -> None:
    (file,) = write(tmp_path, {"budget 2025.csv": lines(2025)})
    shown = run(file).stdout

    assert "budget 2025.csv: csv, utf-8, header in row 1, 24 rows – the amounts" in shown
    for words in ("Ministry code", "administrative-classification", "97 %", "in the header"):
        assert words in shown
    assert not (tmp_path / "data").exists()


def test_the_json_object_has_the_next_candidates_too(tmp_path: Path) -> None:
    (file,) = write(tmp_path, {"budget.csv": lines(2025)})
    found = answered(file)

    (table,) = found["tables"]
    assert (table["rows"], table["headerRows"], table["encoding"]) == (24, [1], "utf-8")
    for column in table["columns"]:
        assert column.keys() >= {"label", "written", "columnType", "confidence", "reason", "others", "by"}
        assert isinstance(column["confidence"], int)
    assert found["descriptor"]["resources"][0]["path"] == "budget.csv"
    assert found["sure"] is True


def test_tables_that_are_not_meant_and_what_is_cut_off_are_listed(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Budget"], [], ["Year", "Ministry", "Amount"]]
    rows += [[2025, f"Ministry {at}", 100_000.25 + at] for at in range(12)] + [[], ["Source: the ministry"]]
    path = workbook(tmp_path / "book.xlsx", {"Cover": [["Ministry of Finance"], ["2025"]], "Lines": rows})
    found = answered(str(path))

    assert {(one["sheet"], one["what"]) for one in found["left_out"]} >= {("Cover", "table"), ("Lines", "banner")}
    assert any("note" in one["what"] for one in found["left_out"])


def test_open_questions_are_no_failure_and_are_shown_with_how_to_answer_them(tmp_path: Path) -> None:
    (file,) = write(tmp_path, {"budget.csv": "in thousand EUR,,,\nin million EUR,,,\n\n" + lines(2025)})
    shown, found = run(file), answered(file)

    assert shown.exit_code == 0
    assert "1 question must be answered" in shown.stdout
    assert "--set 'unit=" in shown.stdout
    assert (found["sure"], [one["id"] for one in found["questions"]]) == (False, ["unit"])


def test_answers_are_tried_and_slips_refused(tmp_path: Path) -> None:
    (file,) = write(tmp_path, {"budget.csv": lines(2025)})
    found = answered(file, "--set", "column:Ministry:role=nothing")

    assert [one["columnType"] for one in found["tables"][0]["columns"] if one["label"] == "Ministry"] == [None]
    assert "Nothing asked for colum" in answered(file, "--set", "colum=x", code=1)["error"]


@pytest.mark.parametrize("files", [("gone.csv",), (".",), ("gone.csv", "also gone.csv")])
def test_what_cannot_be_read_is_exit_code_1_with_every_file(files: Sequence[str]) -> None:
    found = answered(*files, code=1)

    assert (found["tables"], found["sure"]) == ([], False)
    assert len(found["problems"]) == len(files)
    assert run(*files).stdout == ""


def test_several_files_are_parts_of_one_table(tmp_path: Path) -> None:
    files = write(tmp_path, {"2024.csv": lines(2024), "2025.csv": lines(2025)})

    assert "2024.csv and 1 more file: csv" in run(*files).stdout
