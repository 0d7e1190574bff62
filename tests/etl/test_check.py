"""What the check says about types, rules, keys, amounts and totals, and how serious each is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked
from openspending.etl.workspace import EngineError, Workspace
from openspending.fdp.package import Field
from openspending.fdp.problems import Problem
from openspending.fdp.values import reading

Problems = Callable[..., list[Problem]]
Check = Callable[[Path], Checked]
Write = Callable[..., Path]
DATA = Path(__file__).parent / "data"
HEAD = "year,code,amount\n"
YEAR = {"name": "year", "type": "integer"}
CODE = {"name": "code", "type": "string"}
AMOUNT = {"name": "amount", "type": "number"}


def kinds(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(one.severity, one.code) for one in problems]


def test_a_good_package_has_no_problems_and_exact_widths(write: Write, checked: Check) -> None:
    found = checked(write(HEAD + "2015,01,1.50\n2016,02,-1200.125\n"))

    assert list(found.report) == []
    assert found.decimals == {("budget", "amount"): (4, 3)}


def test_unused_columns_only_warn(problems: Problems) -> None:
    fields = [YEAR, CODE, AMOUNT, {"name": "paid", "type": "date", "constraints": {"required": True}}]
    found = problems("year,code,amount,paid\n2015,01,1,soon\n2015,02,2,\n", fields=fields)

    assert kinds(found) == [("warning", "fiscal/unused-column-value")] * 2
    assert [one.row for one in found] == [2, 3]


def test_a_missing_unused_column_only_warns(problems: Problems) -> None:
    found = problems(HEAD + "2015,01,1\n", fields=[YEAR, CODE, AMOUNT, {"name": "note", "type": "string"}])

    assert kinds(found) == [("warning", "fiscal/missing-unused-column")]


@pytest.mark.parametrize(
    ("field", "constraints", "good", "bad"),
    [
        ("code", {"required": True}, "01", ""),
        ("code", {"pattern": r"\d{2}"}, "01", "011"),
        ("code", {"enum": ["01", "02"]}, "02", "03"),
        ("code", {"minLength": 2}, "01", "1"),
        ("code", {"maxLength": 2}, "01", "001"),
        ("amount", {"minimum": 0}, "0", "-0.01"),
        ("amount", {"maximum": "10.5"}, "10.50", "10.51"),
        ("amount", {"maximum": 5}, "5", "9" * 30),
        ("amount", {"minimum": 0}, "9" * 30, "-" + "9" * 30),
        ("amount", {"exclusiveMinimum": 0}, "0.1", "0"),
        ("amount", {"enum": [1, 2.5]}, "2.50", "2"),
        ("year", {"minimum": 2000, "maximum": 2020}, "2020", "2021"),
    ],
)
def test_constraints_are_checked_on_values(
    problems: Problems, field: str, constraints: dict[str, Any], good: str, bad: str
) -> None:
    row = {"year": "2015", "code": "01", "amount": "1"}
    fields = [one | {"constraints": constraints} if one["name"] == field else one for one in (YEAR, CODE, AMOUNT)]
    lines = [",".join((row | {field: text}).values()) for text in (good, bad)]
    found = problems(HEAD + "\n".join(lines) + "\n", fields=fields)

    assert [(one.code, one.row, one.field) for one in found] == [("constraint-error", 3, field)]


def test_date_limits_are_dates(problems: Problems) -> None:
    paid = {"name": "paid", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "10/01/2015"}}
    model = {
        "measures": {"amount": {"source": "amount", "currency": "EUR"}},
        "dimensions": {
            "date": {"dimensionType": "datetime", "attributes": {"day": {"source": "paid"}}, "primaryKey": "day"}
        },
    }
    text = "paid,amount\n10/01/2015,1\n09/02/2015,1\n11/12/2014,1\n"
    found = problems(text, fields=[paid, AMOUNT], model=model)

    assert [(one.code, one.row) for one in found] == [("constraint-error", 4)]


@pytest.mark.parametrize("constraints", [{"pattern": r"(?=x)"}, {"minimum": "ten"}, {"enum": "01"}])
def test_rules_that_cannot_be_checked_are_told(problems: Problems, constraints: dict[str, Any]) -> None:
    found = problems(fields=[YEAR, CODE, AMOUNT | {"constraints": constraints}])

    assert "fiscal/unchecked-constraint" in {one.code for one in found} or "error" in {one.severity for one in found}


def test_a_null_amount_is_a_fact_unless_required(problems: Problems) -> None:
    assert problems(HEAD + "2015,01,\n") == []
    assert kinds(problems(HEAD + "2015,01,\n", fields=[YEAR, CODE, AMOUNT | {"constraints": {"required": True}}])) == [
        ("error", "constraint-error")
    ]


def test_missing_values_are_taken_out_first(problems: Problems) -> None:
    text = HEAD + "2015,-,nfp\nn/a,01,-\n"

    assert problems(text, schema={"missingValues": ["", "-", "nfp", "n/a"]}) == []


def test_decimals_in_whole_amounts_warn_and_are_kept(write: Write, checked: Check) -> None:
    found = checked(
        write(HEAD + "2015,01,1.25\n2015,02,7\n", fields=[YEAR, CODE, {"name": "amount", "type": "integer"}])
    )

    assert kinds(list(found.report)) == [("warning", "fiscal/integer-with-decimals")]
    assert found.decimals == {("budget", "amount"): (1, 2)}


def test_a_code_typed_integer_must_be_a_whole_number(problems: Problems) -> None:
    found = problems(HEAD + "2015,01,1\n2015,1.0,1\n", fields=[YEAR, {"name": "code", "type": "integer"}, AMOUNT])

    assert [(one.code, one.row, one.field) for one in found] == [("type-error", 3, "code")]


def test_sums_must_fit_too(problems: Problems) -> None:
    digits = "9" * 37

    assert kinds(problems(HEAD + f"2015,01,{digits}\n")) == []
    found = problems(HEAD + "2015,01,1\n" * 9 + f"2015,01,{digits}\n")
    assert [(one.code, one.row) for one in found] == [("fiscal/amount-too-long", 11)]


def test_a_factor_takes_digits_as_well(problems: Problems) -> None:
    model = {
        "measures": {"amount": {"source": "amount", "currency": "EUR", "factor": 1000}},
        "dimensions": {"function": {"attributes": {"code": {"source": "code"}}, "primaryKey": "code"}},
    }
    text = HEAD + f"2015,01,{'9' * 35}\n"

    assert ("error", "fiscal/amount-too-long") in kinds(problems(text, model=model))
    assert ("error", "fiscal/amount-too-long") not in kinds(problems(text))


DATED = {
    "measures": {"amount": {"source": "amount", "currency": "EUR"}},
    "dimensions": {
        "date": {"dimensionType": "datetime", "attributes": {"day": {"source": "day"}}, "primaryKey": "day"}
    },
}


def test_a_date_column_of_years_is_kept_as_years(write: Write, checked: Check) -> None:
    found = checked(write("day,amount\n2015,1\n,2\n", fields=[{"name": "day", "type": "date"}, AMOUNT], model=DATED))

    assert kinds(list(found.report)) == [("warning", "fiscal/date-is-year")]
    assert found.types == {("budget", "day"): "integer"}


def test_a_date_column_with_one_real_date_is_not_of_years(problems: Problems) -> None:
    found = problems(
        "day,amount\n2015,1\n2015-01-01,2\n", fields=[{"name": "day", "type": "date"}, AMOUNT], model=DATED
    )

    assert [(one.code, one.row) for one in found] == [("type-error", 2)]


def test_dates_of_any_format_are_iso_with_a_warning(problems: Problems) -> None:
    fields = [{"name": "day", "type": "date", "format": "any"}, AMOUNT]

    assert kinds(problems("day,amount\n2015-01-02,1\n", fields=fields, model=DATED)) == [("warning", "fiscal/any-date")]
    assert ("error", "type-error") in kinds(problems("day,amount\n1/2/2015,1\n", fields=fields, model=DATED))


def test_repeated_primary_keys_warn_and_repeated_unique_values_are_errors(problems: Problems) -> None:
    text = HEAD + "2015,01,1\n2015,01,1\n2015,01,2\n2016,01,2\n"
    unique = [YEAR, CODE | {"constraints": {"unique": True}}, AMOUNT]

    (key,) = problems(text, schema={"primaryKey": ["year", "code"]})
    assert (key.severity, key.code, key.row, key.count, key.value) == ("warning", "primary-key", 3, 2, "2015 – 01")
    (value,) = problems(text, fields=unique)
    assert (value.severity, value.code, value.row, value.count) == ("error", "unique-error", 3, 3)


def code_list(rows: str) -> dict[str, Any]:
    """A package's arguments: facts that refer to a code list with these rows."""
    fields = [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}]
    reference = {"fields": "code", "reference": {"resource": "codes", "fields": "id"}}
    dimension = {
        "attributes": {
            "code": {"source": "code"},
            "name": {"source": "name", "resource": "codes", "labelfor": "code"},
        },
        "primaryKey": "code",
    }
    return {
        "schema": {"foreignKeys": [reference]},
        "others": [{"name": "codes", "path": "codes.csv", "schema": {"fields": fields}}],
        "files": {"codes.csv": "id,name\n" + rows},
        "model": {
            "measures": {"amount": {"source": "amount", "currency": "EUR"}},
            "dimensions": {"function": dimension},
        },
    }


