"""Comparisons computed by the database against the same in plain Python, on random small tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.analytics.comparing.compare import Compared, compared, comparison, quotient
from openspending.analytics.comparing.compareguard import judged
from openspending.analytics.comparing.sides import Side, parse_side, side_of
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import from_spec
from openspending.analytics.factdb import copy_facts, layout_of
from openspending.analytics.guards.roles import CURRENCY, Default, Exclusive, Member, Roles, Years
from openspending.analytics.query import Order, Page
from openspending.errors import BadQuery, Mixed

pytestmark = pytest.mark.slow

Fact = tuple[int, str | None, str | None, str | None, Decimal | None]  # year, code, label, region, amount

COLUMNS = ("year", "code", "label", "region", "amount")
EVERY = Page(size=1_000)
# Decimals near a tie, that no binary fraction has, of both signs, and more than once.
AMOUNTS = st.none() | st.sampled_from([Decimal(one) for one in ("0.00", "0.01", "-0.02", "3.00", "7.00", "-3.00")])
AMOUNTS |= st.decimals(Decimal(-10) ** 15, Decimal(10) ** 15, places=2)
FACTS = st.lists(
    st.tuples(
        st.sampled_from([1, 2]),
        st.sampled_from([None, "a", "b", "c"]),
        st.sampled_from([None, "A", "B"]),
        st.sampled_from([None, "x", "y"]),
        AMOUNTS,
    ),
    max_size=12,
)


def spec(table: str) -> dict[str, Any]:
    def plain(*names: str, **more: str) -> dict[str, Any]:
        return {"label": names[0], "attributes": {one: {"column": one, "label": one} for one in names}, **more}

    return {
        "fact_table": table,
        "measures": {"amount": {"column": "amount", "label": "Amount", "currency": "EUR", "phase": "executed"}},
        "dimensions": {
            "year": plain("year"),
            "payee": plain("code", "label", key_attribute="code", label_attribute="label"),
            "region": plain("region"),
        },
    }


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


def cube_of(
    database: duckdb.DuckDBPyConnection, facts: Sequence[Fact], table: str = "facts", decimals: int = 2, **more: Any
) -> Cube:
    """A cube of these facts; its texts are dictionaries, as in our local databases."""
    for name, values in (("code", "'a', 'b', 'c'"), ("label", "'A', 'B', 'C'"), ("region", "'x', 'y'")):
        kind = f"{table} {name}"
        database.execute(f'DROP TABLE IF EXISTS "{table}"; DROP TYPE IF EXISTS "{kind}"')
        database.execute(f'CREATE TYPE "{kind}" AS ENUM ({values})')
    database.execute(
        f'CREATE TABLE "{table}" (year BIGINT, code "{table} code", label "{table} label", region "{table} region", '
        f"amount DECIMAL(30, {decimals}))"
    )
    if facts:
        database.executemany(f'INSERT INTO "{table}" VALUES (?, ?, ?, ?, ?)', [list(one) for one in facts])
    return Cube(table, from_spec(spec(table)), database, **more)


def numbered(database: duckdb.DuckDBPyConnection, facts: Sequence[Fact], folder: Path) -> Cube:
    """A cube of these facts as a local database has them whose members have numbers."""
    cube_of(database, facts)
    lines, file = folder / "facts.parquet", folder / f"facts_{uuid4().hex}.duckdb"
    texts = ", ".join(f"CAST({one} AS VARCHAR) AS {one}" for one in ("code", "label", "region"))
    database.execute(
        f"COPY (SELECT year, amount, {texts}, 'lines.csv' AS _file, row_number() OVER () AS _row FROM facts) "
        f"TO '{lines}' (FORMAT parquet)"
    )
    model = from_spec(spec("facts"))
    with duckdb.connect(str(file)) as connection:
        copy_facts(connection, lines, model, many=1)
    database.execute(f"ATTACH '{file}' (READ_ONLY)")
    return Cube("facts", model, database, f"{file.stem}.facts", layout=layout_of(database, file.stem))


def sides(cube: Cube, other: Cube | None = None) -> tuple[Side, Side]:
    return side_of(parse_side("year:1"), cube), side_of(parse_side("year:2"), other or cube)


# ── the same in plain Python ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Sum:
    amount: Decimal | None = None
    facts: int = 0
    labels: set[str] = field(default_factory=set)

    def add(self, amount: Decimal | None, label: str | None) -> None:
        self.facts += 1
        self.labels |= {label} if label is not None else set()
        if amount is not None:
            self.amount = amount + (self.amount or Decimal(0))


def rounded(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Half even to 12 decimals, from the exact fraction."""
    if one is None or not other:
        return None
    return Decimal(round(Fraction(one) / Fraction(other) * 10**12)).scaleb(-12)


