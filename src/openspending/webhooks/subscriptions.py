"""Webhooks and their deliveries as records."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from openspending.database.engine import now
from openspending.datastore import changelog
from openspending.datastore.store import DataStore
from openspending.errors import NotFound, OverQuota
from openspending.jobs.lasting import lasting
from openspending.speaking.said import said
from openspending.webhooks.schema import ATTEMPTS, DELIVERIES, FOLLOWED, WEBHOOKS
from openspending.webhooks.signing import new_secret
from openspending.webhooks.webhook import Attempt, Delivery, Webhook

MOST: Final = 20  # of one owner
PATIENCE: Final = 10.0  # seconds that a request waits for the database
_ID: Final = re.compile(r"[a-z0-9_]{1,40}")
GIVEN_UP: Final = 3  # deliveries in a row, after which nothing more is sent


class Subscriptions:
    """The webhooks in one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, store: DataStore, wanted: Mapping[str, Any]) -> Webhook:
        """A new webhook, which hears of what happens from now on. `wanted` has owner, name, account, url and events.
        Raises OverQuota when the owner has too many."""
        ends = {"public": changelog.end(store.public), "private": changelog.end(store.private)}
        values = {
            **wanted,
            "id": f"wh_{token()}",
            "secret": new_secret(),
            "active": True,
            "stopped": "",
            "failures": 0,
            "created": now(),
            **ends,
        }

        def work(connection: Connection) -> None:
            of_owner = select(func.count()).select_from(WEBHOOKS).where(WEBHOOKS.c.owner == wanted["owner"])
            if connection.execute(of_owner).scalar_one() >= MOST:
                raise OverQuota(
                    said("{wanted} has {most} webhooks, and cannot have more.", wanted=wanted["owner"], most=MOST)
                )
            connection.execute(insert(WEBHOOKS), values)
            _begin_following(connection, ends)

        lasting(self.engine, work, PATIENCE)
        return self.get(values["id"])

    def get(self, webhook: str) -> Webhook:
        """The webhook with that id. Raises NotFound."""
        wanted = select(WEBHOOKS).where(WEBHOOKS.c.id == webhook)
        known = _ID.fullmatch(webhook)  # anything else, PostgreSQL might not even take
        row = lasting(self.engine, lambda one: one.execute(wanted).first(), PATIENCE) if known else None
        if row is None:
            raise NotFound(said("There is no webhook {webhook}.", webhook=webhook[:60]))
        return webhook_of(row)

    def listed(self, owners: Collection[str] | None, after: str = "", limit: int = 100) -> list[Webhook]:
        """Webhooks of these owners (None: of all), by their ids, after the one that the page before ended with."""
        wanted = select(WEBHOOKS).where(WEBHOOKS.c.id > after).order_by(WEBHOOKS.c.id).limit(limit)
        if owners is not None:
            wanted = wanted.where(WEBHOOKS.c.owner.in_(owners))
        return [webhook_of(row) for row in lasting(self.engine, lambda one: one.execute(wanted).all(), PATIENCE)]

    def remove(self, webhook: str) -> None:
        """Forget a webhook and its deliveries."""

        def work(connection: Connection) -> None:
            its = select(DELIVERIES.c.id).where(DELIVERIES.c.webhook == webhook)
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.delivery.in_(its)))
            connection.execute(delete(DELIVERIES).where(DELIVERIES.c.webhook == webhook))
            connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook))

        lasting(self.engine, work, PATIENCE)

    def deliveries(self, webhook: str, before: str | None = None, limit: int = 100) -> list[Delivery]:
        """What a webhook was told, the newest first, with all attempts."""
        wanted = select(DELIVERIES).where(DELIVERIES.c.webhook == webhook).order_by(DELIVERIES.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(DELIVERIES.c.id < before)
        rows = lasting(self.engine, lambda one: one.execute(wanted).all(), PATIENCE)
        tried = self._attempts([row.id for row in rows])
        return [delivery_of(row, tried.get(row.id, ())) for row in rows]

    def delivery(self, delivery: str) -> Delivery | None:
        """One delivery; None when it is forgotten."""
        wanted = select(DELIVERIES).where(DELIVERIES.c.id == delivery)
        row = lasting(self.engine, lambda one: one.execute(wanted).first())
        return None if row is None else delivery_of(row, self._attempts([delivery]).get(delivery, ()))

    def record(self, delivery: Delivery, attempt: Attempt, state: str) -> None:
        """Note an attempt, and what has become of the delivery."""
        tried = {
            "delivery": delivery.id,
            "number": attempt.number,
            "at": attempt.at,
            "status": attempt.status,
            "ms": attempt.ms,
            "answer": attempt.answer,
            "error": attempt.error,
        }

        def work(connection: Connection) -> None:
            same = (ATTEMPTS.c.delivery == delivery.id, ATTEMPTS.c.number == attempt.number)
            if connection.execute(select(ATTEMPTS.c.number).where(*same)).first() is None:
                connection.execute(insert(ATTEMPTS), tried)
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(state=state))

        lasting(self.engine, work)

    def settle(self, delivery: Delivery, state: str) -> None:
        """Note what has become of a delivery."""
        changed = update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(state=state)
        lasting(self.engine, lambda one: one.execute(changed))

    def works(self, webhook: str) -> None:
        """Note that something arrived: it is active, also if it was stopped before."""
        values = {"failures": 0, "active": True, "stopped": ""}
        changed = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook).values(values)
        lasting(self.engine, lambda one: one.execute(changed))

    def given_up(self, webhook: str) -> None:
        """Note that a delivery never arrived. After several in a row the webhook is active no more."""
        counted = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook).values(failures=WEBHOOKS.c.failures + 1)
        why = f"{GIVEN_UP} deliveries in a row did not arrive within a day each."
        ended = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook, WEBHOOKS.c.failures >= GIVEN_UP, WEBHOOKS.c.active)

        def work(connection: Connection) -> None:
            connection.execute(counted)
            connection.execute(ended.values(active=False, stopped=why))

        lasting(self.engine, work)

    def stop(self, webhook: str, why: str) -> None:
        """Send nothing more to a webhook, and say why."""
        ended = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook).values(active=False, stopped=why)
        lasting(self.engine, lambda one: one.execute(ended))

    def prune(self, before: datetime) -> int:
        """Forget deliveries older than that time. How many they were."""
        old = select(DELIVERIES.c.id).where(DELIVERIES.c.created < before)

        def work(connection: Connection) -> int:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.delivery.in_(old)))
            return connection.execute(delete(DELIVERIES).where(DELIVERIES.c.created < before)).rowcount

        return lasting(self.engine, work)

    def _attempts(self, deliveries: Sequence[str]) -> dict[str, list[Attempt]]:
        if not deliveries:
            return {}
        wanted = select(ATTEMPTS).where(ATTEMPTS.c.delivery.in_(deliveries)).order_by(ATTEMPTS.c.number)
        found: dict[str, list[Attempt]] = {}
        for row in lasting(self.engine, lambda one: one.execute(wanted).all()):
            attempt = Attempt(row.number, row.at, row.status, row.ms, row.answer, row.error)
            found.setdefault(row.delivery, []).append(attempt)
        return found


def token() -> str:
    """A text that nobody can guess."""
    return base64.b32encode(secrets.token_bytes(15)).decode().lower()


def webhook_of(row: Row[Any]) -> Webhook:
    """A row of the table as a webhook."""
    return Webhook(**{**row._mapping, "events": tuple(row.events)})  # noqa: SLF001 - SQLAlchemy's public name for it


def delivery_of(row: Row[Any], attempts: Sequence[Attempt]) -> Delivery:
    """A row of the table as a delivery."""
    names = ("id", "webhook", "event", "owner", "name", "private", "state", "created")
    return Delivery(**{one: getattr(row, one) for one in names}, body=bytes(row.body), attempts=attempts)


def _begin_following(connection: Connection, ends: Mapping[str, int]) -> None:
    """Follow the changelogs from here on, if they are not yet followed."""
    known = set(connection.execute(select(FOLLOWED.c.store)).scalars())
    for store in ends.keys() - known:
        with suppress(IntegrityError), connection.begin_nested():  # somebody else made it at this moment
            connection.execute(insert(FOLLOWED), {"store": store, "position": ends[store]})
