"""What the sign-in page says, in the languages of the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from openspending.web import AnyRequest

_ENGLISH: Final[Mapping[str, str]] = {
    "language": "en",
    "title": "Sign in",
    "skip": "Skip to content",
    "code": "Code of a sign-in link",
    "button": "Sign in with the link",
    "hint": "Each link works once. Ask whoever runs this OpenSpending for one.",
    "silent": "OpenSpending did not answer. Try again.",
    "by": "Sign in with {issuer}",
}
_SPANISH: Final[Mapping[str, str]] = {
    "language": "es",
    "title": "Iniciar sesión",
    "skip": "Ir al contenido",
    "code": "Código de un enlace de acceso",
    "button": "Iniciar sesión con el enlace",
    "hint": "Cada enlace sirve una sola vez. Pida uno a quien administra este OpenSpending.",
    "silent": "OpenSpending no respondió. Inténtelo de nuevo.",
    "by": "Iniciar sesión con {issuer}",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "es": _SPANISH}


def words_for(request: AnyRequest, then: str) -> Mapping[str, str]:
    """The words of the language that the reader chose, here or on the page `then` from which they come; else of the
    first that their browser names and we have; else English."""
    chosen = [request.query_params.get("lang", ""), *parse_qs(urlsplit(then).query).get("lang", [])]
    named = re.findall(r"(?:^|,)\s*([a-zA-Z]{1,8})", request.headers.get("accept-language", "")[:1000])
    return next((WORDS[one.lower()] for one in (*chosen, *named) if one.lower() in WORDS), _ENGLISH)
