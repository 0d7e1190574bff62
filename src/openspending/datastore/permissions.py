"""Who may do what with a dataset: one pure table, asked by every route, command and job.

| action | what it is | role that it needs |
|---|---|---|
| read | see that it exists, its files and its facts | viewer; of a public dataset nobody needs one |
| import | upload files, make revisions | editor |
| publish | show it to everybody, hide it again | publisher |
| administer | withdraw, rename, share it; read its audit log | admin |

A role on an owner holds for all its datasets, one on a dataset for that alone. A robot's token takes from that what is
outside its scopes; it never adds anything. What may not be read does not exist: whoever asks gets the same answer.
"""

from __future__ import annotations

from typing import Final, Literal

from openspending.actor import ACTIONS, ROLES, Actor
from openspending.errors import Forbidden, NotFound, Unauthorised
from openspending.speaking.said import said

Action = Literal["read", "import", "publish", "administer"]
Visibility = Literal["private", "public", "withdrawn"]

NEEDS: Final[dict[str, str]] = dict(zip(ACTIONS, ROLES, strict=True))


def may(actor: Actor, action: Action, owner: str, name: str, visibility: Visibility = "private") -> bool:
    """Whether `actor` may do `action` with `owner`/`name`, which is private while it does not exist."""
    if action == "read" and visibility != "private":
        return True
    dataset = f"{owner}/{name}"
    if actor.scopes is not None and not any(one.allows(action, dataset) for one in actor.scopes):
        return False
    return actor.administrator or _rank(actor, owner, dataset) >= ROLES.index(NEEDS[action])


def require(actor: Actor, action: Action, owner: str, name: str, visibility: Visibility = "private") -> None:
    """Raise unless `actor` may: NotFound where it may not even read, Unauthorised for nobody, Forbidden for others."""
    if may(actor, action, owner, name, visibility):
        return
    if action == "read" or (visibility == "private" and not may(actor, "read", owner, name)):
        raise NotFound(said("There is no dataset {owner}/{name}.", owner=owner[:100], name=name[:100]))
    if not actor.known:
        raise Unauthorised(said("Sign in, or send a token, to do that."))
    raise Forbidden(
        said(
            "To {action} {owner}/{name} takes the role “{needs}”, and a token whose scopes include it.",
            action=action,
            owner=owner,
            name=name,
            needs=NEEDS[action],
        )
    )


def _rank(actor: Actor, owner: str, dataset: str) -> int:
    """The place of the actor's highest role in ROLES; -1 without any."""
    given = (actor.roles.get(owner), actor.grants.get(dataset))
    return max((ROLES.index(role) for role in given if role in ROLES), default=-1)
