"""Counting in memory, storing, and adding up what several processes stored."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openspending.datastore.objects import ObjectStore
from openspending.usage.counts import Count
from openspending.usage.ledger import UNWRITTEN_DAYS, Ledger
from openspending.usage.recorded import Recorded

DAY = 86_400
NOON = int(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp())
FIRST, LAST = date(2020, 1, 1), date(2030, 1, 1)
ONE = Count(1, 10, 100, 1000)


class Clock:
    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def public(tmp_path: Path) -> ObjectStore:
    return ObjectStore.open((tmp_path / "public").as_uri())


def add(ledger: Ledger, dataset: str = "a/b", times: int = 1) -> None:
    for _ in range(times):
        ledger.add(dataset, "/x", "json", "person", "2xx", ONE)


def calls(public: ObjectStore) -> dict[str, int]:
    """Calls by day, as they are stored."""
    days, damaged = Recorded(public).read(FIRST, LAST)
    assert damaged == []
    return {
        day: sum(count.calls for counts in days for key, count in counts.items() if key.day == day)
        for day in sorted({key.day for counts in days for key in counts})
    }


def test_nothing_is_stored_before_anything_is_counted(public: ObjectStore) -> None:
    ledger = Ledger(public)
    ledger.start()
    ledger.close()
    assert list(public.list()) == []


def test_each_process_has_one_object_a_day_and_they_add_up(public: ObjectStore) -> None:
    one, other = Ledger(public, clock=Clock()), Ledger(public, clock=Clock())
    for _ in range(3):
        add(one)
        add(other, times=2)
        one.write()
        other.write()
    assert len(list(public.list("usage/2026-11-26"))) == 2
    assert calls(public) == {"2026-11-26": 9}


def test_a_restarted_server_adds_to_what_was_counted_before(public: ObjectStore) -> None:
    for _ in range(3):
        ledger = Ledger(public, clock=Clock())
        ledger.start()
        add(ledger)
        ledger.close()
    assert calls(public) == {"2026-11-26": 3}


def test_midnight_begins_a_new_day_and_loses_nothing(public: ObjectStore) -> None:
    clock = Clock()
    ledger = Ledger(public, clock=clock)
    add(ledger)
    ledger.write()
    add(ledger)
    clock.now += DAY
    add(ledger)
    ledger.write()
    add(ledger)
    ledger.write()
    assert calls(public) == {"2026-11-26": 2, "2026-11-27": 2}


def test_a_clock_that_is_put_back_takes_nothing_away(public: ObjectStore) -> None:
    clock = Clock()
    ledger = Ledger(public, clock=clock)
    add(ledger)
    clock.now += DAY
    add(ledger)
    ledger.write()
    clock.now -= DAY
    add(ledger)
    ledger.write()
    assert calls(public) == {"2026-11-26": 1, "2026-11-27": 2}


def test_threads_lose_no_count(public: ObjectStore) -> None:
    ledger = Ledger(public, clock=Clock(), period=0.001)
    ledger.start()
    threads = [threading.Thread(target=add, args=(ledger, "a/b", 500)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    ledger.close()
    assert calls(public) == {"2026-11-26": 4000}


def test_a_store_that_refuses_is_said_once_and_gets_everything_later(
    public: ObjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    ledger = Ledger(public, clock=clock)
    public.put("usage", b"a file stands where the folder should be")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            add(ledger)
            ledger.write()
            clock.now += DAY
    assert len(caplog.records) == 1
    assert "could not be stored" in caplog.text
    public.delete("usage")
    ledger.write()
    assert calls(public) == {"2026-11-26": 1, "2026-11-27": 1, "2026-11-28": 1}


def test_counts_that_could_not_be_stored_for_a_week_are_given_up_aloud(
    public: ObjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    public.put("usage", b"a file stands where the folder should be")
    clock = Clock()
    ledger = Ledger(public, clock=clock)
    for _ in range(UNWRITTEN_DAYS + 2):
        add(ledger)
        ledger.write()
        clock.now += DAY
    assert "The usage of 2026-11-26 was never stored" in caplog.text
    public.delete("usage")
    ledger.write()
    assert len(calls(public)) == UNWRITTEN_DAYS + 1


def test_a_damaged_object_hides_no_other_and_is_named(public: ObjectStore) -> None:
    ledger = Ledger(public, clock=Clock())
    add(ledger)
    ledger.write()
    damaged = f"usage/2026-11-26/{'0' * 32}.csv"
    public.put(damaged, b"what is this")
    public.put("usage/notes.txt", b"somebody's")
    days, named = Recorded(public).read(FIRST, LAST)
    assert named == [damaged]
    assert sum(count.calls for counts in days for count in counts.values()) == 1


def test_a_day_that_is_over_is_read_again_when_an_object_is_added(public: ObjectStore) -> None:
    recorded = Recorded(public)

    def known() -> int:
        return sum(count.calls for counts in recorded.read(FIRST, LAST)[0] for count in counts.values())

    long_ago = Clock(NOON - 300 * DAY)
    for times in (1, 2):
        ledger = Ledger(public, clock=long_ago)
        add(ledger)
        ledger.write()
        assert known() == times
        assert known() == times


SERVER = """
import sys, time
from openspending.datastore.objects import ObjectStore
from openspending.usage.counts import Count
from openspending.usage.ledger import Ledger

ledger = Ledger(ObjectStore.open(sys.argv[1]), period=0.05)
ledger.start()
ledger.add("a/b", "/x", "json", "person", "2xx", Count(5, 0, 0, 0))
time.sleep(1)
print("written", flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_a_killed_process_loses_only_what_it_had_not_written(public: ObjectStore) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER, public.root], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert list(calls(public).values()) == [5]