def key_of(fact: Fact, drilldowns: Sequence[str]) -> tuple[str | None, ...]:
    _, code, label, region, _ = fact
    values = {"payee.code": code, "payee.label": label, "region.region": region}
    if "payee.code" in drilldowns and "payee.label" in drilldowns and code is not None:
        values["payee.label"] = None
    return tuple(values[one] for one in drilldowns)


def expected(facts: Sequence[Fact], drilldowns: Sequence[str]) -> dict[tuple[str | None, ...], dict[str, Any]]:
    found: dict[tuple[str | None, ...], tuple[Sum, Sum]] = defaultdict(lambda: (Sum(), Sum()))
    totals = (Sum(), Sum())
    for fact in facts:
        side = fact[0] - 1
        found[key_of(fact, drilldowns)][side].add(fact[4], fact[2])
        totals[side].add(fact[4], fact[2])
    return {key: results(*both, totals) for key, both in found.items()}


def results(left: Sum, right: Sum, totals: tuple[Sum, Sum]) -> dict[str, Any]:
    known = left.amount is not None or right.amount is not None
    difference = (right.amount or Decimal(0)) - (left.amount or Decimal(0)) if known else None
    return {
        "left": left.amount,
        "right": right.amount,
        "difference": difference,
        "rate": rounded(difference, None if left.amount is None else abs(left.amount)),
        "left_share": rounded(left.amount, totals[0].amount),
        "right_share": rounded(right.amount, totals[1].amount),
        "unmatched": "left" if not right.facts else "right" if not left.facts else None,
        "left_count": left.facts,
        "right_count": right.facts,
    }


def assert_same(found: Compared, facts: Sequence[Fact], drilldowns: Sequence[str]) -> None:
    wanted = expected(facts, drilldowns)
    told = [one for one in drilldowns if one != "payee.label" or "payee.code" not in drilldowns]
    rows = {}
    for row in found.rows:
        shown = {one: row.pop(one) for one in drilldowns}
        labelled = "payee.label" not in told and shown.get("payee.code") is not None
        rows[tuple(None if labelled and one == "payee.label" else shown[one] for one in drilldowns)] = row
    assert rows == wanted
    assert found.total == len(wanted)
    assert found.unmatched == {one: [row["unmatched"] for row in wanted.values()].count(one) for one in found.unmatched}
    assert sum(row["difference"] or 0 for row in rows.values()) == (found.summary["difference"] or 0)
    changes = [abs(row["difference"]) for row in rows.values() if row["difference"] is not None]
    assert changes == sorted(changes, reverse=True)


DRILLDOWNS = st.sampled_from(
    [
        ("payee.code",),
        ("payee.label",),
        ("payee.code", "payee.label"),
        ("region.region", "payee.label", "payee.code"),
        ("region.region", "payee.code"),
    ]
)


@settings(deadline=None, max_examples=80)
@given(facts=FACTS, drilldowns=DRILLDOWNS)
def test_a_comparison_within_a_dataset_is_that_of_plain_decimals(
    database: duckdb.DuckDBPyConnection, facts: list[Fact], drilldowns: tuple[str, ...]
) -> None:
    cube = cube_of(database, facts)
    assert_same(compared(comparison(*sides(cube), drilldowns, page=EVERY)), facts, drilldowns)


@settings(deadline=None, max_examples=40)
@given(facts=FACTS, drilldowns=DRILLDOWNS)
def test_a_comparison_of_two_datasets_is_that_of_plain_decimals(
    database: duckdb.DuckDBPyConnection, facts: list[Fact], drilldowns: tuple[str, ...]
) -> None:
    cubes = (cube_of(database, facts), cube_of(database, facts, "others", decimals=4))
    assert_same(compared(comparison(*sides(*cubes), drilldowns, page=EVERY)), facts, drilldowns)


@settings(deadline=None, max_examples=25)
@given(facts=FACTS.filter(bool), drilldowns=DRILLDOWNS)
def test_a_comparison_by_numbered_members_is_that_of_plain_decimals(
    database: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
    facts: list[Fact],
    drilldowns: tuple[str, ...],
) -> None:
    cube = numbered(database, facts, tmp_path_factory.mktemp("numbered"))
    assert_same(compared(comparison(*sides(cube), drilldowns, page=EVERY)), facts, drilldowns)
    plain = cube_of(database, facts, "others")
    assert_same(compared(comparison(*sides(cube, plain), drilldowns, page=EVERY)), facts, drilldowns)


