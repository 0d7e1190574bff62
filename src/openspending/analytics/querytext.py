"""The text grammar of the queries of `/v1` (docs/http-api.md): text → query objects, without looking at any model.

    cut        = condition { "|" condition }                             all must hold
    condition  = ref operator values | word "(" cut ")"                  word: all, any or not
    operator   = ":"  "!:"  "~:"  "^:"  "<:"  "<=:"  ">:"  ">=:"
    values     = value { ";" value }                                     one of them; with "!:" none of them
    value      = "null" | number ".." number | text in double quotes (as in JSON) | text without any of | ; ( ) "

What is written in quotes is never null and never a range. Whether 01 is a number or a code, its concept decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final, TypeVar

from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not, Order, Value, Word
from openspending.errors import BadQuery
from openspending.speaking.said import said

_Item = TypeVar("_Item")

_BLANK: Final = re.compile(r"\s*")
_REF: Final = re.compile(r"[A-Za-z0-9._]*[A-Za-z0-9]")
_OPERATOR: Final = re.compile(r"<=:|>=:|[!~^<>]?:")
_JOINING: Final = re.compile(r"(all|any|not)\s*\(")
_PLAIN: Final = re.compile(r'[^|;()"]+')
_BOUND: Final = r"-?[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
RANGE: Final = re.compile(rf"({_BOUND})?\.\.({_BOUND})?")
_DIRECTION: Final = re.compile(r"asc|desc")
_SHOWN: Final = 40  # characters of what could not be read
_DEEPEST: Final = 20  # conditions inside conditions


def parse_cuts(text: str) -> tuple[Condition, ...]:
    """The conditions of a `cut` parameter, all of which must hold. Raises BadQuery, saying where it makes no sense."""
    return tuple(_Reader(text).whole("|", _Reader.condition))


def parse_refs(text: str) -> tuple[str, ...]:
    """Refs joined by “|” or “,”. Raises BadQuery."""
    return tuple(_Reader(text).whole("," if "|" not in text else "|", _Reader.ref))


def parse_order(text: str) -> tuple[Order, ...]:
    """`ref`, `ref:asc` or `ref:desc`, joined by “,”. Raises BadQuery."""
    return tuple(_Reader(text).whole(",", _Reader.order))


class _Reader:
    """A place in a text. Every token may have blanks before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self, separator: str, item: Callable[[_Reader], _Item]) -> list[_Item]:
        """One or more items to the end of the text."""
        found = self._separated(separator, item)
        self._skip()
        if self._at < len(self._text):
            raise self._expected(f"“{separator}” or the end")
        return found

    def ref(self) -> str:
        """A dotted name."""
        return self._matched(_REF) or self._refuse("the name of a dimension, attribute or measure")

    def order(self) -> Order:
        """A ref with an optional direction."""
        ref = self.ref()
        if not self._takes(":"):
            return Order(ref)
        return Order(ref, (self._matched(_DIRECTION) or self._refuse("asc or desc")) == "desc")

    def condition(self) -> Condition:
        """A cut, or conditions joined by a word."""
        self._skip()
        joining = _JOINING.match(self._text, self._at)
        if joining is None:
            return self._cut()
        self._at = joining.end()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadQuery(said("Conditions lie more than {deepest} deep in each other.", deepest=_DEEPEST))
        parts = tuple(self._separated("|", _Reader.condition))
        self._depth -= 1
        if not self._takes(")"):
            self._refuse("“|” or “)”")
        if joining[1] == "any":
            return AnyOf(parts)
        together = parts[0] if len(parts) == 1 else AllOf(parts)
        return Not(together) if joining[1] == "not" else together

    def _cut(self) -> Condition:
        ref = self.ref()
        operator = self._matched(_OPERATOR) or self._refuse("an operator, such as “:”,")
        values = self._separated(";", _Reader._value)
        return cut_of(ref, operator, values)

    def _value(self) -> Value | tuple[Word | None, Word | None] | None:
        """A value; None for the missing member; a pair for a range."""
        self._skip()
        if self._text.startswith('"', self._at):
            return self._quoted()
        text = (self._matched(_PLAIN) or "").strip() or self._refuse("a value")
        if text == "null":
            return None
        ends = RANGE.fullmatch(text)
        if ends is None or text == "..":
            return Word(text)
        return tuple(None if one is None else Word(one) for one in ends.groups())  # type: ignore[return-value]

    def _quoted(self) -> Word:
        try:
            value, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
            value.encode()
        except json.JSONDecodeError:
            self._refuse("a text in double quotes, written as in JSON,")
        except UnicodeEncodeError as error:
            raise BadQuery(said("A value has half of a surrogate pair, which is no text.")) from error
        return Word(value)

    def _separated(self, separator: str, item: Callable[[_Reader], _Item]) -> list[_Item]:
        found = [item(self)]
        while self._takes(separator):
            found.append(item(self))
        return found

    def _takes(self, token: str) -> bool:
        self._skip()
        if not self._text.startswith(token, self._at):
            return False
        self._at += len(token)
        return True

    def _skip(self) -> None:
        if blank := _BLANK.match(self._text, self._at):
            self._at = blank.end()

    def _matched(self, pattern: re.Pattern[str]) -> str | None:
        self._skip()
        found = pattern.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found.group()

    def _expected(self, what: str) -> BadQuery:
        rest = self._text[self._at :]
        where = f"“{rest[:_SHOWN]}”" if rest else "the end"
        return BadQuery(f"At character {self._at + 1}: {what} should stand before {where}.")

    def _refuse(self, what: str) -> str:
        raise self._expected(what)


def cut_of(ref: str, operator: str, values: list[Value | tuple[Word | None, Word | None] | None]) -> Condition:
    """The condition of one cut as it was written; ranges among its values are joined by “or”. Raises BadQuery."""
    ranges = [Cut(ref, one, "..") for one in values if isinstance(one, tuple)]
    single = tuple(one for one in values if not isinstance(one, tuple))
    if operator not in {":", "!:"}:
        if ranges or len(single) != 1 or single[0] is None:
            raise BadQuery(
                said(
                    "“{ref}{operator}” takes one value, which is neither null nor a range.", ref=ref, operator=operator
                )
            )
        return Cut(ref, single, operator)
    if not ranges:
        return Cut(ref, single, operator)
    parts: list[Condition] = [Cut(ref, single)] if single else []
    joined = (parts + ranges)[0] if len(parts) + len(ranges) == 1 else AnyOf((*parts, *ranges))
    return joined if operator == ":" else Not(joined)
