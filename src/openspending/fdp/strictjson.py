"""JSON without surprises: numbers stay exact, and duplicate keys, NaN, deep nesting and huge files are problems."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from openspending.fdp.problems import Problem, problem
from openspending.speaking.said import said

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 100
# Python refuses to turn longer digit strings into int (they cost quadratic time); as Decimal they are exact too.
_MAX_INT_DIGITS: Final = 1000
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class _Refused(ValueError):
    """JSON that the standard library would accept and we do not."""


def parse(data: bytes) -> tuple[Any, list[Problem]]:
    """The JSON value in `data`, fractions as Decimal, and the problems found; (None, problems) when unreadable."""
    if len(data) > MAX_BYTES:
        return None, [
            _bad(said("it has {count} bytes; more than {max_bytes} are not read", count=len(data), max_bytes=MAX_BYTES))
        ]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_bad(said("it is not UTF-8: byte {start} cannot be read", start=error.start + 1))]
    if _depth(text) > MAX_DEPTH:
        return None, [_bad(said("it is nested more than {max_depth} levels deep", max_depth=MAX_DEPTH))]
    return _parse_text(text)


def _parse_text(text: str) -> tuple[Any, list[Problem]]:
    repeated: list[Problem] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(found)
        if len(value) < len(found):
            repeated.extend(_repeated(found, value))
        return value

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_float=_decimal, parse_int=_integer, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        return None, [
            _bad(said("line {lineno}, column {colno}: {msg}", lineno=error.lineno, colno=error.colno, msg=error.msg))
        ]
    except _Refused as error:
        return None, [_bad(str(error))]
    if _has_lone_surrogate(text, value):
        return None, [_bad(said("it contains half a character (a lone \\ud8… or \\udc… escape)"))]
    counted = Counter(repeated)  # the same slip is often made in many objects
    return value, [replace(one, count=count) for one, count in counted.items()]


def _repeated(found: list[tuple[str, Any]], kept: Mapping[str, Any]) -> list[Problem]:
    """One problem per key that occurs twice: only a warning when all its values are equal, for nothing is uncertain."""
    keys = [key for key, _ in found]
    problems = []
    for key in kept:
        values = [value for name, value in found if name == key] if keys.count(key) > 1 else []
        if values:
            same = all(one == values[0] for one in values)
            problems.append(problem("fiscal/repeated-key" if same else "fiscal/duplicate-key", value=key))
    return problems


def write(value: object) -> bytes:
    """`value` as JSON in UTF-8, indented by 2, keys in their order, numbers with all their digits."""
    pieces: list[str] = []
    _write(value, "\n", pieces)
    pieces.append("\n")
    return "".join(pieces).encode("utf-8")


def _write(value: object, newline: str, pieces: list[str]) -> None:
    if isinstance(value, Mapping):
        items = [(json.dumps(str(key), ensure_ascii=False) + ": ", one) for key, one in value.items()]
        _write_group("{}", items, newline, pieces)
    elif isinstance(value, list | tuple):
        _write_group("[]", [("", one) for one in value], newline, pieces)
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} cannot be written as JSON")
        pieces.append(str(value))
    else:
        pieces.append(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _write_group(brackets: str, items: Iterable[tuple[str, object]], newline: str, pieces: list[str]) -> None:
    inner, first = newline + "  ", True
    pieces.append(brackets[0])
    for prefix, one in items:
        pieces.append((inner if first else "," + inner) + prefix)
        _write(one, inner, pieces)
        first = False
    pieces.append(brackets[1] if first else newline + brackets[1])


def _bad(detail: str) -> Problem:
    return problem("fiscal/json-error", detail=detail)


def _depth(text: str) -> int:
    """How deep brackets are nested in `text`, those inside strings not counted."""
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


def _has_lone_surrogate(text: str, value: object) -> bool:
    # Escapes are the only way a surrogate gets into decoded UTF-8, so most files need no walk.
    if "\\u" not in text:
        return False
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if any("\ud800" <= letter <= "\udfff" for letter in one):
                return True
        elif isinstance(one, dict):
            waiting.extend(one.keys())
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _Refused(f"the number {text[:40]} is beyond any size") from None


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MAX_INT_DIGITS else Decimal(text)


def _constant(text: str) -> None:
    raise _Refused(f"{text} is not a JSON number")
