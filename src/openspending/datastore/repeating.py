"""What the object-store client leaves to us when a request to S3 fails on the way.

It repeats by itself, with jittered back-off, after 5xx, 429 and broken connections, and reads on where the body of an
object broke off. It gives up at once on other answers that broke off, and on a create-only put that got no answer in
time; and it takes “409: another write is under way” for “there is an object”. Those are repeated here; what it has
repeated to the end is not. So a create-only put whose answer was lost ends with AlreadyExists: whoever makes
one compares what is there with what was to be put.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import stamina
from obstore.exceptions import AlreadyExistsError, GenericError
from stamina.instrumentation import RetryDetails

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import RetryConfig

T = TypeVar("T")

_log: Final = logging.getLogger("openspending")

RETRIES: Final[RetryConfig] = {
    "max_retries": 6,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=3), "base": 2},
}
ATTEMPTS: Final = 6
SECONDS: Final = 60
# The client's errors have no classes for these; its messages are held to them by tests/datastore/test_s3_faults.py.
_ON_THE_WAY: Final = "HTTP error: "
_TO_THE_END: Final = f", after {RETRIES['max_retries']} retries"


class Unsettled(GenericError):
    """A create-only put was refused, but there is no object: another write of it is under way, or was just undone."""


def repeated(call: Callable[[], T]) -> T:
    """What `call` returns, called again while it fails on the way; raises its last error."""
    for attempt in stamina.retry_context(on=_is_ours, attempts=ATTEMPTS, timeout=SECONDS, wait_max=3, wait_jitter=0.3):
        with attempt:
            return call()
    raise AssertionError  # the last attempt raises its error


def created(put: Callable[[], object], exists: Callable[[], bool]) -> None:
    """Do a create-only put. Raises AlreadyExistsError only where there is an object."""

    def attempt() -> None:
        try:
            put()
        except AlreadyExistsError as error:
            if not exists():
                raise Unsettled("another write of the same object is under way") from error
            raise

    repeated(attempt)


def listed(after: Callable[[str | None], Iterator[Sequence[ObjectMeta]]]) -> Iterator[ObjectMeta]:
    """All that a listing tells. `after` begins one behind a key (None: at the first); a new one goes on where a page
    did not arrive."""
    last: str | None = None
    pages = after(None)

    def page() -> Sequence[ObjectMeta] | None:
        nonlocal pages
        try:
            return next(pages, None)
        except GenericError:
            pages = after(last)
            raise

    while found := repeated(page):
        yield from found
        last = found[-1]["path"]


def _tell(details: RetryDetails) -> None:
    """What is told of a repetition: enough for whoever looks for it, nothing on the terminal of a publisher."""
    _log.info("asked again in %.1f s: %s", details.wait_for, type(details.caused_by).__name__)


stamina.instrumentation.set_on_retry_hooks([_tell])


def _is_ours(error: Exception) -> bool:
    said = str(error)
    return isinstance(error, Unsettled) or (
        isinstance(error, GenericError) and _ON_THE_WAY in said and _TO_THE_END not in said
    )