def test_codes_without_an_entry_warn(problems: Problems) -> None:
    found = problems(HEAD + "2015,01,1\n2015,02,1\n2015,,1\n", **code_list("01,Health\n"))

    assert [(one.severity, one.code, one.row, one.value) for one in found if one.code == "foreign-key"] == [
        ("warning", "foreign-key", 3, "02")
    ]
    assert not [one for one in found if one.severity == "error"]


def test_codes_with_two_entries_would_double_amounts(problems: Problems) -> None:
    rows = "01,Health\n01,Education\n03,Unused\n03,Unused too\n"
    found = [one for one in problems(HEAD + "2015,01,1\n", **code_list(rows)) if one.severity == "error"]

    assert [(one.code, one.resource, one.value, one.count) for one in found] == [
        ("fiscal/ambiguous-reference", "codes", "01", 2)
    ]


TOTALS = [
    "Total",
    "TOTAL (€)",
    "Grand total",
    "Insgesamt",
    "Summe 2015",
    "Razem",
    "Всего",
    "合計",
    "total general",
    'סה"כ',
]


@pytest.mark.parametrize("word", TOTALS)
def test_total_rows_that_double_every_amount_are_an_error(problems: Problems, word: str) -> None:
    quoted = '"' + word.replace('"', '""') + '"'
    found = problems(HEAD + f"2015,a,1.5\n2015,b,2\n2015,{quoted},3.5\n")

    assert [(one.severity, one.code, one.row, one.field) for one in found] == [
        ("error", "fiscal/total-rows", 4, "code")
    ]


