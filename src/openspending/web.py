"""What all HTTP components share: error → status table, problem+json, exact JSON, request ids, languages, open CORS."""

from __future__ import annotations

import logging
import re
import traceback
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap, Message, Scope

from openspending.actor import NOBODY, Actor
from openspending.errors import (
    BadQuery,
    Busy,
    Conflict,
    Mixed,
    OpenSpendingError,
    Renamed,
    Stale,
    TooOften,
    Unauthorised,
    Withdrawn,
)
from openspending.fdp.problems import PackageRejected
from openspending.httpproblems import PHRASES, TYPES, ProblemType, errors_in, type_of
from openspending.speaking import ENGLISH, Said, said, told
from openspending.speaking.languages import wanted
from openspending.speaking.said import in_english, of_error, tellable

OPEN_PATHS: Final = (
    *("/api/", "/data/", "/health", "/openapi.json", "/v1", "/.well-known/", "/llms.txt"),
    *("/static/built/", "/static/openspending-chart.js", "/oembed"),  # charts on other sites' pages
    *("/user/", "/datastore", "/package/", "/search/"),  # of the conductor, which other sites' pages call with tokens
)
EXPOSED_HEADERS: Final = (
    "Accept-Ranges, Content-Disposition, Content-Language, Content-Length, Content-Location, Content-Range, ETag, "
    "Idempotency-Replayed, Link, Location, OpenSpending-Version, OpenSpending-Warning, Preference-Applied, "
    "Repr-Digest, Retry-After, X-Request-ID"
)
CLOSED: Final = "private, no-store"
METHODS: Final = "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"

AnyRequest = Request[Any, Any, Any]

_TAGS: Final = re.compile(r'"[^"]*"')
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_log: Final = logging.getLogger("openspending")


def spoken_json(value: object, language: str, *, as_numbers: bool = False) -> tuple[bytes, bool]:
    """As `exact_json`; and whether anything is said in it, so that it would be another in another language."""
    heard = False

    def other(one: object) -> str:
        nonlocal heard
        if not isinstance(one, Said):
            return in_english(one)
        heard = True
        return told(one, language)

    decimals: Literal["number", "string"] = "number" if as_numbers else "string"
    return msgspec.json.Encoder(decimal_format=decimals, enc_hook=other).encode(value), heard


def to_json(value: object, language: str = ENGLISH) -> bytes:
    """`value` as JSON: decimals are numbers with all their digits, dates are ISO texts; what is said is in this
    language."""
    return spoken_json(value, language, as_numbers=True)[0]


def exact_json(value: object, *, as_numbers: bool = False, language: str = ENGLISH) -> bytes:
    """`value` as JSON of `/v1`: decimals are texts with all their digits, unless asked for `as_numbers`."""
    return spoken_json(value, language, as_numbers=as_numbers)[0]


def wanted_language(scope: Scope) -> str:
    """The language that a request asks for."""
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return wanted(scope["query_string"].decode("latin-1"), header.decode("latin-1"))


def speak(scope: Scope) -> str:
    """The language that a request asks for; its answer is in that, and says so."""
    language = wanted_language(scope)
    scope["state"]["language"] = language
    return language


def status_of(error: OpenSpendingError) -> HTTPStatus:
    """The HTTP status that an error means."""
    return type_of(error).status


def problem(
    request: AnyRequest, kind: ProblemType, detail: str, further: Mapping[str, object] | None = None
) -> Response[bytes]:
    """An error as problem+json (RFC 9457), in the language of the request; in English where its detail is."""
    body = {"type": kind.address, "title": Said(kind.title, {}), "status": int(kind.status), "detail": detail}
    return _told(request, detail, {**body, **(further or {})}, kind.status)


def _told(request: AnyRequest, detail: str, body: Mapping[str, object], status: int) -> Response[bytes]:
    asked = speak(request.scope)
    language = asked if tellable(detail, asked) else ENGLISH
    return Response(
        to_json(body, language),
        status_code=status,
        media_type="application/problem+json",
        headers={"Content-Language": language},
    )


def domain_problem(request: AnyRequest, error: OpenSpendingError) -> Response[bytes]:
    """Exception handler: an error of ours as problem+json, with the choices or the current revision it carries."""
    further: dict[str, object] = {}
    if isinstance(error, BadQuery):
        further["errors"] = errors_in(error)
        if error.choices:
            further["choices"] = list(error.choices)
    if isinstance(error, Mixed):
        further["mixed"] = list(error.mixed)
    if isinstance(error, Conflict | Stale) and error.current is not None:
        further["current"] = error.current
    if isinstance(error, Withdrawn):
        further |= {"reason": error.reason, "withdrawn": error.at}
    if isinstance(error, Renamed):
        further["moved_to"] = f"{error.owner}/{error.name}"
    if isinstance(error, PackageRejected):
        further["problems"] = error.report.told(wanted_language(request.scope))
    answer = problem(request, type_of(error), of_error(error), further)
    if isinstance(error, Busy | TooOften):
        answer.set_header("Retry-After", str(error.retry_after))
    if isinstance(error, Renamed) and error.location:
        answer.set_header("Location", error.location)
    if isinstance(error, Unauthorised):
        because = f', error="{error.because}"' if error.because else ""
        answer.set_header("WWW-Authenticate", f'Bearer realm="openspending"{because}')
    return answer


