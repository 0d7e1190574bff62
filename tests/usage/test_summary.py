from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openspending.datastore.objects import ObjectStore
from openspending.errors import BadQuery
from openspending.usage.counts import Count, Key, to_csv
from openspending.usage.recorded import Recorded
from openspending.usage.summary import Question, read_question, summarise

COUNTS = {
    Key("2026-11-25", "a/b", "/x", "json", "person", "2xx"): Count(1, 10, 100, 1000),
    Key("2026-11-25", "a/b", "/x", "csv", "bot", "2xx"): Count(7, 70, 700, 7000),
    Key("2026-11-26", "a/b", "/x", "csv", "program", "2xx"): Count(2, 20, 200, 2000),
    Key("2026-11-26", "c/d", "/y", "csv", "program", "4xx"): Count(4, 0, 400, 4000),
    Key("2026-11-26", "", "none", "json", "bot", "4xx"): Count(9, 0, 900, 9000),
}


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    public = ObjectStore.open("memory://")
    for day in ("2026-11-25", "2026-11-26"):
        public.put(f"usage/{day}/{'0' * 32}.csv", to_csv({key: one for key, one in COUNTS.items() if key.day == day}))
    return Recorded(public)


def asked(**given: str) -> Question:
    return read_question({"from": "2026-11-01", "to": "2026-11-30", **given})


def test_bots_stand_apart(recorded: Recorded) -> None:
    found = summarise(recorded, asked())
    assert found.columns == ("day", "calls", "rows", "bytes", "seconds", "bots")
    assert found.rows == [
        ("2026-11-25", 1, 10, 100, Decimal("0.001"), 7),
        ("2026-11-26", 6, 20, 600, Decimal("0.006"), 9),
    ]


def test_bots_can_be_asked_for(recorded: Recorded) -> None:
    found = summarise(recorded, asked(agents="bot"))
    assert found.columns == ("day", "calls", "rows", "bytes", "seconds")
    assert [row[1] for row in found.rows] == [7, 9]


def test_by_agents_all_kinds_are_rows(recorded: Recorded) -> None:
    found = summarise(recorded, asked(by="agents"))
    assert [row[:2] for row in found.rows] == [("bot", 16), ("person", 1), ("program", 6)]


def test_several_words_group_by_each_combination(recorded: Recorded) -> None:
    found = summarise(recorded, asked(by="dataset|status"))
    assert [(*row[:3], row[-1]) for row in found.rows] == [
        ("", "4xx", 0, 9),
        ("a/b", "2xx", 3, 7),
        ("c/d", "4xx", 4, 0),
    ]


def test_one_dataset_can_be_asked_for(recorded: Recorded) -> None:
    assert [row[1] for row in summarise(recorded, asked(dataset="c/d")).rows] == [4]
    assert summarise(recorded, asked(dataset="c/nothing")).rows == []


def test_days_are_inclusive(recorded: Recorded) -> None:
    one_day = read_question({"from": "2026-11-26", "to": "2026-11-26"})
    assert [row[0] for row in summarise(recorded, one_day).rows] == ["2026-11-26"]


def test_every_grouping_has_the_same_total(recorded: Recorded) -> None:
    for by in ("day", "dataset", "endpoint", "format", "status", "day|dataset|endpoint|format|status"):
        rows = summarise(recorded, asked(by=by)).rows
        width = by.count("|") + 1
        assert [sum(Decimal(row[at]) for row in rows) for at in range(width, width + 5)] == [
            7,
            30,
            700,
            Decimal("0.007"),
            16,
        ]


def test_without_days_the_last_thirty_are_meant() -> None:
    question = read_question({})
    assert question.last == datetime.now(UTC).date()
    assert (question.last - question.first).days == 29
    assert question.by == ("day",)


def test_the_first_days_of_the_calendar_are_days_too() -> None:
    assert read_question({"to": "0001-01-01"}).first == date(1, 1, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("from", "2026-13-01"),
        ("from", "20261101"),
        ("to", "2026-11-1"),
        ("to", "٢٠٢٦-١١-٠١"),
        ("from", "2026-12-01"),
        ("by", "address"),
        ("by", "day|"),
        ("agents", "humans"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadQuery):
        asked(**{name: value})
