"""Which of the tables that were found are imported, and which of them are parts of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openspending.etl.decisions import SURE
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.kindsapart import by_surroundings
from openspending.etl.importing.precedent import Before, Known, Precedent
from openspending.etl.importing.prepared import LeftOut
from openspending.etl.importing.readings import SAME_TABLE, Readings
from openspending.etl.inspecting.parts import SEPARATE
from openspending.etl.inspecting.tables import Candidate, Inspection, Parts, parts_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """One table to be imported: its parts, and the table of a precedent that it is the next file of."""

    group: Parts
    known: Known | None = None
    same: bool = False  # the very files that the dataset has
    kept: bool = False  # … and others are added to them

    @property
    def parts(self) -> tuple[Candidate, ...]:
        """Its files, or what lies in them."""
        return self.group.parts


def choose(
    inspection: Inspection, answers: Answers, precedent: Precedent | None, before: Before
) -> tuple[list[Chosen], list[LeftOut]]:
    """The tables to import, and what is left of the others. Raises WrongAnswer."""
    picked = list(_picked(inspection, answers, precedent))
    alike = [each for group in parts_of(picked) for each in _split(group, answers)]
    groups = [each for group in alike for each in by_surroundings(group, answers.given, before)]
    chosen = [_known(group, precedent, before) for group in groups]
    taken = {(one.place, one.number) for one in picked}
    left = [_left(one) for one in inspection.candidates if (one.place, one.number) not in taken]
    return chosen, left


def _picked(inspection: Inspection, answers: Answers, precedent: Precedent | None) -> Iterator[Candidate]:
    """The tables of each file: which a precedent knows, else which stands out, else which a person says."""
    by_file: dict[str, list[Candidate]] = {}
    for one in inspection.candidates:
        by_file.setdefault(one.name, []).append(one)
    readings = Readings(answers, precedent)
    for name, candidates in by_file.items():
        proposal = inspection.proposal_of(name)
        likely, told = readings.among(candidates)
        if precedent is not None and (proposal is None or not answers.speaks(proposal.id)):
            ranked = sorted(likely, key=lambda one: precedent.best(one.header)[1], reverse=True)
            if told or precedent.best(ranked[0].header)[1] >= SAME_TABLE:
                yield from map(readings.headed, _with(ranked[0], inspection, answers, precedent))
                continue
        if proposal is None:
            yield readings.headed(candidates[0])
            continue
        yield from map(readings.headed, inspection.meant(name, answers.answer(proposal)))


def _with(one: Candidate, inspection: Inspection, answers: Answers, precedent: Precedent) -> list[Candidate]:
    """A table that a precedent knows, with the other files of its archive that have the same columns. If the precedent
    has one table only, perhaps one of them was meant the last time, so that is asked."""
    proposal = inspection.proposal_of(one.name)
    meant = inspection.meant(one.name, proposal.best) if proposal is not None and proposal.sure else []
    if proposal is None or len(meant) < 2 or all(other is not one for other in meant):
        return [one]
    if len(precedent.tables) > 1:
        return meant
    best = replace(proposal.best, confidence=SURE - 20)
    return inspection.meant(one.name, answers.answer(replace(proposal, choices=(best, *proposal.choices[1:]))))


def _split(group: Parts, answers: Answers) -> list[Parts]:
    """A group as it is, or its files as tables of their own, where somebody says so."""
    if group.proposal is None or answers.answer(group.proposal).value != SEPARATE:
        return [group]
    return [Parts((one,)) for one in group.parts]


def _known(group: Parts, precedent: Precedent | None, before: Before) -> Chosen:
    first, names = group.parts[0], [one.name for one in group.parts]
    known, share = precedent.best(first.header, first.name) if precedent is not None else (None, 0)
    known = before.table(first.name) or (known if share >= SAME_TABLE else None)
    return Chosen(group, known, before.has(names), before.keeps(names))


def _left(one: Candidate) -> LeftOut:
    return LeftOut(one.name, one.sheet, "table", one.reason, count=one.rows)
