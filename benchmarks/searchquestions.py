"""The questions that search is measured by, each with two filters that are drawn anew, and how SQLite and PostgreSQL
are asked the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

COUNTRIES: Final = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI"),
    *("FR", "GR", "HR", "HU", "IE", "IT", "LV", "NL", "PL", "PT"),
)
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "country": COUNTRIES,
    "year": tuple(str(year) for year in range(2010, 2025)),
    "phase": ("approved", "adjusted", "executed"),
    "direction": ("expenditure", "revenue"),
}
_PAIRS: Final = (("country", "year"), ("country", "phase"), ("year", "direction"), ("phase", "direction"))


@dataclass(frozen=True, slots=True)
class Question:
    """A text as people write it, as FTS5 and as `to_tsquery` take it; "" for these: they cannot be asked that."""

    name: str
    text: str
    fts5: str = ""
    tsquery: str = ""


QUESTIONS: Final = (
    Question("a word that every line has", "partners", "partners", "partners"),
    Question("a word of one line in twelve", "maintenance", "maintenance", "maintenance"),
    Question("an office", "agriculture", "agriculture", "agriculture"),
    Question("a word of one line in 150", "survivors", "survivors", "survivors"),
    Question("two words", "hospital maintenance", "hospital maintenance", "hospital & maintenance"),
    Question(
        "three words",
        "tourism hospital maintenance",
        "tourism hospital maintenance",
        "tourism & hospital & maintenance",
    ),
    Question(
        "phrase", '"ministry of public works"', '"ministry of public works"', "ministry <-> of <-> public <-> works"
    ),
    Question("a supplier with many lines", '"supplier 7919 and partners"', '"supplier 7919"', "supplier <-> 7919"),
    Question("a supplier with few lines", "supplier 50000", "supplier 50000", "supplier & 50000"),
    Question("beginning of a word", "insur*", "insur*", "insur:*"),
    Question("code", "07.3.1", '"07 3 1"', "07 <-> 3 <-> 1"),
    Question("code without separators", "0731"),
    Question("id of a supplier", "S07919", "s07919", "s07919"),
    Question("misspelt", "maintenence"),
    Question("another form of a word", "salary"),
    Question("excluded word", "housing -maintenance", "housing NOT maintenance", "housing & !maintenance"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters."""

    question: Question
    filters: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path of the request, with its query."""
        return f"/v1/search/lines?{urlencode({'q': self.question.text, **self.filters})}"


def drawn(question: Question, chance: random.Random) -> Asked:
    """The question with two filters, drawn by `chance`."""
    return Asked(question, {name: chance.choice(_VALUES[name]) for name in chance.choice(_PAIRS)})
