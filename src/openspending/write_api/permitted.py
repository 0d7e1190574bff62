"""What an actor may do beyond one dataset: send files to an owner, see uploads and jobs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from openspending.actor import ACTIONS, ROLES, Actor
from openspending.datastore.permissions import Action, may
from openspending.errors import Forbidden, Unauthorised
from openspending.jobs import Job
from openspending.speaking.said import said

WORK: Final[dict[str, Action]] = {
    "import": "import",
    "describe": "import",
    "publish": "publish",
    "hide": "publish",
    "withdraw": "administer",
    "rename": "administer",
}
_EDITOR: Final = ROLES.index("editor")


def may_send(actor: Actor, owner: str) -> bool:
    """Whether the actor may import into any dataset of `owner`, and so may send files there."""
    if not actor.known:
        return False
    if actor.scopes is not None and not any(
        "import" in one.actions and _reaches(one.datasets, owner) for one in actor.scopes
    ):
        return False
    granted = [role for dataset, role in actor.grants.items() if dataset.startswith(f"{owner}/")]
    given = [actor.roles.get(owner), *granted]
    return actor.administrator or any(role in ROLES and ROLES.index(role) >= _EDITOR for role in given)


def require_sending(actor: Actor, owner: str) -> None:
    """Raise unless the actor may: Unauthorised for nobody, else Forbidden, whether there is such an owner or not."""
    if may_send(actor, owner):
        return
    if not actor.known:
        raise Unauthorised(said("Sign in, or send a token, to upload files."))
    raise Forbidden(
        said(
            "To upload files for {owner} takes the role “editor”, and a token whose scopes include “import”.",
            owner=owner[:100],
        )
    )


def require_known(actor: Actor) -> None:
    """Raise Unauthorised for nobody."""
    if not actor.known:
        raise Unauthorised(said("Sign in, or send a token, to do that."))


def sees_upload(actor: Actor, owner: str, account: str) -> bool:
    """Whether the actor may see and use an upload of `account` for `owner`: its own, or as an editor of the owner."""
    return may_send(actor, owner) and (actor.account == account or may(actor, "import", owner, ""))


def sees_job(actor: Actor, job: Job) -> bool:
    """Whether the actor may see a job: its own, as far as the scopes of its token go, or one on a dataset that it may
    import into. Those of other kinds, such as messages to webhooks, are for who administers."""
    if not actor.known:
        return False
    dataset = f"{job.owner}/{job.name}"
    own = actor.account == job.account and (
        actor.scopes is None or any(scope.allows(one, dataset) for scope in actor.scopes for one in ACTIONS[1:])
    )
    return own or may(actor, "import" if job.kind in WORK else "administer", job.owner, job.name)


def require_changing(actor: Actor, job: Job) -> None:
    """Raise Forbidden unless the actor could ask for such a job now: who may no longer do it, cannot have it done by an
    old one."""
    actions: list[Action] = [WORK.get(job.kind, "administer")]
    if job.payload.get("publish"):
        actions.append("publish")
    for action in actions:
        if not may(actor, action, job.owner, job.name):
            raise Forbidden(
                said("To do that takes the permission to {action} {dataset}.", action=action, dataset=job.dataset)
            )


def _reaches(pattern: str, owner: str) -> bool:
    """Whether a pattern for `owner/name` matches any dataset of `owner`: whether its beginning matches all before the
    name."""
    return any(fnmatchcase(f"{owner}/", pattern[:length]) for length in range(len(pattern) + 1))
