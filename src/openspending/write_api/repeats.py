"""Idempotency-Key: a request that is sent again gets the answer that it got before, and does nothing a second time.

A key belongs to an account for a day, and to one method, path and body. What was refused is not remembered: it changed
nothing, and may be asked again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from litestar import Response
from sqlalchemy import Connection, Engine, Row, select

from openspending.database.engine import now
from openspending.errors import BadQuery, Conflict, OpenSpendingError, Reused
from openspending.jobs.lasting import lasting
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of
from openspending.write_api.schema import inserting, repeats

LIFETIME: Final = timedelta(hours=24)
PATIENCE: Final = 5.0  # seconds for the database
ABANDONED: Final = timedelta(minutes=10)  # after which a request without an answer has lost its process
_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')  # the draft has it in quotes, most clients have not


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: JSON, with its status and address."""

    status: int
    location: str | None
    body: bytes

    def response(self) -> Response[bytes]:
        """As an answer that says that it is a repetition."""
        headers = {"Idempotency-Replayed": "true", "Cache-Control": "private, no-store"}
        headers |= {"Location": self.location} if self.location else {}
        kind = "application/json" if self.body else None
        return Response(self.body, status_code=self.status, headers=headers, media_type=kind)


class Repeats:
    """The answers of a day, in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def once(self, request: AnyRequest, body: bytes, work: Callable[[], Response[bytes]]) -> Response[bytes]:
        """The answer of `work`, or the one that was given to the same key before. Raises Reused for the key of another
        request, Conflict while the first is being worked on, BadQuery for what is no key."""
        given, actor = request.headers.get("idempotency-key"), actor_of(request)
        if given is None or actor.account is None:
            return work()
        found = _KEY.fullmatch(given.strip())
        if found is None:
            raise BadQuery(
                said("An Idempotency-Key has 1 to 255 printable characters, no spaces."), (), "Idempotency-Key"
            )
        known = self._begin(actor.account, found[1], fingerprint(request, body))
        if known is not None:
            return known.response()
        answer: Response[bytes] | None = None
        try:
            answer = work()
        finally:
            if answer is None:
                self._forget(actor.account, found[1])
        self._end(actor.account, found[1], answer)
        return answer

    def sweep(self) -> int:
        """Forget what is older than a day; how many that were."""

        def work(connection: Connection) -> int:
            return connection.execute(repeats.delete().where(repeats.c.created <= now() - LIFETIME)).rowcount

        return lasting(self._engine, work, PATIENCE)

    def _begin(self, account: str, key: str, mark: str) -> Answer | None:
        """Take the key; None when it is ours. Raises Reused, Conflict."""
        row = self._taken(account, key, mark)
        if row is None:
            return None
        if row.fingerprint != mark:
            raise Reused(said("This Idempotency-Key came with another request; take a new one."))
        if row.status is None:
            raise Conflict(
                said("The first request with this Idempotency-Key is still being worked on; ask again later.")
            )
        return Answer(row.status, row.location, row.body)

    def _taken(self, account: str, key: str, mark: str) -> Row[Any] | None:
        """Who has the key, if not we from now on."""
        moment = now()
        place = (repeats.c.account == account) & (repeats.c.key == key)
        old = (repeats.c.created <= moment - LIFETIME) | (
            repeats.c.status.is_(None) & (repeats.c.created <= moment - ABANDONED)
        )

        def work(connection: Connection) -> Row[Any] | None:
            connection.execute(repeats.delete().where(place & old))
            values = {"account": account, "key": key, "fingerprint": mark, "created": moment}
            added = connection.execute(
                inserting(connection, repeats).values(values).on_conflict_do_nothing().returning(repeats.c.key)
            )
            return None if added.first() is not None else connection.execute(select(repeats).where(place)).first()

        return lasting(self._engine, work, PATIENCE)

    def _end(self, account: str, key: str, answer: Response[bytes]) -> None:
        values = {
            "status": answer.status_code or 200,
            "location": answer.headers.get("Location"),
            "body": answer.content or b"",
        }
        place = (repeats.c.account == account) & (repeats.c.key == key)
        lasting(self._engine, lambda found: found.execute(repeats.update().where(place).values(values)), PATIENCE)

    def _forget(self, account: str, key: str) -> None:
        place = (repeats.c.account == account) & (repeats.c.key == key)
        try:
            lasting(self._engine, lambda found: found.execute(repeats.delete().where(place)), PATIENCE)
        except OpenSpendingError:
            return  # the error that led here says more, and the key is given back in time


def fingerprint(request: AnyRequest, body: bytes) -> str:
    """What makes two requests the same: method, address and body."""
    address = request.scope["raw_path"] + b"?" + request.scope["query_string"]
    return hashlib.sha256(b"\n".join((request.method.encode(), address, body))).hexdigest()
