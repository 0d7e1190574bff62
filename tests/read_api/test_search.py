"""Search over HTTP: exact totals, facets that leave out their own filter, filters, pages and errors."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.read_api.searching import MONEY, Demo, totals_of

pytestmark = pytest.mark.slow
DATASETS = tuple(MONEY)
PHRASES = {
    "mexico-2015": "educacion publica",
    "boost-moldova": "goods and services",
    "ukgov-finances-cra": "public health",
}
FACETS = ("country", "level", "year", "phase", "direction", "currency", "classification", "owner", "licence")


@pytest.mark.parametrize("dataset", DATASETS)
def test_totals_of_a_dataset_are_the_sums_of_its_facts(dataset: str, searched: Demo) -> None:
    answer = searched.lines(dataset=f"demo/{dataset}", pagesize=0)
    assert (answer["total"], totals_of(answer)) == searched.summed(dataset)


@pytest.mark.parametrize(("dataset", "words"), PHRASES.items())
def test_totals_of_words_are_the_sums_of_the_facts_that_have_them(dataset: str, words: str, searched: Demo) -> None:
    answer = searched.lines(q=f'"{words}"', pagesize=0)
    lines, totals = searched.summed(dataset, words)
    assert 0 < lines < searched.summed(dataset)[0]
    (found,) = [one for one in answer["datasets"] if one["dataset"] == f"demo/{dataset}"]
    assert (found["lines"], totals_of(found)) == (lines, totals)
    assert sum(one["lines"] for one in answer["datasets"]) == answer["total"]


def test_totals_of_all_datasets_keep_currencies_and_phases_apart(searched: Demo) -> None:
    answer = searched.lines()
    sums = [searched.summed(one) for one in DATASETS]
    assert answer["total"] == sum(lines for lines, _ in sums)
    assert totals_of(answer) == {kind: one for _, totals in sums for kind, one in totals.items()}


def test_totals_of_an_amount_range_are_those_of_the_facts_in_it(searched: Demo) -> None:
    answer = searched.lines(dataset="demo/ukgov-finances-cra", from_="-5000000.5", to="1e0".replace("e0", "000000"))
    expected = searched.summed("ukgov-finances-cra", where="amount BETWEEN -5000000.5 AND 1000000")
    assert (answer["total"], totals_of(answer)) == expected
    assert 0 < answer["total"] < 2000


def test_what_a_facet_counts_is_what_its_filter_finds(searched: Demo) -> None:
    whole = searched.lines(q="public", pagesize=0)
    for name, values in whole["facets"].items():
        for value in values:
            found = searched.lines(q="public", pagesize=0, **{name: value["value"]})
            assert (found["total"], totals_of(found)) == (value["count"], totals_of(value)), (name, value)
            assert found["facets"][name] == values


def test_a_facet_leaves_out_its_own_filter_and_keeps_the_others(searched: Demo) -> None:
    answer = searched.lines(year="2006|2015", currency="gbp", pagesize=0)
    years = {one["value"]: one["count"] for one in answer["facets"]["year"]}
    for year, count in years.items():
        assert searched.lines(year=year, currency="GBP", pagesize=0)["total"] == count
    assert len(years) == 7
    assert [one["value"] for one in answer["facets"]["currency"]] == ["MXN", "GBP"]
    assert totals_of(answer) == searched.summed("ukgov-finances-cra", where="time_year IN (2006, 2015)")[1]


def test_a_filter_of_phases_leaves_the_measures_of_that_phase(searched: Demo) -> None:
    answer = searched.lines(phase="executed", dataset="demo/boost-moldova", pagesize=0)
    kind = ("MDL", "executed", "expenditure")
    assert totals_of(answer) == {kind: searched.summed("boost-moldova")[1][kind]}
    assert {one["value"] for one in answer["facets"]["phase"]} == {"approved", "adjusted", "executed"}
    assert [totals_of(one) for one in answer["facets"]["year"]] == [totals_of(answer)]


@pytest.mark.parametrize("order", ["relevance", "newest", "largest", "smallest"])
def test_pages_have_every_line_once(order: str, searched: Demo) -> None:
    seen: list[tuple[str, str]] = []
    path: str | None = f"/v1/search/lines?q=health&order={order}&pagesize=200"
    while path is not None:
        answer = searched.client.get(path).json()
        seen += [(one["dataset"], one["fact"]) for one in answer["data"]]
        path = answer["next"]
    assert len(seen) == len(set(seen)) == answer["total"] == 456


def test_lines_come_in_the_order_that_is_asked_for(searched: Demo) -> None:
    def amounts(order: str) -> list[float]:
        found = searched.lines(dataset="demo/ukgov-finances-cra", order=order, pagesize=50)
        return [float(line["amounts"][0]["amount"]) for line in found["data"]]

    assert amounts("largest") == sorted(amounts("largest"), reverse=True)
    assert amounts("smallest") == sorted(amounts("smallest"))
    assert amounts("largest")[0] > amounts("smallest")[0]


def test_a_line_says_where_it_is_what_it_is_and_what_was_found_in_it(searched: Demo) -> None:
    (line,) = searched.lines(q="保健福祉費")["data"]
    assert (line["dataset"], line["year"], line["currency"], line["phase"]) == (
        *("demo/suginami-2013", "2013", "JPY"),
        None,
    )
    first = line["values"][0]
    assert (first["value"], first["code"], first["highlights"]) == ("保健福祉費", "4", [[0, 5]])
    assert [one["amount"] for one in line["amounts"]] == ["69988286000"]
    assert line["url"] == f"/v1/datasets/demo/suginami-2013@1/facts/{line['fact']}"
    assert line["source"] == f"{line['url']}/source"


def test_datasets_are_found_by_their_description_and_by_their_lines(searched: Demo) -> None:
    described = searched.datasets(q="Suginami")
    assert [one["name"] for one in described["data"]] == ["suginami-2013"]
    assert described["data"][0]["highlights"]["title"] == [[0, 8]]
    assert described["data"][0]["matching"] == {"lines": 0, "totals": []}
    by_lines = searched.datasets(q='"educacion publica"')["data"]
    lines, totals = searched.summed("mexico-2015", "educacion publica")
    (matching,) = [one["matching"] for one in by_lines]
    assert (matching["lines"], totals_of(matching)) == (lines, totals)


def test_a_dataset_that_is_about_the_words_comes_before_one_with_many_lines_of_them(searched: Demo) -> None:
    found = searched.datasets(q="country")["data"]
    assert found[0]["name"] == "ukgov-finances-cra"
    assert found[0]["highlights"]["title"] == [[3, 10]]
    by_lines = searched.datasets(q="country", order="lines")["data"]
    assert [one["matching"]["lines"] for one in by_lines] == sorted(
        (one["matching"]["lines"] for one in found), reverse=True
    )


def test_without_words_all_datasets_are_found(searched: Demo) -> None:
    answer = searched.datasets(order="title")
    assert answer["total"] == answer["returned"] == 4
    assert [one["title"] for one in answer["data"]] == sorted(one["title"] for one in answer["data"])
    for one in answer["data"]:
        lines, totals = searched.summed(one["name"])
        assert (one["lines"], one["matching"]["lines"], totals_of(one["matching"])) == (lines, lines, totals)
    assert [one["label"] for one in answer["facets"]["country"]] == ["United Kingdom", "Japan", "Moldova", "Mexico"]


@pytest.mark.parametrize("q", ["", "public"])
def test_facets_of_datasets_count_what_their_filters_find(q: str, searched: Demo) -> None:
    whole = searched.datasets(q=q)
    assert set(whole["facets"]) == set(FACETS)
    for name, values in whole["facets"].items():
        for value in values:
            found = searched.datasets(q=q, **{name: value["value"]})
            assert found["total"] == value["count"], (name, value)
            assert found["facets"][name] == values


def test_pages_have_every_dataset_once(searched: Demo) -> None:
    seen: list[str] = []
    path: str | None = "/v1/search?order=lines&pagesize=3"
    while path is not None:
        answer = searched.client.get(path).json()
        seen += [one["dataset"] for one in answer["data"]]
        path = answer["next"]
    assert sorted(seen) == sorted(f"demo/{one}" for one in DATASETS)


def test_a_search_within_a_dataset_finds_what_was_counted_there(searched: Demo) -> None:
    for answer in (searched.lines(q="public", year="2006"), searched.datasets(q="public", year="2006")):
        for one in answer.get("datasets", answer["data"]):
            counted = one["matching"]["lines"] if "matching" in one else one["lines"]
            assert searched.get(one["search"])["total"] == counted


def test_how_words_were_understood_is_said(searched: Demo) -> None:
    answer = searched.lines(q="helth -mental")
    assert [(one["asked"], one["how"]) for one in answer["query"]["words"]] == [
        ("helth", "typo"),
        ("mental", "excluded"),
    ]
    assert answer["did_you_mean"] == "health -mental"
    assert searched.lines(q="zzzzzz")["total"] == 0


def test_what_there_is_not_is_not_found(searched: Demo) -> None:
    for name in ("dataset", "owner", "country", "year", "phase", "direction", "currency", "classification", "licence"):
        answer = searched.lines(q="public", **{name: "zz"})
        assert (answer["total"], answer["data"], answer["totals"], answer["next"]) == (0, [], [], None)
    assert searched.lines(level="city")["total"] == 0


def test_suggestions_have_each_label_once_and_lead_to_their_lines(searched: Demo) -> None:
    found = searched.get("/v1/suggest", q="educ", limit=100)["data"]
    labels = [one["label"].casefold() for one in found]
    assert len(labels) == len(set(labels)) > 5
    assert all("educ" in one or "educație" in one for one in labels)
    (both,) = [one for one in found if one["label"] == "Education"]
    assert set(both["datasets"]) == {"demo/ukgov-finances-cra", "demo/boost-moldova"}
    assert searched.get(both["search"])["total"] >= both["lines"]
    of_one = searched.get("/v1/suggest", q="educ", dataset="demo/mexico-2015")["data"]
    assert {name for one in of_one for name in one["datasets"]} == {"demo/mexico-2015"}
    assert "dataset=demo/mexico-2015" in of_one[0]["search"]
    assert searched.get("/v1/suggest", q="educ", owner="nobody")["data"] == []
    assert len(searched.get("/v1/suggest", q="e", limit=3)["data"]) == 3
    assert searched.get("/v1/suggest", q="…")["data"] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/v1/search?zzz=1", {"zzz"}),
        ("/v1/search?dataset=demo/mexico-2015", {"dataset"}),
        (
            "/v1/search?level=planet&order=size&visibility=mine&pagesize=-1",
            {"level", "order", "visibility", "pagesize"},
        ),
        ("/v1/search/lines?from=2&to=1", {"to"}),
        ("/v1/search/lines?from=1e9&to=many&q=x&q=y", {"from", "to", "q"}),
        ("/v1/search/lines?pagesize=1001&cursor=zzz&format=csv", {"pagesize", "cursor", "format"}),
        ("/v1/search/lines.atom?order=largest", {"order"}),
        (f"/v1/search/lines?q={'x' * 301}", {"q"}),
        ("/v1/suggest", {"q"}),
        ("/v1/suggest?q=x&limit=101&country=MX", {"limit", "country"}),
    ],
)
def test_what_is_wrong_is_told_all_at_once(path: str, wrong: set[str], searched: Demo) -> None:
    answer = searched.client.get(path)
    assert answer.status_code == 400, answer.text
    assert {one["parameter"] for one in answer.json()["errors"]} == wrong


def test_a_cursor_fits_only_its_question(searched: Demo) -> None:
    (cursor,) = parse_qs(urlsplit(searched.lines(q="health", pagesize=1)["next"]).query)["cursor"]
    assert searched.lines(q="health", pagesize=5, cursor=cursor)["returned"] == 5
    for other in ("q=public", "q=health&year=2006", "q=health&order=newest", "q=health&visibility=all"):
        assert searched.client.get(f"/v1/search/lines?{other}&cursor={cursor}").status_code == 400


def test_answers_are_kept_for_a_minute_by_everybody(searched: Demo) -> None:
    answer = searched.client.get("/v1/search?q=health")
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = searched.client.get("/v1/search?q=health", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    closed = searched.client.get("/v1/search?q=health&visibility=all")
    assert (closed.headers["cache-control"], closed.json()["total"]) == ("private, no-store", answer.json()["total"])


def test_hostile_words_are_only_words(searched: Demo) -> None:
    hostile: Any
    for hostile in (
        '"',
        "*",
        "-",
        '-"',
        "AND OR NOT",
        "text:a^2 ~",
        "\x00",
        "%",
        "a" * 300,
        "[* TO *]",
        "'; --",
        "\ud7ff",
    ):
        for path in ("/v1/search", "/v1/search/lines", "/v1/suggest"):
            answer = searched.client.get(path, params={"q": hostile})
            assert answer.status_code in {200, 400}, hostile
