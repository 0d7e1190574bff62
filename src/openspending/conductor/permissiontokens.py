"""Permission tokens: what an account may do with a service, signed; good until they end or what is behind them does.

Old clients get one at their start and use it for as long as an upload takes, so it lasts for hours. Access tokens are
over in minutes because nobody is asked about them; these are good for the conductor alone, which asks the database each
time: an account that was disabled, a role that was taken away, a robot's token that was revoked count at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.actor import Actor
from openspending.database.engine import now
from openspending.errors import Forbidden, Unauthorised
from openspending.identity import robots
from openspending.identity.actors import composed
from openspending.identity.authentication import ROBOT_PREFIX
from openspending.identity.installation import Installation
from openspending.identity.tokens import PublicKeys, Verifier, read_claims, refused

DATASTORE: Final = "os.datastore"
UPLOAD: Final = "datapackage-upload"
AUDIENCE: Final = "openspending-conductor"
HOURS_OF_A_ROBOT: Final = 24  # … whose token can be revoked
HOURS_OF_A_PERSON: Final = 1  # … whose session may have ended meanwhile


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes permission tokens, and says whom any token makes one. Safe to share between threads."""

    installation: Installation
    public_keys: PublicKeys
    verifier: Verifier

    @classmethod
    def of(cls, installation: Installation) -> Tokens:
        """Of an installation, by the keys in its database."""
        public_keys = installation.public_keys
        return cls(installation, public_keys, Verifier(public_keys, installation.keys.issuer))

    def permission(self, actor: Actor, service: str, permissions: Mapping[str, bool]) -> str:
        """A permission token. Raises Forbidden for an actor whose limits could not be found again."""
        robot = self._robot(actor.account or "", actor.token)
        if actor.scopes is not None and robot is None:
            raise Forbidden("A token with limits of its own gives no permission tokens.")
        issued = int(time.time())
        hours = HOURS_OF_A_PERSON if robot is None else HOURS_OF_A_ROBOT
        return self.installation.keys.sign(
            {
                "iss": self.installation.keys.issuer,
                "aud": AUDIENCE,
                "iat": issued,
                "nbf": issued,
                "exp": issued + hours * 3600,
                "sub": actor.account,
                "tok": "" if robot is None else robot.id,
                "userid": actor.name,
                "permissions": dict(permissions),
                "service": service,
            }
        )

    def user(self, token: str) -> Actor:
        """Whom a robot's token or an access token makes one. Raises Unauthorised."""
        return self.installation.robot(token) if token.startswith(ROBOT_PREFIX) else self.verifier.verify(token)

    def permitted(self, token: str, service: str) -> Actor:
        """Whom a permission token for the service makes one, as things stand now; the tokens of `user` do as well.
        Raises Unauthorised."""
        if token.startswith(ROBOT_PREFIX) or self.verifier.known(token) is not None:
            return self.user(token)
        claims = self._claims(token)
        return self.verifier.verify(token) if claims is None else self._behind(claims, service)

    def _claims(self, token: str) -> Mapping[str, Any] | None:
        """What a permission token states; None where it is none that holds."""
        issuer = self.installation.keys.issuer
        try:
            return read_claims(token, self.public_keys, issuer=issuer, audience=AUDIENCE, now=int(time.time()))
        except Unauthorised:
            return None

    def _behind(self, claims: Mapping[str, Any], service: str) -> Actor:
        """The actor of a permission token, as things stand now."""
        account, token = str(claims.get("sub", "")), str(claims.get("tok", ""))
        if claims.get("service") != service:
            raise refused()
        robot = self._robot(account, token)
        if token and robot is None:
            raise refused()
        with self.installation.engine.connect() as connection:
            return composed(connection, account, scopes=None if robot is None else robot.scopes, token=token)

    def _robot(self, account: str, token: str) -> robots.RobotToken | None:
        """The robot's token with this id, if it is good."""
        if not token:
            return None
        found = (one for one in robots.listed(self.installation.engine, account) if one.id == token)
        return next((one for one in found if one.revoked is None and one.expires > now()), None)


def permissions_for(actor: Actor, service: str) -> dict[str, bool]:
    """What the actor may do with a service, in the words of the original: of files, whether they may be uploaded."""
    imports = actor.scopes is None or any("import" in one.actions for one in actor.scopes)
    return {UPLOAD: True} if service == DATASTORE and actor.known and imports else {}
