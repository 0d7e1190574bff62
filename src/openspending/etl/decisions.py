"""Proposals: what we would decide about a file, how sure we are, and what else it could be; and decisions about them.

Nothing is guessed silently. A proposal that is sure is taken and recorded; one that is not becomes an open question,
unless its first choice changes nothing that counts (`blocking` False).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.speaking.said import Said, said

SURE: Final = 80  # percent from which a proposal is taken without asking
_BY: Final = {
    "person": said("said by the person"),
    "recipe": said("said by the recipe"),
    "dataset": said("said by the dataset"),
}


def said_by(by: str) -> str:
    """The reason of a decision that is nobody's proposal."""
    return _BY.get(by) or said("said by the {by}", by=by)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `value` is how a person writes it, in whatever language it is shown to them; `effect` is what it
    changes in the descriptor or the reading."""

    value: str
    confidence: int  # percent
    reason: str  # why, in plain words, as the end of “because …”
    effect: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it; with `label`, what it is called to people, where it is in words of ours."""
        label = {"label": self.value} if isinstance(self.value, Said) else {}
        return {"value": str(self.value), **label, "confidence": self.confidence, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question about a file with its likely answers, the likeliest first (at most the next two after it).

    `id` is stable for the same file and header, such as “encoding” or “column:Amount:role”.
    """

    id: str
    question: str
    choices: tuple[Choice, ...]
    blocking: bool = True
    file: str | None = None
    sheet: str | None = None
    column: str | None = None

    @property
    def best(self) -> Choice:
        """The likeliest answer."""
        return self.choices[0]

    @property
    def sure(self) -> bool:
        """Whether the likeliest answer may be taken without asking."""
        return not self.blocking or self.best.confidence >= SURE

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        place = {"file": self.file, "sheet": self.sheet, "column": self.column}
        return {
            "id": self.id,
            "question": self.question,
            **{name: value for name, value in place.items() if value is not None},
            "sure": self.sure,
            "choices": [one.to_dict() for one in self.choices],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the answer to a proposal, and by whom (`proposal`, `person`, `recipe`, `dataset`); of a
    question, with all that it could be."""

    id: str
    value: str
    by: str
    confidence: int
    reason: str
    choices: tuple[Choice, ...] = ()
    question: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "id": self.id,
            "value": str(self.value),
            "by": self.by,
            "confidence": self.confidence,
            "reason": self.reason,
        }
