"""Which of the tables that were found are imported, and which of them are parts of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openspending.etl.importing.answers import Answers
from openspending.etl.importing.precedent import Known, Precedent
from openspending.etl.importing.prepared import LeftOut
from openspending.etl.inspecting.tables import Candidate, Inspection, Parts, parts_of

_SAME_TABLE = 50  # percent of a precedent's columns that a table must have to be the next file of it


@dataclass(frozen=True, slots=True)
class Chosen:
    """One table to be imported: its parts, and the table of a precedent that it is the next file of."""

    group: Parts
    known: Known | None = None

    @property
    def parts(self) -> tuple[Candidate, ...]:
        """Its files, or what lies in them."""
        return self.group.parts


def choose(inspection: Inspection, answers: Answers, precedent: Precedent | None) -> tuple[list[Chosen], list[LeftOut]]:
    """The tables to import, and what is left of the others. Raises WrongAnswer."""
    picked = list(_picked(inspection, answers, precedent))
    groups = parts_of(picked)
    chosen = [_group(group, answers, precedent) for group in groups]
    taken = {id(one) for group in groups for one in group.parts}
    left = [_left(one) for one in inspection.candidates if id(one) not in taken]
    return chosen, left


def _picked(inspection: Inspection, answers: Answers, precedent: Precedent | None) -> Iterator[Candidate]:
    """One table of each file: which a precedent knows, else which stands out, else which a person says."""
    by_file: dict[str, list[Candidate]] = {}
    for one in inspection.candidates:
        by_file.setdefault(one.name, []).append(one)
    for name, candidates in by_file.items():
        if precedent is not None:
            ranked = sorted(candidates, key=lambda one: precedent.best(one.header)[1], reverse=True)
            if precedent.best(ranked[0].header)[1] >= _SAME_TABLE:
                yield _headed(ranked[0], answers)
                continue
        proposal = inspection.proposal_of(name)
        if proposal is None:
            yield _headed(candidates[0], answers)
            continue
        value = answers.answer(proposal).value
        yield _headed(next((one for one in candidates if one.title == value), candidates[0]), answers)


def _headed(one: Candidate, answers: Answers) -> Candidate:
    """The table with its header as it is decided."""
    return one.with_header(answers.answer(one.header_proposal))


def _group(group: Parts, answers: Answers, precedent: Precedent | None) -> Chosen:
    if group.proposal is not None:
        answers.answer(group.proposal)
    first = group.parts[0]
    known, share = precedent.best(first.header) if precedent is not None else (None, 0)
    return Chosen(group, known if share >= _SAME_TABLE else None)


def _left(one: Candidate) -> LeftOut:
    return LeftOut(one.name, one.sheet, "table", one.reason, count=one.rows)
