"""Each column gets a ColumnType with a reason, and all together are a package; amounts are certain or asked."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from openspending.etl.decisions import SURE
from openspending.etl.modelling.headings import read_heading
from openspending.etl.modelling.profiling import profile
from openspending.etl.modelling.roles import NOTHING, RoleGuess, Roles, roles
from openspending.etl.modelling.writing import writing
from openspending.fdp.conformance import check
from openspending.fdp.versions import read_package
from tests.etl.modelling.columns import Cells, engine, loaded

AMOUNTS = ["1234.50", "-20.25", "118000.75", "12.40", "7.00", "99120.10"]
CODES = ["01", "02", "03", "01", "02", "03"]
NAMES = ["Ministry of Health", "Ministry of Finance", "Court", "Ministry of Health", "Ministry of Finance", "Court"]


def proposed(**columns: Cells) -> Roles:
    return proposed_for(list(columns), *columns.values())


def proposed_for(labels: Sequence[str], *columns: Cells) -> Roles:
    with engine() as connection:
        relation = loaded(connection, *columns)
        profiles = profile(connection, relation, labels)
        headings = [read_heading(one) for one in labels]
        return roles(connection, relation, profiles, [writing(one) for one in profiles], headings)


def types(found: Roles) -> list[str | None]:
    return [one.column_type for one in found.columns]


def the(found: Roles, label: str) -> RoleGuess:
    return next(one for one in found.columns if one.label == label)


def test_codes_names_and_amounts_of_a_budget_are_found() -> None:
    found = proposed(Year=["2015"] * 6, Dept_Code=CODES, Dept_Name=NAMES, Amount=AMOUNTS)
    assert types(found) == [
        "date:fiscal-year",
        "administrative-classification:generic:level1:code",
        "administrative-classification:generic:level1:label",
        "value",
    ]
    assert found.pairs == (("Dept_Code", "Dept_Name"),)
    assert all(one.confidence >= SURE for one in found.columns)
    assert found.proposals == ()


def test_every_guess_has_a_reason_and_at_most_two_others() -> None:
    found = proposed(Year=["2015"] * 6, Dept=NAMES, Whatever=["x", "y", "z", "x", "q", "r"], Amount=AMOUNTS)
    assert all(one.reason for one in found.columns)
    assert all(len(one.others) <= 2 for one in found.columns)
    assert the(found, "Dept").column_type not in [value for value, _, _ in the(found, "Dept").others]


def test_names_without_codes_are_codes() -> None:
    found = proposed(Ministry=NAMES, Amount=AMOUNTS)
    assert types(found)[0] == "administrative-classification:generic:level1:code"


def test_what_no_rule_names_has_no_type() -> None:
    found = proposed(Zonk=["q", "w", "e", "q", "w", "e"], Amount=AMOUNTS)
    assert the(found, "Zonk").column_type is None


def test_remarks_have_no_type() -> None:
    found = proposed(Notes=["see page 3", "", "late", "", "", ""], URL=["http://a.example"] * 6, Amount=AMOUNTS)
    assert types(found) == [None, None, "value"]


def test_shares_counts_and_coordinates_are_no_amounts() -> None:
    found = proposed_for(
        ["Population", "Share in %", "Latitude", "FTE", "Spending"],
        ["120034", "3402", "99", "31", "55120", "8"],
        ["12.5", "3.25", "40.0", "30.1", "10.75", "3.4"],
        ["51.50735", "48.85341", "52.52437", "40.4165", "41.89193", "59.91273"],
        ["12.5", "3.2", "40.0", "30.1", "10.7", "3.4"],
        AMOUNTS,
    )
    assert types(found) == [None, None, None, None, "value"]
    assert found.proposals == ()


def test_codes_that_are_numbers_are_no_amounts() -> None:
    found = proposed_for(
        ["Programa", "Postcode", "Invoice No", "Importe"], *(["1101", "1102", "1203"] * 2,) * 3, AMOUNTS
    )
    assert "value" not in types(found)[:3]
    assert found.proposals == ()


def test_a_column_of_numbers_that_nothing_explains_is_asked_about() -> None:
    found = proposed(Xyz=["1200", "350", "47800", "12", "9", "600"], Amount=AMOUNTS)
    (asked,) = found.proposals
    assert asked.id == "column:Xyz:role"
    assert asked.blocking
    assert not asked.sure
    assert {"value", NOTHING} <= {one.value for one in asked.choices}
    assert [one.confidence for one in asked.choices] == sorted((one.confidence for one in asked.choices), reverse=True)


def test_years_as_headers_are_amounts_of_these_years() -> None:
    found = proposed_for(["Department", "2014-15", "2015-16"], NAMES, AMOUNTS, AMOUNTS)
    assert types(found)[1:] == ["value", "value"]


def test_phases_as_headers_are_amounts() -> None:
    found = proposed_for(["Ramo", "Aprobado", "Ejercido"], NAMES, AMOUNTS, AMOUNTS)
    assert types(found)[1:] == ["value", "value"]


def test_the_number_of_a_business_is_the_code_of_its_name() -> None:
    names = ["Alfa s.r.o.", "Beta a.s.", "Gama s.r.o.", "Alfa s.r.o.", "Beta a.s.", "Delta"]
    numbers = ["25596641", "45274649", "00177041", "25596641", "45274649", "61499901"]
    found = proposed_for(["Dodavatel", "IČO", "Částka"], names, numbers, AMOUNTS)
    assert types(found) == ["supplier:generic:name", "supplier:generic:id", "value"]


def test_companies_in_the_cells_are_suppliers_whatever_the_header() -> None:
    names = ["Acme Ltd", "Bolt GmbH", "Ciao S.r.l.", "Acme Ltd", "Dada Oy", "Elan d.o.o."]
    found = proposed(Wer=names, Amount=AMOUNTS)
    assert types(found)[0] == "supplier:generic:id"
    assert found.columns[0].confidence < SURE


def test_cells_of_cofog_are_its_divisions() -> None:
    found = proposed_for(
        ["Function code", "Function", "Amount"], ["01", "02", "07", "09", "10", "01"],
        ["General public services", "Defence", "Health", "Education", "Social protection", "General public services"],
        AMOUNTS,
    )  # fmt: skip
    assert types(found)[:2] == [
        "functional-classification:cofog:division:code",
        "functional-classification:cofog:division:label",
    ]


def test_a_table_without_columns_and_one_without_rows_are_read() -> None:
    assert proposed_for(["Amount", "Year"], [], []).columns[0].label == "Amount"


HEADERS = [
    ["Rok", "Kapitola", "Název kapitoly", "Paragraf", "Položka", "Částka"],
    ["年度", "所管コード", "所管名", "款", "節", "予算額"],
    ["שנה", "קוד משרד", "שם משרד", "קוד תכנית", "קוד תקנה", "תקציב"],
    ["Éxercice", "Code ministère", "Ministère", "Programme", "Titre", "Montant"],
    ["Year", "Region", "Country", "Municipality", "Postcode", "Value"],
    ["Date", "Start date", "End date", "Supplier", "Supplier ID", "Net amount"],
    ["level1", "level2", "Fund", "Fund type", "Sub fund", "Total"],
    ["Name", "Code", "Description", "Type", "Category", "Betrag"],
]


@pytest.mark.parametrize("labels", HEADERS, ids=lambda labels: labels[1])
def test_what_is_proposed_conforms(labels: list[str]) -> None:
    columns = [
        ["2014", "2015", "2014", "2015", "2016", "2016"],
        CODES,
        NAMES,
        CODES,
        ["101", "102", "203"] * 2,
        AMOUNTS,
    ]
    found = proposed_for(labels, *columns)
    fields = [{"name": one.label, "type": "string"} for one in found.columns]
    for field, one in zip(fields, found.columns, strict=True):
        timed = one.column_type is not None and one.column_type.startswith("date:")
        if one.column_type is not None and (not timed or one.column_type == "date:fiscal-year"):
            field["columnType"] = one.column_type
        if one.column_type == "value":
            field["type"] = "number"
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    raw = {"name": "p", "profile": "fiscal-data-package", "currency": "EUR", "resources": [resource]}
    package, problems = read_package(json.dumps(raw).encode())
    assert package is not None
    assert [one.code for one in (*problems, *check(package)) if one.severity == "error"] == []


WHOLE = ["51100", "73190", "12110", "83330", "91100", "61120"]
SPENT = ["Salários", "Bens", "Obras", "Juros", "Salários", "Renda"]


def test_a_code_of_expenditure_is_a_code_of_its_lines() -> None:
    for code, name in (
        ("Código da despesa", "Despesa"),
        ("Expenditure code", "Expenditure"),
        ("Code dépense", "Dépense"),
    ):
        found = proposed_for([code, name, "Valor"], ["51100", "2190", "51", "3330", "51100", "6"], SPENT, AMOUNTS)
        assert found.proposals == ()
        assert [one and one.split(":")[0] for one in types(found)] == ["economic-classification"] * 2 + ["value"]


def test_money_below_a_header_that_says_code_is_asked_about() -> None:
    for label in ("Expenditure code", "Amount no VAT", "Key amount"):
        found = proposed_for(
            ["Ministry", label], NAMES, ["€1,234.50", "€20.25", "€118,000.75", "€12.40", "€7.00", "€9.10"]
        )
        assert the(found, label).column_type == "value" or not all(one.sure for one in found.proposals)


@pytest.mark.parametrize("cells", [WHOLE, ["500", "500", "500", "250", "500", "500"], ["1", "2", "3", "4", "5", "6"]])
def test_a_header_that_says_amount_is_enough_where_no_other_column_can_be_one(cells: list[str]) -> None:
    found = proposed_for(["Account code", "Fund", "Amount"], WHOLE, ["101", "202", "303"] * 2, cells)
    assert types(found)[2] == "value"
    assert found.proposals == ()


def test_codes_below_a_header_that_says_amount_are_asked_about() -> None:
    found = proposed_for(["Ministry", "Amount"], NAMES, ["001", "002", "003", "004", "005", "006"])
    assert [one.id for one in found.proposals] == ["column:Amount:role"]


def test_fiscal_years_of_any_form_as_headers_are_amounts() -> None:
    rates = ["12.5", "-3.2", "4.1", "0.2", "5.5", "-1.1"]
    found = proposed_for(["Department", "FY99", "FY00"], NAMES, rates, rates)
    assert types(found)[1:] == ["value", "value"]
    assert found.proposals == ()


MEASURED = [
    "avg_tenor_yr", "Average loan (years)", "Spending per pupil rate", "Median", "Surface area", "Superficie m2",
    "Tasa de interés", "Durée moyenne", "Moyenne", "Durchschnittsalter", "Pro Kopf", "Einwohner", "Średnia", "Liczba",
    "Průměr", "Počet obyvatel", "Prosjek", "Powierzchnia", "Средняя", "Площадь", "Численность", "Medie", "Ortalama",
    "平均", "面积", "人均", "平均年数", "평균", "متوسط", "ממוצע", "Trung bình", "Luas", "Genomsnitt", "Gemiddelde",
]  # fmt: skip


@pytest.mark.parametrize("label", MEASURED)
def test_averages_rates_counts_and_areas_are_no_amounts_and_nobody_is_asked(label: str) -> None:
    found = proposed_for(["Ministry", label, "Amount"], NAMES, ["12.5", "3.2", "4.1", "0.2", "5.5", "1.1"], AMOUNTS)
    assert types(found)[1] != "value"
    assert found.proposals == ()


def test_an_average_measured_in_years_is_no_amount_beside_other_amounts() -> None:
    tenors = ["13.96", "19.08", "12.04", "9.95", "10.40", "15.55"]
    found = proposed_for(["Ministry", "loan_amt", "avg_tenor_yr", "repaid_amt"], NAMES, AMOUNTS, tenors, AMOUNTS)
    assert types(found)[1:] == ["value", None, "value"]
    assert found.proposals == ()


def test_money_below_a_header_that_says_share_is_asked_about() -> None:
    for label in ("Share", "Average", "Rate"):
        found = proposed_for(["Ministry", label, "Amount"], NAMES, [f"€{one}" for one in AMOUNTS], AMOUNTS)
        assert [one.id for one in found.proposals] == [f"column:{label}:role"]
