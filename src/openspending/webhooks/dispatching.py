"""Following the changelogs: for each entry, and each webhook that it concerns, one delivery and one job.

Killed anywhere, it goes on from the last position that it noted, and what was made before is not made again: of one
event a webhook has one delivery, and of a delivery there is one job.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from openspending.database.engine import now
from openspending.datastore import changelog
from openspending.datastore.changelog import Entry
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore
from openspending.jobs import Jobs
from openspending.jobs.lasting import lasting
from openspending.jobs.queue import new_id
from openspending.webhooks.rights import may_hear
from openspending.webhooks.schema import DELIVERIES, FOLLOWED, WEBHOOKS
from openspending.webhooks.subscriptions import Subscriptions, webhook_of
from openspending.webhooks.webhook import PING, Webhook, moment

KIND: Final = "deliver"  # of the jobs
KEPT_DAYS: Final = 30
PRUNING: Final = 3600.0  # seconds
_AT_ONCE: Final = 500  # entries of one store, before others have their turn
_log: Final = logging.getLogger("openspending.webhooks")


class Place(NamedTuple):
    """The address of a dataset."""

    owner: str
    name: str


@dataclass(slots=True)
class Dispatcher:
    """What submits deliveries. `base_url` begins the links; without it they are paths."""

    jobs: Jobs
    store: DataStore
    base_url: str = ""
    _swept: float = -PRUNING

    def once(self) -> str:
        """Look what is new, and submit what is to be told; a sentence on that, "" for nothing."""
        told = self.dispatch()
        return f"Sending {told} messages to webhooks." if told else ""

    def dispatch(self) -> int:
        """How many deliveries were submitted for what both changelogs have that is new. Raises StoreError."""
        told = sum(self._follow(name, objects) for name, objects in self._stores())
        if time.monotonic() - self._swept > PRUNING:
            Subscriptions(self.jobs.engine).prune(now() - timedelta(days=KEPT_DAYS))
            self._swept = time.monotonic()
        return told

    def ping(self, webhook: Webhook) -> str:
        """The id of a delivery that tests the webhook."""
        body = {
            "type": PING,
            "timestamp": moment(now()),
            "data": {"webhook": webhook.id, "owner": webhook.owner, "dataset": webhook.name or None},
            "links": {"webhook": f"{self.base_url}/v1/webhooks/{webhook.id}"},
        }
        place = Place(webhook.owner, webhook.name)
        delivery = _delivery(webhook, f"ping:{new_id()}", PING, place, body) | {"private": False}
        lasting(self.jobs.engine, lambda one: one.execute(insert(DELIVERIES), delivery))
        self._submit(webhook, delivery["id"])
        return str(delivery["id"])

    def _stores(self) -> Iterable[tuple[str, ObjectStore]]:
        return ("public", self.store.public), ("private", self.store.private)

    def _follow(self, name: str, objects: ObjectStore) -> int:
        """Tell of the new entries of one store; the position is noted after each."""
        position = self._position(name)
        if position is None:
            return 0
        told = 0
        for _ in range(_AT_ONCE):
            try:
                entry = next(changelog.read(objects, after=position), None)
            except Damaged as error:
                _log.warning("%s", error)
                position += 1
                self._note(name, position)
                continue
            if entry is None:
                break
            told += self._tell(name, entry)
            self._rename(entry)
            position = entry.position
            self._note(name, position)
        return told

    def _rename(self, entry: Entry) -> None:
        """Let the webhooks of a dataset follow it to another address."""
        if entry.action == "rename" and entry.to.count("/") == 1:
            new = Place(*entry.to.split("/"))
            old = update(WEBHOOKS).where(WEBHOOKS.c.owner == entry.owner, WEBHOOKS.c.name == entry.dataset)
            lasting(self.jobs.engine, lambda one: one.execute(old.values(owner=new.owner, name=new.name)))

    def _position(self, name: str) -> int | None:
        """How far a store's changelog was followed; None as long as there was never any webhook."""
        wanted = select(FOLLOWED.c.position).where(FOLLOWED.c.store == name)
        return lasting(self.jobs.engine, lambda one: one.execute(wanted).scalar_one_or_none())

    def _note(self, name: str, position: int) -> None:
        later = update(FOLLOWED).where(FOLLOWED.c.store == name, FOLLOWED.c.position < position)
        lasting(self.jobs.engine, lambda one: one.execute(later.values(position=position)))

    def _tell(self, store: str, entry: Entry) -> int:
        """Submit a delivery to each webhook that the entry concerns."""
        told = 0
        for webhook, place in self._concerned(store, entry):
            private = store == "private"
            body = told_of(entry, self.base_url, private=private)
            values = _delivery(webhook, entry.event or f"{store}:{entry.position}", entry.action, place, body)
            found = lasting(self.jobs.engine, partial(_kept, values={**values, "private": private}))
            self._submit(webhook, found)
            told += found == values["id"]
        return told

    def _concerned(self, store: str, entry: Entry) -> list[tuple[Webhook, Place]]:
        """The webhooks that are to hear of an entry, each with the dataset as which it may."""
        places = [Place(entry.owner, entry.dataset)]
        if entry.to.count("/") == 1:
            places.append(Place(*entry.to.split("/")))
        matching = [and_(WEBHOOKS.c.owner == one.owner, WEBHOOKS.c.name.in_(("", one.name))) for one in places]
        wanted = select(WEBHOOKS).where(WEBHOOKS.c.active, or_(*matching), WEBHOOKS.c[store] < entry.position)
        rows = lasting(self.jobs.engine, lambda one: one.execute(wanted).all())
        found = [one for one in map(webhook_of, rows) if not one.events or entry.action in one.events]
        if store == "public":
            return [(one, places[0]) for one in found]
        heard = [(one, place) for one in found for place in places if may_hear(self.jobs.engine, one.account, *place)]
        return list({one.id: (one, place) for one, place in reversed(heard)}.values())

    def _submit(self, webhook: Webhook, delivery: str) -> None:
        self.jobs.submit(
            KIND,
            {"delivery": delivery},
            account=webhook.account,
            owner=webhook.owner,
            name=webhook.name,
            key=f"{KIND}:{delivery}",
            alone=False,
        )


