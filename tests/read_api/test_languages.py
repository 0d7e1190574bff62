"""What the API says to people is in their language; what it says to programs is the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import application, open_store
from openspending.datastore.manifest import PROPERTY
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

PATH = "/v1/datasets/ministry/budget"
ROWS = "year,code,label,amount\n2024,01,a,100\n2024,02,b,90\n,,,\n2025,01,a,50\n"
Api = TestClient[Any]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("languages")
    settings = read_settings({}, data=folder / "data")
    publish(str(write_package(folder / "p", ROWS)), owner="ministry", name="budget", store=open_store(settings).public)
    with application(settings) as app, TestClient(app) as client:
        yield client


def asked(api: Api, path: str, language: str, **headers: str) -> Any:
    return api.get(path, headers={"Accept-Language": language, **headers})


def test_warnings_of_a_revision_are_told_in_the_language_that_is_asked_for(api: Api) -> None:
    english, spanish, other = (asked(api, PATH, one) for one in ("en", "es-MX,es;q=0.8", "fr"))
    assert [one.headers["content-language"] for one in (english, spanish, other)] == ["en", "es", "en"]
    assert all("Accept-Language" in one.headers["vary"] for one in (english, spanish))
    told = {one["code"]: one for one in spanish.json()["warnings"]}
    plain = {one["code"]: one for one in english.json()["warnings"]}
    assert told["blank-row"]["title"] == "Filas vacías"
    assert told["blank-row"]["language"] == "es"
    assert plain["blank-row"]["message"].endswith("they were left out.")
    assert told.keys() == plain.keys()
    assert {**spanish.json(), "warnings": 0} == {**english.json(), "warnings": 0}
    assert other.json() == english.json()


def test_no_answer_is_taken_for_one_in_another_language(api: Api) -> None:
    english, spanish = (asked(api, PATH, one) for one in ("en", "es"))
    assert english.headers["etag"] != spanish.headers["etag"]
    assert asked(api, PATH, "es", **{"If-None-Match": english.headers["etag"]}).status_code == 200
    again = asked(api, PATH, "es", **{"If-None-Match": spanish.headers["etag"]})
    assert (again.status_code, again.headers["content-language"]) == (304, "es")
    assert api.get(f"{PATH}?lang=es", headers={"Accept-Language": "en"}).json() == spanish.json()


def test_what_is_stored_and_hashed_knows_no_language(api: Api) -> None:
    manifest = "/data/ministry/budget/r1.datapackage.json"
    english, spanish = (asked(api, manifest, one) for one in ("en", "es"))
    assert english.content == spanish.content
    kept = english.json()[PROPERTY]["problems"]
    assert [one["message"] for one in kept] == [one["message"] for one in asked(api, PATH, "en").json()["warnings"]]
    figures = f"{PATH}@1/aggregate?drilldown=year"
    english, spanish = (asked(api, figures, one) for one in ("en", "es"))
    assert english.json() == spanish.json()
    receipt = english.json()["meta"]["receipt"]
    receipts = [asked(api, receipt, one) for one in ("en", "es")]
    assert [one.status_code for one in receipts] == [200, 200]
    assert receipts[0].content == receipts[1].content


def test_refusals_are_told_in_the_language_that_is_asked_for(api: Api) -> None:
    missing = asked(api, "/v1/datasets/ministry/nothing", "es")
    assert (missing.status_code, missing.headers["content-language"]) == (404, "es")
    assert missing.json() == {
        "type": "/v1/problems/not-found",
        "title": "Eso no existe",
        "status": 404,
        "detail": "No existe el conjunto de datos ministry/nothing.",
    }
    english = asked(api, "/v1/datasets/ministry/nothing", "en").json()
    assert (english["type"], english["detail"]) == ("/v1/problems/not-found", "There is no dataset ministry/nothing.")
    wrong = asked(api, f"{PATH}/aggregate?drilldwon=year&sample=1", "es").json()
    assert all(one["detail"].startswith("Aquí no hay ningún parámetro") for one in wrong["errors"])
    assert asked(api, "/v1/nowhere", "es").json()["title"] == "No encontrado"


def test_a_language_that_we_do_not_have_is_refused_where_it_is_named(api: Api) -> None:
    refused = api.get(f"{PATH}?lang=tlh")
    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {"detail": "“tlh” is no language of ours.", "parameter": "lang", "choices": ["en", "es"]}
    ]


def test_kinds_of_refusals_are_explained_in_both(api: Api) -> None:
    assert api.get("/v1/problems/not-found?lang=es").json()["title"] == "Eso no existe"
    listed = [api.get(f"/v1/problems?lang={one}").json()["data"] for one in ("en", "es")]
    assert [one["type"] for one in listed[0]] == [one["type"] for one in listed[1]]
    assert all(one["meaning"] != two["meaning"] for one, two in zip(*listed, strict=True))


def test_notices_beside_figures_are_told_and_kept_apart_by_language(api: Api) -> None:
    path = f"{PATH}@1/aggregate?aggregates=amount.sum"
    answers = [asked(api, path, one) for one in ("en", "es", "en", "es")]
    notices = [one.json()["meta"]["warnings"][0]["message"] for one in answers]
    assert notices[:2] == [
        "Amounts of several years are added together, as far as there are facts of them: 2024, 2025.",
        "Se suman importes de varios años, en la medida en que hay datos de ellos: 2024, 2025.",
    ]
    assert notices[2:] == notices[:2]  # the second time they are answered from memory
    assert [one.headers["content-language"] for one in answers] == ["en", "es", "en", "es"]
    assert all("Accept-Language" in one.headers["vary"] for one in answers)
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
    plain = asked(api, f"{PATH}@1/aggregate?drilldown=year", "es")
    assert "Accept-Language" not in plain.headers["vary"]
    for name in ("csv", "jsonl", "xlsx", "parquet"):
        tables = [asked(api, path.replace("aggregate?", f"aggregate.{name}?"), one) for one in ("en", "es")]
        assert [one.status_code for one in tables] == [200, 200], name
        assert tables[0].headers["etag"] == tables[1].headers["etag"], name
