"""What stands around a table: banner lines, notes, the names of sheet and file. They tell unit, currency, year, phase
and direction of all amounts, as proposals; absent evidence is no question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import PurePath
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.modelling.headings_time import read_time
from openspending.etl.modelling.moneywords import Lexicon, Said, data, lexicon, tokens
from openspending.etl.modelling.phases import read_direction, read_phase
from openspending.etl.modelling.units import read_unit
from openspending.speaking.said import said

_QUESTIONS: Final = {
    "unit": "What is each amount to be multiplied by?",
    "currency": "In which currency are the amounts?",
    "direction": "Are the amounts expenditure or revenue?",
    "phase": "Which phase of the budget are the amounts of?",
    "year": "Which year are the amounts of?",
}
_KINDS: Final = {"unit": "factor", "currency": "currency", "direction": "direction", "phase": "phase", "year": "year"}
_SUFFIX: Final = re.compile(r"(?i)(?:\.(?:csv|tsv|txt|xlsx?|xlsm|ods|jsonl?|html?|pdf|xml|gz|zip|bz2))+$")
_OURSELVES: Final = re.compile(r"(?i)open[ _-]?spending")
_SHORT: Final = 90  # characters of a banner line; what is longer is prose, whose words for a phase mean little
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that one place around a table says."""

    kind: str
    value: Any
    confidence: int
    why: str
    others: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a table says. `countries` are ISO 3166-1 codes that are named; `period` is a part of a year
    or span of years."""

    evidence: tuple[Evidence, ...]
    countries: tuple[str, ...]
    period: str | None

    def of(self, kind: str) -> tuple[Evidence, ...]:
        """The evidence on “factor”, “currency”, “direction”, “phase”, “year” or “fiscal_year”, the surest first."""
        found = (one for one in self.evidence if one.kind == kind)
        return tuple(sorted(found, key=lambda one: -one.confidence))

    def value(self, kind: str) -> Any:
        """What is said of `kind`, if all evidence agrees; else None."""
        values = {one.value for one in self.of(kind) if one.value is not None}
        return next(iter(values)) if len(values) == 1 else None

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """A proposal for each thing that is said. Only a unit that contradicts itself has to be asked for."""
        made = (_proposal(name, self.of(kind)) for name, kind in _KINDS.items())
        return tuple(one for one in made if one is not None)


def read_surroundings(
    texts: Sequence[str], file_name: str, title: str | None = None, labels: Sequence[str] = ()
) -> Surroundings:
    """What `texts` (banner lines, notes, names of sheets), the file's name and its title say. `labels` are headers of
    amounts: their units are evidence too."""
    stem = _SUFFIX.sub("", PurePath(file_name.replace("\\", "/")).name)
    places = [(text, said("“{text}” stands beside the table", text=_shown(text)), 0) for text in texts if text.strip()]
    places += [(title, said("the title is “{title}”", title=_shown(title)), 0)] if title else []
    places += [(stem, said("the file is called “{name}”", name=_shown(stem)), 10)] if stem else []
    found = [one for text, why, less in places for one in _read(text, why, less, file=text is stem)]
    found += [one for label in labels for one in _of_label(label)]
    countries = tuple(dict.fromkeys(hit.value for text, _, _ in places for hit in _countries().find(tokens(text))))
    periods = [str(one.value.written) for one in found if one.kind == "period"]
    found = [_of_country(one, countries) for one in found if one.kind != "period"]
    return Surroundings((*found, *_currency_of(found, countries)), countries, periods[0] if periods else None)


def _shown(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _read(text: str, why: str, less: int, *, file: bool) -> Iterator[Evidence]:
    text = _OURSELVES.sub(" ", text)
    parts = tokens(text)
    unit = read_unit(text, prose=not file)
    if file:
        # “mil” in a file's name is no unit; a code like usd is a currency
        unit = [one for one in unit if one.value is not None and (one.kind == "currency" or one.confidence >= 90)]
    yield from (_evidence(one, why, less) for one in unit)
    worded = [read_phase(text), read_direction(text)] if len(text) <= _SHORT else []
    stated = [one for one in worded if one is not None]
    yield from (_evidence(one, why, less) for one in stated if one.value is not None)
    taken = [span for one in (*unit, *stated) for span in one.spans]
    if len(text) <= 2 * _SHORT:
        times = [one for one in read_time(text, parts, taken) if one.value is not None]
        # the year of a date may be when the list was made
        dated = any(one.kind == "period" and one.value.kind == "date" for one in times)
        yield from (_evidence(one, why, less + 40 if dated else less) for one in times)


def _evidence(stated: Said, why: str, less: int) -> Evidence:
    confidence = max(min(stated.confidence, 90) - less, 10)
    return Evidence(
        stated.kind, stated.value, confidence, said("{place}: {why}", place=why, why=stated.why), stated.others
    )


def _of_label(label: str) -> Iterator[Evidence]:
    for one in read_unit(label):
        why = said("the column {label}: {why}", label=label, why=one.why)
        yield Evidence(one.kind, one.value, one.confidence, why, one.others)


def _of_country(one: Evidence, countries: Sequence[str]) -> Evidence:
    """An unclear sign such as `$`, cleared by a country that is named."""
    local = {data("money-currencies")["money_of"].get(country, "") for country in countries}
    fitting = [code for code in one.others if code in local]
    if one.kind != "currency" or one.value is not None or len(fitting) != 1:
        return one
    return Evidence("currency", fitting[0], 75, f"{one.why}; of these, {fitting[0]} is the money of {countries[0]}")


def _currency_of(found: Sequence[Evidence], countries: Sequence[str]) -> Iterator[Evidence]:
    """The money of the one country that is named, when nothing else is said."""
    code = data("money-currencies")["money_of"].get(countries[0], "") if len(countries) == 1 else ""
    if code and not any(one.kind == "currency" for one in found):
        yield Evidence("currency", code, 60, f"{code} is the money of {countries[0]}, which is named")


@cache
def _countries() -> Lexicon:
    named: Mapping[str, str] = data("money-currencies")["countries"]
    return lexicon([(words, code) for code, words in named.items()])


def _proposal(name: str, evidence: Sequence[Evidence]) -> Proposal | None:
    values = dict.fromkeys(value for one in evidence for value in (one.value, *one.others) if value is not None)
    if not values:
        return None
    choices = sorted((_choice(name, value, evidence, len(values)) for value in values), key=lambda one: -one.confidence)
    if name == "unit":
        return Proposal(name, _QUESTIONS[name], tuple(choices[:3]), blocking=True)
    if choices[0].confidence < SURE:
        # nothing has to be said of these, and what is not sure is not taken unasked
        choices.insert(0, Choice(UNKNOWN, 50, said("nothing around the table says it clearly")))
    return Proposal(name, _QUESTIONS[name], tuple(choices[:3]), blocking=False)


def _choice(name: str, value: Any, evidence: Sequence[Evidence], values: int) -> Choice:
    for_it = [one for one in evidence if one.value == value]
    possible = for_it or [one for one in evidence if value in one.others]
    confidence = max(one.confidence for one in possible) if for_it else 40
    if values > 1:
        confidence = min(confidence, 60)  # another place says something else
    effect = {"factor" if name == "unit" else name: value}
    return Choice(_text(value), confidence, possible[0].why, effect)


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
