"""`search`: lines and datasets of the local store, for people and for programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openspending.assembly import open_store
from openspending.cli.commands import app
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

ROWS = (
    "year,code,label,amount\n"
    "2024,041,Road maintenance,1200.55\n"
    "2025,041,Road maintenance,800\n"
    "2025,091,Schools \x1b[31m,-5\n"
)
SECRET = "year,code,label,amount\n2025,041,Road of the secret service,7\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    store = open_store(read_settings({}, data=folder / "data"))
    package = write_package(folder / "roads", ROWS, title="Budget of the town", countryCode="MT")
    publish(str(package), owner="town", name="budget", store=store.public)
    publish(str(write_package(folder / "secret", SECRET)), owner="town", name="secret", store=store.private)
    return folder / "data"


def ask(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--data", str(data), "search", *arguments])


def found(data: Path, *arguments: str) -> dict[str, Any]:
    answer = ask(data, *arguments, "--json")
    assert answer.exit_code == 0, answer.output
    content: dict[str, Any] = json.loads(answer.stdout)
    return content


def test_people_are_told_what_it_comes_to_and_the_lines(data: Path) -> None:
    shown = ask(data, "road")
    assert shown.exit_code == 0, shown.output
    assert "2 lines · 2,000.55 EUR" in shown.stdout
    row = next(line for line in shown.stdout.splitlines() if "1,200.55" in line)
    assert row.split()[:5] == ["town/budget", "2024", "Road", "maintenance", "[041]"]
    assert "Fiscal year" in shown.stdout


def test_programs_are_told_what_the_api_tells(data: Path) -> None:
    answer = found(data, "road", "--year", "2025")
    assert answer["total"] == 1
    assert answer["data"][0]["amounts"][0]["amount"] == "800.00"
    assert answer["data"][0]["url"].startswith("/v1/datasets/town/budget@1/facts/")
    assert {one["value"]: one["count"] for one in answer["facets"]["year"]} == {"2024": 1, "2025": 1}


def test_lines_are_narrowed_and_put_in_order(data: Path) -> None:
    def amounts(*arguments: str) -> list[str]:
        return [one["amounts"][0]["amount"] for one in found(data, *arguments)["data"]]

    assert amounts("--order", "largest") == ["1200.55", "800.00", "-5.00"]
    assert amounts("--order", "smallest", "--limit", "1") == ["-5.00"]
    assert amounts("--from", "0", "--to", "1000") == ["800.00"]
    assert amounts("--year", "2024", "--year", "2025", "--country", "mt", "--in", "town/budget", "09.1") == ["-5.00"]
    assert amounts("--in", "town/other") == []


def test_datasets_are_found_by_their_lines_too(data: Path) -> None:
    assert [one["dataset"] for one in found(data, "schools", "--datasets")["data"]] == ["town/budget"]
    shown = ask(data, "road", "--datasets").stdout
    assert "1 dataset" in shown
    assert "Budget of the town" in shown


def test_private_datasets_are_found_only_when_they_are_asked_for(data: Path) -> None:
    assert found(data, "secret")["total"] == 0
    assert "secret" not in ask(data, "road").stdout
    (line,) = found(data, "secret", "--private")["data"]
    assert (line["dataset"], line["visibility"]) == ("town/secret", "private")
    assert found(data, "maintenance", "--private")["total"] == 0


def test_what_stands_in_files_cannot_drive_the_terminal(data: Path) -> None:
    assert "\x1b" not in ask(data, "schools").stdout


def test_what_cannot_be_asked_is_exit_code_1_or_2_with_a_reason(data: Path) -> None:
    refused = ask(data, "road", "--from", "much")
    assert (refused.exit_code, "is no amount" in refused.stderr) == (1, True)
    told = ask(data, "road", "--order", "best", "--json")
    assert (told.exit_code, "none of: relevance" in json.loads(told.stdout)["error"]) == (1, True)
    assert ask(data, "--datasets", "--from", "1").exit_code == 2


def test_the_index_is_brought_up_to_date_first(data: Path) -> None:
    shutil.rmtree(read_settings({}, data=data).cache / "search", ignore_errors=True)
    assert found(data, "road")["meta"] == {"pending": 0}
    assert "2 lines" in ask(data, "road").stdout
