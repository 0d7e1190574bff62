"""What each of our errors is over HTTP: its status, and the problem type that explains it (RFC 9457).

The type's address, `/v1/problems/{name}`, answers with this explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from openspending.errors import (
    BadQuery,
    BadSettings,
    BrokenCube,
    Busy,
    Conflict,
    Forbidden,
    IssuerSilent,
    Mismatch,
    Mixed,
    NotAcceptable,
    NotFound,
    OpenSpendingError,
    OverQuota,
    Renamed,
    Reused,
    Stale,
    StoreError,
    TooLarge,
    TooMuch,
    TooOften,
    Unauthorised,
    Withdrawn,
)
from openspending.fdp.problems import PackageRejected
from openspending.speaking.said import later, of_error

PREFIX: Final = "/v1/problems/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: what it means, and what to do about it."""

    name: str
    status: HTTPStatus
    title: str
    meaning: str
    remedy: str

    @property
    def address(self) -> str:
        """The path that documents it."""
        return PREFIX + self.name


_MISTAKE: Final = ProblemType(
    "our-mistake",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong here",
    "The server failed, not the request.",
    "Ask again later; if it happens again, report it with the id in X-Request-ID.",
)

TYPES: Final[Mapping[type[Exception], ProblemType]] = {
    NotFound: ProblemType(
        "not-found",
        HTTPStatus.NOT_FOUND,
        "There is no such thing",
        "The dataset, revision, fact or file does not exist, or may not be seen.",
        "Look into /v1/datasets for what there is.",
    ),
    Withdrawn: ProblemType(
        "withdrawn",
        HTTPStatus.GONE,
        "The dataset was withdrawn",
        "It was public, and its publisher took it back for the reason that “reason” gives; its files are gone.",
        "Ask its publisher. What you have of it is no longer theirs.",
    ),
    Renamed: ProblemType(
        "renamed",
        HTTPStatus.PERMANENT_REDIRECT,
        "The dataset has another address",
        "Its owner gave it another name; the header Location has the same question at the new address.",
        "Follow Location, and use that address from now on.",
    ),
    Unauthorised: ProblemType(
        "unauthorised",
        HTTPStatus.UNAUTHORIZED,
        "Who is asking?",
        "The request needs an account, or came with a token that does not hold: expired, revoked, forged or for "
        "something else.",
        "Sign in again, or send a valid token in the header Authorization: Bearer …",
    ),
    Forbidden: ProblemType(
        "forbidden",
        HTTPStatus.FORBIDDEN,
        "You may not do that",
        "Your account, or the scopes of the token, do not include it.",
        "Ask an admin of the owner for the role that “detail” names, or use a token with more scopes.",
    ),
    Stale: ProblemType(
        "precondition-failed",
        HTTPStatus.PRECONDITION_FAILED,
        "What you build on has changed",
        "If-Match names a state that is not the current one.",
        "Look at the current state, whose ETag is “current”, then try again.",
    ),
    TooLarge: ProblemType(
        "too-large",
        HTTPStatus(413),
        "That is too large",
        "The body, or the file, is larger than this server takes.",
        "Send less, or ask the operator for a higher limit.",
    ),
    OverQuota: ProblemType(
        "over-quota",
        HTTPStatus.INSUFFICIENT_STORAGE,
        "There is no room left",
        "The owner keeps as much as it may.",
        "Delete uploads that are not needed, or ask the operator for a higher quota.",
    ),
    TooOften: ProblemType(
        "too-often",
        HTTPStatus.TOO_MANY_REQUESTS,
        "You ask for too much at once",
        "So many uploads or jobs of yours are open that no further one is taken.",
        "Ask again after the seconds that Retry-After says, or delete uploads that are not needed.",
    ),
    Mismatch: ProblemType(
        "mismatch",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "These are other bytes",
        "The bytes that came do not have the size or the hash that was announced; “detail” says which.",
        "Upload the file again, and announce what it is.",
    ),
    Reused: ProblemType(
        "key-reused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The Idempotency-Key belongs to another request",
        "Within a day the same key came with another method, path or body.",
        "Choose a new key for each new request, such as a random UUID.",
    ),
    Conflict: ProblemType(
        "conflict",
        HTTPStatus.CONFLICT,
        "Somebody else came first",
        "Another revision was committed since the one that this request builds on.",
        "Look at the current revision, then try again.",
    ),
    BadQuery: ProblemType(
        "bad-query",
        HTTPStatus.BAD_REQUEST,
        "The query cannot be answered as asked",
        "A parameter is unknown, cannot be read, or names what the dataset does not have.",
        "“errors” says what is wrong with which parameter, and “choices” what could stand there.",
    ),
    NotAcceptable: ProblemType(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        "There is no such format",
        "The header Accept allows none of the formats that this answer can have.",
        "Choose one of “choices”, by Accept, by the parameter format, or by the extension of the path.",
    ),
    Mixed: ProblemType(
        "mixed-sum",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The sum would mix what must not be added",
        "The facts are of several phases, currencies, directions, versions or levels; their sum is no amount of money.",
        "Cut to one of the members that “mixed” lists, drill down by the dimension, or say allow=mixed.",
    ),
    TooMuch: ProblemType(
        "too-much",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The query needs more than one may have",
        "It would take more time, memory or rows than the limits of this server.",
        "Narrow it, or take the whole dataset from its downloads.",
    ),
    Busy: ProblemType(
        "busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many ask at once",
        "The server answers as many such queries as it can.",
        "Ask again after the seconds that Retry-After says.",
    ),
    IssuerSilent: ProblemType(
        "issuer-unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The issuer does not answer",
        "Who signs people in here, an OpenID Connect issuer of its own, did not answer as it should.",
        "Try again later; if it happens again, tell the operator, who finds its address in OS_OIDC_ISSUER.",
    ),
    StoreError: ProblemType(
        "store-unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The DataStore cannot be read",
        "The object store did not answer, or what it has is damaged.",
        "Ask again later.",
    ),
    PackageRejected: ProblemType(
        "package-rejected",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The package has errors",
        "A package does not obey the rules that published data obeys.",
        "“problems” lists all of them, each with its place and a fix.",
    ),
    BrokenCube: _MISTAKE,
    BadSettings: _MISTAKE,
    Exception: _MISTAKE,
}


