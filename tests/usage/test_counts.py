from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.usage.counts import COLUMNS, Count, Key, from_csv, measured, to_csv

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
KEYS = st.builds(Key, *[TEXTS] * 6)
WHOLE = st.integers(min_value=0, max_value=2**63)
COUNTS = st.dictionaries(KEYS, st.builds(Count, *[WHOLE] * 4), max_size=5)


@given(COUNTS)
def test_counts_come_back_from_csv_exactly(counts: dict[Key, Count]) -> None:
    assert from_csv(to_csv(counts)) == counts


def test_seconds_are_exact() -> None:
    assert measured(Count(1, 0, 0, 1))[3] == Decimal("0.000001")
    assert str(measured(Count(1, 0, 0, 61_500_000))[3]) == "61.500000"
    assert str(measured(Count(0, 0, 0, 0))[3]) == "0.000000"


def test_there_is_no_column_for_who_asked() -> None:
    assert COLUMNS == ("day", "dataset", "endpoint", "format", "agents", "status", "calls", "rows", "bytes", "seconds")


HEADER = ",".join(COLUMNS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        f"{HEADER}\n2026-11-26,,/x,json,bot,2xx,1,2,3\n".encode(),
        f"{HEADER}\n2026-11-26,,/x,json,bot,2xx,1,2,3,x\n".encode(),
        f"{HEADER}\n2026-11-26,,/x,json,bot,2xx,1,2,3,Infinity\n".encode(),
        f"{HEADER}\n2026-11-26,,/x,json,bot,2xx,many,2,3,1\n".encode(),
        f'{HEADER}\n2026-11-26,,"/x,json,bot,2xx,1,2,3,1\n'.encode(),
    ],
    ids=["empty", "json", "no text", "short", "no number", "no finite number", "no count", "open quote"],
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        from_csv(data)
