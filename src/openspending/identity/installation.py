"""What the routes and commands of Identity work with: the database, the keys, and the rules of this installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from openspending.actor import Actor
from openspending.errors import StoreError
from openspending.identity import links, robots, sessions
from openspending.identity.actors import composed
from openspending.identity.devices import Device
from openspending.identity.endings import Endings
from openspending.identity.keys import Keys
from openspending.identity.names import NameRules
from openspending.identity.pace import Pace
from openspending.identity.sessions import Session
from openspending.identity.tokens import PublicKeys
from openspending.speaking.said import said

if TYPE_CHECKING:
    from openspending.identity.provider import Provider  # commands that need no issuer start faster without it


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts of Identity. `base_url` is "" where the address is what people ask by; `provider` None: without an
    issuer, people sign in by links."""

    engine: Engine
    keys: Keys
    names: NameRules
    endings: Endings
    base_url: str = ""
    provider: Provider | None = None
    tries: Pace = field(default_factory=lambda: Pace(5, 60))  # to sign in by one link
    all_tries: Pace = field(default_factory=lambda: Pace(300, 60))  # … by any

    @property
    def public_keys(self) -> PublicKeys:
        """The keys that verify what this installation signed, from the database itself."""
        return PublicKeys(self.keys.public_set)

    @property
    def secure(self) -> bool:
        """Whether people reach it by https, so that cookies may not travel otherwise."""
        return self.base_url.startswith("https://")

    def robot(self, secret: str) -> Actor:
        """Whom a robot's token makes one; for `Authenticated`. Raises Unauthorised, StoreError when the database is
        away."""
        try:
            return robots.actor(self.engine, secret)
        except OperationalError:  # its text has values
            raise StoreError(said("The database does not answer. Try again later.")) from None

    def actor(self, account: str, token: str = "") -> Actor:
        """The account as things stand now. Raises Unauthorised when it is gone or disabled."""
        with self.engine.connect() as connection:
            return composed(connection, account, token=token)

    def access_token(self, session: Session) -> str:
        """An access token for the browser of a session. Raises Unauthorised."""
        return self.keys.access_token(self.actor(session.account, session.id), session.csrf)

    def enter(self, account: str, instead_of: str | None = None, device: Device | None = None) -> tuple[Session, str]:
        """A session of the account, and its secret. Raises Unauthorised when the account is gone or disabled."""
        self.actor(account)
        return sessions.start(self.engine, account, instead_of=instead_of, device=device)


def first_run(installation: Installation, address: str) -> str | None:
    """The link with which the first person signs in and becomes the administrator, at the `address` where this
    installation answers; None once there is an account, and where an issuer signs people in."""
    if installation.provider is not None:
        return None
    code = links.first_run(installation.engine)
    return None if code is None else links.address(installation.base_url or address, code)
