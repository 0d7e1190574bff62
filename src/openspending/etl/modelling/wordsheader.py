"""Labels read as meanings: what a column may be about, with points; which part of it (code or name); which level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import NUMBER, Token
from openspending.etl.modelling.words import PARTS, Found, parts_of, vocabulary

_STRONG: Final = 60
_WEAK: Final = 34
_WHOLE: Final = 14  # nothing else is said
_HEAD: Final = 6  # other words only tell more of this one
_MORE: Final = -14  # this word only tells more of another
_PROSE: Final = 4  # words that are not known: the label is a sentence, in which a single word means less
_FOREIGN: Final = -12
_SPELLED: Final = 3  # letters
_CODES: Final = ("cod", "kod", "код", "шифр", "sifr", "κωδ")
# Languages in which “budget year” ends with what it is; in the others what it is comes first.
_HEAD_LAST: Final = frozenset(
    "en de nl sv da no is fi et lv lt hu tr zh ja ko ka hy hi ga_".split()  # noqa: SIM905
)
_TURNING: Final = frozenset(
    {
        "of",
        "for",
        "by",
        "from",
        "in",
        "to",
        "on",
        "des",
        "der",
        "fur",
        "von",
        "im",
        "am",
        "til",
        "av",
        "van",
        "voor",
    }
)
_ROMANCE: Final = frozenset(
    {"de", "del", "della", "dello", "di", "du", "da", "do", "dos", "das", "des", "d", "la", "los"}
)
# A more special thing about another is what the column has: a supplier's postcode is a postcode.
_SPECIAL: Final = (
    ("zip", 0), ("street", 0), ("start", 0), ("end", 0), ("approval", 0), ("first-payment", 0), ("final-payment", 0),
    ("currency", 0), ("date", 1), ("year", 1), ("month", 1), ("country", 2), ("region", 2), ("county", 2), ("city", 2),
    ("place", 2),
)  # fmt: skip
_RANK: Final = dict(_SPECIAL)
_PLACES: Final = frozenset({"country", "region", "county", "city", "place"})
_PARTIES: Final = frozenset({"supplier", "recipient", "procurer", "administrator", "administrative", "project"})
_ASIDE: Final = ("remark", "not-money")
_MOST: Final = 9


@dataclass(frozen=True, slots=True)
class Header:
    """A label: `meanings` have points (0 to 90) and the words that they come from; `part` is code, label, description
    or None; `words` are its other words, by which columns of the same thing are known."""

    label: str
    meanings: Mapping[str, tuple[int, str]]
    part: str | None
    coded: bool  # the first or last word says that it is a code
    kind: bool
    described: bool  # a word such as “description”, “summary”
    bare: bool  # nothing but words such as “code” and “name”
    level: int | None
    words: tuple[str, ...]

    def points(self, meaning: str) -> int:
        """The points of a meaning."""
        return self.meanings.get(meaning, (0, ""))[0]

    @property
    def aside(self) -> bool:
        """Whether the main word is of remarks or of numbers that are no money."""
        best = max((points for one, (points, _) in self.meanings.items() if one not in _ASIDE), default=0)
        return max(self.points(one) for one in _ASIDE) > best

    @property
    def best(self) -> str | None:
        """The likeliest meaning that is about things rather than amounts, if there is any."""
        things = [one for one in self.meanings if one not in ("amount", "not-money", "remark", "row-id")]
        return max(things, key=self.points, default=None)


def read_headers(labels: Sequence[str]) -> tuple[Header, ...]:
    """The labels of one table, which mostly speak one language."""
    found = [vocabulary().find(one) for one in labels]
    spoken = _spoken(found)
    return tuple(_header(label, some, spoken) for label, some in zip(labels, found, strict=True))


def _spoken(found: Iterable[Sequence[Found]]) -> tuple[str, ...]:
    """The languages that the labels are most likely in, the likeliest first."""
    votes: dict[str, int] = {}
    for some in found:
        for one in some:
            if one.exact and one.end - one.start > 2:
                for language in one.languages:
                    votes[language] = votes.get(language, 0) + 60 // (2 + len(one.languages))
    ranked = sorted(votes, key=lambda one: (-votes[one], one != "en"))
    return tuple(one for one in ranked if votes[one] * 10 >= votes[ranked[0]] * 6)


def _header(label: str, found: Sequence[Found], spoken: Sequence[str]) -> Header:
    parts = parts_of(label)
    things = [one for one in found if one.meaning not in PARTS]
    things = [one for one in things if one.meaning != "row-id"] or things  # the id of something is its code
    level = _level(parts, found)
    numbered = [one for one in found if one.meaning == "level" and _has_number(one, parts)]
    named = [one for one in found if one.meaning == "label" and "fr" not in spoken[:2]]  # nombre: a name, or a number
    spans = {(one.start, one.end) for one in (*numbered, *named)}
    things = [one for one in things if one.meaning != "not-money" or (one.start, one.end) not in spans]
    said = {one.meaning for one in found}
    taken = [one for one in found if one.meaning in ("code", "label", "level")]
    plain = [one for one in parts if one.text not in _ROMANCE]
    meanings = _meanings(parts, things, found, spoken)
    words = tuple(word for one in plain if (word := _without(one, taken))) or tuple(one.text for one in plain)
    return Header(
        label=label,
        meanings=meanings,
        part=_part(found, spoken, parts),
        coded=_coded(found, parts, meanings.get("amount", (0, ""))[0]),
        kind="kind" in said,
        described="description" in said,
        bare=bool(said & {"code", "label", "description"})
        and not things
        and all(
            one.kind == NUMBER or one.text in _ROMANCE or any(_covers(other, one) for other in found) for one in parts
        ),
        level=level,
        words=words,
    )


def _has_number(level: Found, parts: Sequence[Token]) -> bool:
    """Whether a word for level has a number: “Level 2”, but not “cofog2_level”, whose number is of the other word."""
    for number, part in enumerate(parts):
        if part.kind == NUMBER and 0 <= part.start - level.end <= 2:
            return True
        if part.kind == NUMBER and 0 <= level.start - part.end <= 2:
            return not number or parts[number - 1].end < part.start
    return False


def _without(part: Token, taken: Iterable[Found]) -> str:
    """The word without what in it means code or name: nothing, or the beginning of a compound."""
    starts = [one.start for one in taken if one.start < part.end and part.end <= one.end]
    return part.text[: max(0, min(starts) - part.start)] if starts else part.text


def _covers(found: Found, part: Token) -> bool:
    return found.start <= part.start and part.end <= found.end


def _part(found: Sequence[Found], spoken: Sequence[str], parts: Sequence[Token]) -> str | None:
    """Code or label; of both the one that is the main word."""
    said = [one for one in found if one.meaning in ("code", "label") and _understood(one, spoken)]
    if not said:
        return None
    if {one.meaning for one in said} == {"code"}:  # the description of a code is its name
        said = [one for one in found if one in said or one.meaning == "description"]
    meaning = (said[-1] if _head_last(spoken, parts) else said[0]).meaning
    return "label" if meaning == "description" else meaning


def _coded(found: Sequence[Found], parts: Sequence[Token], amount: int) -> bool:
    """Whether the first or last word says that it is a code of what the others name: “Código da despesa”.

    Short words and others than “code” mean less beside a clear word for an amount: “No VAT amount”, “Key amount”."""
    for one in found:
        edge = bool(parts) and (one.start <= parts[0].start or one.end >= parts[-1].end)
        named = fold(one.written).startswith(_CODES)
        if one.meaning == "code" and edge and len(one.written) >= _SPELLED and (named or amount < _STRONG):
            return True
    return False


def _understood(one: Found, spoken: Sequence[str]) -> bool:
    """Whether the word is one of the table's languages; long words are understood anyway."""
    return len(one.written) > 3 or "en" in one.languages or not spoken or bool(one.languages & set(spoken))


