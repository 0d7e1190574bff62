"""Comparisons over HTTP: phases, years, entities and revisions, with the facts behind every number."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from litestar.testing import TestClient

from openspending.assembly import application, open_store
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.demo import InstallDemo
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

Api = TestClient[Any]
MOLDOVA, UK, MEXICO = "demo/boost-moldova", "demo/ukgov-finances-cra", "demo/mexico-2015"
BUDGET = "demo/budget"
FIRST = "year,code,label,amount\n2014,01,Health,100.10\n2014,02,Schools,50\n2014,03,Arts,7\n2015,01,Health,-3\n"
SECOND = "year,code,label,amount\n2014,01,Health,120.15\n2014,02,Education,50\n2014,04,Roads,9\n2015,01,Health,-3\n"


@pytest.fixture(scope="module")
def api(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over the demo packages, and one dataset of two revisions."""
    folder = tmp_path_factory.mktemp("compare")
    settings = read_settings({}, data=install_demo(folder / "data"))
    packages = [write_package(folder / name, text) for name, text in (("first", FIRST), ("second", SECOND))]
    for package in packages:
        publish(str(package), owner="demo", store=open_store(settings).public)
    with application(settings) as app, TestClient(app) as client:
        yield client


def asked(api: Api, dataset: str, **parameters: str) -> Any:
    answer = api.get(f"/v1/datasets/{dataset}/compare", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(api: Api, dataset: str, status: int = 400, /, **parameters: str) -> Any:
    answer = api.get(f"/v1/datasets/{dataset}/compare", params=parameters)
    assert answer.status_code == status, answer.text
    return answer.json()


def codes(answer: Mapping[str, Any]) -> list[str]:
    return [one["code"] for one in answer["meta"]["warnings"]]


def sum_of(api: Api, link: str | None, measure: str) -> tuple[Decimal, int]:
    """The sum and the number of the facts behind a link."""
    total, count = Decimal(0), 0
    while link:
        page = api.get(link).json()
        total += sum(Decimal(one[measure]) for one in page["data"] if one[measure] is not None)
        count += len(page["data"])
        link = page["next"]
    return total, count


# ── one operator ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_phases_that_are_measures_are_compared(api: Api) -> None:
    found = asked(
        api, MOLDOVA, left="phase:approved", right="phase:executed", drilldown="functional_classification_code"
    )
    whole = api.get(f"/v1/datasets/{MOLDOVA}/aggregate", params={"aggregates": "approved.sum|executed.sum"}).json()
    assert found["summary"]["left"] == f"{Decimal(whole['summary']['approved.sum']):.2f}"
    assert found["summary"]["right"] == whole["summary"]["executed.sum"]
    assert sum(Decimal(row["difference"]) for row in found["data"]) == Decimal(found["summary"]["difference"])
    assert found["meta"]["sides"]["right"]["measure"] == "executed"


def test_phases_that_are_members_are_compared(api: Api) -> None:
    found = asked(api, MEXICO, left="phase:approved", right="phase:executed", drilldown="ID_Ramo")
    assert found["summary"]["left_count"] == found["summary"]["right_count"] == 100
    assert codes(found) == []


def test_years_are_compared_and_stamped_nominal(api: Api) -> None:
    found = asked(api, UK, left="year:2009", right="year:2010", drilldown="region_2", order="rate:desc")
    assert found["total"] == 13
    assert codes(found) == ["nominal"]
    rates = [Decimal(row["rate"]) for row in found["data"]]
    assert rates == sorted(rates, reverse=True)


def test_entities_are_compared_by_what_they_spend_on(api: Api) -> None:
    found = asked(
        api,
        UK,
        left='region_2.name:"england-london"',
        right='region_2.name:"scotland"',
        cut="time_2.year:2010",
        drilldown="cofog1_2.name",
    )
    for side, region in (("left", "england-london"), ("right", "scotland")):
        cut = f'region_2.name:"{region}"|time_2.year:2010'
        answer = api.get(f"/v1/datasets/{UK}/aggregate", params={"cut": cut, "drilldown": "cofog1_2.name"}).json()
        plain = {cell["cofog1_2.name"]: cell["amount.sum"] for cell in answer["data"]}
        assert {row["cofog1_2.name"]: row[side] for row in found["data"] if row[f"{side}_count"]} == plain


def test_revisions_are_compared_by_codes_and_other_labels_are_told(api: Api) -> None:
    found = asked(api, BUDGET, left="@1", drilldown="code", cut="year:2014", order="difference")
    results = [
        (row["code.code"], row["left"], row["right"], row["difference"], row["unmatched"]) for row in found["data"]
    ]
    assert results == [
        ("03", "7.00", None, "-7.00", "left"),
        ("02", "50.00", "50.00", "0.00", None),
        ("04", None, "9.00", "9.00", "right"),
        ("01", "100.10", "120.15", "20.05", None),
    ]
    assert found["summary"]["unmatched"] == {"left": 1, "right": 1}
    assert found["data"][1]["code.label"] == "Education"
    (told,) = [one for one in found["meta"]["warnings"] if one["code"] == "relabelled"]
    assert told["count"] == 1
    assert told["members"][0]["member"] == {"code.code": "02"}
    assert [found["meta"]["sides"][one]["revision"] for one in ("left", "right")] == [1, 2]
    assert found["meta"]["sides"]["left"]["hash"] != found["meta"]["sides"]["right"]["hash"]


def test_datasets_are_compared_when_both_have_the_drilldown(api: Api) -> None:
    found = asked(api, f"{BUDGET}@2", left="@1", right=f"{BUDGET}@1")
    assert codes(found)[-1] == "same-sides"
    wrong = refused(api, BUDGET, right=f"{MEXICO}|phase:executed", drilldown="code")
    assert wrong["errors"][0]["parameter"] == "drilldown"
    mixed = refused(api, BUDGET, 422, right=f"{MEXICO}|phase:executed", cut="")
    assert "EUR and MXN" in mixed["detail"]
    allowed = asked(api, BUDGET, right=f"{MEXICO}|phase:executed", allow="mixed")
    assert "mixed-currency" in codes(allowed)


def test_the_same_in_a_json_body(api: Api) -> None:
    body = {
        "left": {"version": "1", "cut": [{"ref": "year", "value": 2014}]},
        "right": "@2|year:2014",
        "drilldown": ["code"],
    }
    posted = api.post(f"/v1/datasets/{BUDGET}/compare", json=body)
    assert posted.status_code == 200, posted.text
    plain = asked(api, BUDGET, left="@1", cut="year:2014", drilldown="code")
    assert posted.json()["data"] == plain["data"]
    assert posted.json()["meta"]["query"] == plain["meta"]["query"]


# ── every number opens to its facts ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dataset", "parameters", "measures"),
    [
        (
            MOLDOVA,
            {"left": "phase:approved", "right": "phase:executed", "drilldown": "other_exp_type"},
            ("approved", "executed"),
        ),
        (UK, {"left": "year:2004", "right": "year:2010", "drilldown": "cofog1_2"}, ("amount", "amount")),
        (
            UK,
            {"left": 'region_2:"scotland"', "cut": "time_2.year:2010", "drilldown": "pog_2.label"},
            ("amount", "amount"),
        ),
        (BUDGET, {"left": "@1", "drilldown": "code|year"}, ("amount", "amount")),
    ],
    ids=["phases", "years", "entities", "revisions"],
)
def test_the_facts_behind_each_row_add_up_to_it(
    api: Api, dataset: str, parameters: dict[str, str], measures: tuple[str, str]
) -> None:
    found = asked(api, dataset, **parameters)
    for row in [*found["data"][:12], found["summary"]]:
        for side, measure in zip(("left", "right"), measures, strict=True):
            assert (row[f"{side}_rows"] is None) == (row[f"{side}_count"] == 0)
            expected = (Decimal(row[side] or 0), row[f"{side}_count"])
            assert sum_of(api, row[f"{side}_rows"], measure) == expected


