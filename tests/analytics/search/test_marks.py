"""Phases and directions are called by our words where they are known, and never two phases by one."""

from __future__ import annotations

import pytest

from openspending.analytics.guards.roles import Default, Exclusive, Member
from openspending.analytics.search.marks import mark_of, marks_of


def exclusive(kind: str, *members: Member) -> Exclusive:
    return Exclusive("a", "a.a", None, kind, "", len(members), members, (), Default(None, ""))


@pytest.mark.parametrize(
    ("kind", "texts", "expected"),
    [
        ("phase", ("Ejercido",), "executed"),
        ("phase", ("3", "Aprobado"), "approved"),
        ("phase", ("x", "Fase X"), "Fase X"),
        ("direction", ("Gasto",), "expenditure"),
        ("direction", ("revenue",), "revenue"),
        ("currency", ("eur",), "EUR"),
        ("version", ("2", "Second"), "Second"),
        ("phase", (None,), None),
        ("phase", (), None),
    ],
)
def test_a_member_is_called_by_our_word_or_its_label(kind: str, texts: tuple[str | None, ...], expected: str) -> None:
    assert mark_of(kind, *texts) == expected


def test_of_two_members_of_one_phase_the_clearer_has_the_word() -> None:
    found = marks_of(exclusive("phase", Member("Pagado", None, 9), Member("executed", None, 1), Member(None, None, 1)))
    assert found == {"Pagado": "Pagado", "executed": "executed", None: None}


def test_members_of_one_direction_are_one() -> None:
    found = marks_of(exclusive("direction", Member("Gasto", None, 9), Member("expenditure", None, 1)))
    assert set(found.values()) == {"expenditure"}


def test_members_that_are_no_texts_are_called_as_their_column_has_them() -> None:
    assert marks_of(exclusive("version", Member(True, None, 1), Member(2, None, 1))) == {"true": "true", "2": "2"}