def told_of(entry: Entry, base_url: str, *, private: bool) -> dict[str, Any]:
    """What is sent of an entry, in the form that Standard Webhooks advises. Of the private changelog no position
    is told, since that counts what happens to everybody's private datasets."""
    address = f"{base_url}/v1/datasets/{quote(entry.owner, safe='@+')}/{quote(entry.dataset, safe='')}"
    data = {name: value for name, value in entry.to_dict().items() if not (private and name == "position")}
    links = {"dataset": address, "revision": f"{address}@{entry.revision}", "changelog": f"{address}/changelog"}
    if entry.gone:
        del links["revision"]
    return {"type": entry.action, "timestamp": entry.at, "data": {**data, "private": private}, "links": links}


def _delivery(webhook: Webhook, subject: str, event: str, place: Place, body: Any) -> dict[str, Any]:
    return {
        "id": f"msg_{new_id()}",
        "webhook": webhook.id,
        "subject": subject,
        "event": event,
        "owner": place.owner,
        "name": place.name,
        "body": json.dumps(body, ensure_ascii=False).encode(),
        "state": "waiting",
        "created": now(),
    }


def _kept(connection: Connection, values: Mapping[str, Any]) -> str:
    """The delivery that a webhook has of a subject: the one there is, or this one."""
    same = (DELIVERIES.c.webhook == values["webhook"], DELIVERIES.c.subject == values["subject"])
    wanted = select(DELIVERIES.c.id).where(*same)
    if connection.execute(wanted).first() is None:
        with suppress(IntegrityError), connection.begin_nested():  # somebody else follows too
            connection.execute(insert(DELIVERIES), values)
    found: str = connection.execute(wanted).scalar_one()
    return found
