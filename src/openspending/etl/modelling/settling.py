"""What one column leaves open, the other columns of its table may decide: whoever wrote them wrote this one too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.dates import order_of
from openspending.etl.modelling.questions import CORRECT
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said

_SETTLED: Final = 86


def settle_dates(writings: Sequence[Writing]) -> tuple[Writing, ...]:
    """Take the order of day and month that all other date columns of the table have, where one leaves it open."""
    orders = {
        order
        for one in writings
        if one.kind == "date" and not _open(one)
        if (order := order_of(str(one.props.get("format", "default")))) is not None
    }
    return tuple(_settled(one, orders, "format") if one.kind == "date" else one for one in writings)


def settle_numbers(writings: Sequence[Writing], *, typed: bool = False) -> tuple[Writing, ...]:
    """Take the decimal mark that all other columns of the table have, where one column leaves it open.

    In spreadsheets and JSON (`typed`) nothing is settled: numbers there have a point whatever people write, so the
    columns of numbers say nothing about one of texts."""
    if typed:
        return tuple(writings)
    marks = {one.mark for one in writings if one.kind == "number" and one.mark is not None}
    return tuple(_numbers_settled(one, marks) for one in writings)


def _numbers_settled(written: Writing, marks: set[str]) -> Writing:
    if written.number is not None:
        return replace(written, number=_settled(written.number, marks, "decimalChar"))
    return _settled(written, marks, "decimalChar") if written.kind == "number" else written


def _open(written: Writing) -> bool:
    return any(one.id.endswith(":writing") for one in written.proposals)


def _settled(written: Writing, known: set[str], name: str) -> Writing:
    """`written` with its question about the format answered, if `known` has one way and a choice takes it."""
    if len(known) != 1 or not _open(written):
        return written
    (way,) = known
    asked = written.proposals
    return written.asking(
        tuple(_answered(one, written, way, name) if one.id.endswith(":writing") else one for one in asked)
    )


def _answered(proposal: Proposal, written: Writing, way: str, name: str) -> Proposal:
    chosen = [one for one in proposal.choices if _way(one, written, name) == way]
    if len(chosen) != 1 or any("replace" in one.effect for one in proposal.choices):
        return proposal
    best = replace(chosen[0], confidence=_SETTLED, reason=said("the other columns of the table are written so"))
    return replace(proposal, choices=(best, *_rest(proposal.choices, chosen[0])))


def _rest(choices: Iterable[Choice], chosen: Choice) -> Iterable[Choice]:
    return (replace(one, confidence=min(one.confidence, 10)) for one in choices if one is not chosen)


def _way(choice: Choice, written: Writing, name: str) -> str | None:
    """How a choice writes: the order of a date's format, or the decimal mark of a number's."""
    if choice.value == CORRECT.value:
        return None
    if name == "format":
        return order_of(str(choice.effect.get("format", "")))
    return str(choice.effect.get("decimalChar", written.base.get("decimalChar")) or ".")