def _head_last(spoken: Sequence[str], parts: Sequence[Token]) -> bool:
    if any(one.text in _ROMANCE for one in parts[1:-1]):
        return False
    return not spoken or spoken[0] in _HEAD_LAST


def _meanings(
    parts: Sequence[Token], things: Sequence[Found], found: Sequence[Found], spoken: Sequence[str]
) -> dict[str, tuple[int, str]]:
    head = _head(parts, things, spoken)
    said = [one for one in found if one.exact or one in things]
    loose = sum(not any(_covers(one, part) for one in said) for part in parts if part.kind != NUMBER)
    whole = not loose
    result: dict[str, tuple[int, str]] = {}
    places: dict[str, int] = {}
    for one in things:
        points = _WEAK if one.weak else _STRONG
        points -= 0 if one.exact else 5
        alone = all(other.start == one.start or other.meaning == one.meaning for other in things)
        points += _WHOLE if whole and alone else _HEAD if one.start == head else _MORE if not alone else 0
        points -= 10 if loose >= _PROSE else 0
        points += 3 if one.languages & set(spoken[:2]) else 0
        if one.meaning == "row-id" and not whole:
            points = 10  # the number of something that is not known
        if spoken and not one.languages & {*spoken, "en"}:
            points += _FOREIGN * (2 if len(one.written) <= 3 and one.written.isascii() else 1)
        if points > result.get(one.meaning, (0, ""))[0]:
            result[one.meaning], places[one.meaning] = (min(points, 90), one.written), one.start
    return _special(result, places)


def _head(parts: Sequence[Token], things: Sequence[Found], spoken: Sequence[str]) -> int | None:
    """Where the main word begins."""
    if not things:
        return None
    if not _head_last(spoken, parts):
        return things[0].start
    turn = next((one.start for one in parts[1:] if one.text in _TURNING), None)
    before = [one for one in things if turn is None or one.start < turn]
    return (before or list(things))[-1].start


def _special(meanings: dict[str, tuple[int, str]], places: Mapping[str, int]) -> dict[str, tuple[int, str]]:
    """The meanings, with what only tells whose place or date it is put behind; not where one word may mean both."""
    ranks = {_RANK[one] for one in meanings if one in _RANK}
    result = dict(meanings)
    others = [one for one in meanings if one not in _RANK]
    if 0 in ranks or (ranks & {1, 2} and any(one in _PARTIES for one in others)):
        best = min(ranks)
        special = {places[one] for one in meanings if _RANK.get(one) == best}
        for one, (points, word) in meanings.items():
            if _RANK.get(one, 9) > best and one not in ("amount", "not-money") and places[one] not in special:
                result[one] = (max(points - 25, 5), word)
            elif _RANK.get(one) == best and {places[other] for other in meanings} - special:
                result[one] = (min(points + 16, 90), word)
    return result


def _level(parts: Sequence[Token], found: Sequence[Found]) -> int | None:
    """The number of a level: `econ1`, `Level 2`, `admin3 (code)`."""
    words = [one for one in found if one.meaning not in ("code", "label", "description")]
    for number, part in enumerate(parts):
        if part.kind == NUMBER and len(part.text) == 1 and 0 < int(part.text) <= _MOST:
            before = parts[number - 1] if number else None
            if any(one.end <= part.start and part.start - one.end <= 2 for one in words):
                return int(part.text)
            if before is not None and before.end == part.start and before.text.isalpha():
                return int(part.text)
            if any(one.meaning == "level" for one in found):
                return int(part.text)
    return None
