"""Which languages there are, which one a request asks for, and what sentences are called in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Final
from urllib.parse import parse_qsl

from babel.messages.pofile import read_po
from babel.support import NullTranslations

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "es": "Español"}
ENGLISH: Final = "en"
_WANTED: Final = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?")


class Sentences(NullTranslations):
    """The sentences of one language; those that nobody has translated are in English."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__()
        self._known = known

    def __contains__(self, message: str) -> bool:
        return message in self._known

    def gettext(self, message: str) -> str:
        """The sentence in this language."""
        return str(self._known.get(message) or message)

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """The sentence for so many; languages here have two forms, as English."""
        found = self._known.get(singular)
        one = num == 1
        return str((found[0] if one else found[1]) if isinstance(found, tuple) else singular if one else plural)


def sentences_in(folder: Traversable, language: str) -> Sentences:
    """What `{language}.po` in a folder knows; nothing for English, in which sentences are written."""
    path = folder / f"{language}.po"
    if language == ENGLISH or not path.is_file():
        return Sentences({})
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return Sentences({one.id if isinstance(one.id, str) else one.id[0]: one.string for one in catalog if one.id})


def wanted(query: str, header: str) -> str:
    """The language that a request asks for: by the parameter `lang` of its query, else by its header Accept-Language,
    else English."""
    asked = dict(parse_qsl(query)).get("lang", "")
    if asked in LANGUAGES:
        return asked
    weighed = [(Decimal(weight or 1), language.lower()) for language, weight in _WANTED.findall(header[:1000])]
    best = sorted((one for one in weighed if one[1] in LANGUAGES and one[0] > 0), key=lambda one: -one[0])
    return best[0][1] if best else ENGLISH
