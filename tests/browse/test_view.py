from __future__ import annotations

from openspending.view import SIZE, View, Wrong, condition, conditions, dimension, member_of, ref_of

GIVEN = [
    ("chart", "treemap"),
    ("group", "purpose|function"),
    ("at", 'purpose.code:"1|2"'),
    ("cut", "phase.phase:executed"),
    ("cut", 'any(year:2014|year:2015)|name~:"a ; b"'),
    ("series", ""),
]


def test_a_view_is_read_from_parameters_and_has_one_address() -> None:
    view, wrong = View.read(GIVEN)
    assert wrong == ()
    assert view.cut == ("phase.phase:executed", "any(year:2014|year:2015)", 'name~:"a ; b"')
    assert view.query() == (
        "chart=treemap&group=purpose|function&at=purpose.code:%221|2%22"
        "&cut=phase.phase:executed|any(year:2014|year:2015)|name~:%22a%20;%20b%22"
    )
    assert View.read(view.parameters().items()) == (view, ())


def test_what_is_wrong_is_told_and_left_out() -> None:
    view, wrong = View.read([("chart", "cake"), ("size", "0"), ("skip", "x"), ("colour", "red"), ("theme", "auto")])
    assert view == View(size=SIZE)
    assert view.empty
    assert [one.parameter for one in wrong] == ["colour", "chart", "size", "skip"]
    assert Wrong("size", "0", ("1–2000",)) in wrong


def test_the_level_that_is_shown_is_the_first_below_what_was_chosen() -> None:
    view = View(group=("purpose", "function", "programme"))
    assert view.shown == "purpose"
    below = view.drilled({"purpose.code": "1", "purpose.label": 'The "first"'})
    assert below.at == ('purpose.code:"1"', 'purpose.label:"The \\"first\\""')
    assert (below.shown, below.deeper) == ("function", True)
    last = below.drilled({"function.code": None}).drilled({"programme.code": "x"})
    assert last.at[2:] == ("function.code:null", 'programme.code:"x"')
    assert (last.shown, last.deeper) == ("programme", False)
    assert View().shown == ""


def test_conditions_are_told_apart_and_read() -> None:
    assert conditions('a:"x|\\"y|"|b>=:3|not(c:1|d:2)|') == ('a:"x|\\"y|"', "b>=:3", "not(c:1|d:2)")
    assert [ref_of(one) for one in ("a.b:1", "a~:x:y", "a>=:3", "not(a:1)")] == ["a.b", "a", "a", ""]
    assert dimension("a.b!:1") == "a"
    assert [member_of(one) for one in ('a:"null"', "a:null", "a:1;2", "a:1..2", "a:x", 'a:"', "a!:x")] == [
        *("null", None, None, None, "x", None, None)
    ]
    assert member_of(condition("a", "ü|\n")) == "ü|\n"
