"""Pages that change something for a visitor: forms come here, and become requests of the APIs.

The APIs decide whether the visitor may: each form repeats the word of the visitor's session in the hidden field `csrf`,
which is handed on as X-CSRF-Token beside the cookies. A session whose access token has just ended gets a new one on the
way, so that nothing that was written into a form is lost.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from openspending.browse.languages import gettext as _
from openspending.browse.visitors import speaking
from openspending.client import Client
from openspending.errors import BadQuery, TooLarge, Unauthorised
from openspending.web import AnyRequest

ACCESS: Final = ("os_access", "os_access_2", "os_access_3", "os_access_4")
SESSION: Final = "os_session"
LARGEST: Final = 1024 * 1024  # bytes of a form without files
_PATIENCE: Final = 1024**3  # bytes that are read of what is too large, and forgotten
_REFRESH: Final = "/v1/identity/refresh"
_COOKIE: Final = re.compile(r"\s*([^=;\s]+)=([^;]*)")


@dataclass(frozen=True, slots=True)
class Acting:
    """A client that asks for a signed-in visitor and may change things; `csrf` goes into the forms of the page,
    `cookies` (headers Set-Cookie) into its answer."""

    client: Client
    csrf: str
    cookies: tuple[str, ...] = field(default=())


async def acting(request: AnyRequest, client: Client, csrf: str | None = None) -> Acting:
    """The visitor's client; `csrf` is what their form said, None where nothing is changed. Raises Unauthorised for
    nobody."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return Acting(client.asking_for({"Authorization": authorization, **speaking(request)}), "")
    cookies: dict[str, str] = {name: request.cookies[name] for name in ACCESS if name in request.cookies}
    given: tuple[str, ...] = ()
    if not cookies and SESSION in request.cookies:
        cookies, given = await refreshed(request, client)
    if not cookies:
        raise Unauthorised("Sign in to do that.")
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), **speaking(request)}
    known = csrf_in("".join(cookies[name] for name in ACCESS if name in cookies))
    return Acting(client.asking_for(headers if csrf is None else {**headers, "X-CSRF-Token": csrf}), known, given)


async def refreshed(request: AnyRequest, client: Client) -> tuple[dict[str, str], tuple[str, ...]]:
    """New access cookies for the session of a browser, and the headers that give it them; none when it has ended."""
    headers = {"Cookie": f"{SESSION}={request.cookies[SESSION]}", **speaking(request)}
    site = request.headers.get("sec-fetch-site")
    asked = client.asking_for({**headers, **({"Sec-Fetch-Site": site} if site else {})})
    try:
        said = await asked.cookies_of(_REFRESH)
    except Unauthorised:
        return {}, ()
    pairs = [found.groups() for one in said if (found := _COOKIE.match(one))]
    return {name: value for name, value in pairs if name in ACCESS and value}, tuple(said)


def csrf_in(token: str) -> str:
    """The claim `csrf` of an access token; "" without one. It is only repeated to those who verify the token."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return ""
    found = claims.get("csrf") if isinstance(claims, dict) else None
    return found if isinstance(found, str) else ""


async def form_of(request: AnyRequest, largest: int = LARGEST) -> list[tuple[str, str]]:
    """The fields of a form, in their order. Raises TooLarge, BadQuery for what is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":  # with files, which are not among the fields
        try:
            return [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
        except RequestEntityTooLarge:
            await _drained(request)
            raise TooLarge(_("These files are too large to be sent with a form.")) from None
    if kind != "application/x-www-form-urlencoded":
        raise BadQuery("This page takes forms.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            raise TooLarge(f"The form has more than {largest} bytes.")
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError) as error:
        raise BadQuery("The form is not written in UTF-8.") from error


async def _drained(request: AnyRequest) -> None:
    """Read what a browser still sends, for until then it hears no answer, and says that the connection broke."""
    read = 0
    while read < _PATIENCE:
        event = await request.receive()
        body = event.get("body")
        read += len(body) if isinstance(body, bytes) else 0
        if event["type"] != "http.request" or not event.get("more_body", False):
            return


def faults(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What an API said of each member of a body, by JSON pointer; several faults of one are joined."""
    found: dict[str, list[str]] = {}
    for one in errors:
        found.setdefault(str(one.get("pointer") or one.get("parameter") or ""), []).append(str(one.get("detail", "")))
    return {pointer: " ".join(dict.fromkeys(said)) for pointer, said in found.items()}
