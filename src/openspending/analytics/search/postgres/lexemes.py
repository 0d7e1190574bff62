"""Words and trees in the notation of PostgreSQL's full text: whatever a word holds, it stands for itself alone.

Codes are lexemes of the same vector, behind a mark that no word has, so that one query asks for both. Words have their
positions; between two values one position is left free, so that no phrase reaches from one into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from openspending.analytics.search.matching import (
    AllOf,
    AnyOf,
    Begins,
    Code,
    OfDatasets,
    Phrase,
    Spoken,
    Tree,
    Words,
    asked_forms,
)

CODE: Final = "#"
LONGEST: Final = 255  # characters of a lexeme, of which PostgreSQL takes 2,046 bytes
MOST: Final = 100_000  # characters of a text; a vector has 1 MB
_DOUBLED: Final = str.maketrans({"'": "''", "\\": "\\\\"})


def kept(word: str) -> str:
    """A word as it is kept: cut where it is very long, without what no text of a database can have."""
    return word[:LONGEST].replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def quoted(word: str) -> str:
    """A word as it stands in a vector or a query."""
    return f"'{kept(word).translate(_DOUBLED)}'"


def vector(text: str, codes: Iterable[str] = (), weight: str = "", first: int = 1) -> str:
    """The vector of the words of `text`, whose values end with line feeds, and of codes; positions begin at `first`.

    There are 16,383 positions: of a longer text, later words are found, but no phrases of them.
    """
    if len(text) > MOST:
        text = text[: max(text.rfind(" ", 0, MOST), 0)]
    pieces = text.replace("\n", " \n ").split(" ")
    if _is_odd(text) or max(map(len, pieces)) > LONGEST:
        pieces = [piece if piece == "\n" else kept(piece).translate(_DOUBLED) for piece in pieces]
    parts = [f"'{piece}':{place}{weight}" for place, piece in enumerate(pieces, first) if piece and piece != "\n"]
    parts.extend(quoted(CODE + code) if _is_odd(code) or len(code) >= LONGEST else f"'{CODE}{code}'" for code in codes)
    return " ".join(parts)


def _is_odd(text: str) -> bool:
    """Whether it has what stands for something else between the quotes of a lexeme, or cannot stand there."""
    return "'" in text or "\\" in text or "\0" in text


def is_of_words(part: Spoken | OfDatasets) -> bool:
    """Whether a part of a tree says which words are looked for, not only in which datasets."""
    return isinstance(part, Spoken)


def query(tree: Tree | None, applies: Callable[[Spoken | OfDatasets], bool] = is_of_words) -> str | bool:
    """What `tree` matches, as a query of full text; True: everything, False: nothing. `applies` says of its parts for
    datasets in some languages, and for single ones, whether these are meant."""
    match tree:
        case Spoken() | OfDatasets() if not applies(tree):
            return False
        case OfDatasets():
            return True
        case Words(forms) | Spoken(_, forms):
            return _any([quoted(form) for form in forms if form])
        case Phrase(words):
            return phrase(words)
        case Begins(field, start):
            return beginning(CODE + start if field == "code" else start)
        case Code(code):
            return quoted(CODE + code)
        case AllOf(parts, without):
            asked = [query(part, applies) for part in parts]
            return _all([*asked, *(_not(query(part, applies)) for part in without)])
        case AnyOf(parts):
            return _any([query(part, applies) for part in parts])
    return True


def phrase(words: Iterable[str], *, beginning_last: bool = False) -> str | bool:
    """These words next to each other; with `beginning_last` the last one may only begin a word."""
    asked = [quoted(word) for word in words if word]
    if not asked:
        return True
    return "(" + " <-> ".join(asked) + (":*" if beginning_last else "") + ")"


def beginning(start: str) -> str | bool:
    """Words that begin with `start`."""
    return f"{quoted(start)}:*" if start else True


def exactly(tree: Tree | None) -> str | bool:
    """What counts most in a match of `tree`: any of the words as they were asked for, and of codes those that are
    whole; False: nothing was."""
    asked = [part for part in asked_forms(tree) if not isinstance(part, Spoken | OfDatasets)]
    if any(isinstance(part, Code) for part in asked):
        asked = [part for part in asked if not (isinstance(part, Begins) and part.field == "code")]
    first = (Words(part.forms[:1]) if isinstance(part, Words) else part for part in asked)
    return _any([part for part in map(query, first) if part is not True])


def _all(parts: Sequence[str | bool]) -> str | bool:
    if False in parts:
        return False
    asked = [part for part in parts if isinstance(part, str)]
    return "(" + " & ".join(asked) + ")" if asked else True


def _any(parts: Sequence[str | bool]) -> str | bool:
    if True in parts:
        return True
    asked = [part for part in parts if isinstance(part, str)]
    return "(" + " | ".join(asked) + ")" if asked else False


def _not(part: str | bool) -> str | bool:
    return f"!{part}" if isinstance(part, str) else not part
