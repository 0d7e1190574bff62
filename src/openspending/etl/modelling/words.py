"""Words of budgets and spending in many languages, found in a label: what each may mean, and where it stands.

The lists are the files `data/role-words-*.json`. A pattern is one or more words; `*` is any letters at the beginning or
end of a word. Compounds of two known words are taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from openspending.etl.modelling.moneywords import MARK, SCRIPT, WORD, Token, data, listed, tokens

HEADERS: Final = ("bodies", "kinds", "activities", "places", "parties", "times", "ids", "amounts", "parts")
VALUES: Final = ("values",)
PARTS: Final = frozenset({"code", "label", "description", "kind", "level"})  # which part of a thing, not which thing
_KEPT: Final = frozenset({"code", "label"})  # count inside longer patterns too: “region name” is a region and a name
_LINKS: Final = ("", "s", "es", "n", "en", "e", "er")  # letters between the words of a compound
# Beginnings that make a part of the thing: a subgroup is about what groups are about.
_BELOW: Final = ("sub", "sous", "pod", "под", "pot", "пот", "unter", "under", "υπο", "ala", "alam", "apaks", "deel")
_LOWER: Final = {"program": "subprogram", "project": "subproject"}
# Languages whose words end differently in each case, and these endings; without them a word is its stem.
_INFLECTED: Final = frozenset(("be", "bg", "bs", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk"))
_CASES: Final = re.compile(r"(?:[аеиоуыэюяьії]{1,2}(?:[мхв]|ми|го|му)?|[aeiouy]{1,2}(?:ch|mi|ho|mu|[mhvw])?)$")
_LEAST: Final = 4  # letters of a stem
_ENDINGS: Final = frozenset({"id", "nr", "no", "cd", "cod", "num", "name", "code", "desc"})


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern at the characters `start` to `end` of a label, with the languages in which it means `meaning`."""

    meaning: str
    weak: bool
    exact: bool
    start: int
    end: int
    written: str
    languages: frozenset[str]

    def inside(self, other: Found) -> bool:
        """Whether `other` spans this one and more."""
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


