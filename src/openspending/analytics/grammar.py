"""The parameter grammar of the babbage API (docs/http-api.md): text → query objects, without looking at any model.

Where the original dropped a tail that it could not read, this raises. An empty parameter is an absent one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar

from openspending.analytics.query import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Bare, Cut, Order, Page, Value
from openspending.errors import BadQuery

_Item = TypeVar("_Item")

_BLANK: Final = re.compile(r"\s*")
_REF: Final = re.compile(r"[A-Za-z0-9._]*[A-Za-z0-9]")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# A number only when nothing but another value, another cut or the end follows: 2015M01 and “5 ” are texts.
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?=[;|]|$)", re.ASCII)
_INTEGER: Final = re.compile(r"0|[1-9]\d{0,37}", re.ASCII)  # 01 is a code, and more digits fit no column
_UNQUOTED: Final = re.compile(r"[^|]+")
_DIRECTION: Final = re.compile(r"asc|desc")


def parse_cuts(text: str | None) -> tuple[Cut, ...]:
    """`ref:value|ref:value…`. Raises BadQuery."""
    return tuple(_Reader(text).separated("|", _Reader.cut)) if _given(text) else ()


def parse_refs(text: str | None, separator: str) -> tuple[str, ...]:
    """Refs joined by `separator`: “|” for drilldown and aggregates, “,” for fields. Raises BadQuery."""
    return tuple(_Reader(text).separated(separator, _Reader.ref)) if _given(text) else ()


def parse_order(text: str | None) -> tuple[Order, ...]:
    """`ref:asc,ref:desc,ref…`. Raises BadQuery."""
    return tuple(_Reader(text).separated(",", _Reader.order)) if _given(text) else ()


def parse_page(number: str | None, size: str | None) -> Page:
    """Page 1 of 100 where the texts are missing or junk; the size is kept between 0 and 10,000."""
    return Page(max(1, _integer(number, 1)), min(max(0, _integer(size, DEFAULT_PAGE_SIZE)), MAX_PAGE_SIZE))


def _given(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return otherwise


class _Reader:
    """A place in a text. Every token may have blanks before it, as in the original."""

    def __init__(self, text: str | None) -> None:
        self._text = text or ""
        self._at = 0

    def separated(self, separator: str, item: Callable[[_Reader], _Item]) -> list[_Item]:
        """One or more items to the end of the text."""
        found = [item(self)]
        while self._takes(separator):
            found.append(item(self))
        self._skip()
        if self._at < len(self._text):
            raise BadQuery(f"Expecting {separator!r} or the end before {self._text[self._at :][:40]!r}")
        return found

    def ref(self) -> str:
        """A dotted name."""
        self._skip()
        return self._matched(_REF) or self._expected("<ref>")

    def order(self) -> Order:
        """A ref with an optional direction."""
        ref = self.ref()
        if not self._takes(":"):
            return Order(ref)
        self._skip()
        direction = self._matched(_DIRECTION) or self._expected("asc or desc")
        return Order(ref, direction == "desc")

    def cut(self) -> Cut:
        """A ref with one value or a set of them: dates, else numbers, else texts."""
        ref = self.ref()
        if not self._takes(":"):
            self._expected("':'")
        self._skip()
        for pattern, read in ((_DATE, _date), (_NUMBER, _number)):
            if (first := self._matched(pattern)) is not None:
                return Cut(ref, tuple(read(one) for one in self._further(first, pattern)))
        return Cut(ref, tuple(self._strings()))

    def _further(self, first: str, pattern: re.Pattern[str]) -> list[str]:
        found = [first]
        while self._takes(";"):
            self._skip()
            found.append(self._matched(pattern) or self._expected("another value of the same kind"))
        return found

    def _strings(self) -> list[Value]:
        found = [self._string()]
        while self._takes(";"):
            found.append(self._string())
        return found

    def _string(self) -> Value:
        self._skip()
        quoted = self._quoted()
        if quoted is not None:
            return quoted
        return Bare(self._matched(_UNQUOTED) or self._expected("a value"))

    def _quoted(self) -> str | None:
        if not self._text.startswith('"', self._at):
            return None
        try:
            value, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
            value.encode()
        except json.JSONDecodeError:
            return None
        except UnicodeEncodeError as error:
            raise BadQuery("A value has half of a surrogate pair, which is no text") from error
        return str(value)

    def _takes(self, token: str) -> bool:
        start = _BLANK.match(self._text, self._at)
        at = start.end() if start else self._at
        if not self._text.startswith(token, at):
            return False
        self._at = at + len(token)
        return True

    def _skip(self) -> None:
        if blank := _BLANK.match(self._text, self._at):
            self._at = blank.end()

    def _matched(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found.group()

    def _expected(self, what: str) -> str:
        raise BadQuery(f"Expecting {what}")


def _date(text: str) -> Value:
    """The date, or the text when there is no such day: as a code it may still mean something."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Bare(text)


def _number(text: str) -> Value:
    """An integer, or the text as it is written: its concept decides whether 01 and 1.50 are numbers."""
    return int(text) if _INTEGER.fullmatch(text) else Bare(text)
