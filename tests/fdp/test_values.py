"""The lexical gates and casts, run by the engine that they are written for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from openspending.fdp.package import Field
from openspending.fdp.values import Reading, format_known, reading

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def engine() -> Iterator[Connection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


def ask(engine: Connection, sql: str, text: str | None) -> Any:
    return engine.execute(f"SELECT {sql} FROM (SELECT $1::VARCHAR AS cell)", [text]).fetchall()[0][0]


def valid(engine: Connection, read: Reading, text: str | None) -> bool:
    return bool(ask(engine, read.valid("cell"), text))


def number(**options: Any) -> Reading:
    return reading(Field("x", "number", **options), ("",), "number")


# What the engines' casts let through (specification study, section 3.7); each must be refused before the cast.
LENIENT = [
    ("number", " 5"),
    ("number", "5 "),
    ("number", "1_000"),
    ("number", "0x10"),
    ("number", "NaN"),
    ("number", "INF"),
    ("number", "-inf"),
    ("integer", "1_000"),
    ("integer", "0x10"),
    ("integer", ".5"),
    ("integer", "5.0"),
    ("integer", "1e3"),
    ("integer", "9223372036854775808"),
    ("date", "2020-1-5"),
    ("date", "20-01-05"),
    ("date", "2020-02-30"),
    ("date", "0000-01-01"),
    ("date", "2020-01-05 "),
    ("date", "2020-01-05T00:00:00"),
    ("time", "24:00:00"),
    ("time", "9:00:00"),
    ("datetime", "2020-01-01T24:00:00Z"),
    ("boolean", "yes"),
    ("boolean", " true"),
]


@pytest.mark.parametrize(("kind", "text"), LENIENT)
def test_what_casts_would_let_through_is_refused(engine: Connection, kind: str, text: str) -> None:
    assert not valid(engine, reading(Field("x", kind), ("",), kind), text)


def test_decimals_are_counted_so_that_none_is_rounded(engine: Connection) -> None:
    read = number()
    size = (ask(engine, read.digits("cell"), "0.1234567"), ask(engine, read.scale("cell"), "0.1234567"))

    assert size == (0, 7)
    assert ask(engine, read.value("cell", size), "0.1234567") == Decimal("0.1234567")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-12.50", "-12.5"),
        ("+7", "7"),
        ("5.", "5"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("007.10", "7.1"),
        ("1e3", "1000"),
        ("1.5E3", "1500"),
        ("25e-2", "0.25"),
        ("-123456789012345678901234567890.12", "-123456789012345678901234567890.12"),
    ],
)
def test_numbers_keep_their_exact_value(engine: Connection, text: str, value: str) -> None:
    read = number()
    size = (ask(engine, read.digits("cell"), text), ask(engine, read.scale("cell"), text))

    assert valid(engine, read, text)
    assert sum(size) <= 38
    assert ask(engine, read.value("cell", size), text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["(5)", "5-", "−5", "--5", "1,5", "1 000", "€5", "5%", "nfp", "1e", "e5", ".", "-", "٣"]
)
def test_what_is_not_plainly_a_number_is_refused(engine: Connection, text: str) -> None:
    assert not valid(engine, number(), text)


@pytest.mark.parametrize(
    ("text", "value"), [("1,234,567.89", "1234567.89"), ("12,34,567", "1234567"), ("1234", "1234")]
)
def test_grouped_numbers_are_read(engine: Connection, text: str, value: str) -> None:
    read = number(group_char=",")

    assert valid(engine, read, text)
    assert ask(engine, read.value("cell", (10, 2)), text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,5", "1,50", "1,2345", ",123", "1,,234", "1,234,5", "1234,567", "0,005", "00,123"])
def test_a_group_of_another_size_may_be_a_decimal_comma_and_is_refused(engine: Connection, text: str) -> None:
    assert not valid(engine, number(group_char=","), text)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
def test_any_space_groups_where_a_space_does(engine: Connection, space: str) -> None:
    read = number(group_char=" ", decimal_char=",")
    text = f"40{space}000,25"

    assert valid(engine, read, text)
    assert ask(engine, read.value("cell", (5, 2)), text) == Decimal("40000.25")
    assert ask(engine, read.digits("cell"), text) == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("€ 5.20", "5.20"),
        ("-£5", "-5"),
        ("- 5", "-5"),
        ("£-5", "-5"),
        (" £38,148.43 ", "38148.43"),
        ("5%", "5"),
        ("Rs. 500", "500"),
        ("5 EUR", "5"),
        (" .5", "0.5"),
        ("5 kr", "5"),
        ("7", "7"),
    ],
)
def test_numbers_that_are_not_bare_lose_what_stands_around_them(engine: Connection, text: str, value: str) -> None:
    read = number(bare_number=False, group_char=",")

    assert valid(engine, read, text)
    assert ask(engine, read.value("cell", (6, 2)), text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["(5)", "£(5)", "5-", "5 CR -", "Rs.500", "$.50", "5 million", "5k", "5 m€", "3 Mio. €", "5万円", "5 6", "€"],
)
def test_signs_and_multipliers_around_a_number_are_never_lost(engine: Connection, text: str) -> None:
    assert not valid(engine, number(bare_number=False), text)


def test_three_hundred_digits_are_counted(engine: Connection) -> None:
    read = number()

    assert valid(engine, read, "9" * 300)
    assert ask(engine, read.digits("cell"), "9" * 300) == 300
    assert ask(engine, read.digits("cell"), "1e400") >= 400


def test_a_number_without_a_width_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="38 digits"):
        number().value("cell", (30, 10))


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        ("default", "2020-02-29", date(2020, 2, 29)),
        ("%d/%m/%Y", "05/01/2020", date(2020, 1, 5)),
        ("%d/%m/%Y", "5/1/2020", date(2020, 1, 5)),
        ("%d-%b-%y", "09-Jan-12", date(2012, 1, 9)),
        ("%Y%m%d", "20200105", date(2020, 1, 5)),
        ("%d. %m. %Y", "31. 12. 1999", date(1999, 12, 31)),
    ],
)
def test_dates_are_read_by_their_pattern(engine: Connection, pattern: str, text: str, value: date) -> None:
    read = reading(Field("x", "date", pattern), ("",), "date")

    assert valid(engine, read, text)
    assert ask(engine, read.value("cell"), text) == value


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%d/%m/%Y", "31/02/2020"),
        ("%d/%m/%Y", "1/2/20"),
        ("%Y%m%d", "2020105"),
        ("%d/%m/%Y", "2020-01-05"),
        ("any", "5/1/20"),
    ],
)
def test_dates_that_do_not_fit_their_pattern_are_refused(engine: Connection, pattern: str, text: str) -> None:
    assert not valid(engine, reading(Field("x", "date", pattern), ("",), "date"), text)


@pytest.mark.parametrize("pattern", ["dd/mm/yyyy", "%Q", "%d %Z", ""])
def test_formats_that_no_one_can_read_are_known_as_such(pattern: str) -> None:
    assert format_known(Field("x", "date", pattern)) == (pattern == "")


def test_times_and_datetimes_are_kept_as_written(engine: Connection) -> None:
    moment = reading(Field("x", "datetime"), ("",), "datetime")
    clock = reading(Field("x", "time"), ("",), "time")

    assert ask(engine, moment.value("cell"), "2020-01-01T10:00:00+02:00") == datetime.fromisoformat("2020-01-01T10:00")
    assert ask(engine, clock.value("cell"), "10:30:00") == time(10, 30)


def test_missing_values_come_before_everything(engine: Connection) -> None:
    read = reading(Field("x", "number"), ("", "-", "n/a"), "number")
    own = reading(Field("x", "number", missing_values=("nfp",)), ("",), "number")

    assert all(valid(engine, read, text) for text in ("", "-", "n/a", None))
    assert ask(engine, read.value("cell", (1, 0)), "-") is None
    assert valid(engine, own, "nfp")
    assert not valid(engine, own, "")


def test_a_code_typed_integer_keeps_its_text_but_must_be_one(engine: Connection) -> None:
    read = reading(Field("x", "integer"), ("",), "string")

    assert ask(engine, read.value("cell"), "007") == "007"
    assert not valid(engine, read, "7a")


def test_texts_are_kept_exactly(engine: Connection) -> None:
    read = reading(Field("x", "string"), ("",), "string")

    assert not read.gated
    assert ask(engine, read.value("cell"), " a'b ") == " a'b "


def test_booleans_are_the_declared_words(engine: Connection) -> None:
    read = reading(Field("x", "boolean", true_values=("ja",), false_values=("nein", "n'n")), ("",), "boolean")

    assert [ask(engine, read.value("cell"), text) for text in ("ja", "nein", "n'n", "")] == [True, False, False, None]
    assert not valid(engine, read, "true")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("year", "2015", "15"),
        ("yearmonth", "2015-12", "2015-13"),
        ("object", '{"a": 1}', "[1]"),
        ("array", "[1]", "1"),
        ("geopoint", "1.5, 2", "1.5"),
        ("duration", "P1Y", "1 year"),
    ],
)
def test_other_types_have_their_written_form_too(engine: Connection, kind: str, good: str, bad: str) -> None:
    read = reading(Field("x", kind), ("",), "string")

    assert valid(engine, read, good)
    assert not valid(engine, read, bad)


@pytest.mark.parametrize("kind", ["string", "number", "integer", "date", "boolean", "year"])
@pytest.mark.parametrize("text", ["'; DROP TABLE x; --", "\\", "%", "a\nb", "\u202e", "9" * 1000, "é" * 50])
def test_no_text_can_break_the_sql(engine: Connection, kind: str, text: str) -> None:
    read = reading(Field("x", kind, missing_values=("", text)), (), kind if kind != "year" else "integer")

    assert valid(engine, read, text)
    assert ask(engine, read.text("cell"), text) is None
