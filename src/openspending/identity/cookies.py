"""The cookies of a signed-in browser: its session, which no script can read, and the access token that goes with it.

A token of somebody with very many roles is longer than a cookie may be, so it is cut into several.
"""

from __future__ import annotations

from typing import Final

from litestar.datastructures import Cookie

from openspending.identity.authentication import ACCESS_COOKIES, SESSION_COOKIE
from openspending.identity.sessions import DAYS
from openspending.identity.tokens import LIFETIME

FLOW_COOKIE: Final = "os_oidc"
FLOW_PATH: Final = "/v1/identity/oidc"
_PART: Final = 3800  # characters; browsers take 4096 with the name and all
_EARLIER: Final = 60  # seconds before its token ends that a cookie goes, so that browsers send no old ones


def access_cookies(token: str, *, secure: bool) -> list[Cookie]:
    """The access token as cookies; those that it does not need are taken away. Raises ValueError for one too long."""
    parts = [token[start : start + _PART] for start in range(0, len(token), _PART)]
    if len(parts) > len(ACCESS_COOKIES):
        raise ValueError("the token is too long for cookies")
    lasting = LIFETIME - _EARLIER
    return [
        _cookie(name, parts[at] if at < len(parts) else "", lasting if at < len(parts) else 0, secure=secure)
        for at, name in enumerate(ACCESS_COOKIES)
        if at <= len(parts)  # a shorter token than the one before ends where a cookie is missing
    ]


def session_cookie(secret: str, *, secure: bool) -> Cookie:
    """The session's secret."""
    return _cookie(SESSION_COOKIE, secret, DAYS * 24 * 3600, secure=secure)


def flow_cookie(value: str, *, secure: bool, seconds: int) -> Cookie:
    """What is kept while the browser is at the issuer's."""
    return _cookie(FLOW_COOKIE, value, seconds, secure=secure, path=FLOW_PATH)


def no_cookies(*, secure: bool) -> list[Cookie]:
    """Takes all of them away."""
    return [_cookie(name, "", 0, secure=secure) for name in (*ACCESS_COOKIES, SESSION_COOKIE)]


def _cookie(name: str, value: str, seconds: int, *, secure: bool, path: str = "/") -> Cookie:
    return Cookie(key=name, value=value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=secure)