@settings(deadline=None, max_examples=40)
@given(facts=FACTS)
def test_without_drilldowns_the_one_row_is_the_summary(database: duckdb.DuckDBPyConnection, facts: list[Fact]) -> None:
    found = compared(comparison(*sides(cube_of(database, facts)), (), page=EVERY))
    assert found.rows == ([found.summary | {"unmatched": found.rows[0]["unmatched"]}] if facts else [])
    assert found.summary["left_count"] + found.summary["right_count"] == len(facts)


# ── labels, order and pages ──────────────────────────────────────────────────────────────────────────────────────────

RENAMED: list[Fact] = [
    (1, "a", "A", None, Decimal(10)),
    (2, "a", "B", None, Decimal(15)),
    (1, "b", "B", None, Decimal(-4)),
    (2, "b", "B", None, Decimal(-1)),
    (1, "c", None, None, Decimal(2)),
]


def test_members_of_the_test_of_numbers_have_numbers(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert [one.columns for one in numbered(database, RENAMED, tmp_path).layout.numbered] == [("code", "label")]


@pytest.mark.parametrize("apart", [False, True], ids=["one cube", "two cubes"])
def test_a_code_with_another_label_is_one_member_shown_with_its_new_label_and_told(
    database: duckdb.DuckDBPyConnection, apart: bool
) -> None:
    other = cube_of(database, RENAMED, "others") if apart else None
    found = compared(comparison(*sides(cube_of(database, RENAMED), other), ("payee",)))
    assert [(row["payee.code"], row["payee.label"]) for row in found.rows] == [("a", "B"), ("b", "B"), ("c", None)]
    assert found.relabelled_count == 1
    (told,) = found.relabelled
    assert (told.member, told.left, told.right) == ({"payee.code": "a"}, {"payee.label": "A"}, {"payee.label": "B"})


def test_the_rate_has_the_sign_of_the_change_whatever_the_sign_of_the_amounts(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = compared(comparison(*sides(cube_of(database, RENAMED)), ("payee.code",), [Order("payee.code")]))
    assert [str(row["rate"]) for row in found.rows] == ["0.500000000000", "0.750000000000", "-1.000000000000"]


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("difference", "cba"),
        ("magnitude", "cba"),
        ("left", "bca"),
        ("right", "bac"),
        ("rate", "cab"),
        ("left_share", "bca"),
        ("right_share", "bac"),
        ("unmatched", "cab"),
        ("payee", "abc"),
        ("left_count", "abc"),
    ],
)
def test_rows_can_be_sorted_by_any_result(database: duckdb.DuckDBPyConnection, order: str, codes: str) -> None:
    found = compared(comparison(*sides(cube_of(database, RENAMED)), ("payee",), [Order(order)]))
    assert "".join(row["payee.code"] for row in found.rows) == codes


def test_shares_of_a_negative_total_are_sorted_as_they_are(database: duckdb.DuckDBPyConnection) -> None:
    facts: list[Fact] = [(1, one, None, None, Decimal(amount)) for one, amount in (("a", 1), ("b", -9), ("c", -2))]
    found = compared(comparison(*sides(cube_of(database, facts)), ("payee.code",), [Order("left_share")]))
    assert [str(row["left_share"]) for row in found.rows] == ["-0.100000000000", "0.200000000000", "0.900000000000"]


def test_pages_follow_each_other(database: duckdb.DuckDBPyConnection) -> None:
    cube = cube_of(database, RENAMED)
    pages = [compared(comparison(*sides(cube), ("payee",), page=Page(size=1, start=at))) for at in range(4)]
    assert [row["payee.code"] for page in pages for row in page.rows] == ["a", "b", "c"]
    assert {page.total for page in pages} == {3}


def test_a_quotient_is_rounded_half_even_at_the_12th_decimal() -> None:
    ties = {"0.0000000000005": "0E-12", "0.0000000000015": "2E-12", "-0.0000000000025": "-2E-12"}
    assert {one: str(quotient(Decimal(one), Decimal(1))) for one in ties} == ties
    assert quotient(Decimal(1), Decimal(0)) is None
    assert quotient(None, Decimal(1)) is None


def test_what_has_too_many_digits_is_refused(database: duckdb.DuckDBPyConnection) -> None:
    large: list[Fact] = [(1, "a", None, None, Decimal(10) ** 27)] * 9
    small = cube_of(database, [(2, "a", None, None, Decimal("0.1"))], "others", decimals=12)
    with pytest.raises(BadQuery, match="38 digits"):
        compared(comparison(*sides(cube_of(database, large), small), ("payee.code",)))


