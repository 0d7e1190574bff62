"""Cubes to ask: the fixtures that the acceptance cases name, loaded as they say, behind a cubes of fixed cubes."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from openspending import read_api
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import CubeModel, from_spec
from openspending.analytics.livecubes import LiveCubes
from openspending.datastore.store import open_datastore
from openspending.errors import NotFound
from openspending.fdp.sqltext import identifier, literal
from openspending.publishing import publish
from tests.demo import InstallDemo
from tests.read_api import searching
from tests.read_api.searching import Demo

DATA = Path(__file__).parent / "data"
CASES: dict[str, Any] = json.loads((DATA / "read-api-cases.json").read_text(encoding="utf-8"))
TYPES = {"integer": "BIGINT", "float": "DECIMAL(38, 6)", "date": "DATE", "bool": "BOOLEAN"}
EXAMPLES = Path(__file__).parents[2] / "examples" / "packages"
PACKAGES = {
    "example@example.com:boost-moldova": "moldova-boost-2014",
    "officer@data.gov.uk:ukgov-finances-cra": "uk-country-regional-analysis",
}


class FixedCubes:
    """Cubes that are all there from the start."""

    def __init__(self, cubes: Mapping[str, Cube], packages: Mapping[str, Mapping[str, Any]]) -> None:
        self._cubes = dict(cubes)
        self._packages = dict(packages)

    def names(self) -> list[str]:
        return list(self._cubes)

    def cube(self, name: str) -> Cube:
        if name not in self._cubes:
            raise NotFound(f"There is no cube {name}.")
        return self._cubes[name]

    def package(self, name: str) -> tuple[Mapping[str, Any], str]:
        if name not in self._packages:
            raise NotFound(f"There is no package {name}.")
        return self._packages[name], f"{name.replace(':', '/')}/datapackage.json"


def load_star(database: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """One table per CSV file of `folder`; a header cell is `name` or `name:type`, an empty cell is null."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header = [cell.partition(":") for cell in next(csv.reader(file))]
        columns = [
            f"CAST(c{at} AS {TYPES.get(kind, 'VARCHAR')}) AS {identifier(n)}" for at, (n, _, kind) in enumerate(header)
        ]
        names = "[" + ", ".join(f"'c{at}'" for at in range(len(header))) + "]"
        database.execute(
            f"CREATE TABLE {identifier(path.stem)} AS SELECT row_number() OVER () - 1 AS _id, {', '.join(columns)} "
            f"FROM read_csv({literal(str(path))}, header=true, all_varchar=true, names={names}, nullstr='', quote='\"')"
        )


def published(folder: Path) -> LiveCubes:
    """The two packages of the cases, published and derived as any other; their data is that of the demo packages."""
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    for name, example in PACKAGES.items():
        owner, _, dataset = name.partition(":")
        package = folder / dataset
        shutil.copytree(EXAMPLES / example, package)
        shutil.copy(DATA / dataset / "datapackage.json", package)
        publish(str(package), owner=owner, store=store)
    return LiveCubes(store, folder / "cache")


def simple_model() -> dict[str, Any]:
    """The stored model behind the recorded answer: the same without what answers add."""
    case = next(one for one in CASES["cases"] if one["id"] == "model-simple")
    spec = json.loads(json.dumps(case["expected"]["body"]["model"]))
    del spec["aggregates"]
    added = {"ref", "key_ref", "label_ref", "cardinality_class", "hierarchy"}
    for group in (spec["dimensions"], spec["measures"], spec["hierarchies"]):
        for raw in group.values():
            for key in added & set(raw):
                del raw[key]
    for raw in spec["dimensions"].values():
        raw["attributes"]["key"].pop("ref")
    return dict(spec)


def cra_model() -> dict[str, Any]:
    return dict(json.loads((DATA / "cra" / "cra.json").read_text(encoding="utf-8")))


def cra_with_hierarchy() -> dict[str, Any]:
    spec = cra_model()
    spec["hierarchies"] = {"cofog": {"label": "COFOG", "levels": ["cofog1", "cofog2"]}}
    spec["measures"]["amount"]["aggregates"] = ["sum", "avg", "min", "max", "count"]
    return spec


@pytest.fixture(scope="session")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        load_star(connection, DATA / "cra")
        yield connection


@pytest.fixture(scope="session")
def cra(database: duckdb.DuckDBPyConnection) -> Cube:
    return Cube("cra", from_spec(cra_model()), database)


@pytest.fixture(scope="session")
def simple() -> CubeModel:
    return from_spec(simple_model())


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCubes]:
    cubes = published(tmp_path_factory.mktemp("live"))
    yield cubes
    cubes.close()


@pytest.fixture(scope="session")
def cubes(database: duckdb.DuckDBPyConnection, cra: Cube, simple: CubeModel, live: LiveCubes) -> FixedCubes:
    cubes = {
        "cra": cra,
        "cra_h": Cube("cra_h", from_spec(cra_with_hierarchy()), database),
        "simple_model": Cube("simple_model", simple, database),
    }
    return FixedCubes(
        cubes | {name: live.cube(name) for name in PACKAGES},
        {name: live.package(name)[0] for name in PACKAGES},
    )


@pytest.fixture(scope="session")
def client(cubes: FixedCubes) -> Iterator[TestClient[Litestar]]:
    with TestClient(read_api.app(cubes)) as running:
        yield running


@pytest.fixture(scope="session")
def packages(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation that has the demo packages."""
    return install_demo(tmp_path_factory.mktemp("packages") / "data")


@pytest.fixture(scope="session")
def searched(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Search over the demo packages."""
    with searching.searched(packages, tmp_path_factory.mktemp("searched")) as demo:
        yield demo
