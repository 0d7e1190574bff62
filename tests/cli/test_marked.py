from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openspending.cli.commands import app


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one bad amount, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    folder = tmp_path / "budget"
    folder.mkdir()
    (folder / "lines.csv").write_text("year,amount\n2025,1\n2026,many\n", encoding="utf-8")
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "amount", "type": "number", "columnType": "value"},
    ]
    resources = [{"name": "lines", "path": "lines.csv", "schema": {"fields": fields}}]
    (folder / "datapackage.json").write_text(json.dumps({"name": "budget", "resources": resources}), encoding="utf-8")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("command", [["validate", "budget"], ["publish", "budget", "--owner", "me"]])
def test_a_refused_package_comes_back_marked_and_where_is_said(package: Path, command: list[str]) -> None:
    result = run(*command, "--marked", "copy.xlsx")
    assert result.exit_code == 1
    assert result.stderr.endswith("Marked copy: copy.xlsx\n")
    assert (package.parent / "copy.xlsx").stat().st_size > 0


def test_json_names_the_copies(package: Path) -> None:
    assert package.is_dir()
    result = run("validate", "budget", "--marked", "copy.csv", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["marked"] == ["copy.csv"]
    assert json.loads(run("validate", "budget", "--json").stdout).get("marked") is None


def test_warnings_alone_are_marked_too(package: Path) -> None:
    (package / "lines.csv").write_text("year,amount,\n2025,1,\n", encoding="utf-8")
    result = run("validate", "budget", "--marked", "copy.xlsx")
    assert result.exit_code == 0
    assert result.stdout.endswith("Marked copy: copy.xlsx\n")


def test_a_package_with_nothing_wrong_needs_no_copy(package: Path) -> None:
    descriptor = package / "datapackage.json"
    code = '{"name": "code", "type": "string", "columnType": "administrative-classification:generic:level1:code"}, '
    text = descriptor.read_text(encoding="utf-8").replace(
        '"columnType": "value"', '"columnType": "value", "currency": "EUR"'
    )
    descriptor.write_text(text.replace('"fields": [', '"fields": [' + code), encoding="utf-8")
    (package / "lines.csv").write_text("code,year,amount\n01,2025,1\n", encoding="utf-8")
    assert run("validate", "budget", "--marked", "copy.xlsx").stdout.endswith("there is no marked copy.\n")
    assert json.loads(run("validate", "budget", "--marked", "copy.xlsx", "--json").stdout)["marked"] == []


@pytest.mark.parametrize("out", ["copy.pdf", "copy", "nowhere/copy.xlsx"])
def test_a_copy_that_cannot_be_written_is_wrong_usage(package: Path, out: str) -> None:
    assert package.is_dir()
    assert run("validate", "budget", "--marked", out).exit_code == 2
