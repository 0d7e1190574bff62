"""Names of owners: accounts and organisations have them from one space, since they are the first part of addresses.

A name that was once somebody's stays taken: otherwise its next holder would get the datasets of the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from openspending.database.engine import now
from openspending.errors import BadQuery, Conflict
from openspending.fdp.names import slug
from openspending.identity.schema import OWNERS
from openspending.identity.secretcodes import new_id
from openspending.speaking.said import said

_LONGEST_SLUG: Final = 60
_TRIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class NameRules:
    """What the DataStore says of a name: `check` raises BadQuery unless it can be an owner's; `has_datasets` tells
    whether there are datasets of such an owner, which a stranger must not come into by taking the name."""

    check: Callable[[str], None]
    has_datasets: Callable[[str], bool]

    def require_free(self, connection: Connection, name: str, *, also_with_datasets: bool = False) -> None:
        """Raises BadQuery for what cannot be a name, Conflict for one that is taken; `also_with_datasets`, for
        administrators, takes a name whose datasets nobody has claimed."""
        self.check(name)
        if is_taken(connection, name) or (not also_with_datasets and self.has_datasets(name)):
            raise Conflict(said("The name “{name}” is taken.", name=name))


def take(connection: Connection, kind: str, name: str, title: str) -> str:
    """The id of a new owner with that name: an account, an organisation, or “former”, a name that leads nowhere. Runs
    `alone`."""
    id_ = new_id()
    row = {"id": id_, "kind": kind, "name": name, "key": name.lower(), "title": title[:200], "created": now()}
    connection.execute(insert(OWNERS).values(**row))
    return id_


def is_taken(connection: Connection, name: str) -> bool:
    """Whether anybody has or had the name, in small or capital letters."""
    return connection.execute(select(OWNERS.c.id).where(OWNERS.c.key == name.lower())).first() is not None


def free(connection: Connection, wanted: str, rules: NameRules) -> str:
    """A name like `wanted` that nobody has. Of an e-mail address it is the part before the “@”."""
    base = slug(wanted.partition("@")[0], "-").lower()[:_LONGEST_SLUG] or "person"
    for number in range(1, _TRIES):
        name = base if number == 1 else f"{base}-{number}"
        try:
            rules.require_free(connection, name)
        except (BadQuery, Conflict):
            continue
        return name
    return f"{base}-{new_id()}"
