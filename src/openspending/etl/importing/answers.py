"""Answering proposals: a person's word first, then the recipe's or the dataset's, then our own where it is sure.

What nobody answers becomes an open question; work goes on with the likeliest answer, so that all questions are found
at once. Nothing is committed while one is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from openspending.errors import OpenSpendingError
from openspending.etl.decisions import Choice, Decision, Proposal, said_by
from openspending.speaking.said import said

Ask = Callable[[Proposal], str]  # asks a person; the value of a choice


class WrongAnswer(OpenSpendingError):
    """An answer that is none of a proposal's choices, or answers nothing that was asked."""


@dataclass(slots=True)
class Answers:
    """Collects decisions and open questions. `given` are a person's answers by the id of the proposal, `settled` those
    of a recipe or of the dataset's mapping; `ask` reaches a person at a terminal (None: nobody is there). If
    `lenient`, an answer that is no choice any more is left `aside`, and its question stays open; else it is refused."""

    given: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    ask: Ask | None = None
    lenient: bool = False
    decisions: list[Decision] = field(default_factory=list)
    questions: list[Proposal] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def answer(self, proposal: Proposal) -> Choice:
        """The choice to go on with. Raises WrongAnswer."""
        for answers, by in ((self.given, "person"), (self.settled, "recipe")):
            if proposal.id in answers and not self._is_aside(proposal, answers[proposal.id]):
                self._used.add(proposal.id)
                return self._decide(proposal, _chosen(proposal, answers[proposal.id]), by)
        if proposal.sure:
            return self._decide(proposal, proposal.best, "proposal")
        if self.ask is not None:
            return self._decide(proposal, _chosen(proposal, self.ask(proposal)), "person")
        self.questions.append(proposal)
        return proposal.best

    def answer_all(self, proposals: Iterable[Proposal]) -> list[Choice]:
        """The choices of several proposals, in their order."""
        return [self.answer(one) for one in proposals]

    def said(self, id_: str) -> tuple[str, str] | None:
        """What a person, or else the recipe, says about something that can have any value, and who says it."""
        for answers, by in ((self.given, "person"), (self.settled, "recipe")):
            if id_ in answers:
                self._used.add(id_)
                return answers[id_].strip(), by
        return None

    def record(self, id_: str, value: str, by: str, confidence: int, reason: str) -> None:
        """Record a decision that was no question."""
        if all(one.id != id_ for one in self.decisions):
            self.decisions.append(Decision(id_, value, by, confidence, reason))

    def speaks(self, id_: str) -> bool:
        """Whether a person or the recipe answers a question."""
        return id_ in self.given or id_ in self.settled

    def settle(self, proposal: Proposal, choice: Choice, by: str) -> Choice:
        """Take a choice that a precedent makes."""
        return self._decide(proposal, choice, by)

    def unused(self) -> list[str]:
        """Ids that a person gave and that nothing asked for: a slip of the pen must not pass unseen."""
        return [one for one in self.given if one not in self._used and one not in self.aside]

    def _is_aside(self, proposal: Proposal, value: str) -> bool:
        """Whether an answer is left aside, because it does not fit the question any more."""
        if not self.lenient or any(one.value.casefold() == value.strip().casefold() for one in proposal.choices):
            return False
        if proposal.id not in self.aside:
            self.aside.append(proposal.id)
        return True

    def _decide(self, proposal: Proposal, choice: Choice, by: str) -> Choice:
        reason = choice.reason if by == "proposal" else said_by(by)
        confidence = choice.confidence if by == "proposal" else 100
        decided = Decision(
            proposal.id, str(choice.value), by, confidence, reason, choices=proposal.choices, question=proposal.question
        )
        self.decisions.append(decided)
        return choice


def remembering(ask: Ask) -> Ask:
    """Asks nobody the same twice."""
    stated: dict[tuple[str | None, ...], str] = {}

    def asked(proposal: Proposal) -> str:
        key = (proposal.id, proposal.file, proposal.sheet)
        if key not in stated:
            stated[key] = ask(proposal)
        return stated[key]

    return asked


def _chosen(proposal: Proposal, value: str) -> Choice:
    """The choice that `value` names. Raises WrongAnswer."""
    for one in proposal.choices:
        if one.value.casefold() == value.strip().casefold():
            return one
    known = ", ".join(f"“{one.value}”" for one in proposal.choices)
    raise WrongAnswer(
        said(
            "“{value}” is no answer to “{id}” ({question}). It can be {known}.",
            value=value,
            id=proposal.id,
            question=proposal.question,
            known=known,
        )
    )
