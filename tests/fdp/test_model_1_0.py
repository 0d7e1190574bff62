"""What ColumnTypes make of a package: measures, dimensions, relations, money, and several tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openspending.fdp.conformance import check
from openspending.fdp.model import Attribute, Model
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.versions import package_of

VALUE = {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"}
YEAR = {"name": "Year", "type": "integer", "columnType": "date:fiscal-year"}


def package(*fields: dict[str, Any], extra: list[dict[str, Any]] | None = None, **rest: Any) -> Package:
    schema = {"fields": list(fields), "extraFields": extra or []}
    resource = {"name": "budget", "path": "budget.csv", "schema": schema | rest.pop("schema", {})}
    found, problems = package_of({"name": "p", "resources": [resource, *rest.pop("others", [])]} | rest)
    assert found is not None
    assert problems == []
    return found


def model(one: Package) -> Model:
    found, problems = model_of(one)
    assert found is not None, problems
    return found


def errors(one: Package) -> set[str]:
    return {found.code for found in check(one) if found.severity == "error"}


def warnings(one: Package) -> set[str]:
    return {found.code for found in check(one) if found.severity == "warning"}


def attributes(found: Model) -> dict[str, Attribute]:
    return {one.name: one for dimension in found.dimensions for one in dimension.attributes}


def test_types_make_measures_and_dimensions() -> None:
    one = package(
        VALUE,
        YEAR,
        {"name": "div", "type": "string", "columnType": "functional-classification:cofog:division:code"},
        {"name": "grp", "type": "string", "columnType": "functional-classification:cofog:group:code"},
        {
            "name": "grp name",
            "type": "string",
            "columnType": "functional-classification:cofog:group:label",
            "title": "G",
        },
        {"name": "grp text", "type": "string", "columnType": "functional-classification:cofog:group:description"},
    )
    found = model(one)
    assert found.version == "1.0"
    assert [(each.name, each.column, each.source, each.currency) for each in found.measures] == [
        ("amount", "amount", "amount", "EUR")
    ]
    date, functional = found.dimensions
    assert (date.name, date.kind, date.key) == ("date", "datetime", ("Year",))
    assert (functional.kind, functional.classification) == ("classification", "functional")
    assert functional.key == ("div", "grp")
    assert attributes(found)["grp"].parent == "div"
    assert (attributes(found)["grp_name"].label_of, attributes(found)["grp_name"].title) == ("grp", "G")
    assert attributes(found)["grp_text"].label_of is None
    assert check(one) == []


@pytest.mark.parametrize("type_", ["integer", "year", "string", "any"])
def test_a_fiscal_year_may_be_text_like_2018_19(type_: str) -> None:
    one = package(VALUE, YEAR | {"type": type_})
    assert check(one) == []
    assert attributes(model(one))["Year"].type == ("integer" if type_ in ("integer", "year") else "string")


def test_codes_typed_as_number_stay_text() -> None:
    one = package(VALUE, YEAR, {"name": "code", "type": "integer", "columnType": "phase:id"})
    assert attributes(model(one))["code"].type == "string"
    assert warnings(one) == {"fiscal/code-typed-integer"}


@pytest.mark.parametrize("type_", ["string", "any", "date"])
def test_an_amount_must_be_typed_as_number(type_: str) -> None:
    assert errors(package(VALUE | {"type": type_}, YEAR)) == {"fiscal/measure-not-number"}


def test_a_whole_number_is_an_amount_too() -> None:
    assert warnings(package(VALUE | {"type": "integer"}, YEAR)) == {"fiscal/type-mismatch"}


def test_a_package_needs_an_amount_and_should_have_a_date() -> None:
    assert errors(package(YEAR)) == {"fiscal/no-measure"}
    phase = {"name": "phase", "type": "string", "columnType": "phase:id"}
    assert warnings(package(VALUE, phase)) == {"fiscal/no-date"}
    assert warnings(package(VALUE)) == {"fiscal/no-dimension"}
    assert errors(package({"name": "a"})) == {"fiscal/no-model"}


def test_money_is_said_by_the_field_its_options_constants_or_the_package() -> None:
    bare = {"name": "amount", "type": "number", "columnType": "value"}
    constants = [
        {"name": "cur", "type": "string", "columnType": "value-currency:code", "constant": "USD"},
        {"name": "dir", "type": "string", "columnType": "direction", "constant": "revenue"},
        {"name": "ph", "type": "string", "columnType": "phase:id", "constant": "executed"},
    ]
    [measure] = model(package(bare | {"options": {"factor": Decimal("0.001")}}, YEAR, extra=constants)).measures
    assert (measure.currency, measure.factor, measure.direction, measure.phase) == (
        "USD",
        Decimal("0.001"),
        "revenue",
        "executed",
    )
    assert model(package(bare | {"currency": "CHF"}, YEAR, extra=constants)).measures[0].currency == "CHF"
    assert model(package(bare, YEAR, currency="SEK")).measures[0].currency == "SEK"
    assert warnings(package(bare, YEAR)) == {"fiscal/no-currency"}
    assert attributes(model(package(bare, YEAR, extra=constants)))["cur"].source == "cur"


def test_money_beside_types_may_be_said_by_a_model() -> None:
    bare = {"name": "amount", "type": "number", "columnType": "value"}
    said = {"measures": {"m": {"source": "amount", "currency": "MXN", "factor": 1000, "direction": "expenditure"}}}
    [measure] = model(package(bare, YEAR, model=said)).measures
    assert (measure.currency, measure.factor, measure.direction) == ("MXN", Decimal(1000), "expenditure")


@pytest.mark.parametrize(
    ("property_", "value", "code"),
    [
        ("currency", "euro", "fiscal/currency-form"),
        ("factor", 0, "fiscal/factor"),
        ("factor", "x", "fiscal/factor"),
        ("factor", "NaN", "fiscal/factor"),
        ("factor", True, "fiscal/factor"),
        ("factor", Decimal("1e400"), "fiscal/factor"),
        ("direction", "sideways", "fiscal/direction"),
        ("currency", 5, "fiscal/wrong-type"),
    ],
)
def test_money_that_cannot_be_right_is_an_error(property_: str, value: Any, code: str) -> None:
    assert errors(package(VALUE | {property_: value}, YEAR)) == {code}


@pytest.mark.parametrize(
    ("property_", "value", "code"),
    [
        ("currency", "HRK", "fiscal/currency-unknown"),
        ("currency", "QQQ", "fiscal/currency-unknown"),
        ("phase", "dreamt", "fiscal/phase"),
    ],
)
def test_money_that_may_be_right_is_a_warning(property_: str, value: Any, code: str) -> None:
    assert warnings(package(VALUE | {property_: value}, YEAR)) == {code}


def test_several_codes_of_one_type_are_paired_with_their_labels() -> None:
    fields = [
        {"name": name, "type": "string", "columnType": f"activity:generic:program:{kind}"}
        for name, kind in [("a", "code"), ("a label", "label"), ("b", "code"), ("b label", "label")]
    ]
    found = attributes(model(package(VALUE, YEAR, *fields)))
    assert (found["a_label"].label_of, found["b_label"].label_of) == ("a", "b")
    found = attributes(model(package(VALUE, YEAR, *fields[:3])))
    assert found["a_label"].label_of == "a"


def test_a_label_without_code_is_a_warning_and_a_missing_level_is_none() -> None:
    label = {"name": "l", "type": "string", "columnType": "phase:label"}
    assert warnings(package(VALUE, YEAR, label)) == {"fiscal/label-without-code"}
    levels = [
        {"name": f"l{n}", "type": "string", "columnType": f"economic-classification:generic:level{n}:code"}
        for n in (4, 2)
    ]
    one = package(VALUE, YEAR, *levels)
    assert warnings(one) == set()
    assert model(one).dimensions[1].key == ("l2", "l4")


def test_a_code_list_adds_its_columns_by_foreign_key() -> None:
    departments = {
        "name": "departments",
        "path": "departments.csv",
        "schema": {
            "fields": [
                {"name": "id", "type": "string", "columnType": "administrator:generic:id"},
                {"name": "name", "type": "string", "columnType": "administrator:generic:name"},
            ]
        },
    }
    dept = {"name": "dept", "type": "string", "columnType": "administrator:generic:id"}
    key = {"foreignKeys": [{"fields": ["dept"], "reference": {"resource": "departments", "fields": ["id"]}}]}
    found = model(package(VALUE, YEAR, dept, schema=key, others=[departments]))
    by_name = attributes(found)
    assert set(by_name) == {"Year", "dept", "name"}
    assert (by_name["name"].resource, by_name["name"].label_of) == ("departments", "dept")
    untyped = model(package(VALUE, YEAR, {"name": "dept", "type": "string"}, schema=key, others=[departments]))
    assert attributes(untyped)["id"].resource == "departments"
    assert errors(package(VALUE, YEAR, dept, others=[departments])) == {"fiscal/no-path-to-resource"}


def test_equal_tables_of_amounts_are_stacked_and_others_refused() -> None:
    second = {"name": "next", "path": "next.csv", "schema": {"fields": [YEAR, VALUE]}}
    assert model(package(VALUE, YEAR, others=[second])).fact_resources == ("budget", "next")
    second = {"name": "next", "path": "next.csv", "schema": {"fields": [VALUE]}}
    assert errors(package(VALUE, YEAR, others=[second])) == {"fiscal/facts-differ"}


PHASES = [
    {"name": name, "type": "number", "normalize": {"phase": name}, "currency": "EUR"}
    for name in ("approved", "executed")
]
TARGET = {"name": "amount", "type": "number", "columnType": "value", "normalizationTarget": True}
PHASE = {"name": "phase", "type": "string", "columnType": "phase:id"}


def test_measure_columns_become_rows_of_one_measure() -> None:
    one = package(YEAR, *PHASES, extra=[TARGET, PHASE])
    found = model(one)
    assert [(each.source, each.currency) for each in found.measures] == [("amount", "EUR")]
    assert attributes(found)["phase"].source == "phase"
    assert check(one) == []


def test_a_target_without_type_is_the_amount() -> None:
    bare = {key: value for key, value in TARGET.items() if key != "columnType"}
    one = package(YEAR, *PHASES, extra=[bare, PHASE])
    assert [each.name for each in model(one).measures] == ["amount"]
    assert warnings(one) == {"fiscal/target-type"}


@pytest.mark.parametrize(
    ("fields", "extra", "code"),
    [
        (PHASES, [PHASE], "fiscal/normalize"),
        (PHASES, [TARGET, TARGET | {"name": "other"}, PHASE], "fiscal/normalize"),
        (PHASES, [TARGET], "fiscal/normalize"),
        ([PHASES[0], PHASES[1] | {"normalize": {}}], [TARGET, PHASE], "fiscal/normalize"),
        ([PHASES[0] | {"type": "string"}, PHASES[1]], [TARGET, PHASE], "fiscal/measure-not-number"),
        ([*PHASES, VALUE | {"name": "debt"}], [TARGET, PHASE], "fiscal/normalize"),
        ([PHASES[0], PHASES[1] | {"factor": 1000}], [TARGET, PHASE], "fiscal/normalize"),
        ([PHASES[0], PHASES[1] | {"currency": "USD"}], [TARGET, PHASE], "fiscal/normalize"),
        (PHASES, [TARGET | {"columnType": "phase:label"}, PHASE], "fiscal/normalize"),
        (PHASES, [TARGET, PHASE | {"type": "integer"}], "fiscal/constant"),
        (PHASES, [TARGET, PHASE | {"constant": "x"}], "fiscal/extra-field"),
        ([VALUE], [PHASE], "fiscal/extra-field"),
        ([VALUE], [TARGET | {"name": "t"}], "fiscal/normalize"),
        ([VALUE], [PHASE | {"name": "Year", "constant": "x"}], "fiscal/extra-field"),
        ([VALUE], [PHASE | {"type": "date", "constant": "soon"}], "fiscal/constant"),
    ],
)
def test_rows_that_would_be_wrong_are_refused(fields: list[Any], extra: list[Any], code: str) -> None:
    assert code in errors(package(YEAR, *fields, extra=extra))


def test_normalize_wins_over_a_type_on_the_same_field() -> None:
    typed = [one | {"columnType": "value"} for one in PHASES]
    one = package(YEAR, *typed, extra=[TARGET, PHASE])
    assert warnings(one) == {"fiscal/normalize-and-type"}
    assert [each.source for each in model(one).measures] == ["amount"]


def test_null_is_a_constant() -> None:
    assert check(package(VALUE, YEAR, extra=[PHASE | {"constant": None}])) == []


def test_own_types_inherit_and_unknown_ones_are_questioned() -> None:
    own = [{"name": "value:APROBADO"}, {"name": "kommune:code", "unique": True, "dataType": "string"}]
    fields = [
        VALUE | {"columnType": "value:APROBADO"},
        YEAR,
        {"name": "k", "type": "string", "columnType": "kommune:code"},
    ]
    one = package(*fields, columnTypes=own)
    assert check(one) == []
    assert [each.name for each in model(one).dimensions] == ["date", "kommune"]
    assert warnings(package(*fields)) == {"fiscal/unknown-column-type"}


def test_columns_that_mean_nothing_are_named_in_one_warning() -> None:
    one = package(VALUE, YEAR, {"name": "x", "type": "string"}, {"name": "y", "type": "string"})
    [found] = check(one)
    assert (found.code, found.count) == ("fiscal/unused-column", 2)
    assert "x, y" in found.message


@pytest.mark.parametrize("factor", ["1_000", "١٠٠٠", "1,000", " 1000", "NaN", "0x10", "1e999999999999999999999"])
def test_a_factor_is_written_in_plain_digits(factor: str) -> None:
    assert errors(package(VALUE | {"factor": factor}, YEAR)) == {"fiscal/factor"}


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "٢٠١٥"),
        ("integer", "2_015"),
        ("integer", 10**30),
        ("date", "20150203"),
        ("date", "2015-W05-1"),
        ("datetime", "2015-02-03 10:00"),
        ("any", {"a": 1}),
        ("object", {"a": 1}),
        ("array", [1]),
    ],
)
def test_constants_are_what_a_cell_could_be(type_: str, value: Any) -> None:
    extra = {"name": "x", "type": type_, "columnType": "date:generic", "constant": value}
    assert errors(package(VALUE, extra=[extra])) == {"fiscal/constant"}


def test_a_constant_number_keeps_its_digits_as_text() -> None:
    extra = {"name": "x", "type": "number", "columnType": "date:fiscal-year", "constant": 2015}
    assert attributes(model(package(VALUE, extra=[extra])))["x"].type == "string"


def test_an_amount_cannot_be_a_constant() -> None:
    extra = {"name": "x", "type": "number", "columnType": "value", "constant": 100, "currency": "EUR"}
    assert errors(package(VALUE, YEAR, extra=[extra])) == {"fiscal/extra-field"}
