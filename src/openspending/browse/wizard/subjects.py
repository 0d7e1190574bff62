"""What questions are about, in a few words: for answers that are told again after their question has gone."""

from __future__ import annotations

from collections.abc import Mapping

from openspending.browse.languages import gettext as _
from openspending.browse.wizard.kinds import title_of


def subject(question: str) -> str:
    """What a question is about, from its id."""
    kind, _colon, rest = question.partition(":")
    column, _colon, part = rest.rpartition(":")
    if kind == "column" and column:
        return _of_column(part).format(column=column)
    words = {
        "unit": _("what all amounts are multiplied by"),
        "currency": _("the currency of all amounts"),
        "direction": _("the direction of all amounts"),
        "phase": _("the phase of all amounts"),
        "year": _("the year of all amounts"),
        "table": _("which table is meant"),
        "rows": _("which rows are no amounts"),
        "wide": _("whether columns become rows"),
        "join": _("which list explains a column"),
        "renamed": _("how a column is called now"),
    }
    return words.get(kind, _("how the file is read"))


def _of_column(part: str) -> str:
    words = {
        "role": _("what the column “{column}” means"),
        "unit": _("what the amounts of “{column}” are multiplied by"),
        "currency": _("the currency of “{column}”"),
        "direction": _("the direction of “{column}”"),
        "phase": _("the phase of “{column}”"),
    }
    return words.get(part, _("how the cells of “{column}” are read"))


def left_aside(answers: Mapping[str, str], titles: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """What answers that do not count any more are about, and what they were."""
    return [(subject(one), title_of(value, titles or {})) for one, value in answers.items()]
