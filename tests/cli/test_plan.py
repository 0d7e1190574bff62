"""`plan` on the command line: one sentence, tables, one JSON object, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openspending.cli.commands import app

pytestmark = pytest.mark.slow

FIELDS: list[dict[str, Any]] = [
    {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "ministry", "type": "string", "columnType": "administrative-classification:generic:code"},
    {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
]
OLD = "year,ministry,amount\n2025,Health,1000\n2025,Schools,2000\n2026,Health,2122.00\n2026,Art,5\n"
NEW = "year,ministry,amount\n2025,Health,1100\n2025,Schools,2000\n2026,Health,2122\n2026,Roads,115\n"


def write(text: str, fields: list[dict[str, Any]] | None = None) -> None:
    Path("budget").mkdir(exist_ok=True)
    Path("budget/spending.csv").write_text(text, encoding="utf-8")
    resource = {"name": "spending", "path": "spending.csv", "schema": {"fields": fields or FIELDS}}
    descriptor = json.dumps({"name": "spending", "resources": [resource]})
    Path("budget/datapackage.json").write_text(descriptor, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def planned(*more: str, code: int = 0) -> Result:
    result = run("plan", "budget", "--owner", "treasury", *more)
    assert result.exit_code == code, result.output
    return result


def publish(text: str = OLD) -> None:
    write(text)
    assert run("publish", "budget", "--owner", "treasury").exit_code == 0


def test_a_first_revision_is_said_with_facts_and_sums() -> None:
    write(OLD)
    shown = planned().stdout
    assert "treasury/spending: would create revision 1: 4 facts." in shown
    assert "5,127" in shown
    assert not list(Path("data").rglob("*.json"))


def test_one_sentence_says_what_would_change() -> None:
    publish()
    write(NEW)
    shown = planned().stdout
    assert shown.startswith(
        "treasury/spending: revision 2 would raise amount by 4.1 % (+210): 1 fact added, 1 removed, 1 changed.\n"
    )
    assert "Of amount +115 is added, -5 is removed and +100 is changed." in shown
    assert "spending.csv: row 2" in shown
    assert "amount by ministry: 3 of 4 members would change" in shown
    assert "Nothing was stored." in shown


def test_nothing_would_change() -> None:
    publish()
    shown = planned("--exit-code").stdout
    assert "nothing would change; it is revision 1: 4 facts." in shown


def test_the_exit_code_tells_scripts_whether_something_would_change() -> None:
    publish()
    write(NEW)
    planned(code=0)
    planned("--exit-code", code=3)
    assert json.loads(planned("--exit-code", "--json", code=3).stdout)["changes"] is True


def test_the_json_object_has_everything_exactly() -> None:
    publish()
    write(NEW)
    found = json.loads(planned("--json").stdout)
    difference = found["difference"]
    facts = {"old": 4, "new": 4, "unchanged": 2, "added": 1, "removed": 1, "changed": 1, "renamed": 0}
    assert {key: found[key] for key in ("dataset", "revision", "published", "changes", "rows", "measures")} == {
        "dataset": "treasury/spending",
        "revision": 2,
        "published": 1,
        "changes": True,
        "rows": 4,
        "measures": {"amount": "5337"},
    }
    assert difference["facts"] == facts
    assert difference["key"] == ["year", "ministry"]
    money = difference["money"]["amount"]
    assert (money["old"], money["new"], money["difference"]) == ("5127", "5337", "210")
    assert money["changed"] == {"old": "1000", "new": "1100"}
    first = difference["largest"][0]
    assert (first["kind"], first["old"], first["new"]) == ("added", None, "115")
    assert first["attributes"] == {"year": "2026", "ministry": "Roads"}
    assert (first["place"]["old"], first["place"]["new"]["row"]) == (None, 5)
    assert found["files"] == {"new": ["spending.csv"], "gone": ["spending.csv"]}


def test_a_rejected_package_is_exit_code_1_with_its_problems() -> None:
    publish()
    write(NEW.replace("1100", "many"))
    refused = json.loads(planned("--json", "--exit-code", code=1).stdout)
    assert refused["error"]
    assert (refused["changes"], refused["problems"][0]["value"]) == (None, "many")


def test_another_currency_and_a_column_under_another_name_are_said() -> None:
    publish()
    fields = [FIELDS[0], {**FIELDS[1], "name": "Ministry name"}, {**FIELDS[2], "currency": "USD"}]
    write(OLD.replace("ministry", "Ministry name"), fields)
    shown = planned().stdout
    assert "leave amount at 5,127: the facts stay." in shown
    assert "The currency of amount would be USD instead of EUR." in shown
    assert "was column ministry renamed to Ministry name?" in shown
    assert "their values by 100 %" in shown


def test_what_a_publisher_wrote_cannot_drive_the_terminal() -> None:
    publish()
    write(NEW.replace("Roads", "Roads\x1b[31m"))
    assert "\x1b" not in planned().stdout


def test_the_help_has_an_example() -> None:
    assert "openspending plan budget" in run("plan", "--help").stdout
