"""The local fact database answers the same with numbers for members, dictionaries or plain texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from openspending.analytics import factpages
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import FUNCTIONS, from_spec
from openspending.analytics.factdb import copy_facts, layout_of
from openspending.analytics.query import AggregateQuery, FactsQuery, MembersQuery, Page
from openspending.analytics.querytext import parse_cuts, parse_order, parse_refs
from openspending.fdp.sqltext import identifier

TEXTS = (None, "", "a", "A", "b", "01", "1", "ä", "z" * 30, "it's", 'say "x"')
COLUMNS = ("body", "body_name", "supplier", "supplier_name", "town", "year", "amount")


def dimension(key: str, label: str | None = None) -> dict[str, Any]:
    attributes = {"code": {"column": key, "label": key}} | (
        {"name": {"column": label, "label": label}} if label else {}
    )
    return {"label": key, "key_attribute": "code", "attributes": attributes}


SPEC: dict[str, Any] = {
    "fact_table": "facts",
    "dimensions": {
        "body": dimension("body", "body_name"),
        "supplier": dimension("supplier", "supplier_name"),
        "town": dimension("town"),
        "year": dimension("year"),
    },
    "measures": {"amount": {"label": "Amount", "column": "amount"}},
    "hierarchies": {"bodies": {"label": "Bodies", "levels": ["body"]}},
}


def rows(chance: Random, number: int) -> Iterator[tuple[Any, ...]]:
    for _ in range(number):
        body, supplier = chance.choice(TEXTS), chance.choice(TEXTS)
        name = supplier and (supplier + " Ltd" if chance.random() < 0.8 else chance.choice(TEXTS))
        amount = None if chance.random() < 0.1 else Decimal(chance.randrange(-9999, 9999)) / 100
        yield (
            body,
            body and body.upper(),
            supplier,
            name,
            chance.choice(TEXTS),
            chance.choice((2014, 2015, None)),
            amount,
        )


@contextmanager
def cubes(folder: Path, found: list[tuple[Any, ...]]) -> Iterator[tuple[Cube, Cube, Cube]]:
    """The same facts: all dimensions numbered; dictionaries alone; plain texts alone."""
    parquet = folder / "facts.parquet"
    with duckdb.connect() as made:
        made.execute("CREATE TABLE t (body VARCHAR, body_name VARCHAR, supplier VARCHAR, supplier_name VARCHAR, "
                     "town VARCHAR, year INTEGER, amount DECIMAL(18, 2))")  # fmt: skip
        made.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", found)
        made.execute(
            "COPY (SELECT *, 'lines.csv' AS _file, row_number() OVER () AS _row, "
            f"left(md5(CAST(row_number() OVER () AS VARCHAR)), 24) AS _rid FROM t) TO '{parquet}' (FORMAT parquet)"
        )
    model = from_spec(SPEC)
    with duckdb.connect() as database:
        answering = []
        for name, many in (("numbered", 0), ("coded", 1000)):
            with duckdb.connect(str(folder / f"{name}.duckdb")) as local:
                copy_facts(local, parquet, model, many=many)
            database.execute(f"ATTACH '{folder / f'{name}.duckdb'}' AS {name} (READ_ONLY)")
            layout = layout_of(database, name)
            whole = model.with_functions(FUNCTIONS).with_further({"_rid": "string", "_row": "integer"})
            answering.append(Cube(name, whole, database, f"{identifier(name)}.facts", layout=layout))
        database.execute(f"CREATE VIEW plain AS SELECT * FROM read_parquet('{parquet}')")
        numbered, coded = answering
        yield numbered, coded, Cube("plain", numbered.model, database, "plain")


DRILLDOWNS = ("body", "supplier", "supplier.name", "supplier.code", "town", "year", "body.name")
CUTS = (
    'supplier.code:"a"', "supplier.code:null", 'supplier!:"a";"b"', 'supplier.name~:"LTD"', 'body.name^:"A"',
    "not(supplier.name:null)", 'any(town:"1"|supplier.code:"01")', "year:2014..", 'supplier.code>:"A"', "amount<:0",
    'not(any(body:"a"|year:2014))', 'supplier.code:"nobody"',
)  # fmt: skip
ORDERS = ("", "amount.sum:desc", "supplier.code:desc", "supplier.name", "supplier.code", "body:desc", "_count:desc")


def asked(chance: Random) -> AggregateQuery:
    drilldown = chance.sample(DRILLDOWNS, chance.randint(0, 3))
    cuts = chance.sample(CUTS, chance.choice((0, 0, 1, 2)))
    order = chance.choice(ORDERS)
    grouped = order.partition(":")[0] in {*drilldown, "amount.sum", "_count"}
    aggregates = chance.choice(("_count", "amount.sum|_count", "amount.min|amount.max|amount.avg|amount.count"))
    return AggregateQuery(
        tuple(drilldown),
        parse_refs(aggregates),
        parse_cuts("|".join(cuts)) if cuts else (),
        parse_order(order)
        if order and grouped and order.partition(":")[0] in {*drilldown, "amount.sum", "_count"}
        else (),
        Page(start=chance.choice((0, 0, 3)), size=chance.choice((2, 5, 1000))),
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in range(1, 8))])
def test_every_layout_gives_the_same_cells(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with cubes(tmp_path, list(rows(chance, chance.choice((1, 40, 400))))) as (numbered, coded, plain):
        assert numbered.layout.numbered
        assert not coded.layout.numbered
        for _ in range(60):
            query = asked(chance)
            wanted = plain.aggregate(query)
            for one in (numbered, coded):
                found = one.aggregate(query)
                assert (found.cells, found.summary, found.total) == (wanted.cells, wanted.summary, wanted.total), query


@pytest.mark.parametrize(
    "seed", [pytest.param(one, marks=pytest.mark.exhaustive if one else pytest.mark.slow) for one in range(4)]
)
def test_every_layout_lists_the_same_facts_and_members(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with cubes(tmp_path, list(rows(chance, 300))) as (numbered, coded, plain):
        for _ in range(30):
            cut = chance.choice(CUTS)
            order = chance.choice(
                ("amount:desc,_row", "supplier.code:desc,amount,_row", "town,supplier.name:desc,_row")
            )
            query = FactsQuery(("_rid", "supplier", "town", "amount"), parse_cuts(cut), parse_order(order))
            listed = plain.facts(FactsQuery(query.fields, query.cuts, query.order, Page(1, 1000)))
            for one in (numbered, coded):
                assert list(pages(one, query, chance.randint(1, 90))) == listed.data
                assert factpages.count(one, query) == listed.total
                streamed = factpages.reader(one, query, None, None).read_all().to_pylist()
                assert [tuple(row.values()) for row in streamed] == [tuple(row.values()) for row in listed.data]
            members = MembersQuery((chance.choice(DRILLDOWNS),), parse_cuts(chance.choice((cut, 'supplier:"a"'))))
            assert numbered.members(members).data == coded.members(members).data == plain.members(members).data
        for ref in DRILLDOWNS:
            counted = AggregateQuery((ref,), ("_count",), page=Page(size=7, start=chance.randint(0, 3)))
            assert numbered.aggregate(counted).cells == plain.aggregate(counted).cells
            assert numbered.members(MembersQuery((ref,))) == plain.members(MembersQuery((ref,)))
        assert numbered.cardinalities() == plain.cardinalities()


def pages(cube: Cube, query: FactsQuery, size: int) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = factpages.page(cube, query, after, size)
        yield from page.facts
        if page.end is None:
            return
        after = page.end


def test_facts_are_found_by_their_row_ids(tmp_path: Path) -> None:
    with cubes(tmp_path, list(rows(Random(1), 200))) as (numbered, coded, plain):
        known = [one["_rid"] for one in plain.facts(FactsQuery(("_rid",), page=Page(1, 200))).data]
        for wanted in ([known[7]], known[3:60:9], ["0" * 24], ["not hex"], [known[0][:23]], [known[0] + "-2"]):
            cut = parse_cuts("_rid:" + ";".join(f'"{one}"' for one in wanted))
            for one in (numbered, coded):
                found = factpages.page(one, FactsQuery(("_rid",), cut), None, 100).facts
                assert {fact["_rid"] for fact in found} == {one for one in wanted if one in known}