# ── what a side says ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "dataset", "version", "conditions"),
    [
        ("@1", None, "1", 0),
        ("@sha256:0123abcd | year:2014", None, "sha256:0123abcd", 1),
        ("demo/other", "demo/other", None, 0),
        ("me@example.org/other@2026-01-31|a:1|b:2", "me@example.org/other", "2026-01-31", 2),
        ('a.b:"x/y@1"', None, None, 1),
        ('any(a:"x/y"|b:2)', None, None, 1),
    ],
)
def test_a_side_is_read_with_its_source(text: str, dataset: str | None, version: str | None, conditions: int) -> None:
    found = parse_side(text)
    assert (found.dataset, found.version, len(found.conditions)) == (dataset, version, conditions)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@", "no source"),
        ("/x@1", "no source"),
        ("a/b/c", "no source"),
        ("@1|", "character 4"),
        ("@1|a", "character 5"),
    ],
)
def test_a_side_that_makes_no_sense_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        parse_side(text)


def test_a_phase_may_be_that_of_a_measure(database: duckdb.DuckDBPyConnection) -> None:
    cube = cube_of(database, RENAMED)
    assert side_of(parse_side("phase:executed"), cube).measure.ref == "amount"
    with pytest.raises(BadQuery, match="No measure") as error:
        side_of(parse_side("phase:approved"), cube)
    assert error.value.choices == ("phase:executed",)
    with pytest.raises(BadQuery, match="sum") as error:
        side_of(parse_side("measure:sum"), cube)
    assert error.value.choices == ("measure:amount",)


# ── guards ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def currencies(kind: str = CURRENCY) -> Roles:
    members = tuple(Member(one, None, 1) for one in ("x", "y"))
    told = Exclusive("region", "region.region", None, kind, "", 2, members, ("region.region",), Default("x", ""))
    return Roles(exclusive=(told,), years=Years("year", "year.year", ((1, 1), (2, 1)), ("year.year",)))


def in_currencies(database: duckdb.DuckDBPyConnection, left: str, right: str) -> tuple[Side, Side]:
    """Sides of a cube whose regions are its currencies."""
    facts: list[Fact] = [(1, "a", None, "x", Decimal(1)), (2, "a", None, "y", Decimal(2))]
    stated = spec("facts")
    del stated["measures"]["amount"]["currency"]
    plain = cube_of(database, facts)
    cube = Cube("facts", from_spec(stated), plain.connection, roles=currencies())
    return side_of(parse_side(left), cube), side_of(parse_side(right), cube)


def test_one_currency_is_not_subtracted_from_another(database: duckdb.DuckDBPyConnection) -> None:
    both = in_currencies(database, "year:1|currency:x", "year:2|currency:y")
    with pytest.raises(Mixed):
        judged(comparison(*both, ("payee.code",)))
    assert "mixed-currency" in [one.stamp.code for one in judged(comparison(*both, ("payee.code",)), allow_mixed=True)]
    assert "mixed-currency" not in [one.stamp.code for one in judged(comparison(*both, ("region",)))]


def test_sides_of_different_years_are_stamped_nominal_and_equal_sides_the_same(
    database: duckdb.DuckDBPyConnection,
) -> None:
    years = in_currencies(database, "year:1|currency:x", "year:2|currency:x")
    assert [one.stamp.code for one in judged(comparison(*years, ("payee.code",)))] == ["nominal"]
    same = in_currencies(database, "year:1|currency:x", "currency:x|year:1")
    assert [one.stamp.code for one in judged(comparison(*same, ("payee.code",)))] == ["same-sides"]


def test_a_side_that_would_mix_is_refused_and_named(database: duckdb.DuckDBPyConnection) -> None:
    facts: list[Fact] = [(2, "a", None, "x", Decimal(1)), (2, "a", None, "y", Decimal(2))]
    cube = cube_of(database, facts, roles=currencies("phase"))
    left, right = side_of(parse_side("phase:x"), cube), side_of(parse_side("year:2"), cube)
    with pytest.raises(Mixed) as error:
        judged(comparison(left, right, ("payee.code",)))
    assert error.value.parameter == "right"


def test_a_drilldown_may_not_be_called_as_a_result(database: duckdb.DuckDBPyConnection) -> None:
    cube = cube_of(database, RENAMED)
    named = Cube("facts", cube.model.with_further({"left": "string"}), cube.connection)
    with pytest.raises(BadQuery, match="name of a result"):
        comparison(*sides(named), ("left",))


def test_what_there_is_not_is_refused_with_choices(database: duckdb.DuckDBPyConnection) -> None:
    both = sides(cube_of(database, RENAMED))
    with pytest.raises(BadQuery, match="payees"):
        comparison(*both, ("payees",))
    with pytest.raises(BadQuery, match="sorting") as error:
        comparison(*both, ("payee",), [Order("amount.sum")])
    assert "difference" in error.value.choices
