"""Small random fact tables with their models, made into local databases with stored aggregates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import BY_SIGN, FUNCTIONS, from_spec
from openspending.analytics.factdb import copy_facts, layout_of
from openspending.analytics.guards.roles import (
    ATTRIBUTE,
    EXCLUSIVE,
    PARTITION,
    TIME,
    Default,
    Exclusive,
    Role,
    Roles,
    Years,
)
from openspending.analytics.statement import Built
from openspending.analytics.stored import files, made
from openspending.analytics.stored.catalogue import Catalogue

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A dimension of a made-up table: how many codes it has; whether its label is told by the code, or varies."""

    name: str
    codes: int
    role: str = PARTITION
    label: bool = True
    varying: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The same facts twice: a cube that has stored aggregates, and one that has none."""

    stored: Cube
    plain: Cube
    catalogue: Catalogue
    folder: Path


def spec_of(shapes: Sequence[Shape]) -> dict[str, Any]:
    dimensions = {}
    for one in shapes:
        attributes = {"code": {"column": one.name, "label": one.name, "type": None}}
        if one.label:
            attributes["label"] = {"column": f"{one.name}_label", "label": one.name, "type": None}
        dimensions[one.name] = {"attributes": attributes, "label": one.name, "key_attribute": "code"}
        if one.label:
            dimensions[one.name]["label_attribute"] = "label"
    measures = {"amount": {"column": "amount", "label": "Amount"}, "tax": {"column": "tax", "label": "Tax"}}
    return {"fact_table": "facts", "dimensions": dimensions, "measures": measures, "hierarchies": {}}


def roles_of(shapes: Sequence[Shape]) -> Roles:
    roles = tuple(Role(one.name, one.role, one.codes + one.missing) for one in shapes)
    exclusive = tuple(
        Exclusive(one.name, f"{one.name}.code", None, "phase", "", one.codes, (), (), Default(None, ""))
        for one in shapes
        if one.role == EXCLUSIVE
    )
    years = next((Years(one.name, f"{one.name}.code", (), ()) for one in shapes if one.role == TIME), None)
    return Roles(dimensions=roles, exclusive=exclusive, years=years)


def rows_of(shapes: Sequence[Shape], count: int, random: Random) -> list[Row]:
    """`count` facts; amounts are missing, negative, zero and large at times."""
    rows: list[Row] = []
    for _ in range(count):
        row: list[Any] = []
        for one in shapes:
            code = None if one.missing and random.random() < 0.2 else f"{random.randrange(one.codes):03d}"
            label = f"Label of {code}" + (f", {random.randrange(3)}" if one.varying else "")
            row += [code, *([label if random.random() < 0.9 or not one.varying else None] if one.label else [])]
        amount = random.choice([None, Decimal(0), Decimal(random.randrange(-(10**16), 10**16)).scaleb(-2)])
        rows.append((*row, amount, random.choice([None, random.randrange(-50, 50)])))
    return rows


def table_of(shapes: Sequence[Shape], rows: Sequence[Row]) -> pa.Table:
    texts = [name for one in shapes for name in (one.name, *([f"{one.name}_label"] if one.label else []))]
    kinds = {**dict.fromkeys(texts, pa.string()), "amount": pa.decimal128(18, 2), "tax": pa.int64()}
    columns = list(zip(*rows, strict=True)) or [() for _ in kinds]
    found = {name: pa.array(one, kind) for (name, kind), one in zip(kinds.items(), columns, strict=True)}
    return pa.table({**found, "_file": ["facts.csv"] * len(rows), "_row": list(range(len(rows)))})


def asked(folder: Path, shapes: Sequence[Shape], rows: Sequence[Row]) -> Asked:
    """A local database of `rows`, as the read API opens it."""
    facts, path = folder / "facts.parquet", folder / "local.duckdb"
    stored = {"cube": spec_of(shapes), "roles": roles_of(shapes).to_json()}
    with duckdb.connect() as database:
        pq.write_table(table_of(shapes, rows), facts)
        catalogue = made.make(database, facts, stored, Built(len(rows), {}, "sha256:0"), folder / "aggregates")
    with duckdb.connect(str(path)) as database:
        copy_facts(database, facts, from_spec(stored["cube"]))
        files.load(database, catalogue, folder / "aggregates")
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{path}' AS local (READ_ONLY)")
    model = from_spec(stored["cube"]).with_functions((*FUNCTIONS, *BY_SIGN))
    aggregates, layout = files.loaded(connection, "local"), layout_of(connection, "local")
    return Asked(
        Cube("with", model, connection, "local.facts", stored=aggregates, layout=layout),
        Cube("without", model, connection, "local.facts", layout=layout),
        catalogue,
        folder / "aggregates",
    )


BUDGET = (
    Shape("year", 4, TIME, label=False),
    Shape("phase", 3, EXCLUSIVE),
    Shape("ministry", 5),
    Shape("function", 4, missing=True),
    Shape("fund", 3, varying=True),
    Shape("contract", 400, ATTRIBUTE),
)
