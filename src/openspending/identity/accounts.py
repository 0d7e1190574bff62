"""Accounts: people, by a name that is also an owner's, and by the identities that their issuers know them by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from openspending.database.engine import now
from openspending.errors import Conflict, NotFound
from openspending.identity import names
from openspending.identity.names import NameRules
from openspending.identity.schema import ACCOUNTS, IDENTITIES, MEMBERSHIPS, OWNERS
from openspending.speaking.said import said


@dataclass(frozen=True, slots=True)
class Account:
    """A person. Its `name` may be chosen once, if it was made for it (`named` is False)."""

    id: str
    name: str
    title: str
    email: str | None
    administrator: bool
    named: bool
    created: datetime
    seen: datetime | None
    disabled: datetime | None


def create(
    connection: Connection,
    name: str,
    *,
    title: str = "",
    email: str | None = None,
    administrator: bool = False,
    named: bool = False,
) -> Account:
    """A new account, with a name that is free. Runs `alone`."""
    id_ = names.take(connection, "account", name, title or name)
    connection.execute(insert(ACCOUNTS).values(id=id_, email=email, administrator=administrator, named=named))
    return get(connection, id_)


def get(connection: Connection, id_: str) -> Account:
    """The account. Raises NotFound."""
    found = connection.execute(_select().where(ACCOUNTS.c.id == id_)).first()
    if found is None:
        raise NotFound(said("There is no such account any more."))
    return _account(found)


def named(connection: Connection, name: str) -> Account:
    """The account with this name or id. Raises NotFound."""
    wanted = or_(OWNERS.c.key == name.lower(), ACCOUNTS.c.id == name)
    found = connection.execute(_select().where(wanted)).first()
    if found is None:
        raise NotFound(said("There is no account “{name}”.", name=name[:100]))
    return _account(found)


def listed(connection: Connection) -> list[Account]:
    """All accounts by their names."""
    return [_account(row) for row in connection.execute(_select().order_by(OWNERS.c.key))]


def count(connection: Connection) -> int:
    """How many accounts there are."""
    return int(connection.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one())


def of_identity(connection: Connection, issuer: str, subject: str) -> Account | None:
    """The account that an issuer knows by this subject, or None."""
    joined = _select().join(IDENTITIES, IDENTITIES.c.account == ACCOUNTS.c.id)
    found = connection.execute(joined.where(IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject)).first()
    return None if found is None else _account(found)


def add_identity(connection: Connection, id_: str, issuer: str, subject: str) -> None:
    """From now on the account may sign in as this subject of the issuer."""
    connection.execute(insert(IDENTITIES).values(issuer=issuer, subject=subject, account=id_, created=now()))


def rename(connection: Connection, account: Account, name: str, rules: NameRules) -> None:
    """Give the account the name it chooses. Runs `alone`. Raises BadQuery for a name that cannot be one, Conflict when
    it is taken or another was chosen before. What was published under the name that it had stays its own."""
    if account.named:
        raise Conflict(said("The name was chosen before; it is part of addresses, so it stays."))
    another = name.lower() != account.name.lower()
    if another:
        rules.require_free(connection, name)
    elif name != account.name and rules.has_datasets(account.name):
        raise Conflict(said("Datasets have addresses with the name as it is written now."))
    connection.execute(update(OWNERS).where(OWNERS.c.id == account.id).values(name=name, key=name.lower()))
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(named=True))
    if another:
        former = names.take(connection, "former", account.name, account.title)
        row = {"organisation": former, "account": account.id, "role": "admin", "since": now()}
        connection.execute(insert(MEMBERSHIPS).values(**row))


def change(connection: Connection, id_: str, **values: Any) -> None:
    """Change `title`, `email`, `administrator`, `seen` or `disabled` of an account."""
    if "title" in values:
        connection.execute(update(OWNERS).where(OWNERS.c.id == id_).values(title=values.pop("title")))
    if values:
        connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id_).values(**values))


def remove(connection: Connection, id_: str) -> None:
    """Forget the account, with its sessions, tokens and roles. What it published stays, and so does its name."""
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == id_))
    connection.execute(update(OWNERS).where(OWNERS.c.id == id_).values(kind="former", title=""))


def _select() -> Select[Any]:
    columns = (ACCOUNTS, OWNERS.c.name, OWNERS.c.title, OWNERS.c.created)
    return select(*columns).join_from(ACCOUNTS, OWNERS, ACCOUNTS.c.id == OWNERS.c.id)


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        title=row.title,
        email=row.email,
        administrator=row.administrator,
        named=row.named,
        created=row.created,
        seen=row.seen,
        disabled=row.disabled,
    )
