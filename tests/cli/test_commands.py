from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import openspending
from openspending.cli.commands import app
from openspending.cli.demo import packages
from tests.demo import InstallDemo
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

SUGINAMI = next(one for one in packages() if one.name == "suginami-2013")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answered(*arguments: str, code: int = 0) -> dict[str, Any]:
    """The one JSON object on standard output, with nothing before or after it."""
    result = run(*arguments, "--json")
    assert result.exit_code == code, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def broken(folder: Path) -> Path:
    """A package whose second row has no number where an amount should be."""
    folder.mkdir()
    (folder / "data.csv").write_text("year,amount\n2025,1\n2026,many\n", encoding="utf-8")
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "amount", "type": "number", "columnType": "value"},
    ]
    descriptor = {"name": "broken", "resources": [{"name": "data", "path": "data.csv", "schema": {"fields": fields}}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_publish_says_in_json_what_it_did() -> None:
    done = answered("publish", str(SUGINAMI), "--owner", "tokyo")
    assert {key: done[key] for key in ("dataset", "revision", "created", "rows", "measures")} == {
        "dataset": "tokyo/suginami-2013",
        "revision": 1,
        "created": True,
        "rows": 12,
        "measures": {"amount": "155853000000"},
    }
    assert {one["severity"] for one in done["problems"]} == {"warning"}


def test_publishing_the_same_bytes_again_creates_nothing() -> None:
    answered("publish", str(SUGINAMI), "--owner", "tokyo")
    again = answered("publish", str(SUGINAMI), "--owner", "tokyo")
    assert (again["revision"], again["created"], again["rows"]) == (1, False, 12)


def test_publish_takes_another_name() -> None:
    assert answered("publish", str(SUGINAMI), "--owner", "tokyo", "--name", "budget")["dataset"] == "tokyo/budget"


def test_a_rejected_package_is_exit_code_1_with_every_problem_and_nothing_stored(tmp_path: Path) -> None:
    package = broken(tmp_path / "broken")
    refused = answered("publish", str(package), "--owner", "me", code=1)
    assert refused["error"]
    assert (refused["dataset"], refused["revision"], refused["created"], refused["measures"]) == (None, None, False, {})
    (found,) = [one for one in refused["problems"] if one["severity"] == "error"]
    assert (found["code"], found["row"], found["field"], found["value"]) == ("type-error", 3, "amount", "many")
    assert answered("datasets") == {"datasets": []}
    assert not list((tmp_path / "data").rglob("*.json"))


def test_people_see_where_a_problem_is_and_how_to_mend_it(tmp_path: Path) -> None:
    result = run("validate", str(broken(tmp_path / "broken")))
    assert result.exit_code == 1
    assert "data.csv: row 3: amount  type-error" in result.stderr
    assert "Fix: " in result.stderr
    assert "nothing was stored" in result.stderr
    assert result.stdout == ""


def test_validate_adds_up_and_stores_nothing(tmp_path: Path) -> None:
    done = answered("validate", str(SUGINAMI))
    assert (done["valid"], done["rows"], done["measures"]) == (True, 12, {"amount": "155853000000"})
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("where", ["missing", "http://127.0.0.1:9/datapackage.json", "ftp://example.org/x"])
def test_a_package_that_cannot_be_opened_is_refused_plainly(where: str) -> None:
    result = run("publish", where, "--owner", "me")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert answered("publish", where, "--owner", "me", code=1)["error"]


@pytest.mark.parametrize("owner", ["", "../up", "registry", "a/b", ".hidden"])
def test_an_owner_that_would_leave_its_place_is_refused(owner: str) -> None:
    assert run("publish", str(SUGINAMI), "--owner", owner).exit_code in {1, 2}
    assert not list(Path("data").rglob("*.json"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["publish"],
        ["publish", "x"],
        ["publish", "x", "--owner", "me", "--force"],
        ["serve", "--port", "70000"],
        ["nothing"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_datasets_and_revisions_list_what_was_published() -> None:
    answered("publish", str(SUGINAMI), "--owner", "tokyo", "--message", "First")
    (listed,) = answered("datasets")["datasets"]
    assert (listed["dataset"], listed["revision"], listed["licence"]) == ("tokyo/suginami-2013", 1, "MIT")
    for name in ("tokyo/suginami-2013", "tokyo:suginami-2013", "suginami-2013"):
        history = answered("revisions", name)
        assert history["dataset"] == "tokyo/suginami-2013"
        (first,) = history["revisions"]
        assert (first["revision"], first["message"], first["previous"]) == (1, "First", None)
        assert re.fullmatch("sha256:[0-9a-f]{64}", first["hash"])
    assert "First" in run("revisions", "suginami-2013").stdout
    assert "Suginami" in run("datasets").stdout


def test_a_name_of_several_owners_is_asked_back() -> None:
    for owner in ("tokyo", "osaka"):
        answered("publish", str(SUGINAMI), "--owner", owner)
    assert "osaka/suginami-2013" in answered("revisions", "suginami-2013", code=1)["error"]


@pytest.mark.parametrize("command", [["revisions", "a/b"], ["revisions", "b"], ["rebuild", "a/b"]])
def test_an_unknown_dataset_is_exit_code_1(command: list[str]) -> None:
    assert "There is no dataset" in answered(*command, code=1)["error"]


def test_rebuild_verifies_that_what_was_deleted_comes_back_the_same(tmp_path: Path) -> None:
    answered("publish", str(SUGINAMI), "--owner", "tokyo")
    (facts,) = (tmp_path / "data").rglob("facts.parquet")
    shutil.rmtree(facts.parent)
    done = answered("rebuild", "--verify")
    (one,) = done["rebuilt"]
    assert (one["dataset"], one["facts"], one["same"], done["identical"]) == ("tokyo/suginami-2013", 12, True, True)
    assert done["search"] == {"indexed": 1, "lines": 12, "removed": 0, "missing": {}}
    assert facts.exists()


def test_rebuild_brings_the_search_index_up_to_date_unless_told_otherwise(tmp_path: Path) -> None:
    answered("publish", str(SUGINAMI), "--owner", "tokyo")
    assert answered("rebuild", "--no-search")["search"] is None
    assert answered("rebuild", "tokyo/suginami-2013")["search"] is None
    assert not (tmp_path / "data" / "cache" / "search").exists()
    assert run("rebuild").stdout.endswith("Search index: Indexed 1 dataset of 12 lines.\n")
    assert run("rebuild").stdout.endswith("Search index: there is nothing new.\n")


def test_verify_names_the_byte_that_rotted(tmp_path: Path) -> None:
    answered("publish", str(SUGINAMI), "--owner", "tokyo")
    assert answered("datastore", "verify")["intact"] is True
    (file,) = (tmp_path / "data").rglob("dataset.csv")
    file.write_bytes(file.read_bytes().replace(b"856402000", b"856402001"))
    rotten = answered("datastore", "verify", code=1)
    assert rotten["intact"] is False
    assert "dataset.csv" in rotten["datasets"]["tokyo/suginami-2013"][0]


def test_init_makes_the_folders_and_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        done = answered("datastore", "init")
        assert done["public"] == (tmp_path / "data" / "public").as_uri()
        assert (tmp_path / "data" / "public").is_dir()


@pytest.mark.slow
def test_the_demo_has_several_countries_and_dialects(install_demo: InstallDemo) -> None:
    install_demo(Path("data"))
    done = answered("demo")["published"]
    sums = {one["dataset"]: one["measures"] for one in done}
    assert sums["demo/boost-moldova"] == {
        "approved": "730448500000",
        "adjusted": "779486656.62",
        "executed": "73828820178",
    }
    assert sums["demo/ukgov-finances-cra"] == {"amount": "12008553000.04"}
    assert sums["demo/suginami-2013"] == {"amount": "155853000000"}
    assert sums["demo/mexico-2015"] == {"amount": "615947217.25"}
    assert [one["created"] for one in done] == [False] * len(done)


def test_wrong_settings_are_said_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PORT", "x")
    monkeypatch.setenv("OS_THREADS", "0")
    error = answered("datasets", code=1)["error"]
    assert "OS_PORT" in error
    assert "OS_THREADS" in error


def test_the_data_option_wins(tmp_path: Path) -> None:
    run("--data", str(tmp_path / "elsewhere"), "publish", str(SUGINAMI), "--owner", "tokyo")
    assert (tmp_path / "elsewhere" / "public" / "tokyo").is_dir()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["publish"],
        ["validate"],
        ["serve"],
        ["demo"],
        ["rebuild"],
        ["datasets"],
        ["revisions"],
        ["datastore", "init"],
        ["datastore", "verify"],
    ],
)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    shown = run(*command, "--help")
    assert shown.exit_code == 0
    assert f"openspending {command[0]}" in shown.stdout.split("Options")[0].split("Example")[1]


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"openspending {openspending.__version__}\n"


def test_a_local_package_is_published_without_the_http_library(tmp_path: Path) -> None:
    """Importing it takes a tenth of a second, of every command."""
    folder = write_package(tmp_path / "p", "year,code,label,amount\n2024,1,a,1\n")
    program = "import sys; from openspending.cli import main\ntry: main()\nfinally: print('httpx' in sys.modules)"
    command = [sys.executable, "-c", program, "publish", str(folder), "--owner", "me", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.endswith("False\n")