def test_subtotals_and_a_total_are_found_too(problems: Problems) -> None:
    text = HEAD + "2015,a,1\n2015,b,2\n2015,Total a-b,3\n2015,c,5\n2015,Total c,5\n2015,Grand total,8\n"

    assert ("error", "fiscal/total-rows") in kinds(problems(text))


def test_the_word_total_without_a_matching_sum_only_warns(problems: Problems) -> None:
    text = HEAD + "2015,a,1\n2015,b,2\n2015,Total,30\n2015,Total S.A.,7\n"

    (found,) = problems(text)
    assert (found.severity, found.code, found.row, found.count) == ("warning", "fiscal/maybe-total-rows", 4, 1)


@pytest.mark.parametrize(
    "rows",
    [
        ["Total SA,5", "Shell,5"],
        ["Total,5", "Shell,5"],
        ["Total SA,60", "Shell,30", "BP,30"],
        ["Total SA,30", "Total SA,30", "Shell,30", "BP,20", "Eni,10"],
        ["Total expenditure,20", "Shell,5", "BP,5"],
    ],
)
def test_a_supplier_called_total_may_have_half_of_all_money(problems: Problems, rows: list[str]) -> None:
    text = HEAD + "".join(f"2015,{row}\n" for row in rows)

    assert ("error", "fiscal/total-rows") not in kinds(problems(text))


