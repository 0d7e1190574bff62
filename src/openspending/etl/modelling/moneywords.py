"""Finds words of a lexicon in a label, whatever the language: case, accents, camelCase and underscores do not matter.

Lexicons are JSON files beside this module. A pattern is one or more words; `*` is any letters, `?` one. In scripts
without spaces between words (Chinese, Japanese, Korean, Thai …) a pattern is found inside a run of letters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from openspending.etl.folding import NO_SPACES, fold

WORD, NUMBER, SCRIPT, MARK = "word", "number", "script", "mark"
_JOINTS: Final = frozenset(".-_/'’‘`,´–")  # may stand between the words of one pattern
_ARTICLES: Final = ("وال", "بال", "ال", "لل")
_HEBREW_MARKS: Final = "\"'״׳“”"
# a label is the header of a column or a line of a banner; what follows beyond is prose
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, run of a script without spaces, or mark; `text` is folded, `written` is as the label has it."""

    kind: str
    text: str
    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found at `start` to `end` of the label, of the tokens `first` to `last`."""

    value: str
    pattern: str
    start: int
    end: int
    first: int
    last: int
    written: str

    def overlaps(self, other: Hit) -> bool:
        """Whether both have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a text says. `value` is None when it may be any of `others`."""

    kind: str  # year, fiscal_year, period, phase, direction, factor, currency
    value: Any
    written: str
    confidence: int  # percent
    why: str  # the end of “because …”
    spans: tuple[tuple[int, int], ...] = ()
    others: tuple[Any, ...] = ()


@cache
def tokens(label: str) -> tuple[Token, ...]:
    """The parts of `label`, spaces left out."""
    return tuple(_tokens(label[:_LONGEST]))


def _tokens(label: str) -> Iterator[Token]:
    at = 0
    while at < len(label):
        end = _end_of_run(label, at)
        kind = _kind(label[at])
        written = label[at:end]
        if kind == WORD:
            yield from _words(written, at)
        elif kind == NUMBER:
            digits = "".join(str(unicodedata.digit(one)) for one in written)
            yield Token(NUMBER, digits, at, end, written)
        elif kind:
            yield Token(kind, fold(written), at, end, written)
        at = end


def _end_of_run(label: str, at: int) -> int:
    kind = _kind(label[at])
    end = at + 1
    while kind != MARK and end < len(label):
        inside = kind == WORD and _joins_hebrew(label, end)
        if _kind(label[end]) != kind and not inside:
            break
        end += 1
    return end


def _joins_hebrew(label: str, at: int) -> bool:
    """Whether the quotation mark at `at` is part of a Hebrew abbreviation."""
    around = label[at - 1 : at] + label[at + 1 : at + 2]
    return label[at] in _HEBREW_MARKS and len(around) == 2 and all("\u05d0" <= one <= "\u05ea" for one in around)


@cache
def _kind(character: str) -> str:
    if character.isspace():
        return ""
    if NO_SPACES.match(character):
        return SCRIPT
    category = unicodedata.category(character)
    if category == "Nd":
        return NUMBER
    return WORD if category[0] in "LM" else MARK


def _words(written: str, at: int) -> Iterator[Token]:
    """A run of letters, parted where camelCase begins a word, and codes from the letter of a factor (`GBPm`)."""
    for one in re.split(r"(?<=^[A-Z]{3})(?=(?:m|mn|mln|bn|k)$)", written):
        if one:
            yield from _of_camel_case(one, at)
        at += len(one)


def _of_camel_case(written: str, at: int) -> Iterator[Token]:
    """The words of a run of letters: each begins where a capital, of any alphabet, follows a small letter."""
    starts = [n for n in range(1, len(written)) if written[n].isupper() and written[n - 1].islower()]
    for first, last in zip([0, *starts], [*starts, len(written)], strict=True):
        one = written[first:last]
        yield Token(WORD, _plain_word(one), at + first, at + last, one)


def _plain_word(written: str) -> str:
    text = fold(written)
    if "\u05d0" <= text[0] <= "\u05ea":
        return "".join(one for one in text if one not in _HEBREW_MARKS)
    for article in _ARTICLES:
        if text.startswith(article) and len(text) - len(article) >= 3:
            return text[len(article) :]
    return text


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns with the values that they stand for. With `capitals`, a word of two letters counts only in capitals:
    BE and AE are abbreviations of phases, “be” is a word."""

    capitals: bool = False
    _exact: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    _open: dict[str, list[tuple[re.Pattern[str], tuple[str, ...], str]]] = field(default_factory=dict)
    _script: dict[str, str] = field(default_factory=dict)

    def add(self, pattern: str, value: str) -> None:
        """Let `pattern` stand for `value`."""
        words = [_pattern(one) for one in re.findall(r"[^\s.'\"]+", pattern.strip())]
        if not words:
            return
        if NO_SPACES.search(pattern):
            self._script.setdefault(fold(pattern.strip()).replace(" ", ""), value)
        elif re.search(r"[*?]", words[0]):
            entry = (_compiled(words[0]), tuple(words), value)
            self._open.setdefault(words[0][0].strip("*?"), []).append(entry)
        else:
            self._exact.setdefault(words[0], []).append((tuple(words), value))

    def find(self, parts: Sequence[Token]) -> list[Hit]:
        """The longest patterns in `parts`, none overlapping another, from left to right."""
        found: list[Hit] = []
        at = 0
        while at < len(parts):
            hits = self._in_script(parts[at], at) if parts[at].kind == SCRIPT else self._at(parts, at)
            found += hits
            at = hits[-1].last + 1 if hits else at + 1
        return found

    def _at(self, parts: Sequence[Token], at: int) -> list[Hit]:
        if parts[at].kind != WORD:
            return []
        text = parts[at].text
        candidates = [(words, value) for words, value in self._exact.get(text, ())]
        opened = (*self._open.get(text[0], ()), *self._open.get("", ()))
        candidates += [(words, value) for first, words, value in opened if first.fullmatch(text)]
        hits = [hit for words, value in candidates if (hit := self._matched(parts, at, words, value))]
        return [max(hits, key=lambda one: (one.last, "*" not in one.pattern, len(one.pattern)))] if hits else []

    def _matched(self, parts: Sequence[Token], at: int, words: Sequence[str], value: str) -> Hit | None:
        """The pattern `words` from token `at` on, if it stands there; only marks that join words are passed over."""
        here = at
        for number, word in enumerate(words):
            while number and here < len(parts) and parts[here].kind == MARK and parts[here].text in _JOINTS:
                here += 1
            if here >= len(parts) or parts[here].kind not in (WORD, NUMBER):
                return None
            if not self._same(parts[here], word, alone=len(words) == 1):
                return None
            here += 1
        last = here - 1
        written = " ".join(one.written for one in parts[at:here] if one.kind != MARK)
        return Hit(value, " ".join(words), parts[at].start, parts[last].end, at, last, written)

    def _same(self, part: Token, word: str, *, alone: bool) -> bool:
        if self.capitals and alone and len(word) <= 2 and word.isascii() and not part.written.isupper():
            return False
        return part.text == word or _compiled(word).fullmatch(part.text) is not None

    def _in_script(self, part: Token, at: int) -> list[Hit]:
        hits: list[Hit] = []
        for pattern in self._by_length():
            start = part.text.find(pattern)
            while start >= 0:
                begin = part.start + start
                end = begin + len(pattern)
                hit = Hit(self._script[pattern], pattern, begin, end, at, at, pattern)
                if not any(hit.overlaps(one) for one in hits):
                    hits.append(hit)
                start = part.text.find(pattern, start + 1)
        return sorted(hits, key=lambda one: one.start)

    def _by_length(self) -> list[str]:
        return sorted(self._script, key=len, reverse=True)


def _pattern(word: str) -> str:
    """A word of a pattern, folded as those of labels are; an Arabic article is left out likewise."""
    return word if re.search(r"[*?]", word) and word.isascii() else _plain_word(word)


@cache
def _compiled(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w"))


@cache
def data(name: str) -> Mapping[str, Any]:
    """A JSON file beside this module."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("data", f"{name}.json").read_text("utf-8"))
    return loaded


def listed(text: str) -> list[str]:
    """The patterns of a list in such a file."""
    return [one.strip() for one in text.split(",") if one.strip()]


def lexicon(entries: Iterable[tuple[str, str]], *, capitals: bool = False) -> Lexicon:
    """The lexicon of (list of patterns, value)."""
    made = Lexicon(capitals)
    for patterns, value in entries:
        for pattern in listed(patterns):
            made.add(pattern, value)
    return made
