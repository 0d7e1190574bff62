"""Routes of signing in and out: the page, one-time links, the issuer, sessions. They take no actor; they make one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Response, get, post, route
from litestar.datastructures import Cookie
from litestar.params import RawBody

from openspending.asking import asked
from openspending.errors import NotFound, OpenSpendingError, Unauthorised
from openspending.httpproblems import type_of
from openspending.identity import links, sessions, signingin
from openspending.identity.asking import GET, Injected, answered, base_url, nothing, require_same_site, sent_to
from openspending.identity.authentication import SESSION_COOKIE, cookie_in
from openspending.identity.bodies import FORM, read, read_form
from openspending.identity.cookies import FLOW_COOKIE, access_cookies, flow_cookie, no_cookies, session_cookie
from openspending.identity.devices import device
from openspending.identity.installation import Installation
from openspending.identity.localpaths import local_path
from openspending.identity.provider import Provider
from openspending.identity.signinpage import HEADERS, page
from openspending.identity.signinwords import words_for
from openspending.speaking.said import of_error, said, told
from openspending.web import AnyRequest, close

_PREFIX: Final = 32  # characters of a code that name its link


@route("/sign-in", http_method=GET, include_in_schema=False, sync_to_thread=True)
def sign_in_page(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """The page on which people sign in."""
    then = local_path(asked(request, ("next", "lang")).get("next"))
    return _page(request, identity, then)


@post("/v1/identity/sign-in", status_code=200, sync_to_thread=True)
def sign_in(request: AnyRequest, identity: Injected, body: RawBody) -> Response[bytes]:
    """Sign in with the code of a one-time link. The session is in cookies; unsafe requests repeat `csrf`."""
    asked(request)
    require_same_site(request, identity)
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    given = read_form(body) if form else read(request, body, {"code": str, "next": str}, ("code",))
    then = local_path(given.get("next"))
    try:
        account = _followed(request, identity, given.get("code", "").strip().rpartition("#code=")[2])
        cookies, told = _entered(request, identity, account)
    except OpenSpendingError as error:
        if not form:
            raise
        return _page(request, identity, then, error)
    return sent_to(then, cookies) if form else answered({**told, "next": then}, cookies=cookies)


def _followed(request: AnyRequest, identity: Installation, code: str) -> str:
    """The account that a link signs in."""
    identity.all_tries.step("")
    identity.tries.step(code[:_PREFIX])
    return links.follow(identity.engine, code, identity.names, signed_in=_signed_in(request, identity))


@get("/v1/identity/oidc/start", status_code=303, sync_to_thread=True)
def oidc_start(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """Go to the issuer to sign in; from there the browser comes back."""
    then = asked(request, ("next",)).get("next", "/")
    begun = signingin.begin(identity, _provider(identity), base_url=base_url(request, identity), then=then)
    kept = flow_cookie(begun.cookie, secure=identity.secure, seconds=signingin.SECONDS)
    return sent_to(begun.address, [kept])


@get("/v1/identity/oidc/callback", status_code=303, sync_to_thread=True)
def oidc_callback(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """Where the issuer sends the browser back to; it is signed in then. What does not fit is told on the page."""
    gone = flow_cookie("", secure=identity.secure, seconds=0)
    close(request.scope)  # the code in its address is worth an account, for a moment
    try:
        provider, answer = _provider(identity), _answer(request)
        account, then = signingin.complete(
            identity,
            provider,
            base_url=base_url(request, identity),
            cookie=cookie_in(request.headers.get("cookie", ""), FLOW_COOKIE) or "",
            answered=answer,
        )
        cookies, _ = _entered(request, identity, account)
    except OpenSpendingError as error:
        refused = _page(request, identity, "/", error)
        refused.cookies.append(gone)
        return refused
    return sent_to(then, [*cookies, gone])


@post("/v1/identity/refresh", status_code=200, sync_to_thread=True)
def refresh(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """A new access token for a signed-in browser, in its cookie."""
    asked(request)
    require_same_site(request, identity)
    secret = _session_secret(request)
    if secret is None:
        raise Unauthorised(said("No session: sign in."))
    session = sessions.resume(identity.engine, secret)
    cookies = access_cookies(identity.access_token(session), secure=identity.secure)
    return answered({"csrf": session.csrf}, cookies=cookies)


@get("/v1/identity/resume", status_code=303, include_in_schema=False, sync_to_thread=True)
def resume(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """Where pages send a browser that has a session and no access token any more: back it comes with one, or with no
    session either, where that has ended."""
    then = local_path(asked(request, ("next",)).get("next"))
    try:
        session = sessions.resume(identity.engine, _session_secret(request) or "")
        return sent_to(then, access_cookies(identity.access_token(session), secure=identity.secure))
    except Unauthorised:
        return sent_to(then, no_cookies(secure=identity.secure))


@post("/sign-out", status_code=200, sync_to_thread=True)
def sign_out(request: AnyRequest, identity: Injected) -> Response[Any]:
    """End the session of this browser."""
    asked(request)
    require_same_site(request, identity)
    secret = _session_secret(request)
    if secret is not None:
        sessions.end(identity.engine, secret)
        identity.endings.tell()
    cookies = no_cookies(secure=identity.secure)
    return sent_to("/", cookies) if "text/html" in request.headers.get("accept", "") else nothing(cookies)


def _answer(request: AnyRequest) -> dict[str, str]:
    """What the issuer sends, which may be more than we know of. Raises Unauthorised for what is sent twice."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if len(dict(pairs)) < len(pairs):
        raise Unauthorised(said("The answer says something twice."), "invalid_token")
    return dict(pairs)


def _entered(request: AnyRequest, identity: Installation, account: str) -> tuple[list[Cookie], dict[str, Any]]:
    """The cookies of a new session of the account, and what its page may know."""
    session, secret = identity.enter(account, _session_secret(request), device(request.headers.get("user-agent", "")))
    token = identity.access_token(session)
    cookies = [session_cookie(secret, secure=identity.secure), *access_cookies(token, secure=identity.secure)]
    return cookies, {"account": account, "csrf": session.csrf}


def _session_secret(request: AnyRequest) -> str | None:
    return cookie_in(request.headers.get("cookie", ""), SESSION_COOKIE)


def _signed_in(request: AnyRequest, identity: Installation) -> str | None:
    """The account of the browser's session, if it has one that holds."""
    secret = _session_secret(request)
    try:
        return None if secret is None else sessions.find(identity.engine, secret).account
    except Unauthorised:
        return None


def _provider(identity: Installation) -> Provider:
    if identity.provider is None:
        raise NotFound(said("No issuer signs people in here; links do."))
    return identity.provider


def _page(
    request: AnyRequest, identity: Installation, then: str, error: OpenSpendingError | None = None
) -> Response[bytes]:
    issuer = None if identity.provider is None else identity.provider.issuer.title
    status = 200 if error is None else int(type_of(error).status)
    words = words_for(request, then)
    problem = "" if error is None else told(of_error(error), words["language"])
    body = page(words, issuer=issuer, then=then, problem=problem)
    headers = {**HEADERS, "Content-Language": words["language"], "Vary": "Accept-Language"}
    return Response(body, status_code=status, media_type="text/html", headers=headers)
