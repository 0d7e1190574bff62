from __future__ import annotations

from openspending.browse.hits import datasets, groups
from openspending.browse.locales import number
from openspending.browse.marking import Piece, pieces
from openspending.browse.money import figures, lines
from openspending.browse.narrowed import chips, facets
from openspending.browse.sought import Sought

ROADS = Sought.read([("q", "roads & bridges"), ("year", "2024|2025"), ("year", "2024"), ("from", " 10 "), ("x", "y")])


def test_a_search_is_read_from_parameters_and_has_them_as_its_address() -> None:
    assert ROADS.filters == {"year": ("2024", "2025")}
    assert ROADS.href == "/search?q=roads%20%26%20bridges&year=2024|2025&from=10"
    assert ROADS.api() == "/v1/search/lines?q=roads%20%26%20bridges&year=2024|2025&from=10"
    assert not Sought.read([]).filters
    assert Sought.read([]).empty


def test_a_value_of_a_filter_is_added_and_taken_away() -> None:
    assert ROADS.toggled("year", "2026").filters["year"] == ("2024", "2025", "2026")
    assert ROADS.toggled("year", "2024").filters["year"] == ("2025",)
    assert "year" not in ROADS.toggled("year", "2024").toggled("year", "2025").filters
    assert "dataset=gov/roads" in ROADS.of_dataset("gov/roads").href


def test_whatever_changes_begins_at_the_first_page() -> None:
    second = ROADS.following("abc")
    assert second.href.endswith("&cursor=abc")
    changed = (second.toggled("year", "2026"), second.in_order("newest"), second.with_words("x"), second.first)
    assert all("cursor" not in one.href for one in changed)


def test_datasets_are_searched_without_what_only_lines_have() -> None:
    sought = ROADS.of_dataset("gov/roads").in_order("largest").as_kind("datasets")
    assert sought.href == "/search?show=datasets&q=roads%20%26%20bridges&year=2024|2025"
    assert (
        Sought.read([("show", "datasets"), ("dataset", "a/b"), ("from", "1"), ("order", "largest")]).api()
        == "/v1/search"
    )


def test_a_form_keeps_what_it_does_not_ask() -> None:
    assert ROADS.following("abc").hidden("q") == [("year", "2024|2025"), ("from", "10")]


def test_private_datasets_are_asked_for_by_those_who_are_known() -> None:
    assert ROADS.asked(known=True)["visibility"] == "all"
    assert "visibility" not in ROADS.asked(known=False)


def test_words_are_marked_where_they_stand_in_a_value() -> None:
    assert pieces("a <b> c", [[2, 5]]) == (Piece("a "), Piece("<b>", marked=True), Piece(" c"))
    assert pieces("abc", [[2, 99], [0, 1], [0, 2], [5, 6]]) == (
        Piece("a", marked=True),
        Piece("b", marked=True),
        Piece("c", marked=True),
    )
    assert pieces("", []) == ()


def test_a_long_value_is_shown_around_its_first_marked_word() -> None:
    value = "word " * 100 + "hospital" + " word" * 100
    shown = pieces(value, [[500, 508]], 100)
    assert Piece("hospital", marked=True) in shown
    assert shown[0] == Piece("… ")
    assert shown[-1] == Piece(" …")
    assert sum(len(one.text) for one in shown) < 120
    assert "".join(one.text for one in pieces("x" * 300, [[290, 300]], 100)).endswith("x")


def test_amounts_keep_all_their_digits() -> None:
    assert number("1234567.50") == "1,234,567.50"
    assert number("-1234.5") == "-1,234.5"
    assert number("<b>") == "<b>"
    assert lines(1) == "1 line"
    assert lines(1204) == "1,204 lines"


def test_totals_of_several_kinds_stand_beside_each_other() -> None:
    euro = {"currency": "EUR", "phase": "executed", "direction": "expenditure", "lines": 2, "amount": "10.5"}
    other = {"currency": None, "phase": None, "direction": None, "value-kind": "debt", "lines": 1, "amount": None}
    shown = figures([euro, other, {**euro, "measure": "Net", "amount": "1000"}])
    assert [one.amount for one in shown] == ["10.5", "", "1,000.0"]
    assert [one.note for one in shown] == ["executed expenditure", "debt", "executed expenditure · Net"]


def test_a_facet_is_shown_where_it_can_narrow_what_was_found() -> None:
    def values(*counts: int) -> list[dict[str, object]]:
        return [{"value": f"{2020 + at}", "label": f"<{at}>", "count": one} for at, one in enumerate(counts)]

    answered = {"year": values(3, 2), "phase": values(5), "direction": values(5, 5), "unknown": values(1, 2)}
    (year,) = facets(Sought.read([("q", "x")]), {"total": 5, "facets": answered})
    assert year.title == "Fiscal year"
    assert [(one.label, one.href, one.chosen) for one in year.values] == [
        ("<1>", "/search?q=x&year=2021", False),
        ("<0>", "/search?q=x&year=2020", False),
    ]
    (many,) = facets(Sought.read([("year", "2029")]), {"total": 99, "facets": {"year": values(*range(20, 0, -1))}})
    assert many.values[0].chosen
    assert len(many.values) == 6
    assert len(many.more) == 14


def test_what_is_chosen_can_be_let_go() -> None:
    sought = Sought.read([("country", "MX|XX"), ("to", "1000000")])
    shown = chips(sought, {"facets": {"country": [{"value": "MX", "label": "Mexico", "count": 1}]}})
    assert [(one.title, one.label, one.href) for one in shown] == [
        ("Country", "Mexico", "/search?country=XX&to=1000000"),
        ("Country", "XX", "/search?country=MX&to=1000000"),
        ("Amount", "at most 1,000,000", "/search?country=MX|XX"),
    ]


def test_years_are_told_as_a_range_where_none_is_left_out() -> None:
    def told(*years: str) -> str:
        row = {"dataset": "a/b", "title": "T", "years": list(years), "lines": 1}
        return datasets(Sought.read([]), {"data": [row]})[0].years

    assert told("2013", "2012", "2014") == "2012–2014"
    assert told("2012", "2014", "2016") == "2012, 2014, 2016"
    assert told("2013/14", "2014/15", "2015/16") == "2013/14, 2014/15, 2015/16"
    assert told() == ""


def test_the_most_telling_values_of_a_line_come_first_and_none_twice() -> None:
    roads = {
        "title": "Programme",
        "value": "Road works",
        "code": "road-works-and-everything-else",
        "highlights": [[0, 4]],
    }
    values = [
        {"title": "Id", "value": "17", "code": None},
        {"title": "Year", "value": "2025", "code": None},
        {"title": "Ministry", "value": "Transport", "code": "04"},
        roads,
        roads,
        {"title": "Function", "value": "Transport", "code": "04.5", "code_highlights": [[0, 4]]},
    ]
    row = {"dataset": "a/b", "title": "T", "revision": 3, "fact": "f/1", "year": "2025", "values": values}
    (group,) = groups(Sought.read([("q", "road")]), {"data": [row], "datasets": []})
    (hit,) = group.hits
    assert hit.lead is not None
    assert (hit.lead.title, hit.lead.code) == ("Programme", ())
    assert [one.title for one in hit.told] == ["Function", "Ministry", "Id"]
    assert hit.told[0].code == (Piece("04.5", marked=True),)
    assert hit.href == "/a/b/facts/f%2F1?revision=3"
