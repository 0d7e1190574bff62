"""The errors that cross a component's border. Their HTTP statuses are in one table in `web.py`.

OpenSpendingError
├── NotFound            a dataset, revision, file or cube that does not exist (or may not be seen)
│   ├── Withdrawn       … any more: it was public; `reason` and `at` say why not, and since when
│   └── Renamed         … here: `owner` and `name` are its address now
├── Unauthorised        nobody, or a token that does not hold: who are you?
├── Forbidden           known, but not allowed
├── Conflict            somebody else committed first; `current` is the revision that won
│   ├── Left            (datastore/seals.py) what is written to has been moved meanwhile
│   └── Taken           (datastore/moving.py) the new address is, or was, another dataset's
├── Stale               what a request builds on (If-Match) is not what is there; `current` is
├── TooLarge            more bytes than one may send
├── OverQuota           more than an owner may keep
├── TooOften            more requests than one may make; `retry_after` seconds later there may be room
├── Mismatch            the bytes that came are not those that were announced
├── Reused              an Idempotency-Key that another request had
├── BadQuery            a request names or combines things wrongly; `choices` are what it could say
│   ├── NotAcceptable   … for a format that there is not
│   └── Mixed           … whose sums would add up what excludes each other; `mixed` has the members to choose from
├── TooMuch             a query that needs more time, memory or rows than one may have
├── Busy                too many ask at once; `retry_after` seconds later there may be room
├── IssuerSilent        who signs people in did not answer, or not as it should
├── BrokenCube          a cube's model points at a table or column that does not exist
├── BadSettings         a setting is missing or contradicts another
├── StoreError          an object store refused or could not be reached
├── NoReceipt           (analytics/receiptform.py) what should be a receipt is none
├── Unreachable         (fetch.py) a URL was not fetched, and why not
├── EngineError         (etl/workspace.py) the database engine refused what the checks let pass
└── PackageRejected     (fdp/problems.py) a package has errors; `report` lists all of them
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openspending.speaking.said import of_error, together


class OpenSpendingError(Exception):
    """Base of all our errors; its text is a plain sentence that can be shown to a person."""


class NotFound(OpenSpendingError):
    """What was asked for does not exist."""


class Withdrawn(NotFound):
    """A dataset that was public and is gone for good. `reason` is its publisher's, `at` RFC 3339."""

    def __init__(self, message: str, reason: str, at: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.at = at


class Renamed(NotFound):
    """A dataset that has another address now. `location` is where the same question is answered, if that is known."""

    def __init__(self, message: str, owner: str, name: str, location: str = "") -> None:
        super().__init__(message)
        self.owner = owner
        self.name = name
        self.location = location


class Unauthorised(OpenSpendingError):
    """It is not known who asks: no token where one is needed, or one that does not hold. `because` is in the words of
    RFC 6750: “invalid_token”, or "" where there was none."""

    def __init__(self, message: str, because: str = "") -> None:
        super().__init__(message)
        self.because = because


class Forbidden(OpenSpendingError):
    """It is known who asks, and they may not."""


class Conflict(OpenSpendingError):
    """A create-only write lost the race. `current` is the number of the revision that won."""

    def __init__(self, message: str, current: int | None = None) -> None:
        super().__init__(message)
        self.current = current


class Stale(OpenSpendingError):
    """A request names a state that is no longer there. `current` is the ETag or number of the one that is."""

    def __init__(self, message: str, current: str) -> None:
        super().__init__(message)
        self.current = current


class TooLarge(OpenSpendingError):
    """More bytes than one may send at once."""


class OverQuota(OpenSpendingError):
    """More than an owner may keep."""


class TooOften(OpenSpendingError):
    """More than one may ask for at once. After `retry_after` seconds there may be room."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Mismatch(OpenSpendingError):
    """Bytes whose size or hash is not the one that was announced."""


class Reused(OpenSpendingError):
    """An Idempotency-Key that came with another request before."""


class BadQuery(OpenSpendingError):
    """A query that cannot be answered as asked. `choices` lists what could stand there instead; `parameter` is the
    query parameter that is to blame, or the JSON pointer into the body, where that is known."""

    def __init__(self, message: str, choices: Sequence[str] = (), parameter: str | None = None) -> None:
        super().__init__(message)
        self.choices = tuple(choices)
        self.parameter = parameter


class BadQueries(BadQuery):
    """Several things wrong with one query, all told at once."""

    def __init__(self, errors: Sequence[BadQuery]) -> None:
        super().__init__(together(*map(of_error, errors)), errors[0].choices, errors[0].parameter)
        self.errors = tuple(errors)


class NotAcceptable(BadQuery):
    """None of the formats that an answer can have is one that the asker accepts."""


class Mixed(BadQuery):
    """A query whose sums would add up what excludes each other, such as a budget and its execution.

    `mixed` has an object for each dimension: ref, kind, why, the members, and the cuts and drilldown that would answer.
    """

    def __init__(self, message: str, choices: Sequence[str], mixed: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(message, choices, "cut")
        self.mixed = tuple(mixed)


class TooMuch(OpenSpendingError):
    """A query that needs more time, memory or rows than one may have."""


class Busy(OpenSpendingError):
    """Too many ask at once. After `retry_after` seconds there may be room."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class IssuerSilent(OpenSpendingError):
    """The issuer that signs people in did not answer, or not as it should."""


class BrokenCube(OpenSpendingError):
    """A cube's model names a table or column that its database lacks."""

    def __init__(self, message: str, table: str | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.table = table
        self.column = column


class BadSettings(OpenSpendingError):
    """The settings cannot be used as they are."""


class StoreError(OpenSpendingError):
    """The object store refused a request, or did not answer."""
