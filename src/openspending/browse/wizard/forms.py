"""How cells are written, in a few words that people know."""

from __future__ import annotations

from typing import Final

from openspending.browse.languages import gettext as _
from openspending.browse.languages import later

_FORMS: Final = {
    "text": later("text"),
    "string": later("text"),
    "code": later("a code"),
    "integer-code": later("a code of digits"),
    "identifier": later("an identifier"),
    "whole number": later("a whole number"),
    "integer": later("a whole number"),
    "fiscal-year": later("a fiscal year"),
    "year": later("a year"),
    "date": later("a date"),
    "datetime": later("a date"),
    "boolean": later("yes or no"),
    "empty": later("empty"),
}
_DATE: Final = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%b": "MMM", "%B": "MMMM", "%H:%M:%S": "hh:mm:ss"}


def form(written: str) -> str:
    """How cells are written, as the APIs say it in English, in the language of the page."""
    if written in _FORMS:
        return _(_FORMS[written])
    kind, _space, example = written.partition(" ")
    for mark, letters in _DATE.items():
        example = example.replace(mark, letters)
    words = {"number": _("the number {example}"), "date": _("a date as {example}")}
    return words[kind].format(example=example) if kind in words and example else written
