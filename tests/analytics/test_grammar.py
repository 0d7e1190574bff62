"""The parameter grammar: the recorded parser cases and every worked example of its description."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.analytics import refs
from openspending.analytics.cubemodel import CubeModel, from_spec
from openspending.analytics.grammar import parse_cuts, parse_order, parse_page, parse_refs
from openspending.analytics.query import Bare, Order, Page
from openspending.errors import BadQuery

RECORDED = json.loads((Path(__file__).parents[1] / "read_api" / "data" / "read-api-cases.json").read_text("utf-8"))


def values(text: str) -> list[Any]:
    (cut,) = parse_cuts(text)
    return list(cut.values)


# ── the recorded cases ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def simple() -> CubeModel:
    """What the original's parser tests knew of: dimensions `foo`, `bar` and `cofog1`, a measure `amount`."""
    names = ("foo", "bar", "cofog1")
    dimensions = {
        one: {"label": one, "key_attribute": "name", "attributes": {"name": {"label": "Name", "column": one}}}
        for one in names
    }
    measures = {"amount": {"label": "Amount", "column": "amount"}}
    return from_spec({"fact_table": "simple", "dimensions": dimensions, "measures": measures})


def parsed(kind: str, text: str | None, model: CubeModel) -> Any:
    if kind == "cuts":
        cuts = parse_cuts(text)
        for one in cuts:
            refs.cut_concept(model, one)
        return [
            [one.ref, one.operator, [f"date {value}" if isinstance(value, date) else value for value in one.values]]
            for one in cuts
        ]
    if kind == "ordering":
        orders = parse_order(text)
        for order in orders:
            refs.order_concept(model, order)
        return [[one.ref, one.direction] for one in orders]
    asked = parse_refs(text, "|")
    found = refs.drilldowns(model, asked) if kind == "drilldowns" else refs.aggregates(model, asked)
    assert len(found) == len(asked)
    return list(asked)


@pytest.mark.parametrize("case", RECORDED["parser"], ids=lambda case: f"{case['kind']}-{case['text']}")
def test_it_reads_as_the_original_did(case: dict[str, Any], simple: CubeModel) -> None:
    if case["expected"] == "error":
        with pytest.raises(BadQuery):
            parsed(case["kind"], case["text"], simple)
    elif case["expected"] == "2 cuts":
        assert len(parsed(case["kind"], case["text"], simple)) == 2
    else:
        assert parsed(case["kind"], case["text"], simple) == case["expected"]


# ── worked examples ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('f:"a";"b"', ["a", "b"]),
        ("f:a;b", ["a;b"]),
        ("f:3;22", [3, 22]),
        ('f:"2015"', ["2015"]),
        ("f:2015M01", ["2015M01"]),
        ("f:2015-01-04;2015-01-05", [date(2015, 1, 4), date(2015, 1, 5)]),
        ("f:1.5", ["1.5"]),
        ("f:-3", ["-3"]),
        ("f:01", ["01"]),
        ("f:1.5;-2", ["1.5", "-2"]),
        ('f:"a";b', ["a", "b"]),
        ("f: x ", ["x "]),
        ("f:5 ", ["5 "]),
        ("f:a:b", ["a:b"]),
        ('f:""', [""]),
        (r'f:"a\"b\u00e9\n"', ['a"bé\n']),
        ('f:"open', ['"open']),
        ("f:2010-13-45", ["2010-13-45"]),
        ("f:0", [0]),
    ],
)
def test_a_value_is_dates_else_numbers_else_texts(text: str, expected: list[Any]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "bare"), [("f:01", True), ("f:-3", True), ("f:a", True), ('f:"a"', False), ('f:"1.5"', False)]
)
def test_it_remembers_what_was_not_quoted(text: str, bare: bool) -> None:
    assert isinstance(values(text)[0], Bare) == bare


UNREADABLE = [
    *("f oo:x", "a-b:x", "f_:x", "f.:x", "f", ":x", "é:x", "f:", "f:|g:1", "f:x|", "|f:x"),
    *("f:3|", "f:3;b", 'f:3;"b"', "f:3;", "f:2015-01-04x", "f:2015-01-04;x", "f:2014;2015-01-01"),
    *('f:"x"junk', 'f:"x";', r'f:"\ud800"'),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_to_the_end_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        parse_cuts(text)


def test_bars_separate_cuts_outside_of_quotes() -> None:
    assert [(one.ref, one.values) for one in parse_cuts('f:"a|b"|g:5 | h:x')] == [
        ("f", ("a|b",)),
        ("g", ("5 ",)),
        ("h", ("x",)),
    ]


@pytest.mark.parametrize("text", [None, "", " "])
def test_an_empty_parameter_is_absent(text: str | None) -> None:
    assert parse_cuts(text) == ()
    assert parse_refs(text, "|") == ()
    assert parse_order(text) == ()


def test_orders_have_a_direction() -> None:
    assert parse_order("a:desc, b.c,_count:asc") == (Order("a", True), Order("b.c"), Order("_count"))
    for text in ("a:sideways", "a:descending", "a|b", "a:desc:asc", "a,"):
        with pytest.raises(BadQuery):
            parse_order(text)


def test_refs_are_separated_by_one_character_only() -> None:
    assert parse_refs("a|b.c", "|") == ("a", "b.c")
    with pytest.raises(BadQuery):
        parse_refs("a,b", "|")


@pytest.mark.parametrize(
    ("number", "size", "expected"),
    [
        (None, None, Page(1, 100)),
        ("xyz", "abc", Page(1, 100)),
        ("0", "0", Page(1, 0)),
        ("-1", "-5", Page(1, 0)),
        ("3", "99999", Page(3, 10_000)),
        ("1.5", "1e3", Page(1, 100)),
    ],
)
def test_pages_are_read_leniently(number: str | None, size: str | None, expected: Page) -> None:
    assert parse_page(number, size) == expected


def test_the_offset_stays_countable() -> None:
    assert Page(3, 20).offset == 40
    assert Page(10**30, 100).offset == 2**62


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_cuts, parse_order, lambda one: parse_refs(one, "|")):
        with suppress(BadQuery):
            parse(text)


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_quoted_texts_come_back_as_they_are(texts: list[str]) -> None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return
    assert values("f:" + ";".join(json.dumps(one) for one in texts)) == texts
