"""What cannot be indexed is tried again, sooner or later, and told to the log once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openspending.analytics.search.retrying import AFTER_FAILURE, LATEST, Retrying
from openspending.datastore.registry import Listing

MADE = datetime(2026, 11, 26, tzinfo=UTC)


def listing(name: str, content: str = "sha256:1") -> Listing:
    return Listing("gov", name, "Roads", 1, content, MADE, 1, "", "", "", 1)


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def delays(clock: Clock, retrying: Retrying, one: Listing, times: int) -> list[float]:
    """How long it waits after each of some vain looks."""
    found = []
    for _ in range(times):
        retrying.waits(one, "Not yet.")
        begun = clock.seconds
        while not retrying.due(one):
            clock.seconds += 0.125
        found.append(clock.seconds - begun)
    return found


def test_what_is_not_derived_yet_waits_a_quarter_longer_each_time() -> None:
    clock = Clock()
    found = delays(clock, Retrying(clock=clock), listing("roads"), 40)
    assert found[0] == 0.25
    assert found == sorted(found)
    assert found[-1] == LATEST


def test_what_failed_is_told_once_and_waits_twice_as_long_each_time(caplog: pytest.LogCaptureFixture) -> None:
    clock, one = Clock(), listing("roads")
    retrying = Retrying(clock=clock)
    for times in range(3):
        assert retrying.due(one)
        retrying.failed(one, ValueError("no such column"))
        clock.seconds += AFTER_FAILURE * 2**times - 1
        assert not retrying.due(one)
        clock.seconds += 1
    assert caplog.messages == ["gov/roads cannot be found by search: no such column"]


def test_of_private_datasets_the_log_is_told_neither_name_nor_message(caplog: pytest.LogCaptureFixture) -> None:
    retrying = Retrying(discreet=True)
    retrying.failed(listing("roads"), ValueError("kestrel is no number"))
    assert "ValueError" in caplog.text
    assert "roads" not in caplog.text
    assert "kestrel" not in caplog.text
    assert retrying.reasons() == {"gov/roads": "kestrel is no number"}


def test_another_revision_is_tried_at_once() -> None:
    retrying = Retrying(clock=Clock())
    retrying.failed(listing("roads"), ValueError())
    assert retrying.tried(listing("roads"))
    assert retrying.due(listing("roads", "sha256:2"))
    retrying.only([listing("schools")])
    assert not retrying.tried(listing("roads"))


def test_whoever_asks_for_everything_waits_for_nothing() -> None:
    retrying = Retrying(clock=Clock())
    retrying.waits(listing("roads"), "Not yet.")
    retrying.at_once()
    assert retrying.due(listing("roads"))
