"""What the members of a dimension are to a sum: by ColumnTypes, else by words, rather missed than wrong."""

from __future__ import annotations

import pytest

from openspending.analytics.guards.meanings import default, meaning
from openspending.analytics.guards.roles import NO_ROLES, Member, roles_of
from openspending.fdp.model import Attribute


def members(*values: str | None) -> list[Member]:
    return [Member(one, None, 10 - place) for place, one in enumerate(values)]


def kind(name: str, *values: str | None, column_type: str | None = None) -> str | None:
    found = meaning(Attribute(name, name, "facts", name, column_type=column_type), [name], members(*values))
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("column_type", "expected"),
    [
        ("phase:id", "phase"),
        ("phase:label", "phase"),
        ("direction", "direction"),
        ("value-currency:code", "currency"),
        ("value-kind:code", "value-kind"),
        ("version:id", "version"),
        ("budget-line-id", None),
        ("expenditure-type:code", None),
        ("activity:generic:program:code", None),
        ("date:fiscal-year", None),
    ],
)
def test_a_column_type_decides(column_type: str, expected: str | None) -> None:
    assert kind("x", "approved", "executed", column_type=column_type) == expected


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("phase", ("approved", "executed"), "phase"),
        ("phase", ("1", "2", "3"), "phase"),
        ("Stage", ("Budget", "Outturn"), "phase"),
        ("Stage", ("Primary", "Secondary", "Tertiary"), None),
        ("Fase", ("Presupuestado", "Ejecutado"), "phase"),
        ("Typ", ("Plan", "Ist"), "phase"),
        ("estado", ("Aprobado", "Ejecutado"), None),
        ("Status", ("Approved", "Paid"), None),
        ("kind", ("Budget", "Plan"), None),
        ("measure", ("Budget", "Actual"), "phase"),
        ("item", ("Budget", "Actual"), "phase"),
        ("direction", ("E", "R"), "direction"),
        ("Type", ("Revenue", "Expenditure"), "direction"),
        ("Тип", ("Доходы", "Расходы"), "direction"),
        ("種別", ("歳入", "歳出"), "direction"),
        ("Type", ("Revenue", "Expenditure", "Assets"), None),
        ("Type", ("Expenditure", None), None),
        ("currency", ("EUR", "USD"), "currency"),
        ("currency", ("EUR", None), "currency"),
        ("code", ("EUR", "USD"), None),
        ("Version", ("1", "2"), "version"),
        ("Budget version", ("draft", "final"), "version"),
        ("version of the software", ("1", "2"), None),
        ("Region", ("North", "South"), None),
    ],
    ids=str,
)
def test_words_decide_where_there_is_no_column_type(
    name: str, values: tuple[str | None, ...], expected: str | None
) -> None:
    assert kind(name, *values) == expected


def test_revenue_beside_expenditure_counts_in_a_classification_too() -> None:
    typed = "economic-classification:generic:level1:label"
    assert kind("econ", "Revenue", "Expenditure", column_type=typed) == "direction"
    assert kind("econ", "Revenue", "Grants", column_type=typed) is None


@pytest.mark.parametrize(
    ("kind_", "values", "chosen"),
    [
        ("phase", ("approved", "executed", "adjusted"), "executed"),
        ("phase", ("accrued", "approved", "executed"), "executed"),
        ("phase", ("Entwurf", "Plan"), "Plan"),
        ("phase", (None, "A", "B"), "A"),
        ("phase", (None,), None),
        ("direction", ("Einnahmen", "Ausgaben"), "Ausgaben"),
        ("direction", ("R", "E"), "R"),
        ("currency", (None, "JPY", "EUR"), "JPY"),
        ("version", ("2", "1"), "2"),
    ],
    ids=str,
)
def test_the_default_is_what_most_people_would_ask_for(
    kind_: str, values: tuple[str | None, ...], chosen: str | None
) -> None:
    assert default(kind_, members(*values)).value == chosen


def test_a_model_of_an_older_build_knows_nothing() -> None:
    assert roles_of({"cube": {}, "facts": 3}) is NO_ROLES
