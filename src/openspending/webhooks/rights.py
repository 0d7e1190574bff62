"""Whether a webhook may be told of an event: of what is public always, else as long as its account may read it."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from openspending.datastore.permissions import may
from openspending.errors import Unauthorised
from openspending.identity.actors import composed
from openspending.jobs.lasting import lasting


def may_hear(engine: Engine, account: str, owner: str, name: str) -> bool:
    """Whether the account may read the private dataset, as things stand at this moment."""

    def work(connection: Connection) -> bool:
        try:
            return may(composed(connection, account), "read", owner, name, "private")
        except Unauthorised:  # it is gone, or disabled
            return False

    return lasting(engine, work)
