"""Where in a label the word for a unit stands: in brackets, after “in”, beside a currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import MARK, NUMBER, SCRIPT, Lexicon, Token, data, lexicon, listed
from openspending.etl.modelling.units_currency import Money, is_bracket, is_text

_BETWEEN: Final = frozenset({"of", "de", "di", "do", "da", "del", "von", "van", "den", "d", "des", "dei", "и", "ti"})
_CLOSING: Final = frozenset(".,;:)]}）】］*|/–-")
_AFTER: Final = frozenset({"unless", "except", "salvo", "sauf", "sofern", "and", "et", "und", "at", "current"})


@dataclass(frozen=True, slots=True)
class Place:
    """A label with its parts and the currencies in it."""

    label: str
    parts: tuple[Token, ...]
    money: tuple[Money, ...]
    prose: bool

    def adjacent(self, one: tuple[int, int], other: tuple[int, int], *, close: bool = False) -> bool:
        """Whether nothing stands between two runs of tokens but marks and words like “of”; if `close`, only marks
        without a space."""
        left, right = sorted((one, other))
        between = self.parts[left[1] + 1 : right[0]]
        if close:
            return len(between) <= 1 and all(part.kind == MARK for part in between)
        return all((part.kind == MARK and part.text != "/") or part.text in _BETWEEN for part in between)

    def beside(self, first: int, last: int, *, close: bool = False) -> Money | None:
        """The currency beside tokens `first` to `last`."""
        found = (one for one in self.money if self.adjacent((one.first, one.last), (first, last), close=close))
        return next(found, None)

    def bracket(self, first: int, last: int) -> range | None:
        """The tokens inside the brackets around `first` to `last`."""
        start = next((at for at in range(first - 1, -1, -1) if is_bracket(self.parts[at], opening=True)), None)
        rest = range(last + 1, len(self.parts))
        end = next((at for at in rest if is_bracket(self.parts[at], opening=False)), len(self.parts))
        if start is None or any(is_bracket(self.parts[at], opening=False) for at in range(start, first)):
            return None
        return range(start + 1, end)

    def in_unit_bracket(self, first: int, last: int) -> bool:
        """Whether these tokens stand in brackets that hold nothing but a unit."""
        inside = self.bracket(first, last)
        return inside is not None and self._only_units(inside)

    def all_units(self) -> bool:
        """Whether the whole label is nothing but a unit."""
        return self._only_units(range(len(self.parts)))

    def _only_units(self, places: Iterable[int]) -> bool:
        spans = [one.span for one in self.money]
        spans += [(hit.start, hit.end) for hit in _unit_words().find(self.parts)]
        covered = {at for start, end in spans for at in range(start, end)}
        return all(self._is_unit(self.parts[at], covered) for at in places if is_text(self.parts[at]))

    @staticmethod
    def _is_unit(part: Token, covered: set[int]) -> bool:
        return part.text in _BETWEEN or all(at in covered for at in range(part.start, part.end))

    def after_unit_word(self, first: int) -> bool:
        """Whether the token before is a word like “in”, or 単位."""
        before = [one for one in self.parts[:first] if one.kind != MARK]
        if not before:
            return False
        if before[-1].kind == SCRIPT:
            return before[-1].text.endswith(tuple(listed(data("money-units")["script_before"])))
        return before[-1].text in _before_words()

    def ends_unit(self, last: int) -> bool:
        """Whether what follows token `last` is no noun that is counted: in thousands of households."""
        rest = [one for one in self.parts[last + 1 :] if one.text not in _BETWEEN]
        return not rest or rest[0].text in _CLOSING or rest[0].text in _AFTER or self.beside(last, last) is not None

    def is_last(self, last: int) -> bool:
        """Whether no word or number follows token `last` in a column's header."""
        return not self.prose and not any(is_text(one) or one.kind == NUMBER for one in self.parts[last + 1 :])

    def over_threshold(self, first: int) -> bool:
        """Whether the number at `first` is a limit: payments over £1,000."""
        before = self.parts[max(first - 3, 0) : first]
        return any(one.text in "<>≥≤" or _limits().find([one]) for one in before)


@cache
def _limits() -> Lexicon:
    return lexicon([(data("money-units")["threshold"], "limit")])


@cache
def _before_words() -> frozenset[str]:
    return frozenset(fold(one) for one in listed(data("money-units")["before"]))


@cache
def _unit_words() -> Lexicon:
    said = data("money-units")
    words = [said["before"], said["script_before"], *said["words"].values(), *said["short"].values()]
    return lexicon([(one, "unit") for one in [*words, *(f"{key}" for key in said["unsure"]), "s"]])