@dataclass(slots=True)
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    values: dict[tuple[str, bool], set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Vocabulary:
    """All patterns, by their words."""

    root: _Node = field(default_factory=_Node)
    script: dict[str, dict[tuple[str, bool], set[str]]] = field(default_factory=dict)
    stems: dict[str, dict[tuple[str, bool], set[str]]] = field(default_factory=dict)

    def add(self, pattern: str, meaning: str, language: str) -> None:
        """Let `pattern` mean `meaning` in `language`; a meaning with a closing ? is weaker."""
        key = (meaning.removesuffix("?"), meaning.endswith("?"))
        parts = () if pattern.isascii() else tokens(pattern.replace("*", ""))
        if any(one.kind == SCRIPT for one in parts):
            text = "".join(one.text for one in parts)
            self.script.setdefault(text, {}).setdefault(key, set()).add(language)
            return
        node = self.root
        for word in pattern.split():
            for step in _steps(word):
                node = node.following.setdefault(step, _Node())
        node.values.setdefault(key, set()).add(language)
        if language in _INFLECTED and " " not in pattern and "*" not in pattern and (stem := _stem(_steps(pattern))):
            self.stems.setdefault(stem, {}).setdefault(key, set()).add(language)

    def find(self, label: str) -> tuple[Found, ...]:
        """All that is in `label`, from left to right; what lies inside a longer pattern is left out."""
        parts = parts_of(label)
        found = [hit for at in range(len(parts)) for hit in self._at(parts, at, label)]
        found += [hit for one in parts for hit in self._compound(one, found)]
        found += [hit for one in parts for hit in self._in_other_case(one, found)]
        kept = [one for one in found if not _hidden(one, found)]
        return tuple(sorted(_merged(kept), key=lambda one: (one.start, one.end)))

    def _at(self, parts: Sequence[Token], at: int, label: str) -> Iterator[Found]:
        if parts[at].kind == SCRIPT:
            yield from self._in_script(parts[at])
            return
        open_nodes = [(self.root, True)]
        for part in parts[at : at + 6]:
            reached = [
                (node.following[step], exact and "*" not in step, len(step) - 1 if step[0] == "*" else None)
                for node, exact in open_nodes
                for step in _cuts(part.text)
                if step in node.following
            ]
            for node, exact, ending in reached:
                start, end = parts[at].start, part.end
                if part is parts[at] and ending is not None and PARTS & {meaning for meaning, _ in node.values}:
                    start = max(start, end - ending)  # of “Postnummer” only the end means that it is a code
                yield from _hits(node.values, start, end, label[start:end], exact=exact)
            if not reached:
                return
            open_nodes = [(node, exact) for node, exact, _ in reached]

    def _in_script(self, part: Token) -> Iterator[Found]:
        length = len(part.text)
        for start in range(length):
            for end in range(start + 1, min(length, start + 12) + 1):
                text = part.text[start:end]
                if text in self.script:
                    yield from _hits(self.script[text], part.start + start, part.start + end, text, exact=True)

    def _compound(self, part: Token, found: Sequence[Found]) -> Iterator[Found]:
        """The two known words that `part` is made of, or a known word after “sub-”, if it is not known itself."""
        text = part.text
        if len(text) < 6 or part.kind == SCRIPT or any(one.start == part.start and one.exact for one in found):
            return
        below = next((one for one in _BELOW if text.startswith(one) and self._word(text[len(one) :])), None)
        if below is not None:
            values = self._word(text[len(below) :]) or {}
            lower = {(_LOWER.get(meaning, meaning), weak): some for (meaning, weak), some in values.items()}
            yield from _hits(lower, part.start, part.end, part.written, exact=True)
            return
        for cut in range(len(text) - 2, 2, -1):
            second = self._word(text[cut:]) if len(text) - cut > 2 or text[cut:] in _ENDINGS else None
            first = self._first(text[:cut]) if second else None
            if first and second:
                middle, exact = part.start + cut, len(text) - cut > 3 or text[cut:] in _ENDINGS
                yield from _hits(first, part.start, middle, part.written[:cut], exact=exact)
                yield from _hits(second, middle, part.end, part.written[cut:], exact=exact)
                return

    def _in_other_case(self, part: Token, found: Sequence[Found]) -> Iterator[Found]:
        """What `part` means in another case than the lists have it: `статьи` is of `статья`."""
        if part.kind != WORD or any(one.start < part.end and part.start < one.end for one in found):
            return
        yield from _hits(self.stems.get(_stem([part.text]), {}), part.start, part.end, part.written, exact=False)

    def _first(self, text: str) -> Mapping[tuple[str, bool], set[str]] | None:
        """What the first word of a compound means, its linking letters left out."""
        for link in _LINKS:
            if text.endswith(link) and len(text) - len(link) > 2:
                found = self._word(text[: len(text) - len(link)])
                if found:
                    return found
        return None

    def _word(self, text: str) -> Mapping[tuple[str, bool], set[str]] | None:
        node = self.root.following.get(text)
        return node.values if node is not None and node.values else None


def parts_of(label: str) -> list[Token]:
    """The words and numbers of `label`."""
    return [one for one in tokens(label) if one.kind != MARK]


def _hits(
    values: Mapping[tuple[str, bool], set[str]], start: int, end: int, written: str, *, exact: bool
) -> Iterator[Found]:
    for (meaning, weak), languages in values.items():
        yield Found(meaning, weak, exact, start, end, written, frozenset(languages))


def _merged(found: Sequence[Found]) -> Iterator[Found]:
    """One for each meaning at each place, with the languages of all."""
    places: dict[tuple[str, int, int], list[Found]] = {}
    for one in found:
        places.setdefault((one.meaning, one.start, one.end), []).append(one)
    for same in places.values():
        best = min(same, key=lambda one: (one.weak, not one.exact))
        yield replace(best, languages=frozenset().union(*(one.languages for one in same)))


def _hidden(one: Found, found: Sequence[Found]) -> bool:
    """Whether a longer pattern, or one without `*` at the same place, says more."""
    if one.meaning in _KEPT:
        return False
    return any(
        one.inside(other) or (not one.exact and other.exact and (one.start, one.end) == (other.start, other.end))
        for other in found
        if other.meaning not in _KEPT and (other.meaning != one.meaning or one.inside(other))
    )


def _stem(words: Sequence[str]) -> str:
    """The one word without the ending of its case; nothing where too little would be left."""
    stem = _CASES.sub("", words[0]) if len(words) == 1 else ""
    return stem if len(stem) >= _LEAST else ""


def _steps(word: str) -> list[str]:
    """The words of a pattern as labels have them; `*` stays at its end."""
    bare = word.strip("*")
    if bare.isascii() and bare.isalpha() and bare.islower():  # most are, and tokens would give it back
        return [word]
    texts = [one.text for one in tokens(bare) if one.kind != MARK]
    if not texts:
        return []
    texts[0] = ("*" if word.startswith("*") else "") + texts[0]
    texts[-1] += "*" if word.endswith("*") else ""
    return texts


def _cuts(text: str) -> Iterator[str]:
    """All words of patterns that `text` agrees with: itself, its beginnings and its endings with `*`."""
    yield text
    for cut in range(2, len(text) + 1):
        yield text[:cut] + "*"
    for cut in range(len(text) - 1):
        yield "*" + text[cut:]


@cache
def vocabulary(names: tuple[str, ...] = HEADERS) -> Vocabulary:
    """The words of some lists: those of headers, or those of cells."""
    made = Vocabulary()
    for name in names:
        lists: Mapping[str, Any] = data(f"role-words-{name}")
        for meaning, by_language in lists.items():
            if meaning != "about":
                for language, patterns in by_language.items():
                    for pattern in listed(patterns):
                        made.add(pattern, meaning, language)
    return made
