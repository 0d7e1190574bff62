"""The parts of a typed text: words, quoted phrases, what is left out (-), what only begins (*).

Nothing that a person types is wrong: a mark that makes no sense where it stands is read as if it were not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from openspending.analytics.search.words import Span, spans
from openspending.errors import BadQuery
from openspending.speaking.said import said

MOST_CHARACTERS: Final = 300
MOST_WORDS: Final = 20  # a quoted phrase counts as one

_ALIKE: Final = str.maketrans("＂＊－−", '"*--')  # one character each, so that places stay
_UNSEEN: Final = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # direction marks and the like
# a straight quote opens at the beginning of a word and closes at the end of one, as Hebrew has it within words
_QUOTED: Final = (
    r'(?<!\w)"((?:[^"]|(?<=\w)"(?=\w))+)"(?!\w)',
    '[“„”‟]([^“”„‟]+?)[“”‟"]',
    "«([^«»]+)»",
    "»([^«»]+)«",
    "‹([^‹›]+)›",
    "「([^「」]+)」",
    "『([^『』]+)』",
)
_PART: Final = re.compile(
    rf"(?P<minus>(?<!\S)[{_UNSEEN}({{[]*-+[{_UNSEEN}]*)?"
    rf"(?:{'|'.join(_QUOTED)}"
    r'|(?P<piece>(?:[^\s"“„”‟«»‹›「」『』]|(?<=\w)"(?=\w))+))'
)
_AFTER: Final = ".,;:!?)]}'’" + "\u200e\u200f"


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a typed text, and where in it its first word begins and its last one ends."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    quoted: bool = False
    excluded: bool = False
    begins: bool = False

    @property
    def has_digit(self) -> bool:
        """Whether it may be a code."""
        return any(one.isdigit() for word in self.words for one in word)


def asked_parts(text: str) -> list[Asked]:
    """The parts of `text` that have a word. Raises BadQuery when they are too many, or the text too long."""
    if len(text) > MOST_CHARACTERS:
        raise BadQuery(
            said("At most {most_characters} characters can be looked for", most_characters=MOST_CHARACTERS),
            parameter="q",
        )
    found = [part for match in _PART.finditer(text.translate(_ALIKE)) if (part := _part(text, match)) is not None]
    if len(found) > MOST_WORDS:
        raise BadQuery(
            said("At most {most_words} words can be looked for; a quoted phrase counts as one", most_words=MOST_WORDS),
            parameter="q",
        )
    return found


def _part(text: str, match: re.Match[str]) -> Asked | None:
    begin, end = match.span("piece" if match["piece"] else match.lastindex or 0)
    found: list[Span] = spans(text[begin:end])
    if not found:
        return None
    first, last = begin + found[0].start, begin + found[-1].end
    quoted, excluded = match["piece"] is None, match["minus"] is not None
    begins = not quoted and match["piece"].rstrip(_AFTER).endswith("*")
    return Asked(text[first:last], first, last, tuple(one.word for one in found), quoted, excluded, begins)
