"""The queries of `/v1` as JSON: the same as the text grammar says, for programs. Each error has a JSON pointer.

{"drilldown": ["func"], "aggregates": ["amount.sum"], "order": [{"ref": "amount.sum", "direction": "desc"}],
 "cut": [{"ref": "year", "op": "range", "value": [2014, 2016]}, {"any": [{"ref": "func", "value": ["01", null]}]}]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not, Order, Value, Word
from openspending.errors import BadQuery

# The words of `op`, and the operators they stand for.
WORDS: Final[Mapping[str, str]] = {
    "eq": ":",
    "in": ":",
    "ne": "!:",
    "not": "!:",
    "contains": "~:",
    "prefix": "^:",
    "lt": "<:",
    "le": "<=:",
    "gt": ">:",
    "ge": ">=:",
    "range": "..",
    "null": ":",
}
_DEEPEST: Final = 20


def conditions_of(raw: Any, pointer: str = "/cut", depth: int = 0) -> tuple[Condition, ...]:
    """The conditions of a JSON list, all of which must hold. Raises BadQuery."""
    if not isinstance(raw, list):
        raise _wrong("This must be a list of conditions.", pointer)
    if depth > _DEEPEST:
        raise _wrong(f"Conditions lie more than {_DEEPEST} deep in each other.", pointer)
    return tuple(_condition(one, f"{pointer}/{at}", depth) for at, one in enumerate(raw))


def refs_of(raw: Any, pointer: str) -> tuple[str, ...]:
    """A list of refs. Raises BadQuery."""
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise _wrong("This must be a list of texts, each the name of a dimension, attribute or measure.", pointer)
    return tuple(raw)


def order_of(raw: Any, pointer: str = "/order") -> tuple[Order, ...]:
    """Sort keys: texts, or objects with `ref` and `direction`. Raises BadQuery."""
    if not isinstance(raw, list):
        raise _wrong("This must be a list of sort keys.", pointer)
    return tuple(_order(one, f"{pointer}/{at}") for at, one in enumerate(raw))


def _order(raw: Any, pointer: str) -> Order:
    if isinstance(raw, str):
        return Order(raw)
    if not isinstance(raw, dict) or not isinstance(raw.get("ref"), str) or set(raw) - {"ref", "direction"}:
        raise _wrong('A sort key is a text, or an object with "ref" and "direction".', pointer)
    if raw.get("direction", "asc") not in ("asc", "desc"):  # no set: what is asked may be anything
        raise _wrong("A direction is asc or desc.", f"{pointer}/direction", ("asc", "desc"))
    return Order(raw["ref"], raw.get("direction") == "desc")


def _condition(raw: Any, pointer: str, depth: int) -> Condition:
    if not isinstance(raw, dict):
        raise _wrong("A condition is an object.", pointer)
    for word in ("all", "any", "not"):
        if word in raw:
            return _joined(word, raw, pointer, depth)
    return _cut(raw, pointer)


def _joined(word: str, raw: Mapping[str, Any], pointer: str, depth: int) -> Condition:
    if len(raw) > 1:
        raise _wrong(f'An object with "{word}" has nothing else.', pointer)
    inner = raw[word] if isinstance(raw[word], list) else [raw[word]]
    parts = conditions_of(inner, f"{pointer}/{word}", depth + 1)
    if not parts:
        raise _wrong("There must be one condition at least.", f"{pointer}/{word}")
    if word == "any":
        return AnyOf(parts)
    together = parts[0] if len(parts) == 1 else AllOf(parts)
    return together if word == "all" else Not(together)


def _cut(raw: Mapping[str, Any], pointer: str) -> Condition:
    unknown = sorted(set(raw) - {"ref", "op", "value"})
    if unknown or not isinstance(raw.get("ref"), str):
        raise _wrong('A cut has "ref", "value" and perhaps "op"; or it has one of "all", "any", "not".', pointer)
    word = raw.get("op", "in")
    if not isinstance(word, str) or word not in WORDS:
        raise _wrong(f"There is no op “{str(word)[:40]}”.", f"{pointer}/op", tuple(WORDS))
    return _cut_of(raw["ref"], word, raw.get("value"), f"{pointer}/value")


def _cut_of(ref: str, word: str, value: Any, pointer: str) -> Condition:
    if word == "null":
        if not isinstance(value, bool | None):
            raise _wrong("This is true, false or absent.", pointer)
        return Cut(ref, (None,), "!:" if value is False else ":")
    values = _values(value, pointer)
    operator = WORDS[word]
    if operator == "..":
        if len(values) != 2 or values == (None, None):
            raise _wrong("A range has two values, the first and the last; null for an open end.", pointer)
    elif operator not in {":", "!:"} and (len(values) != 1 or values[0] is None):
        raise _wrong(f"“{word}” takes one value.", pointer)
    if not values:
        raise _wrong("There must be one value at least.", pointer)
    return Cut(ref, values, operator)


def _values(value: Any, pointer: str) -> tuple[Value | None, ...]:
    listed: Sequence[Any] = value if isinstance(value, list) else [value]
    for at, one in enumerate(listed):
        if not isinstance(one, str | int | Decimal | bool | None):
            raise _wrong("A value is a text, a number, true, false or null.", f"{pointer}/{at}")
    return tuple(Word(one) if isinstance(one, str) else one for one in listed)


def _wrong(message: str, pointer: str, choices: Sequence[str] = ()) -> BadQuery:
    return BadQuery(message, choices, pointer)