# ── formats, pages, caches ───────────────────────────────────────────────────────────────────────────────────────────


def parsed(content: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of an answer, as a reader of that format sees them."""
    if name == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if name == "jsonl":
        lines = [json.loads(line) for line in content.decode().splitlines()]
        return [one for one in lines if "meta" not in one]
    if name == "xlsx":
        header, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0].values
        return [dict(zip([str(one) for one in header], row, strict=True)) for row in rows]
    table = pq.read_table(io.BytesIO(content)) if name == "parquet" else pa.ipc.open_stream(content).read_all()
    return list(table.to_pylist())


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without the links, its numbers as decimals, what is empty as None."""
    numbers = {"left", "right", "difference", "rate", "left_share", "right_share", "left_count", "right_count"}
    kept = {name: None if value in {None, ""} else value for name, value in row.items() if not name.endswith("_rows")}
    return {
        name: Decimal(str(value)) if name in numbers and value is not None else value for name, value in kept.items()
    }


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet", "arrow", "xlsx"])
def test_every_format_has_the_same_rows(api: Api, name: str) -> None:
    parameters = {"left": "@1", "drilldown": "code", "cut": "year:2014"}
    expected = [plain(row) for row in asked(api, BUDGET, **parameters)["data"]]
    answer = api.get(f"/v1/datasets/{BUDGET}/compare.{name}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert [plain(row) for row in parsed(answer.content, name)] == expected


def test_pages_follow_each_other_and_make_the_whole(api: Api) -> None:
    parameters = {"left": "year:2009", "right": "year:2010", "drilldown": "region_2|cofog1_2.name"}
    whole = asked(api, UK, **parameters)
    page = asked(api, UK, **parameters, pagesize="30")
    rows = page["data"]
    while page["next"]:
        page = api.get(page["next"]).json()
        rows += page["data"]
    assert rows == whole["data"]
    assert len(rows) == whole["total"]


def test_the_canonical_link_answers_the_same(api: Api) -> None:
    found = asked(api, BUDGET, left="@1|year:2014", drilldown="code")
    again = api.get(found["meta"]["self"]).json()
    assert again["data"] == found["data"]
    assert again["meta"]["query"] == found["meta"]["query"]


def test_small_quotients_are_written_without_exponents(api: Api) -> None:
    found = asked(api, BUDGET, left="@1", cut="year:2014|code:02")
    assert found["summary"]["rate"] == "0.000000000000"
    floats = asked(api, BUDGET, left="@1", cut="year:2014", numbers="float")
    assert isinstance(floats["summary"]["rate"], float)


def test_an_answer_lasts_for_ever_when_all_its_revisions_are_numbered(api: Api) -> None:
    def headers(dataset: str, **parameters: str) -> Mapping[str, str]:
        return api.get(f"/v1/datasets/{dataset}/compare", params=parameters).headers

    lasting = headers(f"{BUDGET}@2", left="@1")
    assert "immutable" in lasting["cache-control"]
    assert "immutable" not in headers(f"{BUDGET}@2", left=f"{BUDGET}|year:2014")["cache-control"]
    assert "content-location" not in headers(BUDGET, left=f"{BUDGET}|year:2014")
    assert headers(BUDGET, left="@1")["content-location"].startswith("/v1/datasets/demo/budget@2/compare?")
    assert lasting["etag"] != headers(f"{BUDGET}@2", left="@2")["etag"]
    unchanged = api.get(
        f"/v1/datasets/{BUDGET}@2/compare", params={"left": "@1"}, headers={"If-None-Match": lasting["etag"]}
    )
    assert unchanged.status_code == 304


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parameters", "parameter", "choice"),
    [
        ({}, "left", None),
        ({"left": "measure:aproved", "right": "phase:executed"}, "left", "measure:approved"),
        ({"left": "phase:paid", "right": "phase:executed"}, "left", "phase:executed"),
        ({"left": "phase:executed"}, "right", "measure:approved"),
        ({"left": "phase:executed", "measure": "approved"}, "left", "measure:executed"),
        ({"left": "date_2.yeer:2014", "measure": "executed"}, "left", "date_2.year"),
        ({"left": "@1|", "measure": "executed"}, "left", None),
        ({"left": "@first", "measure": "executed"}, "left", None),
        ({"left": "@1", "measure": "executed", "drilldown": "othr"}, "drilldown", None),
        ({"left": "@1", "measure": "executed", "order": "executed.sum"}, "order", "difference"),
        ({"left": "@1", "measure": "executed", "cut": "x:1"}, "cut", None),
        ({"left": "@1", "measure": "executed", "allow": "all"}, "allow", "mixed"),
        ({"left": "@1", "measure": "executed", "cursor": "x"}, "cursor", None),
    ],
    ids=lambda one: "&".join(f"{name}={value}" for name, value in one.items()) if isinstance(one, dict) else None,
)
def test_what_makes_no_sense_is_refused_with_its_parameter_and_choices(
    api: Api, parameters: dict[str, str], parameter: str, choice: str | None
) -> None:
    told = refused(api, MOLDOVA, **parameters)
    assert len(told.get("errors", [told])) == 1
    assert told.get("errors", [told])[0]["parameter"] == parameter
    assert choice is None or choice in told["choices"]


def test_revisions_and_datasets_that_there_are_not_are_404(api: Api) -> None:
    assert "no revision 9" in refused(api, BUDGET, 404, left="@9")["detail"]
    assert "no dataset" in refused(api, BUDGET, 404, left="demo/nothing")["detail"]


def test_a_side_that_would_mix_is_refused_with_cuts_for_both(api: Api) -> None:
    told = refused(api, MEXICO, 422, left='ID_Ramo:"22"', right='ID_Ramo:"7"')
    assert 'cut=phase.phase:"executed"' in told["choices"]
    assert asked(api, MEXICO, left='ID_Ramo:"22"', right='ID_Ramo:"7"', cut='phase.phase:"executed"')["total"] == 1
