"""What the routes of the conductor work with, opened once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from openspending.conductor.documents import Documents
from openspending.conductor.permissiontokens import Tokens
from openspending.conductor.staged import Staged
from openspending.identity.installation import Installation
from openspending.identity.pace import Pace
from openspending.web import AnyRequest
from openspending.write_api.service import Writing

SIGN_INS: Final = 30  # of one account within an hour, each of which makes a token


@dataclass(frozen=True, slots=True)
class Conductor:
    """The parts of the conductor. `base_url` is "" where the address is what people ask by; `in_parameter`: whether old
    clients may send and get a token as the parameter `jwt`."""

    writing: Writing
    installation: Installation
    tokens: Tokens
    staged: Staged
    documents: Documents
    in_parameter: bool = False
    pace: Pace = field(default_factory=lambda: Pace(SIGN_INS, 3600))

    @classmethod
    def over(cls, writing: Writing, installation: Installation, *, in_parameter: bool = False) -> Conductor:
        """The conductor over a Write API and its Identity."""
        staged = Staged(writing.store.private, writing.staging.signer)
        return cls(writing, installation, Tokens.of(installation), staged, Documents(writing.store), in_parameter)

    def address(self, request: AnyRequest) -> str:
        """Where people reach this OpenSpending, without a slash at the end."""
        return self.installation.base_url or str(request.base_url).rstrip("/")


Injected = NamedDependency[SkipValidation[Conductor]]