def http_problem(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """Exception handler: what the framework refuses (no such page, no such method) as problem+json. Its details are in
    English, but for those that only say what the title does."""
    status = HTTPStatus(error.status_code)
    title = Said(PHRASES.get(status, status.phrase), {})
    detail = title if error.detail == status.phrase else error.detail
    body = {"type": "about:blank", "title": title, "status": error.status_code, "detail": detail}
    answer = _told(request, detail, body, error.status_code)
    for name, value in (error.headers or {}).items():
        answer.set_header(name, value)
    return answer


def unexpected(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Exception handler: our own mistake. The log has it whole; the asker gets the request's id and no more."""
    known = request_id(request.scope)
    if closed(request.scope):  # neither its address nor what the error says may be known to all who read logs
        where = "".join(traceback.format_tb(error.__traceback__))
        route = request.scope.get("path_template", "")
        _log.error("request %s failed: %s %s: %s\n%s", known, request.method, route, type(error).__name__, where)
    else:
        _log.error("request %s failed: %s %s", known, request.method, request.url, exc_info=error)
    said_so = said("Something went wrong here, not with your request ({request}).", request=known)
    return problem(request, TYPES[Exception], said_so)


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    OpenSpendingError: domain_problem,
    HTTPException: http_problem,
    HTTPStatus.INTERNAL_SERVER_ERROR: unexpected,
}


def names_etag(header: str | None, etag: str) -> bool:
    """Whether the value of an If-None-Match header names `etag`; weak comparison, as RFC 9110 says."""
    return header is not None and etag in _TAGS.findall(header)


def request_id(scope: Scope) -> str:
    """The id of a request: the asker's `X-Request-ID` when it is a plain word, else a new one."""
    known = scope["state"].get("request_id")
    if known is None:
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        known = given.decode() if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope["state"]["request_id"] = known
    return str(known)


def actor_of(request: AnyRequest) -> Actor:
    """Who the request is for, as `identity.authentication` found before any route was reached; nobody without it."""
    return actor_in(request.scope)


def actor_in(scope: Scope) -> Actor:
    """As `actor_of`, before there is a request."""
    found: Actor = scope.get("openspending.actor", NOBODY)  # type: ignore[assignment]
    return found


def note(scope: Scope, **told: Any) -> None:
    """Tell what only the route knows of its answer, for the measurement of usage; may be said in parts, up to its end.

    `dataset` is `owner/name`, of public datasets that exist and no others: what is told here is stored and shown to
    everybody. `rows` is how many rows the answer has; `format` its format, where its media type does not say it.
    """
    scope["state"].setdefault("told", {}).update(told)


def noted(scope: Scope) -> Mapping[str, Any]:
    """What `note` was told of a request; which dataset it is about only where everybody may know that."""
    told: Mapping[str, Any] = scope.get("state", {}).get("told", {})
    return {name: value for name, value in told.items() if name != "dataset"} if closed(scope) else told


def close(scope: Scope) -> None:
    """Say that the answer to a request is for its asker alone: nobody keeps it, nor counts or logs it by its name."""
    scope["state"]["closed"] = True


def closed(scope: Scope) -> bool:
    """Whether the answer to a request is for its asker alone."""
    return bool(scope.get("state", {}).get("closed"))


async def keep_closed(message: Message, scope: Scope) -> None:
    """Before-send hook: answers that are for their askers alone are stored nowhere."""
    if message["type"] == "http.response.start" and closed(scope):
        headers = MutableScopeHeaders.from_message(message)
        headers["Cache-Control"] = CLOSED
        _vary(headers, "Accept", "Authorization", "Cookie")


def _vary(headers: MutableScopeHeaders, *names: str) -> None:
    stated = [one.strip() for one in headers.get("Vary", "").split(",")]
    headers["Vary"] = ", ".join(dict.fromkeys([*filter(None, stated), *names]))


async def name_language(message: Message, scope: Scope) -> None:
    """Before-send hook: answers that would be others in another language say in which one they are."""
    language = scope.get("state", {}).get("language")
    if message["type"] == "http.response.start" and language is not None:
        headers = MutableScopeHeaders.from_message(message)
        headers.setdefault("Content-Language", language)
        _vary(headers, "Accept-Language")


async def name_request(message: Message, scope: Scope) -> None:
    """Before-send hook: every answer carries `X-Request-ID`."""
    if message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)["X-Request-ID"] = request_id(scope)


async def open_to_all(message: Message, scope: Scope) -> None:
    """Before-send hook: CORS for public data. Any site may read; the asker's origin is echoed, as it always was."""
    if message["type"] != "http.response.start" or not scope["path"].startswith(OPEN_PATHS):
        return
    asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
    headers = MutableScopeHeaders.from_message(message)
    headers["Access-Control-Allow-Origin"] = asked.get(b"origin", "*")
    headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    if b"origin" in asked:
        _vary(headers, "Origin")
    if b"access-control-request-method" in asked:
        headers["Access-Control-Allow-Methods"] = METHODS
        headers["Access-Control-Allow-Headers"] = asked.get(b"access-control-request-headers", "*")
        headers["Access-Control-Max-Age"] = "86400"
