"""The languages of the pages: which one a reader gets, and what the pages' own sentences are called in it.

Sentences are written in English in templates and modules, inside `_("…")` or `{% trans %}`; `locale/{language}.po` has
the others. What publishers wrote is never translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.messages.pofile import read_po
from babel.support import NullTranslations
from litestar import Request
from litestar.types import Scope

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "es": "Español"}
ENGLISH: Final = "en"
_LOCALE: Final = files("openspending.browse") / "locale"
_WANTED: Final = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?")


class Sentences(NullTranslations):
    """The sentences of one language; those that nobody has translated are in English."""

    def __init__(self, known: Mapping[tuple[str | None, str], Any]) -> None:
        super().__init__()
        self._known = known

    def gettext(self, message: str) -> str:
        """The sentence in this language."""
        return str(self._known.get((None, message)) or message)

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """The sentence for so many; languages here have two forms, as English."""
        found = self._known.get((None, singular))
        one = num == 1
        return str((found[0] if one else found[1]) if isinstance(found, tuple) else singular if one else plural)


_current: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def sentences(language: str) -> Sentences:
    """What is known of a language."""
    path = _LOCALE / f"{language}.po"
    if language == ENGLISH or not path.is_file():
        return Sentences({})
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return Sentences(
        {(None, one.id if isinstance(one.id, str) else one.id[0]): one.string for one in catalog if one.id}
    )


def current() -> str:
    """The language of the page that is being made."""
    return _current.get()


def speak(language: str) -> None:
    """Make the page in this language."""
    _current.set(language)


def gettext(message: str) -> str:
    """A sentence in the language of the page."""
    return sentences(current()).gettext(message)


def ngettext(singular: str, plural: str, num: int) -> str:
    """A sentence for so many, in the language of the page."""
    return sentences(current()).ngettext(singular, plural, num)


def later(message: str) -> str:
    """The same sentence, which is to be looked up when a page is made: for tables of sentences in modules."""
    return message


def chosen(scope: Scope) -> str:
    """The language that a request asks for: by its parameter `lang`, else by its header, else English."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if query.get("lang") in LANGUAGES:
        return query["lang"]
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"").decode("latin-1")
    wanted = [(Decimal(weight or 1), language.lower()) for language, weight in _WANTED.findall(header[:1000])]
    best = sorted((one for one in wanted if one[1] in LANGUAGES and one[0] > 0), key=lambda one: -one[0])
    return best[0][1] if best else ENGLISH


async def listen(request: Request[Any, Any, Any]) -> None:
    """Before a page is made: in the language that the request asks for."""
    speak(chosen(request.scope))


def link(address: str, asked: str) -> str:
    """An address of ours that keeps the language which the reader chose by the parameter `lang`; "" for none."""
    if not asked or not address.startswith(("/", "?")):
        return address
    parts = urlsplit(address)
    query = [one for one in parse_qsl(parts.query, keep_blank_values=True) if one[0] != "lang"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("lang", asked)])))
