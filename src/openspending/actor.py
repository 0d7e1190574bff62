"""Who a request is for, and what that gives them: nobody, an account, or a robot with part of an account's rights.

An actor is what a token states. It is found once, where a request comes in, and handed on; nothing below asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

ROLES: Final = ("viewer", "editor", "publisher", "admin")  # each may do what those before it may
ACTIONS: Final = ("read", "import", "publish", "administer")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a robot's token is limited to: some actions on the datasets that a pattern matches.

    `datasets` is `owner/name`, in which `*` stands for any characters: `ministry/*`, `ministry/budget-*`, `*`.
    """

    actions: tuple[str, ...]
    datasets: str = "*"

    def allows(self, action: str, dataset: str) -> bool:
        """Whether `action` on `owner/name` is within the limits."""
        return action in self.actions and fnmatchcase(dataset, self.datasets)


@dataclass(frozen=True, slots=True)
class Actor:
    """An account with its roles. `roles` are by owner: its own name and its organisations; `grants` by `owner/name`,
    of single datasets that others share with it. `scopes` None: all that the roles give. `token` is the id of the token
    that it came with, for the audit log. An `administrator` of the installation may do everything."""

    account: str | None = None
    name: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    grants: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[Scope, ...] | None = None
    administrator: bool = False
    token: str = ""

    @property
    def known(self) -> bool:
        """Whether it is anybody at all."""
        return self.account is not None


NOBODY: Final = Actor()
