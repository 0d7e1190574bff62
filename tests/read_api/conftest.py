"""Cubes to ask: the fixtures that the acceptance cases name, loaded as they say, behind a catalog of fixed cubes."""

from __future__ import annotations

import csv
import json
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
from openspending.analytics.cubenames import cube_spec
from openspending.errors import NotFound
from openspending.fdp.model import Model
from openspending.fdp.model_of import model_of
from openspending.fdp.sqltext import identifier, literal
from openspending.fdp.versions import read_package

DATA = Path(__file__).parent / "data"
CASES: dict[str, Any] = json.loads((DATA / "read-api-cases.json").read_text(encoding="utf-8"))
TYPES = {"integer": "BIGINT", "float": "DECIMAL(38, 6)", "date": "DATE", "bool": "BOOLEAN"}
MOLDOVA, UK = "example@example.com:boost-moldova", "officer@data.gov.uk:ukgov-finances-cra"


class FixedCatalog:
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


def load_facts(database: duckdb.DuckDBPyConnection, table: str, path: Path, model: Model) -> None:
    """The wide fact table of a package with one file: columns typed as the model says, factors applied."""
    kinds = {"integer": "BIGINT", "number": "DECIMAL(38, 2)", "boolean": "BOOLEAN", "date": "DATE"}
    columns = [
        f"CAST({identifier(one.source or '')} AS {kinds.get(one.type, 'VARCHAR')}) AS {identifier(one.column)}"
        for dimension in model.dimensions
        for one in dimension.attributes
    ] + [
        f"CAST(CAST({identifier(one.source)} AS DECIMAL(18, 2)) * {one.factor} AS DECIMAL(38, 2)) AS {identifier(one.column)}"
        for one in model.measures
    ]
    database.execute(
        f"CREATE TABLE {identifier(table)} AS SELECT {', '.join(columns)} "
        f"FROM read_csv({literal(str(path))}, header=true, all_varchar=true, nullstr='')"
    )


def package_cube(database: duckdb.DuckDBPyConnection, name: str) -> tuple[Cube, dict[str, Any]]:
    owner, _, dataset = name.partition(":")
    descriptor = (DATA / dataset / "datapackage.json").read_bytes()
    package, _ = read_package(descriptor)
    assert package is not None
    model, _ = model_of(package)
    assert model is not None
    load_facts(database, dataset, DATA / dataset / "facts.csv.gz", model)
    spec = cube_spec(model, package, owner=owner, name=dataset)
    return Cube(name, from_spec(spec), database, identifier(dataset)), json.loads(descriptor)


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
def catalog(database: duckdb.DuckDBPyConnection, cra: Cube, simple: CubeModel) -> FixedCatalog:
    packages = {name: package_cube(database, name) for name in (MOLDOVA, UK)}
    cubes = {
        "cra": cra,
        "cra_h": Cube("cra_h", from_spec(cra_with_hierarchy()), database),
        "simple_model": Cube("simple_model", simple, database),
    }
    return FixedCatalog(
        cubes | {name: cube for name, (cube, _) in packages.items()},
        {name: descriptor for name, (_, descriptor) in packages.items()},
    )


@pytest.fixture(scope="session")
def client(catalog: FixedCatalog) -> Iterator[TestClient[Litestar]]:
    with TestClient(read_api.app(catalog)) as running:
        yield running
