"""The command line and the pages show with what the figures were reconciled."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from typer.testing import CliRunner, Result

from openspending.assembly import application
from openspending.cli.commands import app
from openspending.settings import read_settings
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

TEXT = "year,code,label,amount\n2024,01,Schools,1200.50\n2024,02,Clinics,800\n"
SOURCE = "https://example.org/law?a=1&b=2"


def package(*controls: dict[str, Any]) -> str:
    return str(write_package(Path("package"), TEXT, controls=list(controls)))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answered(*arguments: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return content


HELD = {"title": "Schools", "where": {"label": "Schools"}, "equals": "1200.5", "source": SOURCE}
ROUNDED = {"title": "<b>All</b>", "equals": 2000, "tolerance": 1, "source": "Report, p. 4"}
WRONG = {"title": "Clinics", "where": {"code": "02"}, "equals": 700, "source": "Law 2"}


@pytest.mark.parametrize("command", [["validate"], ["publish", "--owner", "me"]])
def test_people_and_programs_see_which_controls_hold(command: list[str]) -> None:
    where = package(HELD, ROUNDED)
    shown = run(command[0], where, *command[1:]).stdout
    assert re.search(r"✓ +Schools +1,200\.5 +1,200\.5 +https://example", shown)
    assert re.search(r"✓ +<b>All</b> +2,000 +2,000\.5 +Report, p\. 4", shown)
    found = answered(command[0], where, *command[1:])["controls"]
    assert [(one["title"], one["actual"], one["holds"]) for one in found] == [
        ("Schools", "1200.5", True),
        ("<b>All</b>", "2000.5", True),
    ]


def test_without_controls_there_is_no_table_and_an_empty_list() -> None:
    assert "control total" not in run("validate", package()).stdout
    assert answered("validate", package())["controls"] == []


def test_a_rejected_package_shows_which_controls_hold_and_which_do_not() -> None:
    where = package(HELD, WRONG)
    result = run("publish", where, "--owner", "me")
    assert result.exit_code == 1
    assert re.search(r"✓ +Schools", result.stderr)
    assert re.search(r"✗ +Clinics +700 +800 +Law 2", result.stderr)
    assert result.stdout == ""
    refused = answered("publish", where, "--owner", "me")
    assert [one["holds"] for one in refused["controls"]] == [True, False]
    assert refused["controls"][1]["difference"] == "100"
    assert [one["code"] for one in refused["problems"]] == ["fiscal/control-total"]


def test_two_controls_with_one_title_and_one_row_are_both_told() -> None:
    shown = run("validate", package(WRONG, {**WRONG, "equals": 699})).stderr
    assert "700 is expected" in shown
    assert "699 is expected" in shown


def test_the_page_of_a_dataset_tells_with_what_it_reconciles(tmp_path: Path) -> None:
    assert run("publish", package(HELD, ROUNDED, {"equals": "2000.5"}), "--owner", "me").exit_code == 0
    with application(read_settings({}, data=tmp_path / "data")) as served, TestClient(served) as browser:
        shown = browser.get("/me/budget").text
    assert "Control totals" in shown
    assert 'reconciles with <a href="https://example.org/law?a=1&amp;b=2" rel="nofollow noopener">' in shown
    assert "&lt;b&gt;All&lt;/b&gt;" in shown
    assert "reconciles with Report, p. 4; the facts have 2,000.5, within the tolerance of 1" in shown
    assert "reconciles with the total that the publisher states" in shown


def test_the_page_of_a_dataset_without_controls_does_not_speak_of_them(tmp_path: Path) -> None:
    assert run("publish", package(), "--owner", "me").exit_code == 0
    with application(read_settings({}, data=tmp_path / "data")) as served, TestClient(served) as browser:
        assert "Control totals" not in browser.get("/me/budget").text
