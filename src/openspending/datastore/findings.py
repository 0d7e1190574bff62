"""What an examination finds, and the checks that it consists of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from openspending.errors import OpenSpendingError

P = TypeVar("P")  # what a check looks at


@dataclass(frozen=True, slots=True)
class Finding:
    """One check, done at one place: what is right there, or what is `wrong` and the `remedy`, a command or JSON."""

    where: str
    check: str
    right: bool
    said: str
    remedy: str = ""


class Wrong(OpenSpendingError):
    """A check does not hold. `remedy` mends it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Check(Generic[P]):
    """Something that should hold: its name, the sentence that is true then, and the function that raises otherwise.

    `remedy` is for errors that bring none of their own. Where a check that `stops` fails, those behind it would say
    nothing new.
    """

    name: str
    holds: str
    ask: Callable[[P], None]
    remedy: Callable[[P], str] = lambda _: ""
    stops: bool = False


def examine(where: str, looked_at: P, checks: Iterable[Check[P]]) -> Iterator[Finding]:
    """Do the checks one after another."""
    for check in checks:
        try:
            check.ask(looked_at)
        except Wrong as wrong:
            yield Finding(
                where, check.name, right=False, said=str(wrong), remedy=wrong.remedy or check.remedy(looked_at)
            )
        except (OpenSpendingError, OSError) as error:
            yield Finding(where, check.name, right=False, said=str(error), remedy=check.remedy(looked_at))
        else:
            yield Finding(where, check.name, right=True, said=check.holds)
            continue
        if check.stops:
            return


def as_json(content: Mapping[str, object]) -> str:
    """A policy or a rule in one line, to be copied."""
    return json.dumps(content, ensure_ascii=False)
