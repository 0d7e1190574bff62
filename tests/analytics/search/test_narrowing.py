"""Records are described once, however many there are, and forgotten when they are searched no more."""

from __future__ import annotations

from datetime import UTC, datetime

from openspending.analytics.search.narrowing import _KEPT, Describing
from openspending.analytics.search.record import Cell, Record


def records(count: int) -> list[Record]:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Record(n, "gov", f"budget-{n}", 1, f"sha256:{n}", made, "Budget", 1, cells=(Cell(0, 1, "2026"),))
        for n in range(count)
    ]


def test_none_is_described_again_for_the_next_search() -> None:
    describing, some = Describing(), records(5 * _KEPT)
    first = [describing.of(one) for one in some]
    describing.forget_others(some)
    describing.forget_others(records(2))  # the other side has few
    assert all(describing.of(one) is found for one, found in zip(some, first, strict=True))


def test_what_is_searched_no_more_is_forgotten() -> None:
    describing, old, new = Describing(), records(2 * _KEPT), records(2)
    gone = describing.of(old[0])
    kept = [describing.of(one) for one in (*old[1:], *new)][-1]
    describing.forget_others(new)
    assert describing.of(new[1]) is kept
    assert describing.of(old[0]) is not gone
