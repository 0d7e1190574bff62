"""Organisations: owners that several accounts share, each with a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from openspending.actor import ROLES
from openspending.database.engine import now
from openspending.errors import BadQuery, Conflict, NotFound
from openspending.identity import names
from openspending.identity.accounts import Account
from openspending.identity.names import NameRules
from openspending.identity.schema import MEMBERSHIPS, OWNERS
from openspending.speaking.said import said


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation."""

    id: str
    name: str
    title: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An account in an organisation."""

    account: str
    name: str
    title: str
    role: str
    since: datetime


def create(connection: Connection, name: str, title: str, account: Account, rules: NameRules) -> Organisation:
    """A new organisation, whose admin is `account`. Runs `alone`. Raises BadQuery for a name that cannot be one,
    Conflict when it is taken; administrators may take one whose datasets nobody has claimed."""
    rules.require_free(connection, name, also_with_datasets=account.administrator)
    id_ = names.take(connection, "organisation", name, title or name)
    _join(connection, id_, account.id, "admin")
    return named(connection, name)


def named(connection: Connection, name: str) -> Organisation:
    """The organisation of this name. Raises NotFound."""
    found = connection.execute(_select().where(OWNERS.c.key == name.lower())).first()
    if found is None:
        raise NotFound(said("There is no organisation “{name}”.", name=name[:100]))
    return Organisation(found.id, found.name, found.title, found.created)


def get(connection: Connection, id_: str) -> Organisation:
    """The organisation. Raises NotFound."""
    found = connection.execute(_select().where(OWNERS.c.id == id_)).first()
    if found is None:
        raise NotFound(said("There is no such organisation any more."))
    return Organisation(found.id, found.name, found.title, found.created)


def _select() -> Select[Any]:
    return select(OWNERS).where(OWNERS.c.kind == "organisation")


def members(connection: Connection, organisation: str) -> list[Member]:
    """The members of an organisation by their names."""
    wanted = (
        select(MEMBERSHIPS, OWNERS.c.name, OWNERS.c.title)
        .join_from(MEMBERSHIPS, OWNERS, MEMBERSHIPS.c.account == OWNERS.c.id)
        .where(MEMBERSHIPS.c.organisation == organisation)
        .order_by(OWNERS.c.key)
    )
    return [Member(one.account, one.name, one.title, one.role, one.since) for one in connection.execute(wanted)]


def check_role(role: str) -> None:
    """Raises BadQuery unless there is such a role."""
    if role not in ROLES:
        raise BadQuery(said("There is no role “{role}”.", role=role[:40]), ROLES, "/role")


def put_member(connection: Connection, organisation: str, account: str, role: str) -> None:
    """Give an account a role in an organisation. Runs `alone`. Raises Conflict where no admin would be left."""
    check_role(role)
    if role != "admin":
        _keep_an_admin(connection, organisation, account)
    where = (MEMBERSHIPS.c.organisation == organisation, MEMBERSHIPS.c.account == account)
    if connection.execute(update(MEMBERSHIPS).where(*where).values(role=role)).rowcount == 0:
        _join(connection, organisation, account, role)


def remove_member(connection: Connection, organisation: str, account: str) -> None:
    """Take an account out of an organisation. Runs `alone`. Raises NotFound, Conflict where no admin would be left."""
    _keep_an_admin(connection, organisation, account)
    where = (MEMBERSHIPS.c.organisation == organisation, MEMBERSHIPS.c.account == account)
    if connection.execute(delete(MEMBERSHIPS).where(*where)).rowcount == 0:
        raise NotFound(said("That account is no member."))


def raise_member(connection: Connection, organisation: str, account: str, role: str) -> None:
    """Give an account a role, unless it has that or a higher one: an invitation takes nothing away. Runs `alone`."""
    known = {one.account: one.role for one in members(connection, organisation)}
    if account not in known or ROLES.index(known[account]) < ROLES.index(role):
        put_member(connection, organisation, account, role)


def _join(connection: Connection, organisation: str, account: str, role: str) -> None:
    connection.execute(insert(MEMBERSHIPS).values(organisation=organisation, account=account, role=role, since=now()))


def _keep_an_admin(connection: Connection, organisation: str, account: str) -> None:
    """Raises Conflict when `account` is the only admin."""
    admins = [one.account for one in members(connection, organisation) if one.role == "admin"]
    if admins == [account]:
        raise Conflict(said("An organisation needs an admin, and this is the only one: make another one first."))
