"""`sql`: an answer as a table, for programs, or a reason."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openspending.cli.commands import app

pytestmark = pytest.mark.slow

SUGINAMI = Path(__file__).parents[2] / "examples" / "packages" / "suginami-2013"
TOTALS = 'SELECT category_label AS what, sum(amount) AS total FROM tokyo."suginami-2013" GROUP BY 1 ORDER BY 2 DESC'


@pytest.fixture(autouse=True)
def published() -> None:
    assert CliRunner().invoke(app, ["publish", str(SUGINAMI), "--owner", "tokyo"]).exit_code == 0


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sql", *arguments])


def test_a_table_for_people() -> None:
    lines = ask(f"{TOTALS} LIMIT 1").stdout.splitlines()
    assert lines[0].split() == ["what", "total"]
    assert lines[1].split() == ["保健福祉費", "69988286000"]


def test_the_same_rows_for_programs() -> None:
    as_json = json.loads(ask(TOTALS, "--format", "json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(ask(TOTALS, "--format", "csv").stdout)))
    as_lines = [json.loads(line) for line in ask(TOTALS, "--format", "jsonl").stdout.splitlines()]
    assert as_json["data"] == as_csv == as_lines
    assert len(as_csv) > 5
    assert as_json["meta"]["columns"][1] == {"name": "total", "type": "DECIMAL(38,0)"}


def test_what_is_refused_is_exit_code_1_with_a_reason() -> None:
    refused = ask("DROP TABLE facts")
    assert (refused.exit_code, "Only SELECT" in refused.stderr) == (1, True)
    told = ask("SELECT 1 FRM x y", "--format", "json")
    assert (told.exit_code, "column 14" in json.loads(told.stdout)["error"]) == (1, True)
