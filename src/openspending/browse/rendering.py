"""Pages as HTML: templates with what every page has, and the headers that every page is sent with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

from openspending.browse import built, languages, locales
from openspending.browse.visitors import base, told, whole
from openspending.web import CLOSED, AnyRequest, names_etag

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # kept, and asked for again each time: what was corrected or hidden shows nowhere
    "Vary": "Authorization, Cookie, Accept-Language",
}
TEMPLATES: Final = Environment(
    loader=PackageLoader("openspending.browse"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
TEMPLATES.policies["ext.i18n.trimmed"] = True  # a sentence may run over two lines
TEMPLATES.globals |= {
    "count": locales.count,
    "number": locales.number,
    "date": locales.date,
    "moment": locales.moment,
    "country": locales.country,
    "currency_name": locales.currency,
    "tongue": languages.tongue,
}
TEMPLATES.install_gettext_callables(languages.gettext, languages.ngettext, newstyle=True)  # type: ignore[attr-defined]


def html(request: AnyRequest, template: str, status: int = 200, **words: Any) -> Response[bytes]:
    """The page that a template makes of `words`, in the visitor's language; 304 where their browser has just that. No
    cache keeps it where they are known."""
    known = bool(told(request))
    languages.speak(languages.chosen(request.scope))
    shared = {"known": known, "here": whole(request), "language": languages.current(), **_linking(request)}
    text = TEMPLATES.get_template(template).render({**shared, **words})
    headers = {**HEADERS, "Content-Language": languages.current()}
    headers |= {"Cache-Control": CLOSED} if known else {}
    return sent(request, text.encode(), status, headers)


def sent(request: AnyRequest, body: bytes, status: int, headers: Mapping[str, str]) -> Response[bytes]:
    """A page as it is answered: with an ETag, or 304 where the browser has the same bytes, unless none may keep it."""
    given = dict(headers)
    if status == HTTPStatus.OK and given["Cache-Control"] != CLOSED:
        given["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if names_etag(request.headers.get("if-none-match"), given["ETag"]):
            return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type="text/html", headers=given)
    return Response(body, status_code=status, media_type="text/html", headers=given)


def unmodified(etag: str) -> Response[bytes]:
    """304: the browser has the page."""
    headers = {**HEADERS, "ETag": etag, "Content-Language": languages.current()}
    return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type="text/html", headers=headers)


def _linking(request: AnyRequest) -> dict[str, Any]:
    """What templates make addresses with: those of built files, which change with their content, and those of pages,
    which keep the language that the reader chose."""
    asked = request.query_params.get("lang", "")
    asked = asked if asked in languages.LANGUAGES else ""
    return {
        "asked_language": asked,
        "base": base(request),
        "direction": locales.direction(),
        "built": built.address,
        "parts": built.parts,
        "link": lambda address: languages.link(address, asked),
        "languages": [(code, name, languages.link(whole(request), code)) for code, name in languages.LANGUAGES.items()],
    }
