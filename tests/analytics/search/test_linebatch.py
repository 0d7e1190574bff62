"""The words of a line are those of its values, also where it has none."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from openspending.analytics.search.linebatch import _joined

VALUES = st.sampled_from([None, "", "health", "road works"])


@given(columns=st.integers(1, 4).flatmap(lambda count: st.lists(st.tuples(*[VALUES] * count), max_size=8)))
def test_every_line_has_its_values_one_below_the_other(columns: list[tuple[str | None, ...]]) -> None:
    if not columns:
        return
    arrays = [pa.array(one, pa.string()) for one in zip(*columns, strict=True)]
    wanted = ["\n".join(value for value in line if value is not None) for line in columns]
    assert _joined(arrays).to_pylist() == wanted