def test_a_total_that_is_worded_freely_is_known_by_its_empty_code(problems: Problems) -> None:
    fields = [YEAR, CODE, {"name": "label", "type": "string"}, AMOUNT]
    model = {
        "measures": {"amount": {"source": "amount", "currency": "EUR"}},
        "dimensions": {
            "date": {"dimensionType": "datetime", "attributes": {"year": {"source": "year"}}, "primaryKey": "year"},
            "function": {
                "attributes": {"code": {"source": "code"}, "label": {"source": "label", "labelfor": "code"}},
                "primaryKey": "code",
            },
        },
    }
    text = "year,code,label,amount\n2015,1,Health,10\n2015,2,Roads,20\n2015,,Total expenditure,30\n"

    assert ("error", "fiscal/total-rows") in kinds(problems(text, fields=fields, model=model))


@pytest.mark.parametrize("word", ["Totality", "Summer school", "Sumatra", "Totnes", "Somme", "Samtgemeinde"])
def test_words_that_only_begin_like_a_total_are_not_one(problems: Problems, word: str) -> None:
    assert problems(HEAD + f"2015,a,1\n2015,{word},1\n") == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("fdp03-boost-moldova-2014", []),
        ("fdp03-madrid-gastos", []),
        ("fdp03-eu-allocations", [("error", "fiscal/total-rows")]),
        ("fdp03-eu-absorption", [("warning", "fiscal/date-is-year"), ("error", "fiscal/total-rows")]),
    ],
)
def test_real_packages(checked: Check, name: str, wanted: list[tuple[str, str]]) -> None:
    assert kinds(list(checked(DATA / name).report)) == wanted


def test_real_widths_are_narrow(checked: Check) -> None:
    found = checked(DATA / "fdp03-boost-moldova-2014")

    assert {name: size for (_, name), size in found.decimals.items()} == {
        "approved": (8, 0),
        "adjusted": (8, 0),
        "executed": (8, 2),
    }


def test_normalised_columns_are_all_amounts(problems: Problems) -> None:
    fields = [
        {"name": "code", "type": "string", "columnType": "functional-classification:generic:code"},
        {"name": "y2015", "type": "number", "normalize": {"year": 2015}},
        {"name": "y2016", "type": "number", "normalize": {"year": 2016}},
    ]
    extra = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True},
    ]
    text = "code,y2015,y2016\n01,1,x\n02,2,3\n"
    found = problems(text, fields=fields, schema={"extraFields": extra}, model={})

    assert ("type-error", 2, "y2016") in [(one.code, one.row, one.field) for one in found]


def test_amounts_are_never_floats(write: Write, checked: Check, workspace: Any) -> None:
    found = checked(write(HEAD + "2015,01,0.1\n2015,02,0.2\n"))
    size = found.decimals["budget", "amount"]
    value = reading(Field("amount", "number"), ("",), "number").value("f2", size)
    total = workspace.connection.execute(f"SELECT sum({value}) FROM raw_0").fetchall()[0][0]
    assert total == Decimal("0.3")


def test_what_the_engine_refuses_is_an_error_of_ours_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="let pass: Conversion Error"), Workspace(tmp_path) as workspace:
        workspace.connection.execute("SELECT CAST('x' AS INTEGER)")
    assert list(tmp_path.iterdir()) == []
