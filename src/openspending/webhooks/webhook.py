"""What a webhook is, what it is told, and how that went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

EVENTS: Final = ("commit", "publish", "hide", "withdraw", "rename")
PING: Final = "ping"  # of a test
STATES: Final = ("waiting", "delivered", "failed", "dropped")


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of `events` (none named: of all) of one dataset, or with `name` "" of all datasets of the
    owner. `account` made it, and it hears of private datasets only what that account may read."""

    id: str
    owner: str
    name: str
    account: str
    url: str
    events: tuple[str, ...]
    secret: str = field(repr=False)
    active: bool
    stopped: str
    failures: int
    created: datetime
    public: int
    private: int

    @property
    def scope(self) -> str:
        """Which datasets it is about, as a pattern's or a token's scope says it."""
        return f"{self.owner}/{self.name or '*'}"

    def to_dict(self) -> dict[str, Any]:
        """The webhook as JSON; never its secret."""
        return {
            "id": self.id,
            "owner": self.owner,
            "dataset": self.name or None,
            "url": self.url,
            "events": list(self.events or EVENTS),
            "account": self.account,
            "active": self.active,
            "stopped": self.stopped or None,
            "created": moment(self.created),
        }


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver: the status that was answered, or the error; `answer` is how the answer's body began."""

    number: int
    at: datetime
    status: int | None
    ms: int
    answer: str
    error: str

    def to_dict(self) -> dict[str, Any]:
        """The attempt as JSON."""
        return {
            "attempt": self.number,
            "at": moment(self.at),
            "status": self.status,
            "ms": self.ms,
            "answer": self.answer,
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a webhook is told of one event; every attempt has the same id and the same body."""

    id: str
    webhook: str
    event: str
    owner: str
    name: str
    private: bool
    body: bytes = field(repr=False)
    state: str
    created: datetime
    attempts: Sequence[Attempt] = ()

    def to_dict(self) -> dict[str, Any]:
        """The delivery as JSON."""
        return {
            "id": self.id,
            "event": self.event,
            "owner": self.owner,
            "dataset": self.name or None,
            "state": self.state,
            "created": moment(self.created),
            "attempts": [one.to_dict() for one in self.attempts],
        }


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
