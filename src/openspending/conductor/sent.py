"""Takes the tokens out of requests for the conductor, before anybody else looks at them.

Old clients send two kinds of tokens, in three places; here is what knows them all. Other components know one kind, and
refuse the rest, so this stands before `identity.authentication`. A token that is taken out is in no address any more,
and so in no log and no error; the request's cookies, which it outdoes, are taken out with it.
"""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import parse_qsl

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from openspending.errors import Unauthorised

SENT: Final = "conductor.sent"  # in the state of a request: the token, or why there is none
PARAMETER: Final = "jwt"
FOLDERS: Final = ("/user/", "/oauth/", "/datastore/", "/package/", "/search/")
LARGEST: Final = 1024 * 1024  # bytes of a form that are looked at
_FORM: Final = b"application/x-www-form-urlencoded"
_CREDENTIALS: Final = (b"authorization", b"auth-token", b"cookie")


class Sent:
    """An application whose requests for the conductor's paths have their token apart from them.

    `in_parameter`: whether the parameter `jwt`, of the query or of a form, is taken for one.
    """

    def __init__(self, app: ASGIApp, *, in_parameter: bool = False) -> None:
        self._app = app
        self._in_parameter = in_parameter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] == ScopeType.HTTP and is_conductors(scope["path"]):
            told = cast("dict[str, Any]", scope)
            form, receive = await _form(told, receive)
            told.setdefault("state", {})[SENT] = self._sent(told, form)
        await self._app(scope, receive, send)

    def _sent(self, scope: dict[str, Any], form: bytes) -> str | Unauthorised | None:
        """The request's token, which it has no longer; None where it came with none."""
        parameters = {*_taken_from_query(scope), *_values(form)}
        if parameters and not self._in_parameter:
            return Unauthorised(
                "Tokens are not taken from addresses, which logs and histories keep: send it in the header Auth-Token. "
                "With OS_TOKEN_IN_QUERY=yes this server takes them for clients that know nothing else.",
                "invalid_request",
            )
        headers = _in_headers(scope)
        if isinstance(headers, Unauthorised):
            return headers
        given = {one.strip() for one in (*parameters, *headers)} - {""}
        if len(given) > 1:
            return Unauthorised("The request comes with two tokens that differ.", "invalid_request")
        if not given:
            return None
        scope["headers"] = [one for one in scope["headers"] if one[0] not in _CREDENTIALS]
        return given.pop()


def is_conductors(path: str) -> bool:
    """Whether a path is one of the conductor's."""
    return f"{path}/".startswith(FOLDERS)


def _in_headers(scope: dict[str, Any]) -> list[str] | Unauthorised:
    """The tokens of the headers `Auth-Token` and `Authorization`."""
    found = []
    for name, value in scope["headers"]:
        text = value.decode("latin-1").strip()
        if name == b"auth-token":
            found.append(text)
        if name == b"authorization":
            scheme, _, token = text.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                return Unauthorised("Only Authorization: Bearer … is understood here.", "invalid_request")
            found.append(token)
    return found


def _taken_from_query(scope: dict[str, Any]) -> list[str]:
    parts = scope.get("query_string", b"").split(b"&")
    rest = [one for one in parts if not _is_token(one)]
    if len(rest) == len(parts):
        return []
    scope["query_string"] = b"&".join(rest)
    return [value for one in parts if _is_token(one) for value in _values(one)]


def _is_token(part: bytes) -> bool:
    return any(name == PARAMETER for name, _ in parse_qsl(part.decode("latin-1"), keep_blank_values=True))


def _values(form: bytes) -> list[str]:
    return [value for name, value in parse_qsl(form.decode("latin-1")) if name == PARAMETER]


async def _form(scope: dict[str, Any], receive: Receive) -> tuple[bytes, Receive]:
    """The body of a form; and what gives it, once more, to the application."""
    if scope["method"] != "POST" or not any(
        name == b"content-type" and value.lower().startswith(_FORM) for name, value in scope["headers"]
    ):
        return b"", receive
    seen: list[HTTPReceiveMessage] = []
    size, more = 0, True
    while more and size <= LARGEST:
        message = cast("HTTPReceiveMessage", await receive())
        seen.append(message)
        body = message["body"] if message["type"] == "http.request" else b""
        size += len(body)
        more = message["type"] == "http.request" and message["more_body"]
    body = b"".join(one["body"] for one in seen if one["type"] == "http.request")

    async def again() -> HTTPReceiveMessage:
        return seen.pop(0) if seen else cast("HTTPReceiveMessage", await receive())

    return (body if size <= LARGEST else b""), again
