"""Every aggregate of `/v1` has a receipt, and every receipt verifies against the stored files alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from litestar.testing import TestClient

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.proving.receiptform import query_of, read_receipt
from openspending.analytics.proving.receipts import receipt
from openspending.analytics.proving.verifying import verify
from openspending.assembly import application, open_store
from openspending.datastore.objects import ObjectStore
from openspending.settings import Settings, read_settings
from tests.demo import InstallDemo

pytestmark = pytest.mark.slow

Api = TestClient[Any]


@pytest.fixture(scope="module")
def settings(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Where the demo packages are."""
    return read_settings({}, data=install_demo(tmp_path_factory.mktemp("receipts") / "data"))


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[Api]:
    """The API over it."""
    with application(settings) as app, TestClient(app) as client:
        yield client


@pytest.fixture(scope="module")
def store(settings: Settings) -> ObjectStore:
    """The ObjectStore itself."""
    return open_store(settings).public


def got(api: Api, path: str, **parameters: str) -> Any:
    answer = api.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def random_query(api: Api, path: str, chance: random.Random) -> dict[str, str]:
    """Parameters of an aggregate over up to three dimensions, cut to a member that there is."""
    refs = [one["ref"] for one in got(api, f"{path}/model")["dimensions"].values()]
    chosen = chance.sample(refs, min(len(refs), chance.randint(1, 3)))
    cells = got(api, f"{path}/aggregate", drilldown=chosen[0], allow="mixed", pagesize="50")
    link = chance.choice(cells["data"])["rows"]
    cut = unquote(link.partition("?cut=")[2])
    return {"drilldown": "|".join(chosen[1:]), "cut": cut, "allow": "mixed"}


@pytest.mark.slow
def test_receipts_of_random_queries_verify(api: Api, store: ObjectStore, tmp_path: Path) -> None:
    chance = random.Random(1)
    for name in ("boost-moldova", "mexico-2015", "suginami-2013", "ukgov-finances-cra"):
        path = f"/v1/datasets/demo/{name}"
        asked = random_query(api, path, chance)
        answer = got(api, f"{path}/aggregate", **{key: value for key, value in asked.items() if value})
        link = api.get(answer["meta"]["receipt"])
        checks = list(verify(read_receipt(link.content), store, tmp_path / name))

        assert [one for one in checks if not one.holds] == []
        assert len(checks) == 10
        said = link.json()
        assert said["facts"]["n"] == answer["meta"]["facts"]["matched"]
        assert said["cells"]["n"] == answer["total"]
        assert said["id"] == answer["meta"]["query"]


@pytest.mark.parametrize(
    "cut",
    [
        "amount>:1000000000",
        'not(category_2.name:"3")',
        'any(category_2.name:"3"|category_2.label~:"総")',
        "time_year.year:2012..2014",
        'subcategory_2.name^:"3-"|category_2.label!:null',
        'all(category_2.name:"2";"3"|not(any(subcategory_2.name:"3-1"|amount<:5)))',
    ],
)
def test_every_kind_of_cut_is_read_back_from_its_receipt(
    api: Api, store: ObjectStore, tmp_path: Path, cut: str
) -> None:
    path = "/v1/datasets/demo/suginami-2013"
    answer = got(api, f"{path}/aggregate", cut=cut, drilldown="subcategory_2.name", order="amount.sum:desc")
    said = read_receipt(api.get(answer["meta"]["receipt"]).content)
    cubes = LiveCubes(store, tmp_path)
    again = receipt(cubes.at("demo", "suginami-2013"), query_of(said.query), said.query)
    cubes.close()

    assert {name: value for name, value in said.raw.items() if name != "url"} == again
    assert again["facts"]["n"] == answer["meta"]["facts"]["matched"] > 0
    assert [one["_count"] for one in again["cells"]["list"]] == [one["_count"] for one in answer["data"]]


def test_each_cell_has_a_receipt_of_its_own(api: Api) -> None:
    path = "/v1/datasets/demo/suginami-2013"
    cells = got(api, f"{path}/aggregate", drilldown="category_2.name")
    for cell in cells["data"]:
        said = got(api, cell["rows"].replace("/facts?", "/receipt?"))

        assert said["summary"]["_count"] == cell["_count"]
        assert Decimal(said["summary"]["amount.sum"]) == Decimal(cell["amount.sum"])


def test_a_receipt_says_where_it_is_and_stays(api: Api) -> None:
    first = api.get("/v1/datasets/demo/suginami-2013/receipt", params={"drilldown": "category_2.name"})
    again = api.get(first.json()["url"])

    assert again.content == first.content
    assert "immutable" in again.headers["cache-control"]
    assert "immutable" not in first.headers["cache-control"]
    assert api.get(first.json()["url"], headers={"If-None-Match": again.headers["etag"]}).status_code == 304


def test_what_an_aggregate_refuses_has_no_receipt(api: Api) -> None:
    path = "/v1/datasets/demo/mexico-2015"
    for query in ({}, {"drilldown": "nothing"}, {"cut": "x:1"}, {"pagesize": "3"}, {"drilldown": "a", "order": "b"}):
        refused = api.get(f"{path}/receipt", params=query)
        assert refused.status_code in {400, 422}
        assert refused.headers["content-type"] == "application/problem+json"
    allowed = api.get(f"{path}/receipt", params={"allow": "mixed"})
    assert allowed.json()["query"]["allow"] == "mixed"


def test_a_wrong_parameter_is_refused_also_after_the_right_question(api: Api) -> None:
    path = "/v1/datasets/demo/suginami-2013/receipt"
    assert api.get(path).status_code == 200
    assert api.get(path, params={"foo": "1"}).status_code == 400


def test_a_receipt_reads_back_as_it_was_sealed(api: Api) -> None:
    said = api.get("/v1/datasets/demo/suginami-2013/receipt").content

    assert json.loads(said)["receipt_hash"] == read_receipt(said).raw["receipt_hash"]