# What HTTP itself calls a refusal.
PHRASES: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: later("Bad Request"),
    HTTPStatus.UNAUTHORIZED: later("Unauthorized"),
    HTTPStatus.FORBIDDEN: later("Forbidden"),
    HTTPStatus.NOT_FOUND: later("Not Found"),
    HTTPStatus.METHOD_NOT_ALLOWED: later("Method Not Allowed"),
    HTTPStatus(413): later("Request Entity Too Large"),
    HTTPStatus.INTERNAL_SERVER_ERROR: later("Internal Server Error"),
}


def type_of(error: Exception) -> ProblemType:
    """The problem type of an error, by its class or the nearest one above it."""
    return next(TYPES[one] for one in type(error).__mro__ if one in TYPES)


def by_name() -> dict[str, ProblemType]:
    """All problem types by their names."""
    return {one.name: one for one in TYPES.values()}


def errors_in(error: OpenSpendingError) -> list[dict[str, object]]:
    """The members of “errors”: each thing that is wrong with a query, with its parameter or pointer and its choices."""
    parts = getattr(error, "errors", ()) or ([error] if isinstance(error, BadQuery) else [])
    return [_described(one) for one in parts]


def _described(error: BadQuery) -> dict[str, object]:
    found: dict[str, object] = {"detail": of_error(error)}
    if error.parameter is not None:
        found["pointer" if error.parameter.startswith("/") else "parameter"] = error.parameter
    return found | ({"choices": list(error.choices)} if error.choices else {})
