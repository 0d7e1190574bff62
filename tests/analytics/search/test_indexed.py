"""What Arrow makes of texts is what `words` makes of them, one by one."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.analytics.search.columns import FactColumn, Use
from openspending.analytics.search.indexed import Indexed, Values, said
from openspending.analytics.search.record import Column

ASCII = st.text(st.characters(max_codepoint=127), max_size=45)
CODES = st.text("0019aZ .-/\t", max_size=12)
OTHERS = st.sampled_from(["Educación", "議会費 2", "№ 5-１", "ПРИ 03", "Ñ", "ﬁ 1", "²"])


def column(use: Use = "searched", *, partial: bool = False) -> FactColumn:
    return FactColumn(Column("a.b", "B", "a"), "b", "string", use, partial=partial)


def read(found: Indexed) -> list[tuple[str | None, tuple[str, ...], str]]:
    codes = zip(*(one.to_pylist() for one in found.codes), strict=True)
    kept = (tuple(one for one in some if one is not None) for some in codes)
    return list(zip(found.text.to_pylist(), kept, found.json.to_pylist(), strict=True))


def indexed(values: list[Any], one: FactColumn) -> list[tuple[str | None, tuple[str, ...], str]]:
    return read(Values().indexed(pa.array(values), one))


@given(st.lists(ASCII | CODES | OTHERS, min_size=1))
def test_many_texts_are_indexed_as_each_of_them(texts: list[str]) -> None:
    assert indexed(texts, column()) == [(*said(one), json.dumps(one, ensure_ascii=False)) for one in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09.1", (None, ("091", "9.1."))),
        ("ES-B12345678", (None, ("esb12345678", "es.b12345678."))),
        ("Dept020", ("dept020", ("dept020",))),
        ("Office 2", ("office 2", ())),
        ("1 000", (None, ("1000", "1.0."))),
        ("000", (None, ("000", "0."))),
        ("Straße", ("strasse", ())),
        ("…", (None, ())),
    ],
)
def test_codes_are_no_texts_unless_they_have_a_word(text: str, expected: tuple[str | None, tuple[str, ...]]) -> None:
    assert said(text) == expected
    assert indexed([text], column())[0][:2] == expected


def test_a_code_within_its_parents_is_found_by_itself_too() -> None:
    found = indexed(["01 - 01.02", "Central - 101"], column(partial=True))
    assert [one[:2] for one in found] == [
        (None, ("010102", "1.1.2.", "0102", "1.2.")),
        ("central 101", ("101",)),
    ]


def test_numbers_are_codes_and_other_values_are_only_kept() -> None:
    assert indexed([7, 12], column("code")) == [(None, ("7",), '"7"'), (None, ("12",), '"12"')]
    assert indexed([True], column("kept")) == [(None, (), '"true"')]
