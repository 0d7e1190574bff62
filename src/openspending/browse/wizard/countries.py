"""Countries as people write them, by name or code, and as codes of ISO 3166-1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from babel import Locale

from openspending.browse.languages import ENGLISH, current

_ALPHA: Final = 2
_NONE: Final = frozenset({"EZ", "QO", "UN", "XA", "XB", "ZZ"})  # groups and placeholders of CLDR


def names() -> list[str]:
    """The names of all countries, in the language of the page, in its order."""
    return sorted(_territories(current()).values())


def written(codes: Iterable[str]) -> str:
    """Codes as people read them: names, with commas between them; a code that is unknown as it is."""
    known = _territories(current())
    return ", ".join(known.get(one.upper(), one) for one in codes)


def read(text: str) -> tuple[list[str], list[str]]:
    """The codes of what is written, in its order, and what of it is no country. Names may be English ones too; between
    codes spaces are enough."""
    codes: list[str] = []
    unknown: list[str] = []
    for part in (one.strip() for one in re.split(r"[,;\n]", text)):
        alone = _code(part)
        found = [alone] if alone else [_code(one) for one in part.split()]
        codes += [one for one in found if one]
        if not all(found):
            unknown.append(part)
    return list(dict.fromkeys(codes)), unknown


def _code(text: str) -> str | None:
    """The code that a code or a name means."""
    known = _territories(ENGLISH)
    if text.upper() in known:
        return text.upper()
    folded = text.casefold()
    return next(
        (code for one in (current(), ENGLISH) for code, name in _territories(one).items() if name.casefold() == folded),
        None,
    )


@cache
def _territories(language: str) -> dict[str, str]:
    listed = Locale.parse(language).territories
    return {
        code: str(name) for code, name in listed.items() if len(code) == _ALPHA and code.isalpha() and code not in _NONE
    }
