from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from openspending.assembly import open_store
from openspending.cli.commands import app
from openspending.settings import read_settings
from openspending.usage.counts import Count, Key, to_csv

DAY = "2026-11-26"
COUNTS = {
    Key(DAY, "a/b", "/x", "json", "person", "2xx"): Count(1200, 3, 4_500_000, 1_250_000),
    Key(DAY, "a/b", "/x", "json", "bot", "2xx"): Count(7, 0, 0, 0),
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["usage", *arguments])


def record(name: str, content: bytes) -> None:
    open_store(read_settings({}, data=Path("data"))).public.put(f"usage/{DAY}/{name * 32}.csv", content)


def test_people_get_a_table() -> None:
    record("0", to_csv(COUNTS))
    result = run("--from", DAY, "--to", DAY, "--by", "dataset")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["dataset", "calls", "rows", "bytes", "seconds", "bots"],
        ["a/b", "1,200", "3", "4,500,000", "1.250000", "7"],
    ]


def test_programs_get_json() -> None:
    record("0", to_csv(COUNTS))
    record("1", to_csv(COUNTS))
    told = json.loads(run("--from", DAY, "--to", DAY, "--agents", "bot", "--json").stdout)
    assert told == {
        "from": DAY,
        "to": DAY,
        "usage": [{"day": DAY, "calls": 14, "rows": 0, "bytes": 0, "seconds": "0.000000"}],
        "damaged": [],
    }


def test_without_any_usage_that_is_said() -> None:
    assert "Nothing was asked for from 2026-11-26 to 2026-11-27." in run("--from", DAY, "--to", "2026-11-27").stdout


def test_a_damaged_record_is_named() -> None:
    record("0", b"what is this")
    result = run("--from", DAY, "--to", DAY)
    assert result.exit_code == 0
    assert f"usage/{DAY}/{'0' * 32}.csv cannot be read" in result.output


def test_a_word_that_does_not_exist_is_refused() -> None:
    result = run("--by", "address")
    assert result.exit_code == 1
    assert "address" in result.output
    assert "day, dataset, endpoint" in result.output
