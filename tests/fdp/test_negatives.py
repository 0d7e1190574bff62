"""Negative numbers as spreadsheets and ledgers write them: read as declared, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openspending.fdp.literals import BadLiteral, literal
from openspending.fdp.negatives import DASHES, FORMS
from openspending.fdp.package import Field
from openspending.fdp.spaces import BLANKS
from openspending.fdp.values import Reading, reading

Connection = duckdb.DuckDBPyConnection
SIZE = (24, 12)
ENGINE = duckdb.connect()


@pytest.fixture(scope="module")
def engine() -> Iterator[Connection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


def number(*forms: str, missing: tuple[str, ...] = ("",), **options: Any) -> Reading:
    return reading(Field("x", "number", negative=forms, **options), missing, "number")


def value(engine: Connection, read: Reading, text: str) -> Decimal | None:
    """The amount of a cell; None when it is refused."""
    sql = f"CASE WHEN {read.valid('cell')} THEN {read.value('cell', SIZE)} END"
    found: Decimal | None = engine.execute(f"SELECT {sql} FROM (SELECT $1::VARCHAR AS cell)", [text]).fetchall()[0][0]
    return found


PARENTHESES = number("parentheses", group_char=",")
MONEY_IN_PARENTHESES = number("parentheses", group_char=",", bare_number=False)
TRAILING = number("trailing", group_char=",")
CONTINENTAL = number("trailing", group_char=".", decimal_char=",", bare_number=False)
DASH = number("dash", group_char=" ")


@pytest.mark.parametrize(
    ("read", "text", "wanted"),
    [
        (PARENTHESES, "(1,234.50)", "-1234.50"),
        (PARENTHESES, "( 1,234.50 )", "-1234.50"),
        (PARENTHESES, "1,234.50", "1234.50"),
        (PARENTHESES, "-3", "-3"),
        (PARENTHESES, "(.5)", "-0.5"),
        (MONEY_IN_PARENTHESES, "(£1,234)", "-1234"),
        (MONEY_IN_PARENTHESES, "£(1,234)", "-1234"),
        (MONEY_IN_PARENTHESES, " US$ ( 1,234.5 ) ", "-1234.5"),
        (MONEY_IN_PARENTHESES, "EUR (1,234)", "-1234"),
        (MONEY_IN_PARENTHESES, "(1,234) €", "-1234"),
        (MONEY_IN_PARENTHESES, "(12 %)", "-12"),
        (MONEY_IN_PARENTHESES, "£1,234.50", "1234.50"),
        (MONEY_IN_PARENTHESES, "-£5", "-5"),
        (TRAILING, "1,234.50-", "-1234.50"),
        (TRAILING, ".5-", "-0.5"),
        (TRAILING, "7", "7"),
        (CONTINENTAL, "1.234,50-", "-1234.50"),
        (CONTINENTAL, "1.234,50 -", "-1234.50"),
        (CONTINENTAL, "€ 1.234,50- ", "-1234.50"),
        (CONTINENTAL, "1.234,50- €", "-1234.50"),
        (CONTINENTAL, "1.234,50 €-", "-1234.50"),
        *((DASH, f"{dash}1 234", "-1234") for dash in DASHES),
        (DASH, "\u22121\u202f234.5", "-1234.5"),
        (number("dash", bare_number=False), " \u2013£5", "-5"),
        (number("dash", bare_number=False), "£\u20135", "-5"),
        (number("dash", "trailing"), "5\u2212", "-5"),
        (number("parentheses", decimal_char=","), "(0,5)", "-0.5"),
        (number("parentheses"), "(1e3)", "-1000"),
    ],
)
def test_declared_forms_are_read(engine: Connection, read: Reading, text: str, wanted: str) -> None:
    assert value(engine, read, text) == Decimal(wanted)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((PARENTHESES, text) for text in ("(-5)", "(+5)", "()", "( )", "(5", "5)", "-(5)", "((5))", "(5)-", "(5) ")),
        *((PARENTHESES, text) for text in ("(£5)", "(1,5)", "(5,)", "(5)(6)", "5-", "\u22125")),
        *((MONEY_IN_PARENTHESES, text) for text in ("(£-5)", "(5 million)", "n/a (5)", "note (5)", "(see 5)", "5 (6)")),
        *((MONEY_IN_PARENTHESES, text) for text in ("-£(5)", "(Rs.500)", "(£)", "5 (a)")),
        *((TRAILING, text) for text in ("-5-", "+5-", "5--", "5.-", "5 -", "-", "5\u2212", "(5)")),
        *((CONTINENTAL, text) for text in ("5,-", "5,--", "5 pre-tax", "5 a-", "€ 5,-", "12-15", "-5-")),
        *((DASH, text) for text in ("\u20145", "5\u2212", "\u2212\u22125", "-\u22125", "\u2212", "\u2212 5", "(5)")),
        (number("dash", bare_number=False), "12 \u2013 15"),
    ],
)
def test_what_is_not_exactly_so_is_refused(engine: Connection, read: Reading, text: str) -> None:
    assert value(engine, read, text) is None


@pytest.mark.parametrize("text", ["(5)", "5-", "\u22125"])
def test_without_a_declaration_all_are_refused(engine: Connection, text: str) -> None:
    assert value(engine, number(), text) is None
    assert value(engine, number(bare_number=False), text) is None


@pytest.mark.parametrize(
    ("text", "digits", "scale"), [("(0234.50)", 3, 1), ("(1,234.50)", 4, 1), ("(0.05)", 0, 2), ("(7)", 1, 0)]
)
def test_digits_are_counted_without_the_sign(engine: Connection, text: str, digits: int, scale: int) -> None:
    read = number("parentheses", group_char=",")
    asked = f"SELECT {read.digits('cell')}, {read.scale('cell')} FROM (SELECT $1::VARCHAR AS cell)"
    assert engine.execute(asked, [text]).fetchall() == [(digits, scale)]


def test_whole_numbers_may_be_negative_in_these_forms_too(engine: Connection) -> None:
    read = reading(Field("x", "integer", negative=FORMS), ("",), "integer")
    for text in ("(5)", "5-", "\u22125"):
        assert engine.execute(f"SELECT {read.value('cell')} FROM (SELECT '{text}' AS cell)").fetchall() == [(-5,)]
        assert value(engine, read, "(5.5)") is None


def test_constants_are_written_as_the_cells_are() -> None:
    for text in ("(5,5)", "5,5-", "\u22125,5", "-5,5"):
        assert literal(Field("x", "number", negative=FORMS, decimal_char=","), text) == Decimal("-5.5")
    for text in ("(-5)", "-5-", "()", "5,-"):
        with pytest.raises(BadLiteral):
            literal(Field("x", "number", negative=FORMS), text)


# ── against a reading in Python ──────────────────────────────────────────────────────────────────────────────────────


def unsigned(text: str, decimal: str, group: str) -> Decimal | None:
    """Digits, grouped or not, and decimals, by hand."""
    whole, point, rest = text.partition(decimal)
    if group and group in whole:
        first, *groups = whole.split(group)
        plain = first + "".join(groups)
        lengths = [len(one) for one in groups]
        if not 1 <= len(first) <= 3 or first[0] == "0" or lengths[-1] != 3 or not {2, 3}.issuperset(lengths):
            return None
        whole = plain
    digits = whole + rest
    if not digits or not all(one in "0123456789" for one in digits) or (not whole and not rest):
        return None
    return Decimal(f"{whole or '0'}{'.' if point else ''}{rest}")


def by_hand(text: str, forms: tuple[str, ...], decimal: str, group: str) -> Decimal | None:
    """A bare number of these forms; None when it is none."""
    minus = "-" + (DASHES if "dash" in forms else "")
    if "parentheses" in forms and text.startswith("(") and text.endswith(")"):
        found = unsigned(text[1:-1].strip(BLANKS), decimal, group)
        return None if found is None else -found
    if text[:1] and text[0] in "+" + minus:
        found = unsigned(text[1:], decimal, group)
        return found if found is None or text[0] == "+" else -found
    if "trailing" in forms and text[-1:] and text[-1] in minus:
        found = None if text[-2:-1] == decimal else unsigned(text[:-1], decimal, group)
        return None if found is None else -found
    return unsigned(text, decimal, group)


MARKS = st.sampled_from([(".", ""), (".", ","), (",", "."), (",", "'"), (".", " ")])
SOME_FORMS = st.lists(st.sampled_from(FORMS), unique=True).map(tuple)
LOOKALIKES = st.text("0159.,' ()-+\u2212\u2013", max_size=9)
GROUPED = st.integers(0, 10**9).map(lambda n: f"{n:,}")


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, tuple[str, ...], str, str]:
    decimal, group = draw(MARKS)
    text = draw(GROUPED).replace(",", group) + draw(st.sampled_from(["", decimal, decimal + "0", decimal + "25"]))
    around = draw(
        st.sampled_from(["{}", "({})", "( {} )", "{}-", "-{}", "\u2212{}", "{}\u2212", "({}", "(-{})", "{} -"])
    )
    written = draw(st.one_of(LOOKALIKES, st.just(around.format(text))))
    return written, draw(SOME_FORMS), decimal, group


@pytest.mark.slow
@given(made=cells())
@settings(max_examples=300, deadline=None)
@example(made=("5,-", ("trailing",), ",", "."))
@example(made=("(1 234)", ("parentheses",), ".", " "))
def test_bare_numbers_are_read_as_by_hand(made: tuple[str, tuple[str, ...], str, str]) -> None:
    text, forms, decimal, group = made
    wanted = by_hand(text, forms, decimal, group)
    if not text.strip(BLANKS):
        return  # missing
    read = number(*forms, decimal_char=decimal, group_char=group or None)
    assert value(ENGINE, read, text) == wanted


@pytest.mark.slow
@given(
    text=st.text("0159.,() -+\u2212\u2013£€%kEUR", max_size=10),
    forms=SOME_FORMS,
    marks=MARKS,
)
@settings(max_examples=300, deadline=None)
@example(text="£(1,234)", forms=("parentheses",), marks=(".", ","))
def test_what_is_beside_a_number_never_changes_its_digits_or_its_sign(
    text: str, forms: tuple[str, ...], marks: tuple[str, str]
) -> None:
    decimal, group = marks
    read = number(*forms, decimal_char=decimal, group_char=group or None, bare_number=False)
    found = value(ENGINE, read, text)
    if found is None:
        return
    signs = [one for one in text if one in "-(" + DASHES]
    assert len(signs) <= 1
    assert found <= 0 if signs else found >= 0
    if "E" not in text:
        digits = "".join(one for one in text if one.isdigit())
        assert digits.strip("0") == f"{found:f}".replace(".", "").strip("-0")


# ── missing values beside numbers ────────────────────────────────────────────────────────────────────────────────────


def missing(engine: Connection, read: Reading, text: str) -> bool:
    found = bool(
        engine.execute(f"SELECT {read.text('cell')} IS NULL FROM (SELECT $1::VARCHAR AS cell)", [text]).fetchall()[0][0]
    )
    assert found == read.is_missing(text)
    return found


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\t \u202f", "\u200b"])
def test_an_amount_or_a_date_of_nothing_but_spaces_is_missing(engine: Connection, text: str) -> None:
    for kind in ("number", "integer", "date", "year", "boolean"):
        read = reading(Field("x", kind), ("",), kind if kind != "year" else "string")
        assert missing(engine, read, text)
        assert not missing(engine, reading(Field("x", kind), ("-",), "string"), " ")
    assert missing(engine, reading(Field("x", "string"), ("",), "string"), text) == (text == "")


def test_missing_values_may_have_spaces_around_them_where_numbers_may(engine: Connection) -> None:
    read = number(missing=("", "-", "n/a"), bare_number=False)
    for text in ("-", " -   ", "\u00a0-", "n/a ", " "):
        assert missing(engine, read, text)
    for text in ("5", "- 5", "--", "n/ a"):
        assert not missing(engine, read, text)
    assert not missing(engine, number(missing=("", "-")), " - ")
    assert missing(engine, reading(Field("x", trim=True, missing_values=(" - ",)), ("",), "string"), "-")


@pytest.mark.parametrize(
    ("text", "options", "wanted"),
    [
        (" £38,148.43 ", {"group_char": ","}, "38148.43"),
        ("40 000,00 €", {"group_char": " ", "decimal_char": ","}, "40000"),
        ("40\u00a0000,00\u00a0€", {"group_char": " ", "decimal_char": ","}, "40000"),
        ("40\u202f000,00\u202f€", {"group_char": " ", "decimal_char": ","}, "40000"),
        ("1.346.154,00", {"group_char": ".", "decimal_char": ","}, "1346154"),
        ("\u00a0-5 %", {}, "-5"),
        (" - 5", {}, "-5"),
    ],
)
def test_money_is_read_as_offices_write_it(engine: Connection, text: str, options: dict[str, Any], wanted: str) -> None:
    assert value(engine, number(bare_number=False, **options), text) == Decimal(wanted)
