"""Finds out who a request is for, before any route is reached: `web.actor_of` tells routes what was found here.

A token that does not hold is answered 401 wherever it is sent, also where nobody would need one: who sends one means to
be somebody. Browsers have theirs in a cookie that no script can read, so what changes something must repeat a word from
it in the header X-CSRF-Token, which other sites cannot know.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl, unquote_to_bytes

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from openspending.actor import NOBODY, Actor
from openspending.errors import Forbidden, OpenSpendingError, Unauthorised
from openspending.identity import secretcodes
from openspending.identity.tokens import Verified, Verifier
from openspending.speaking.said import said
from openspending.web import domain_problem, name_language, name_request, open_to_all

ACTOR: Final = "openspending.actor"  # in the scope of a request
CSRF: Final = "openspending.csrf"  # … what requests that change something must repeat; "" without a cookie
ACCESS_COOKIES: Final = ("os_access", "os_access_2", "os_access_3", "os_access_4")  # parts of one token
SESSION_COOKIE: Final = "os_session"
ROBOT_PREFIX: Final = secretcodes.ROBOT_PREFIX
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Here one becomes somebody, or stops to be: the cookies' access token says nothing, though it may be an old one.
UNASKED: Final = frozenset(
    {
        "/sign-in",
        "/sign-out",
        "/v1/identity/sign-in",
        "/v1/identity/refresh",
        "/v1/identity/resume",
        "/v1/identity/oidc/start",
        "/v1/identity/oidc/callback",
    }
)
# Pages whose forms have the word in a hidden field, since they work without scripts. To them nobody asks: what they do,
# they do by the APIs, with the cookies and the word, which is compared there.
FORMS: Final = ("/manage", "/import", "/q")
_NO_COOKIE: Final = f"{ACCESS_COOKIES[0]}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".encode()

FindRobot = Callable[[str], Actor]


class Authenticated:
    """An application whose requests know who they are for.

    `robots` finds the actor of a robot's own token, where there is a database to look into; it raises Unauthorised.
    `token_in_query` lets old clients send a token as the parameter `jwt`, which no route sees in any case.
    """

    def __init__(
        self, app: ASGIApp, verifier: Verifier, robots: FindRobot | None = None, token_in_query: bool = False
    ) -> None:
        self._app = app
        self._verifier = verifier
        self._robots = robots
        self._token_in_query = token_in_query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or say why not: 401 for a bad token, 403 where X-CSRF-Token is missing."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        told = cast("dict[str, Any]", scope)  # with keys of ours
        told.setdefault("state", {})
        try:
            told[ACTOR], told[CSRF] = await self._find(told)
        except OpenSpendingError as error:
            await _refuse(scope, send, error)
            return
        await self._app(scope, receive, send)

    async def _find(self, scope: dict[str, Any]) -> tuple[Actor, str]:
        """Who asks, and what a request with a cookie must repeat."""
        in_query = self._taken_from_query(scope)
        headers = _headers(scope)
        token = _sent(headers) or in_query
        if token is not None:
            return await self._actor(token), ""
        cookie = _access_cookie(headers) if scope["path"] not in UNASKED else None
        if cookie is None:
            return NOBODY, ""
        if scope["method"] == "POST" and _is_form(scope["path"]) and b"x-csrf-token" not in headers:
            return NOBODY, ""
        verified = await self._verified(cookie)
        if scope["method"] not in SAFE:
            _check_csrf(headers, verified.csrf)
        return verified.actor, verified.csrf

    async def _actor(self, token: str) -> Actor:
        if not token.startswith(ROBOT_PREFIX):
            return (await self._verified(token)).actor
        if self._robots is None:
            raise Unauthorised(
                said("Exchange this token for an access token at /v1/identity/token, and send that."), "invalid_token"
            )
        return await sync_to_thread(self._robots, token)

    async def _verified(self, token: str) -> Verified:
        # The first time a token is seen it is verified in a thread, since its key may have to be fetched.
        known = self._verifier.known(token)
        return known if known is not None else await sync_to_thread(self._verifier.verified, token)

    def _taken_from_query(self, scope: dict[str, Any]) -> str | None:
        """The parameter `jwt`, which is taken out of the query: it must stand in no log and in no error."""
        query: bytes = scope.get("query_string", b"")
        if b"jwt" not in query and b"%" not in query:
            return None
        parts = query.split(b"&")
        rest = [one for one in parts if _parameter(one) != b"jwt"]
        if len(rest) == len(parts):
            return None
        scope["query_string"] = b"&".join(rest)
        given = {value for name, value in parse_qsl(query.decode("latin-1")) if name == "jwt"}
        if not given:
            return None
        if not self._token_in_query:
            raise Unauthorised(
                said(
                    "Tokens are not taken from addresses, which logs and histories keep: send it in the header "
                    "Authorization: Bearer …"
                ),
                "invalid_request",
            )
        return _only(given)


def _parameter(part: bytes) -> bytes:
    """The name of a parameter, whose letters may be written as %-signs."""
    name = part.partition(b"=")[0]
    return unquote_to_bytes(name) if b"%" in name else name


def _headers(scope: Mapping[str, Any]) -> dict[bytes, list[str]]:
    """The headers that may tell who asks, each with all its values."""
    found: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        if name in (b"authorization", b"auth-token", b"cookie", b"x-csrf-token"):
            found.setdefault(name, []).append(value.decode("latin-1"))
    return found


def _sent(headers: Mapping[bytes, list[str]]) -> str | None:
    """The token that a program sends. Raises Unauthorised for two that differ, and for other kinds of credentials."""
    given = set(headers.get(b"auth-token", ()))
    for value in headers.get(b"authorization", ()):
        scheme, _, token = value.strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorised(said("Only Authorization: Bearer … is understood here."), "invalid_request")
        given.add(token.strip())
    given = {one.strip() for one in given} - {""}
    return _only(given) if given else None


def _only(given: set[str]) -> str:
    if len(given) > 1:
        raise Unauthorised(said("The request comes with two tokens that differ."), "invalid_request")
    return next(iter(given))


def _access_cookie(headers: Mapping[bytes, list[str]]) -> str | None:
    """The access token, put together from as many cookies as it has. Raises Unauthorised where one is there twice."""
    header = "; ".join(headers.get(b"cookie", ()))
    parts: list[str] = []
    for name in ACCESS_COOKIES:
        values = cookies_in(header, name)
        if len(values) > 1:
            raise Unauthorised(said("The browser has two cookies where one should be; clear them."), "invalid_request")
        if not values:
            break
        parts += values
    return "".join(parts) or None


def cookies_in(header: str, name: str) -> set[str]:
    """The values that cookies of this name have in the header Cookie. More than one: a site next to ours, on the same
    domain, may have put one of them there."""
    if name not in header:
        return set()
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {value.strip('"') for key, _, value in pairs if key == name} - {""}


def cookie_in(header: str, name: str) -> str | None:
    """The value of the cookie of this name; None without one, and where there are several."""
    values = cookies_in(header, name)
    return values.pop() if len(values) == 1 else None


def _is_form(path: str) -> bool:
    """Whether forms of pages are sent to this path."""
    return any(path == one or path.startswith(f"{one}/") for one in FORMS)


def _check_csrf(headers: Mapping[bytes, list[str]], expected: str) -> None:
    """Raises Forbidden unless the request repeats the word that only pages of ours can know."""
    given = headers.get(b"x-csrf-token", [""])[0]
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden(said("Requests of a browser that change something need the header X-CSRF-Token."))


def _opens_page(scope: HTTPScope, error: OpenSpendingError) -> bool:
    """Whether a browser opens a page with a token in its cookies that does not hold any more."""
    headers = dict(scope["headers"])
    ended = isinstance(error, Unauthorised) and error.because == "invalid_token" and not _sent(_headers(scope))
    return ended and scope["method"] in SAFE and b"text/html" in headers.get(b"accept", b"")


def _address(scope: HTTPScope) -> str:
    """The path of a request with its query, which no browser can take for another site's."""
    query = scope["query_string"].decode("latin-1")
    path = "/" + scope["raw_path"].decode("latin-1").partition("?")[0].lstrip("/")
    return path + (f"?{query}" if query else "")


async def _refuse(scope: HTTPScope, send: Send, error: OpenSpendingError) -> None:
    """Answer with the error, as any route would. A cookie that does not hold is taken away, or no page would open; who
    wants to see a page is sent there again, without it."""
    answer = domain_problem(Request(scope), error)
    if _opens_page(scope, error):
        answer = Response(b"", status_code=303, headers={"Location": _address(scope)})
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers += [
        (b"content-type", str(answer.media_type or "text/html").encode()),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(answer.content)).encode()),
    ]
    if isinstance(error, Unauthorised):
        headers.append((b"set-cookie", _NO_COOKIE))
    start: Message = {"type": "http.response.start", "status": int(answer.status_code or 500), "headers": headers}
    await name_request(start, scope)
    await name_language(start, scope)
    await open_to_all(start, scope)
    await send(start)
    body = b"" if scope["method"] == "HEAD" else answer.content
    await send({"type": "http.response.body", "body": body, "more_body": False})
