"""Answers of a cube: exact, complete, and errors that say what to change."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import BY_SIGN, from_spec
from openspending.analytics.grammar import parse_cuts, parse_order, parse_refs
from openspending.analytics.query import AggregateQuery, Cut, FactsQuery, MembersQuery, Order, Page
from openspending.analytics.watch import Watch
from openspending.errors import BadQuery, BrokenCube, TooMuch


def attributes(**columns: str) -> dict[str, Any]:
    """`name="column type"`; the first is the key. The type may be left out."""
    parts = {name: text.split() for name, text in columns.items()}
    return {
        "label": "Dimension",
        "key_attribute": next(iter(columns)),
        "attributes": {
            name: {"label": name, "column": column} | ({"type": kind[0]} if kind else {})
            for name, (column, *kind) in parts.items()
        },
    }


SPEC: dict[str, Any] = {
    "fact_table": "facts",
    "dimensions": {
        "func": attributes(code="func string", label="func_label string"),
        "year": attributes(year="year integer"),
        "day": attributes(day="day date"),
        "flag": attributes(flag="flag boolean"),
        "free": attributes(code="func", year="year", day="day", flag="flag", amount="amount", moment="moment"),
        "body": {**attributes(code="bodies.code string", name="bodies.name string"), "join_column": "body_code"},
        "number": {**attributes(id="numbers.id integer", name="numbers.name"), "join_column": ["number_text", "id"]},
    },
    "measures": {
        "amount": {"label": "Amount", "column": "amount", "type": "number", "aggregates": ["sum", "avg", "min", "max"]}
    },
    "hierarchies": {"functional": {"label": "Functional", "levels": ["func"]}},
}
ROWS = [
    ("01", "Services", 2014, date(2014, 1, 31), True, "a", "1", Decimal("0.10")),
    ("01", "Services", 2014, date(2014, 2, 28), False, "b", "2", Decimal("0.20")),
    ("01", "Service", 2015, None, None, "zz", "x", Decimal("99999999999999999999.01")),
    ("02", "Defence", 2015, date(2015, 1, 1), True, None, None, Decimal(-5)),
    (None, None, None, None, None, "a", "1", None),
    ("", "", 2014, None, None, "a", "1", Decimal(7)),
]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE facts (func VARCHAR, func_label VARCHAR, year INTEGER, day DATE, flag BOOLEAN, "
            "body_code VARCHAR, number_text VARCHAR, amount DECIMAL(30, 4))"
        )
        connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
        connection.execute("ALTER TABLE facts ADD COLUMN moment TIMESTAMP")
        connection.execute(
            "CREATE TABLE bodies AS SELECT * FROM (VALUES ('a', 'A'), ('b', 'B'), ('c', 'C')) t(code, name)"
        )
        connection.execute("CREATE TABLE numbers AS SELECT * FROM (VALUES (1, 'one'), (2, 'two')) t(id, name)")
        yield connection


@pytest.fixture(scope="module")
def cube(database: duckdb.DuckDBPyConnection) -> Cube:
    return Cube("test", from_spec(SPEC), database)


def cells(cube: Cube, drilldown: str = "", cut: str = "", order: str = "", aggregates: str = "_count") -> Any:
    query = AggregateQuery(
        parse_refs(drilldown, "|"), parse_refs(aggregates, "|"), parse_cuts(cut), parse_order(order), Page(1, 1000)
    )
    return [tuple(cell.values()) for cell in cube.aggregate(query).cells]


def count(cube: Cube, cut: str) -> int:
    ((found,),) = cells(cube, cut=cut)
    return int(found)


# ── amounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sums_are_exact_beyond_binary_floating_point(cube: Cube) -> None:
    assert cells(cube, "year", aggregates="amount.sum") == [
        (2014, Decimal("7.3")),
        (2015, Decimal("99999999999999999994.01")),
        (None, None),
    ]
    assert cube.aggregate(AggregateQuery()).summary["amount.sum"] == Decimal("100000000000000000001.31")


def test_averages_are_exact_quotients(cube: Cube) -> None:
    found = cube.aggregate(AggregateQuery(aggregates=("amount.avg",))).summary["amount.avg"]
    assert found == Decimal("20000000000000000000.262")
    ((thirds,),) = cells(cube, cut="year:2014", aggregates="amount.avg")
    assert str(thirds) == "2.4333333333333333333333333333333333333"


def test_amounts_are_added_up_by_their_sign(database: duckdb.DuckDBPyConnection) -> None:
    model = from_spec(SPEC)
    signed = Cube("signed", model.with_functions(("sum", *BY_SIGN)), database)
    wanted = "amount.positive|amount.negative|amount.gross|amount.sum"

    assert cells(signed, "func.code", aggregates=wanted, order="amount.gross:desc") == [
        (
            "01",
            Decimal("99999999999999999999.31"),
            0,
            Decimal("99999999999999999999.31"),
            Decimal("99999999999999999999.31"),
        ),
        ("", 7, 0, 7, 7),
        ("02", 0, -5, 5, -5),
        (None, None, None, None, None),
    ]
    assert not {f"amount.{one}" for one in BY_SIGN} & set(model.to_json()["aggregates"])


def test_averages_are_ordered_exactly(database: duckdb.DuckDBPyConnection) -> None:
    """Two averages that are the same number in binary floating point, and negative ones that differ in the fraction."""
    amounts = [
        ("a", "90071992547409931"),
        ("b", "90071992547409930"),
        ("c", "-0.5"),
        ("d", "-0.25"),
        ("e", "0"),
        ("f", None),
    ]
    database.execute("CREATE OR REPLACE TABLE near (name VARCHAR, amount DECIMAL(38, 2))")
    database.executemany("INSERT INTO near VALUES (?, ?)", amounts)
    spec = {
        "fact_table": "near",
        "dimensions": {"name": attributes(name="name string")},
        "measures": {"amount": {"label": "Amount", "column": "amount", "aggregates": ["avg"]}},
    }
    query = AggregateQuery(("name",), ("amount.avg",), order=(Order("amount.avg"),))
    found = Cube("near", from_spec(spec), database).aggregate(query).cells
    assert [one["name.name"] for one in found] == ["c", "d", "e", "b", "a", "f"]


def test_a_column_that_is_not_exact_can_be_asked_too(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(
        "CREATE OR REPLACE TABLE rough AS SELECT * FROM (VALUES ('a', 1.5::DOUBLE), ('b', 1e300)) t(name, x)"
    )
    spec = {
        "fact_table": "rough",
        "dimensions": {"name": attributes(name="name string")},
        "measures": {"xx": {"label": "X", "column": "x", "aggregates": ["avg"]}},
    }
    query = AggregateQuery(("name",), order=(Order("xx.avg", True),), cuts=parse_cuts("xx:1.50"))
    assert Cube("rough", from_spec(spec), database).aggregate(query).cells == [
        {"name.name": "a", "_count": 1, "xx.avg": 1.5}
    ]


def test_an_overflow_is_said_and_never_rounded(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("CREATE OR REPLACE TABLE vast AS SELECT 9e37::DECIMAL(38, 0) AS amount FROM range(2)")
    spec = {"fact_table": "vast", "measures": {"amount": {"label": "Amount", "column": "amount"}}}
    with pytest.raises(BadQuery, match="38 digits"):
        Cube("vast", from_spec(spec), database).aggregate(AggregateQuery())


# ── members, nulls, joins ────────────────────────────────────────────────────────────────────────────────────────────


def test_facts_without_a_member_are_counted_under_null(cube: Cube) -> None:
    assert cells(cube, "func.code") == [("", 1), ("01", 3), ("02", 1), (None, 1)]
    assert cells(cube, "func") == [
        ("", "", 1),
        ("01", "Service", 1),
        ("01", "Services", 2),
        ("02", "Defence", 1),
        (None, None, 1),
    ]


def test_a_joined_dimension_drops_no_fact(cube: Cube) -> None:
    assert cells(cube, "body") == [("a", "A", 3), ("b", "B", 1), (None, None, 2)]
    assert cube.facts(FactsQuery(("body.name", "amount"))).total == len(ROWS)


def test_a_join_of_different_types_compares_texts(cube: Cube) -> None:
    assert cells(cube, "number.name") == [("one", 3), ("two", 1), (None, 2)]


def test_members_of_a_dimensions_own_table_need_no_facts(cube: Cube) -> None:
    assert [one["body.code"] for one in cube.members(MembersQuery(("body",))).data] == ["a", "b", "c"]
    within = cube.members(MembersQuery(("body",), parse_cuts("body.name:A;B")))
    assert within.total == 0  # a;b is one text
    used = cube.members(MembersQuery(("body",), parse_cuts("year:2014")))
    assert [one["body.code"] for one in used.data] == ["a", "b"]


def test_members_are_told_apart_by_the_key_and_show_the_greatest_label(cube: Cube) -> None:
    found = cube.members(MembersQuery(("func",)))
    assert found.total == 4
    assert found.data[1] == {"func.code": "01", "func.label": "Services"}


def test_members_can_be_ordered_by_dimension_attribute_and_alias(cube: Cube) -> None:
    for ref in ("func", "func.code", "functional.code"):
        found = cube.members(MembersQuery(("func",), order=(Order(ref, True),)))
        assert [one["func.code"] for one in found.data] == ["02", "01", "", None]


def test_cardinalities_count_members(cube: Cube) -> None:
    assert cube.cardinalities() == {"func": 4, "year": 3, "day": 4, "flag": 3, "free": 4, "body": 3, "number": 2}


def test_a_table_that_would_double_amounts_is_refused(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("CREATE OR REPLACE TABLE twice AS SELECT * FROM (VALUES ('a', 1), ('a', 2)) t(code, n)")
    twice = {**attributes(code="twice.code"), "join_column": "body_code"}
    spec = {**SPEC, "dimensions": {"twice": twice}, "hierarchies": {}}
    with pytest.raises(BrokenCube, match="not unique") as raised:
        Cube("twice", from_spec(spec), database).aggregate(AggregateQuery())
    assert (raised.value.table, raised.value.column) == ("twice", "code")


def test_a_text_kept_as_a_dictionary_answers_as_text(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("CREATE TYPE code AS ENUM ('', '01', '02')")
    database.execute("CREATE TABLE coded AS SELECT * REPLACE (func::code AS func) FROM facts")
    coded = Cube("coded", from_spec({**SPEC, "fact_table": "coded"}), database)
    plain_text = Cube("plain", from_spec(SPEC), database)
    for cut in ("func:01", 'func:"nix"', 'func:""', "free.code:01"):
        assert cells(coded, "func", cut) == cells(plain_text, "func", cut)
    assert coded.members(MembersQuery(("func",))) == plain_text.members(MembersQuery(("func",)))


# ── pages and order ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_drilldown_there_is_one_cell_on_the_first_page(cube: Cube) -> None:
    for page, expected in ((Page(), 1), (Page(size=0), 0), (Page(2), 0)):
        found = cube.aggregate(AggregateQuery(page=page))
        assert (len(found.cells), found.total, found.summary["_count"]) == (expected, 1, 6)


def test_summary_and_total_do_not_depend_on_the_page(cube: Cube) -> None:
    wholes = [
        cube.aggregate(AggregateQuery(("func",), page=page)) for page in (Page(), Page(size=0), Page(9), Page(2, 2))
    ]
    assert {(one.total, one.summary["_count"], one.summary["amount.sum"]) for one in wholes} == {
        (5, 6, Decimal("100000000000000000001.31"))
    }


def test_nothing_found_is_an_empty_answer(cube: Cube) -> None:
    found = cube.aggregate(AggregateQuery(("func",), cuts=parse_cuts('func:"nix"')))
    assert (found.cells, found.total) == ([], 0)
    assert found.summary == {
        "_count": 0,
        "amount.sum": None,
        "amount.avg": None,
        "amount.min": None,
        "amount.max": None,
    }


def test_nulls_come_last_in_both_directions(cube: Cube) -> None:
    assert [one[0] for one in cells(cube, "year", order="year")] == [2014, 2015, None]
    assert [one[0] for one in cells(cube, "year", order="year:desc")] == [2015, 2014, None]


def test_an_aggregate_that_is_not_shown_can_be_ordered_by(cube: Cube) -> None:
    assert cells(cube, "year", order="amount.max:desc") == [(2015, 2), (2014, 3), (None, 1)]


def test_pages_of_facts_join_without_gap_or_overlap(cube: Cube) -> None:
    pages = [cube.facts(FactsQuery(("flag",), page=Page(number, 2))).data for number in (1, 2, 3, 4)]
    assert [one["flag.flag"] for page in pages for one in page] == [False, True, True, None, None, None]


def test_facts_can_be_ordered_by_what_is_not_listed(cube: Cube) -> None:
    found = cube.facts(FactsQuery(("func.code",), order=(Order("amount", True),)))
    assert [one["func.code"] for one in found.data] == ["01", "", "01", "01", "02", None]


# ── cuts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ("func:01", 3),
        ('func:"01"', 3),
        ('func:""', 1),
        ('func:"01";"02"', 4),
        ('func:"01"|year:2014', 2),
        ("functional.label:Services", 2),
        ("year:2014", 3),
        ("year:2014;2015", 5),
        ("year:02014", 3),
        ("year:-1", 0),
        ("year:99999999999999999999999999", 0),
        ("day:2014-01-31", 1),
        ('day:"2014-01-31";"2014-02-28"', 2),
        ("flag:true", 2),
        ('flag:"false"', 1),
        ("amount:0.1", 1),
        ("amount:0.10000", 1),
        ("amount:-5", 1),
        ("amount:-5;7", 2),
        ("amount:0.123456789", 0),
        ("amount:99999999999999999999.01", 1),
        ("amount:999999999999999999999999999999999999", 0),
        ("free.code:01", 3),
        ("free.code:2", 0),
        ("free.code:2014-01-31", 0),
        ("free.code:2010-13-45", 0),
        ('free.year:"2014"', 3),
        ("free.year:2014", 3),
        ("free.year:2014.5", 0),
        ("free.day:2014-01-31", 1),
        ("free.flag:true", 2),
        ("free.flag:1", 2),
        ("free.amount:7", 1),
        ("free.amount:7.00", 1),
        ("free.moment:2014-01-31", 0),
        ('free.moment:"2014-01-31T10:00:00"', 0),
        ("body:a", 3),
        ("body.name:A", 3),
    ],
)
def test_a_cut_keeps_the_facts_that_have_the_value(cube: Cube, cut: str, expected: int) -> None:
    assert count(cube, cut) == expected


NONSENSE = """
    func:1 func:2014-01-31 func:2010-13-45 year:x year:"2014" year:1.5 day:2014 day:2010-13-45 day:x flag:maybe flag:5
    amount:x amount:2014-01-01 amount:1e5 free.year:x free.day:5 free.day:2010-13-45 free.flag:x free.amount:x
    free.moment:x amount.sum:5 _count:5 functional:1 x:1
