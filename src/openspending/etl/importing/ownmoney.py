"""What somebody says of the money of one column: its unit, currency, direction, phase; the others may have another."""

from __future__ import annotations

from typing import Any, Final

from openspending.etl.importing.answers import Answers
from openspending.etl.importing.around import MONEY, money_of
from openspending.etl.importing.tablemade import Making
from openspending.fdp.columntypes import is_value

COLUMNS: Final = {"direction": "direction", "phase": "phase:id", "currency": "value-currency:code"}


def pay_each(made: Making, answers: Answers) -> None:
    """Set what is said of single columns of amounts; where they become rows, in what tells their rows apart.

    Raises WrongAnswer for what cannot be.
    """
    keys = {str(one.get("columnType")): str(one["name"]) for one in made.extra_fields}
    for column in made.modelled.columns:
        field = made.fields[column.label]
        if not is_value(field.get("columnType")) and field.get("normalize") is None:
            continue
        for name in MONEY:
            id_ = f"column:{column.label}:{name}"
            said = answers.said(id_)
            if said is not None:
                _pay(field, keys, money_of(id_, name, *said, answers))


def _pay(field: dict[str, Any], keys: dict[str, str], money: dict[str, Any]) -> None:
    for name, value in money.items():
        key = keys.get(COLUMNS.get(name, ""))
        if key is not None and key in field.get("normalize", {}):
            field["normalize"] = {**field["normalize"], key: value}
        else:
            field[name] = value
    if field.get("factor") == 1:
        del field["factor"]
