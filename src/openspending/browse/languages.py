"""The languages of the pages: which one a reader gets, and what the pages' own sentences are called in it.

Sentences are written in English in templates and modules, inside `_("…")` or `{% trans %}`; `locale/{language}.po` has
the others. What publishers wrote is never translated.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from litestar import Request
from litestar.types import Scope
from markupsafe import Markup

from openspending.client import Told
from openspending.speaking.languages import ENGLISH, LANGUAGES, Sentences, sentences_in, wanted

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "chosen",
    "current",
    "gettext",
    "later",
    "link",
    "listen",
    "ngettext",
    "speak",
    "tongue",
]

_LOCALE: Final = files("openspending.browse") / "locale"


_current: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def sentences(language: str) -> Sentences:
    """What is known of a language."""
    return sentences_in(_LOCALE, language)


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
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return wanted(scope["query_string"].decode("latin-1"), header.decode("latin-1"))


async def listen(request: Request[Any, Any, Any]) -> None:
    """Before a page is made: in the language that the request asks for."""
    speak(chosen(request.scope))


def tongue(text: object) -> Markup:
    """The attribute that says in which language a text is, where that is not the page's."""
    other = isinstance(text, Told) and text.language != current()
    return Markup(' lang="{}"').format(text.language) if other and isinstance(text, Told) else Markup()


def link(address: str, asked: str) -> str:
    """An address of ours that keeps the language which the reader chose by the parameter `lang`; "" for none."""
    if not asked or not address.startswith(("/", "?")):
        return address
    parts = urlsplit(address)
    query = [one for one in parse_qsl(parts.query, keep_blank_values=True) if one[0] != "lang"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("lang", asked)])))
