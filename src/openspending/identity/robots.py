"""Tokens of robots: opaque words that an account makes for its programs, limited to some actions on some datasets.

They are exchanged for access tokens, and never give more than the account has at that moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Row, insert, select, update

from openspending.actor import ACTIONS, Actor, Scope
from openspending.database.engine import now
from openspending.errors import BadQuery, NotFound
from openspending.identity import endings
from openspending.identity.actors import composed
from openspending.identity.schema import ROBOT_TOKENS
from openspending.identity.secretcodes import ROBOT_PREFIX, digest, new_id, new_secret
from openspending.identity.tokens import refused
from openspending.speaking.said import said

DAYS: Final = 90  # that a token lasts unless told otherwise
MOST_DAYS: Final = 366
MOST_SCOPES: Final = 20
_SHOWN: Final = 10  # characters of a token that its owner may see again
_USED_ANEW: Final = timedelta(minutes=1)  # “last used” is as exact as this, or every request would write
_PATTERN: Final = re.compile(r"[A-Za-z0-9_@+.*-]{1,100}(/[a-z0-9_.*-]{1,100})?")


@dataclass(frozen=True, slots=True)
class RobotToken:
    """What its owner, an account, may know of a token, which is all but the token itself."""

    id: str
    account: str
    prefix: str
    title: str
    scopes: tuple[Scope, ...] | None
    created: datetime
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None


def create(
    engine: Engine, account: str, *, title: str, scopes: Sequence[Scope] | None, days: int = DAYS
) -> tuple[RobotToken, str]:
    """A new token and its secret, which is not kept. `scopes` None: all that the account may do with datasets.

    Raises BadQuery for scopes and days that cannot be.
    """
    check_scopes(scopes)
    if not 1 <= days <= MOST_DAYS:
        raise BadQuery(said("A token lasts from 1 to {most_days} days.", most_days=MOST_DAYS), parameter="/days")
    secret, created, id_ = new_secret(ROBOT_PREFIX), now(), new_id()
    written = None if scopes is None else [{"actions": list(one.actions), "datasets": one.datasets} for one in scopes]
    row = {
        "id": id_,
        "account": account,
        "hash": digest(secret),
        "prefix": secret[:_SHOWN],
        "title": title[:200],
        "scopes": written,
        "created": created,
        "expires": created + timedelta(days=days),
    }
    with engine.begin() as connection:
        connection.execute(insert(ROBOT_TOKENS).values(**row))
        found = connection.execute(select(ROBOT_TOKENS).where(ROBOT_TOKENS.c.id == id_)).one()
    return _robot_token(found), secret


def check_scopes(scopes: Sequence[Scope] | None) -> None:
    """Raises BadQuery for scopes that name no action or no dataset that could be."""
    if scopes is None:
        return
    if not 1 <= len(scopes) <= MOST_SCOPES:
        raise BadQuery(
            said("A token has from 1 to {most_scopes} scopes.", most_scopes=MOST_SCOPES), parameter="/scopes"
        )
    for number, one in enumerate(scopes):
        if not one.actions or not set(one.actions) <= set(ACTIONS):
            place = f"/scopes/{number}/actions"
            raise BadQuery(said("Each scope names actions of: {actions}.", actions=", ".join(ACTIONS)), ACTIONS, place)
        if not _PATTERN.fullmatch(one.datasets):
            message = said("A scope's datasets are owner/name, where * stands for any characters: ministry/*, *.")
            raise BadQuery(message, parameter=f"/scopes/{number}/datasets")


def listed(engine: Engine, account: str | None = None) -> list[RobotToken]:
    """The tokens of an account, or of all of them, the newest first; revoked and expired ones too."""
    wanted = select(ROBOT_TOKENS)
    if account is not None:
        wanted = wanted.where(ROBOT_TOKENS.c.account == account)
    with engine.connect() as connection:
        rows = connection.execute(wanted.order_by(ROBOT_TOKENS.c.created.desc(), ROBOT_TOKENS.c.id)).all()
    return [_robot_token(row) for row in rows]


def revoke(engine: Engine, account: str, id_: str) -> None:
    """From now on nobody can use the token, nor access tokens that it was exchanged for, wherever that is known
    (`Endings.tell`). Raises NotFound unless the account has such a token."""
    where = (ROBOT_TOKENS.c.id == id_, ROBOT_TOKENS.c.account == account)
    with engine.begin() as connection:
        if connection.execute(select(ROBOT_TOKENS.c.id).where(*where)).first() is None:
            raise NotFound(said("There is no such token."))
        connection.execute(update(ROBOT_TOKENS).where(*where, ROBOT_TOKENS.c.revoked.is_(None)).values(revoked=now()))
        endings.add(connection, [id_])


def actor(engine: Engine, secret: str) -> Actor:
    """Whom a token makes one. Raises Unauthorised for one that is unknown, expired or revoked."""
    at = now()
    with engine.connect() as connection:
        row = connection.execute(select(ROBOT_TOKENS).where(ROBOT_TOKENS.c.hash == digest(secret))).first()
        if row is None or row.revoked is not None or row.expires <= at:
            raise refused()
        found = composed(connection, row.account, scopes=_scopes(row.scopes), token=row.id)
    if row.last_used is None or at - row.last_used >= _USED_ANEW:
        with engine.begin() as connection:
            connection.execute(update(ROBOT_TOKENS).where(ROBOT_TOKENS.c.id == row.id).values(last_used=at))
    return found


def _scopes(written: list[dict[str, Any]] | None) -> tuple[Scope, ...] | None:
    return None if written is None else tuple(Scope(tuple(one["actions"]), one["datasets"]) for one in written)


def _robot_token(row: Row[Any]) -> RobotToken:
    scopes = _scopes(row.scopes)
    return RobotToken(
        row.id, row.account, row.prefix, row.title, scopes, row.created, row.expires, row.last_used, row.revoked
    )
