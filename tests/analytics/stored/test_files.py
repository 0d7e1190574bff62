import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.query import AggregateQuery
from openspending.analytics.rebuild import rebuild
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.publishing import publish

pytestmark = pytest.mark.slow

MEXICO = Path(__file__).parents[3] / "examples" / "packages" / "mexico-2015"
BY_FUNCTION = AggregateQuery(("ID_Funcion", "phase"), ("amount.sum", "_count"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(str(MEXICO), owner="demo", store=opened(folder))
    return folder


@pytest.fixture
def data(published: Path, tmp_path: Path) -> Path:
    """A folder of data of one's own."""
    shutil.copytree(published, tmp_path / "data")
    return tmp_path / "data"


def opened(folder: Path) -> ObjectStore:
    return open_datastore(f"file://{folder}/public", f"file://{folder}/private").public


def aggregates(folder: Path) -> Path:
    (found,) = (folder / "public").glob("demo/mexico-2015/derived/*/aggregates")
    return found


def listed(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((aggregates(folder) / "catalog.json").read_text())
    return found


def plans(folder: Path, cache: Path) -> tuple[str, Any]:
    cubes = LiveCubes(opened(folder), cache)
    try:
        found = cubes.at("demo", "mexico-2015").cube.aggregate(BY_FUNCTION)
        return found.plan, found.cells
    finally:
        cubes.close()


def test_each_file_has_the_bytes_that_the_catalogue_says(published: Path) -> None:
    for one in listed(published)["cuboids"]:
        content = (aggregates(published) / one["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
        assert pq.read_table(aggregates(published) / one["path"]).num_rows == one["cells"]


def test_the_json_of_a_cuboid_adds_up_to_the_facts_digit_for_digit(published: Path) -> None:
    built = json.loads((aggregates(published).parent / "build.json").read_text())
    for one in listed(published)["cuboids"]:
        read = json.loads((aggregates(published) / one["json"]).read_text())
        at = {ref: place for place, ref in enumerate(read["columns"])}
        assert sum(row[at["_count"]] for row in read["rows"]) == built["facts"]
        assert sum(Decimal(row[at["amount.sum"]]) for row in read["rows"]) == Decimal(built["measures"]["amount"])
        refs = [each["ref"] for each in one["attributes"]]
        assert len({tuple(row[at[ref]] for ref in refs) for row in read["rows"]}) == one["cells"]


def test_a_rebuild_makes_the_same_files(data: Path) -> None:
    before = {path.name: path.read_bytes() for path in aggregates(data).iterdir()}
    shutil.rmtree(aggregates(data).parent)
    list(rebuild(opened(data)))
    assert {path.name: path.read_bytes() for path in aggregates(data).iterdir()} == before


def test_a_build_without_stored_aggregates_gets_them_where_it_is_opened(data: Path, tmp_path: Path) -> None:
    expected = plans(data, tmp_path / "with")
    assert expected[0].startswith("cuboid-")
    shutil.rmtree(aggregates(data))
    assert plans(data, tmp_path / "without") == expected


def test_aggregates_of_other_facts_are_not_read(data: Path, tmp_path: Path) -> None:
    expected = plans(data, tmp_path / "with")
    other = listed(data) | {"hash": "sha256:0", "cuboids": []}
    (aggregates(data) / "catalog.json").write_text(json.dumps(other))
    assert plans(data, tmp_path / "other") == expected


def test_a_damaged_file_answers_nothing(data: Path, tmp_path: Path) -> None:
    plan, cells = plans(data, tmp_path / "whole")
    path = aggregates(data) / f"{plan}.parquet"
    path.write_bytes(path.read_bytes()[:-9] + b"damaged..")
    for one in listed(data)["cuboids"]:
        if one["id"] > plan:
            (aggregates(data) / one["path"]).unlink()
    assert plans(data, tmp_path / "damaged") == ("facts", cells)
