"""`import` on the command line: exit codes, one JSON object in every outcome, nothing stored but what was agreed to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from openspending.cli.commands import app
from openspending.fdp.amounts import plain
from tests.etl.importing.files import HEADER, amount, lines, total, workbook, write
from tests.sites import site

pytestmark = pytest.mark.slow

KEYS = {"dataset", "revision", "created", "rows", "measures", "controls", "problems"}  # those of `publish`
MORE = {"tables", "decisions", "questions", "left_out", "drift", "notes", "sure"}
INTO = ("--into", "treasury/budget")
UNSURE = "in thousand EUR,,,\nin million EUR,,,\n\n" + lines(2025)  # in which unit?


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answered(*arguments: str, code: int = 0) -> dict[str, Any]:
    """The one JSON object on standard output, with nothing before or after it."""
    result = run(*arguments, "--json")
    assert result.exit_code == code, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def here(name: str, text: str) -> str:
    write(Path(), {name: text})
    return name


def stored() -> list[Path]:
    return [one for one in Path("data").rglob("*.json") if one.is_file()]


@pytest.fixture
def file() -> str:
    return here("2025.csv", lines(2025))


def test_an_import_says_what_publish_says_and_what_was_decided_and_left_out(file: str) -> None:
    done = answered("import", file, *INTO, "--yes")

    assert done.keys() >= KEYS | MORE | {"hash", "content"}
    assert "error" not in done
    assert (done["dataset"], done["revision"], done["created"], done["rows"]) == ("treasury/budget", 1, True, 24)
    assert done["measures"] == {"Amount_EUR": str(total(2025))}
    (table,) = done["tables"]
    assert (table["rows"], table["sums"], table["role"]) == (24, {"Amount (EUR)": str(total(2025))}, "facts")
    assert {one["id"] for one in done["decisions"]} >= {"encoding", "delimiter", "header", "column:Ministry:role"}
    assert (done["questions"], done["sure"]) == ([], True)


def test_what_is_left_out_of_a_file_is_listed() -> None:
    whole = f"Budget of the ministry,,,\n\n{lines(2025)},,Total,{total(2025)}\n"
    done = answered("import", here("totals.csv", whole), *INTO, "--yes")

    assert {one["what"] for one in done["left_out"]} == {"banner", "total"}
    assert done["measures"] == {"Amount_EUR": str(total(2025))}


@pytest.mark.parametrize(("more", "code"), [(("--yes",), 0), ((), 4), (("--yes", "--set", "x=y"), 1), (("--plan",), 0)])
def test_exit_codes_say_what_happened(file: str, more: Sequence[str], code: int) -> None:
    assert run("import", file, *INTO, *more).exit_code == code
    assert bool(stored()) == (more == ("--yes",))


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("2025.csv",),
        ("--into", "treasury/budget"),
        ("2025.csv", "--into", "budget"),
        ("2025.csv", "--into", "a/b/c"),
        ("2025.csv", "--into", "treasury/budget", "--set", "currency"),
        ("2025.csv", "--into", "treasury/budget", "--save", "no/folder/package.yaml"),
        ("2025.csv", "--into", "treasury/budget", "--save", "."),
        ("2025.csv", "--into", "treasury/budget", "--marked", "copy.pdf"),
        ("2025.csv", "--into", "treasury/budget", "--force"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_stores_nothing(file: str, arguments: Sequence[str]) -> None:
    result = run("import", *arguments, "--yes")

    assert file == "2025.csv"
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert stored() == []


def test_nobody_at_a_terminal_and_no_yes_is_a_no_with_everything_that_was_found(file: str) -> None:
    done = answered("import", file, *INTO, code=4)

    assert done.keys() >= KEYS | MORE | {"error"}
    assert (done["dataset"], done["created"], done["sure"]) == (None, False, True)
    assert "--yes" in done["error"]
    assert len(done["tables"]) == 1
    assert stored() == []


def test_open_questions_are_exit_code_4_and_come_with_their_choices() -> None:
    done = answered("import", here("2025.csv", UNSURE), *INTO, "--yes", code=4)

    assert done.keys() >= KEYS | MORE | {"error"}
    (question,) = done["questions"]
    assert question["id"] == "unit"
    assert {one["value"] for one in question["choices"]} >= {"1000", "1000000"}
    assert (done["error"], done["sure"], stored()) == ("1 question must be answered first.", False, [])


def test_people_are_told_how_to_answer_and_their_answer_is_taken() -> None:
    name = here("2025.csv", UNSURE)
    result = run("import", name, *INTO, "--yes")

    assert result.exit_code == 4
    assert "--set 'unit=" in result.output
    assert "Nothing was stored." in result.output
    done = answered("import", name, *INTO, "--yes", "--set", "unit=1000")
    assert done["measures"] == {"Amount_EUR": plain(1000 * total(2025))}
    assert next(one["by"] for one in done["decisions"] if one["id"] == "unit") == "person"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("unti=1000", ("unti", "unit", "currency", "header")),
        ("encoding=klingon", ("klingon", "utf-8")),
        ("currency=euros", ("euros", "three capital letters")),
        ("header=row 99", ("row 99", "row 1")),
        ("column:Ministry:role=poetry", ("poetry", "ColumnType")),
    ],
)
def test_an_answer_with_a_slip_is_refused_with_what_could_be_said(file: str, said: str, words: Sequence[str]) -> None:
    done = answered("import", file, *INTO, "--yes", "--set", said, code=1)

    assert done.keys() >= KEYS | MORE | {"error"}
    assert all(word in done["error"] for word in words), done["error"]
    assert stored() == []


@pytest.mark.parametrize(
    "files", [("gone.csv",), (".",), ("http://127.0.0.1:9/x.csv",), ("ftp://example.org/x",), ("picture.png",)]
)
def test_no_bad_file_ends_in_a_traceback(files: Sequence[str]) -> None:
    write(Path(), {"picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4})
    shown = run("import", *files, *INTO, "--yes")
    done = answered("import", *files, *INTO, "--yes", code=1)

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert isinstance(shown.exception, SystemExit)
    assert done.keys() >= KEYS | MORE | {"error"}
    assert done["problems"]
    assert stored() == []


@pytest.mark.parametrize("text", ["- 1\n", "a: [\n", "title: x\n", "resources: [7]\n", "sources: [1]\nfields: [2]\n"])
def test_no_bad_recipe_ends_in_a_traceback(file: str, text: str) -> None:
    done = answered("import", file, *INTO, "--yes", "--recipe", here("package.yaml", text), code=1)

    assert "package.yaml" in done["error"] + json.dumps(done["problems"])
    assert stored() == []


def test_a_recipe_is_saved_and_followed_to_the_same_content(file: str) -> None:
    first = answered("import", file, *INTO, "--yes", "--save", "package.yaml", "--set", "direction=revenue")
    arguments = ("import", file, *INTO, "--yes", "--recipe", "package.yaml", "--save", "again.yaml")
    second = answered("--data", "elsewhere", *arguments)

    assert second["content"] == first["content"]
    assert Path("again.yaml").read_text("utf-8") == Path("package.yaml").read_text("utf-8")
    assert next(one["by"] for one in second["tables"][0]["columns"]) == "recipe"


def test_the_next_file_needs_no_decision_and_another_header_comes_with_the_drift(file: str) -> None:
    answered("import", file, *INTO, "--yes")
    same = answered("import", here("2026.csv", lines(2026)), *INTO, "--yes")
    renamed = lines(2027, header=HEADER.replace("Amount (EUR)", "Amount in EUR"))
    other = answered("import", here("2027.csv", renamed), *INTO, "--yes", code=4)
    shown = run("import", "2027.csv", *INTO, "--yes").output

    assert (same["revision"], same["drift"][0]["state"]) == (2, "same")
    assert [one["id"] for one in other["questions"]] == ["renamed:Amount (EUR)"]
    assert other["drift"][0]["renamed"][0]["now"] == "Amount in EUR"
    assert "was column Amount (EUR) renamed to Amount in EUR?" in shown


@pytest.mark.parametrize("command", [("plan",), ("import", "--plan")])
def test_a_plan_of_files_tells_the_money_and_stores_nothing(file: str, command: Sequence[str]) -> None:
    answered("import", file, *INTO, "--yes")
    before = stored()
    name = here("2026.csv", lines(2026))
    done = answered(*command, name, *INTO)
    shown = run(*command, name, *INTO)

    (money,) = done["difference"]["money"].values()
    assert (money["old"], money["new"]) == (str(total(2025)), str(total(2026)))
    assert (done["revision"], done["changes"]) == (2, True)
    assert "revision 2 would" in shown.stdout
    assert "Nothing was stored." in shown.stdout
    assert stored() == before


def test_a_plan_with_open_questions_is_exit_code_4() -> None:
    done = answered("plan", here("2025.csv", UNSURE), *INTO, code=4)

    assert [one["id"] for one in done["questions"]] == ["unit"]


def test_files_are_added(file: str) -> None:
    answered("import", file, *INTO, "--yes")
    done = answered("import", here("2026.csv", lines(2026)), *INTO, "--yes", "--add")

    assert done["measures"] == {"Amount_EUR": str(total(2025) + total(2026))}
    assert done["tables"][0]["files"] == ["2025.csv", "2026.csv"]


def test_a_title_is_kept_for_the_next_file(file: str) -> None:
    answered("import", file, *INTO, "--yes", "--title", "The budget", "--message", "First")
    answered("import", here("2026.csv", lines(2026)), *INTO, "--yes")
    (listed,) = answered("datasets")["datasets"]

    assert (listed["title"], listed["revision"]) == ("The budget", 2)
    assert [one["message"] for one in answered("revisions", "treasury/budget")["revisions"]][-1] == "First"


def test_a_refused_import_comes_back_as_the_marked_workbook() -> None:
    rows: list[list[Any]] = [["Year", "Ministry", "Amount"]]
    rows += [[2025, f"Ministry {at}", amount(at)] for at in range(30)]
    rows[8][2] = "seven hundred"
    workbook(Path("budget.xlsx"), {"Lines": rows})
    asked = answered("import", "budget.xlsx", *INTO, "--yes", "--marked", "copy.xlsx", code=4)
    (question,) = asked["questions"]
    answer = f"{question['id']}={question['choices'][-1]['value']}"
    done = answered("import", "budget.xlsx", *INTO, "--yes", "--set", answer, "--marked", "copy.xlsx", code=1)

    assert done["marked"] == ["copy.xlsx"]
    assert [one["row"] for one in done["problems"] if one["severity"] == "error"] == [9]
    assert load_workbook("copy.xlsx")["Lines"]["C9"].comment is not None
    assert stored() == []


def test_a_file_at_a_url_is_fetched_once_and_only_where_it_is_allowed() -> None:
    with site() as web:
        web.files["/2025.csv"] = (lines(2025).encode(), '"one"')
        url = web.url("/2025.csv")
        refused = answered("import", url, *INTO, "--yes", code=1)
        first = answered("import", url, *INTO, "--yes", "--allow-private-hosts")
        second = answered("import", url, *INTO, "--yes", "--allow-private-hosts")

    assert "not on the public internet" in json.dumps(refused["problems"])
    assert [status for *_, status in web.asked] == [200, 304]
    assert (first["created"], second["created"], second["revision"]) == (True, False, 1)


def test_no_cell_and_no_name_can_drive_the_terminal() -> None:
    hostile = "\x1b[31m[bold]x[/bold]\x07"
    text = lines(2025).replace("Ministry,Amount", f"{hostile},Amount").replace("Health", hostile)
    name = here("a[red]b.csv", text)
    shown = run("import", name, *INTO)

    assert "\x1b[31m" not in shown.output
    assert "a[red]b.csv" in shown.output


@pytest.mark.parametrize("command", ["import", "inspect", "plan"])
def test_help_shows_examples(command: str) -> None:
    shown = run(command, "--help")

    assert shown.exit_code == 0
    assert f"openspending {command} " in shown.stdout.split("Examples")[1].split("Options")[0]
