"""Datasets that are shared with single accounts, by the datasets' addresses. The Write API has the routes.

A role of a collaborator reaches access tokens with the next one: after ten minutes at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, delete, insert, select, update

from openspending.database.engine import alone, now
from openspending.errors import NotFound
from openspending.identity import accounts
from openspending.identity.organisations import check_role
from openspending.identity.schema import COLLABORATORS, OWNERS
from openspending.identity.secretcodes import NAMING
from openspending.speaking.said import said


@dataclass(frozen=True, slots=True)
class Collaborator:
    """An account that a dataset is shared with."""

    account: str
    name: str
    title: str
    role: str
    since: datetime


def listed(engine: Engine, owner: str, name: str) -> list[Collaborator]:
    """Whom `owner`/`name` is shared with, by their names."""
    wanted = (
        select(COLLABORATORS.c.account, OWNERS.c.name, OWNERS.c.title, COLLABORATORS.c.role, COLLABORATORS.c.since)
        .join_from(COLLABORATORS, OWNERS, COLLABORATORS.c.account == OWNERS.c.id)
        .where(COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name)
        .order_by(OWNERS.c.key)
    )
    with engine.connect() as connection:
        return [Collaborator(*row) for row in connection.execute(wanted)]


def put(engine: Engine, owner: str, name: str, account: str, role: str) -> Collaborator:
    """Share a dataset with an account, which is given by its name or id, or give it another role. Raises BadQuery for a
    role that is none, NotFound for an account that there is not."""
    check_role(role)
    with alone(engine, NAMING) as connection:
        id_ = accounts.named(connection, account).id
        where = (COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name, COLLABORATORS.c.account == id_)
        if connection.execute(update(COLLABORATORS).where(*where).values(role=role)).rowcount == 0:
            row = {"owner": owner, "name": name, "account": id_, "role": role, "since": now()}
            connection.execute(insert(COLLABORATORS).values(**row))
    return next(one for one in listed(engine, owner, name) if one.account == id_)


def remove(engine: Engine, owner: str, name: str, account: str) -> None:
    """Share a dataset with an account no more. Raises NotFound when it was not."""
    with engine.begin() as connection:
        id_ = accounts.named(connection, account).id
        where = (COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name, COLLABORATORS.c.account == id_)
        if connection.execute(delete(COLLABORATORS).where(*where)).rowcount == 0:
            raise NotFound(
                said("{owner}/{name} is not shared with “{account}”.", owner=owner, name=name, account=account[:100])
            )


def moved(engine: Engine, owner: str, name: str, to_owner: str, to_name: str) -> None:
    """A dataset has another address: who could use it there can use it here. Doing it again changes nothing."""
    with alone(engine, NAMING) as connection:
        known = {one for (one,) in connection.execute(_accounts(to_owner, to_name))}
        for (account,) in connection.execute(_accounts(owner, name)).all():
            where = (COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name, COLLABORATORS.c.account == account)
            if account not in known:
                connection.execute(update(COLLABORATORS).where(*where).values(owner=to_owner, name=to_name))
        gone = (COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name)
        connection.execute(delete(COLLABORATORS).where(*gone))


def forgotten(engine: Engine, owner: str, name: str) -> None:
    """A dataset is gone; nobody shares it any more."""
    with engine.begin() as connection:
        connection.execute(delete(COLLABORATORS).where(COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name))


def _accounts(owner: str, name: str) -> Select[tuple[str]]:
    return select(COLLABORATORS.c.account).where(COLLABORATORS.c.owner == owner, COLLABORATORS.c.name == name)