"""


@pytest.mark.parametrize("cut", NONSENSE.split())
def test_a_cut_that_makes_no_sense_is_refused(cube: Cube, cut: str) -> None:
    with pytest.raises(BadQuery):
        count(cube, cut)


def test_the_cut_is_echoed_as_it_was_understood(cube: Cube) -> None:
    found = cube.aggregate(AggregateQuery(cuts=parse_cuts("amount:-5;7|day:2014-01-31|func:01")))
    assert found.cuts == (Cut("amount", (Decimal(-5), 7)), Cut("day", (date(2014, 1, 31),)), Cut("func", ("01",)))


# ── refs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_keyed_as_asked_and_echoed_canonically(cube: Cube) -> None:
    found = cube.aggregate(AggregateQuery(("functional.code", "year"), ("_count",)))
    assert list(found.cells[0]) == ["functional.code", "year.year", "_count"]
    assert found.attributes == ["func.code", "year.year"]


def test_facts_list_everything_by_default(cube: Cube) -> None:
    found = cube.facts(FactsQuery())
    assert found.fields[:3] == ["func.code", "func.label", "year.year"]
    assert found.fields[-1] == "amount"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (AggregateQuery(("amount",)), "Invalid drilldown: 'amount'"),
        (AggregateQuery(("functional",)), "Invalid drilldown: 'functional'"),
        (AggregateQuery(("amount.sum",)), "Invalid drilldown: 'amount.sum'"),
        (AggregateQuery(aggregates=("amount",)), "Invalid aggregate: 'amount'"),
        (AggregateQuery(aggregates=("func",)), "Invalid aggregate: 'func'"),
        (AggregateQuery(order=(Order("nix"),)), "Invalid sorting criterion: 'nix'"),
        (AggregateQuery(("year",), order=(Order("func"),)), "'func' is not among the drilldowns"),
        (AggregateQuery(("year",), order=(Order("amount"),)), "'amount' is not among the drilldowns"),
    ],
)
def test_an_aggregate_query_that_makes_no_sense_says_so(cube: Cube, query: AggregateQuery, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        cube.aggregate(query)


def test_other_queries_that_make_no_sense_say_so(cube: Cube) -> None:
    with pytest.raises(BadQuery, match=r"Invalid field: 'amount\.sum'"):
        cube.facts(FactsQuery(("amount.sum",)))
    with pytest.raises(BadQuery, match=r"'amount\.sum' is not among"):
        cube.facts(FactsQuery(order=(Order("amount.sum"),)))
    with pytest.raises(BadQuery, match="'year' is not among"):
        cube.members(MembersQuery(("func",), order=(Order("year"),)))
    with pytest.raises(BadQuery, match="Expecting <ref>"):
        MembersQuery(())


def test_an_unknown_ref_comes_with_choices(cube: Cube) -> None:
    with pytest.raises(BadQuery) as raised:
        cube.aggregate(AggregateQuery(("func.lable",)))
    assert "func.label" in raised.value.choices


# ── models that do not fit ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_table_or_column_is_named(database: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(BrokenCube, match="Table does not exist: 'nix'"):
        Cube("x", from_spec({**SPEC, "fact_table": "nix"}), database).facts(FactsQuery())
    spec = {**SPEC, "dimensions": {"a": attributes(x="nix")}, "hierarchies": {}}
    with pytest.raises(BrokenCube) as raised:
        Cube("x", from_spec(spec), database).facts(FactsQuery())
    assert (raised.value.table, raised.value.column) == ("facts", "nix")


def test_a_measure_that_is_no_number_is_the_models_fault(database: duckdb.DuckDBPyConnection) -> None:
    spec = {**SPEC, "measures": {"text": {"label": "Text", "column": "func"}}}
    with pytest.raises(BrokenCube, match="does not fit"):
        Cube("x", from_spec(spec), database).aggregate(AggregateQuery())


def test_names_are_quoted_whatever_they_hold(database: duckdb.DuckDBPyConnection) -> None:
    database.execute('CREATE OR REPLACE TABLE "odd ""; DROP TABLE facts" AS SELECT 1 AS "a""b c", \'x\' AS "select"')
    spec = {
        "fact_table": 'odd "; DROP TABLE facts',
        "dimensions": {"select": attributes(select="select")},
        "measures": {"amount": {"label": "Amount", "column": 'a"b c'}},
    }
    found = Cube("odd", from_spec(spec), database).aggregate(AggregateQuery(("select",)))
    assert found.cells == [{"select.select": "x", "_count": 1, "amount.sum": 1}]


def test_what_takes_too_long_is_ended_and_others_go_on(database: duckdb.DuckDBPyConnection) -> None:
    columns = "func, func_label, year, day, flag, body_code, number_text, amount"
    endless = f"(SELECT {columns} FROM facts, range(100000000000))"
    watch = Watch(0.3)
    slow, quick = (Cube("test", from_spec(SPEC), database, one, watch=watch) for one in (endless, None))
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(lambda: slow.aggregate(AggregateQuery()))
        for _ in range(20):
            assert quick.aggregate(AggregateQuery()).summary["_count"] == len(ROWS)
        with pytest.raises(TooMuch, match=r"0\.3 seconds"):
            waiting.result()
    assert quick.aggregate(AggregateQuery()).summary["_count"] == len(ROWS)
    watch.close()
