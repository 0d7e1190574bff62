"""One cut as an SQL condition: which facts have, or do not have, or lie between, its values.

A condition that is null does not hold, which `negated` respects. Values are bound as parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

from openspending.analytics.cutvalues import DECIMAL_TYPE, INTEGER_BITS, TEXTUAL, Nowhere, Parameter, fitted, to_number
from openspending.analytics.query import Cut, Value
from openspending.errors import BadQuery
from openspending.speaking.said import said

Bind = Callable[[Parameter, str], str]  # a value and the database type it is compared as → its place in the SQL

_SIGNS: Final = {"<:": "<", "<=:": "<=", ">:": ">", ">=:": ">="}
# A bound between two values that a column can hold is moved to the one on the side that changes no answer.
_ROUNDING: Final = {"<": ROUND_CEILING, "<=": ROUND_FLOOR, ">": ROUND_FLOOR, ">=": ROUND_CEILING}
_EXACT: Final = Context(prec=250)


def comparison(cut: Cut, column: str, kind: str, bind: Bind) -> str:
    """The condition that `cut` means for `column`, which is of the database type `kind`.

    Raises BadQuery for a value that such a column cannot be compared with.
    """
    if cut.operator in {":", "!:"}:
        return _equality(cut, column, kind, bind)
    if cut.operator in TEXTUAL:
        return _part_of_text(cut, column, kind, bind)
    if cut.operator == "..":
        low, high = cut.values
        bounds = [_bounded(cut, sign, one, column, kind, bind) for sign, one in ((">=", low), ("<=", high))]
        return f"({' AND '.join(one for one in bounds if one) or f'{column} IS NOT NULL'})"
    return _bounded(cut, _SIGNS[cut.operator], cut.values[0], column, kind, bind) or "TRUE"


def _equality(cut: Cut, column: str, kind: str, bind: Bind) -> str:
    places = []
    for value in cut.values:
        try:
            if value is not None:
                places.append(bind(fitted(value, cut, kind), kind))
        except Nowhere:
            continue
    tests = [f"{column} IN ({', '.join(places)})"] if places else []
    if None in cut.values:
        tests.append(f"{column} IS NULL")
    held = f"({' OR '.join(tests)})" if len(tests) > 1 else (tests or ["FALSE"])[0]
    return held if cut.operator == ":" else negated(held)


def negated(condition: str) -> str:
    """Where `condition` does not hold, or is null because a member is missing."""
    return f"NOT coalesce({condition}, FALSE)"


def _part_of_text(cut: Cut, column: str, kind: str, bind: Bind) -> str:
    if kind != "VARCHAR":
        raise BadQuery(
            said("{ref} is no text, so it cannot be searched with “{operator}”.", ref=cut.ref, operator=cut.operator)
        )
    (value,) = cut.values
    function = "contains" if cut.operator == "~:" else "starts_with"
    place = bind(fitted(value or "", cut, kind), kind)
    return f"{function}(lower(CAST({column} AS VARCHAR)), lower({place}))"


def _bounded(cut: Cut, sign: str, value: Value | None, column: str, kind: str, bind: Bind) -> str:
    """`column sign value`; "" for an open end."""
    if value is None:
        return ""
    scale = _scale(kind)
    if scale is None:
        return f"{column} {sign} {bind(fitted(value, cut, kind), kind)}"
    number = to_number(value)
    if number is None:
        raise BadQuery(
            said("Invalid value {value!r} for cut {ref}: its column holds numbers", value=str(value)[:80], ref=cut.ref)
        )
    near = number.quantize(Decimal(1).scaleb(-scale), rounding=_ROUNDING[sign], context=_EXACT)
    try:
        return f"{column} {sign} {bind(fitted(near, cut, kind), kind)}"
    except Nowhere:  # beyond all that the column can hold
        every = (near > 0) == (sign in {"<", "<="})
        return f"{column} IS NOT NULL" if every else "FALSE"


def _scale(kind: str) -> int | None:
    """How many decimals a column of numbers holds exactly; None for other columns."""
    if kind.removeprefix("U") in INTEGER_BITS:
        return 0
    shape = DECIMAL_TYPE.fullmatch(kind)
    return None if shape is None else int(shape[2])
