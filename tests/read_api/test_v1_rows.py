"""Every number of `/v1` opens to its facts: those behind a cell's `rows` link add up to it, exactly."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import application
from openspending.settings import read_settings
from tests.demo import InstallDemo

pytestmark = pytest.mark.slow

Api = TestClient[Any]


@pytest.fixture(scope="module")
def api(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over the demo packages."""
    settings = read_settings({}, data=install_demo(tmp_path_factory.mktemp("rows") / "data"))
    with application(settings) as app, TestClient(app) as client:
        yield client


def got(api: Api, path: str, **parameters: str) -> Any:
    answer = api.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def facts_of(api: Api, link: str) -> Iterator[Mapping[str, Any]]:
    """All facts behind a link, page by page."""
    following: str | None = link
    while following:
        page = got(api, following)
        yield from page["data"]
        following = page["next"]


def cells_of(
    api: Api, dataset: str, chance: random.Random, wanted: int
) -> Iterator[tuple[list[str], Mapping[str, Any]]]:
    """Random cells of random drilldowns, each with the dataset's measures."""
    path = f"/v1/datasets/demo/{dataset}"
    model = got(api, f"{path}/model")
    refs = [one["ref"] for one in model["dimensions"].values()]
    found = 0
    while found < wanted:
        drilldown = "|".join(chance.sample(refs, chance.randint(1, min(3, len(refs)))))
        answer = got(api, f"{path}/aggregate", drilldown=drilldown, allow="mixed", pagesize="1000")
        for cell in chance.sample(answer["data"], min(25, len(answer["data"]), wanted - found)):
            found += 1
            yield list(model["measures"]), cell


DATASETS = ("boost-moldova", "mexico-2015", "suginami-2013", "ukgov-finances-cra")


def check(api: Api, dataset: str, cells: int) -> None:
    for measures, cell in cells_of(api, dataset, random.Random(dataset), cells):
        facts = list(facts_of(api, cell["rows"]))
        assert len(facts) == cell["_count"]
        for measure in measures:
            amounts = [Decimal(fact[measure]) for fact in facts if fact[measure] is not None]
            total = cell[f"{measure}.sum"]
            assert (sum(amounts, Decimal(0)) if amounts else None) == (None if total is None else Decimal(total))


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_facts_behind_a_cell_add_up_to_it(api: Api, dataset: str) -> None:
    check(api, dataset, 20)


@pytest.mark.exhaustive
@pytest.mark.parametrize("dataset", DATASETS)
def test_the_facts_behind_a_thousand_cells_add_up_to_them(api: Api, dataset: str) -> None:
    check(api, dataset, 250)


@pytest.mark.parametrize("dataset", DATASETS)
def test_pages_of_facts_come_to_all_of_them_once(api: Api, dataset: str) -> None:
    path = f"/v1/datasets/demo/{dataset}/facts"
    order = next(iter(got(api, f"/v1/datasets/demo/{dataset}/model")["measures"]))
    whole = list(csv.DictReader(io.StringIO(api.get(f"{path}.csv").content.decode(), newline="")))
    for sorting in (None, f"{order}:desc", f"_file,{order}"):
        given = {"pagesize": "777"} | ({"order": sorting} if sorting else {})
        first = got(api, path, **given)
        listed = [*first["data"], *(facts_of(api, first["next"]) if first["next"] else ())]
        assert sorted(one["_rid"] for one in listed) == sorted(one["_rid"] for one in whole)
        if sorting and sorting.endswith("desc"):
            amounts = [Decimal(one[order]) for one in listed if one[order] is not None]
            assert amounts == sorted(amounts, reverse=True)
