"""What the columns of a table mean: a ColumnType for each, with reason, confidence and the next two candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.modelling.headings import Heading
from openspending.etl.modelling.levels import column_types, type_alone
from openspending.etl.modelling.pairs import Dependencies, Pair, pairs
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.rolesamounts import Sight, amounts
from openspending.etl.modelling.rolescores import meanings
from openspending.etl.modelling.rolesgroups import Column, groups_of, longer_texts
from openspending.etl.modelling.rolesunread import unread
from openspending.etl.modelling.wordsheader import read_headers
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said

NOTHING: Final = "nothing"
_VALUE: Final = "value"
_NO_RULE: Final = said("neither its header nor its cells say what it is")


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """What one column means. `others` are the next candidates: ColumnType or “nothing”, confidence, reason."""

    label: str
    column_type: str | None
    confidence: int  # percent
    reason: str
    others: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a table in their order, the questions that are open, and which code has which label."""

    columns: tuple[RoleGuess, ...]
    proposals: tuple[Proposal, ...]
    pairs: tuple[tuple[str, str], ...] = ()


def roles(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    profiles: Sequence[Profile],
    writings: Sequence[Writing],
    headings: Sequence[Heading],
) -> Roles:
    """Propose what each column of `relation` (f0, f1, …) means, so that all of it together is a package."""
    headers = read_headers([one.label for one in profiles])
    parts = zip(profiles, writings, headings, headers, strict=True)
    sights = [Sight(*part) for part in parts]
    amount = amounts(sights)
    sparse = frozenset(number for number, one in enumerate(profiles) if one.filled < one.rows)
    known = Dependencies(connection, relation, tuple(one.position for one in profiles), sparse)
    try:
        columns = [Column(one, meanings(one), guess) for one, guess in zip(sights, amount, strict=True)]
        described = [number for number, one in enumerate(columns) if not one.amount.measure]
        found = pairs(sights, described, known)
        groups = groups_of(columns, described, found, known)
        types = column_types(groups, sights, known)
    finally:
        known.close()
    members = ((number, one) for one in groups for number in (one.column, one.label) if number is not None)
    points = {number: (one.points, one.reason) for number, one in members}
    for one in longer_texts(columns, groups, dict(types)):
        types[one.column], points[one.column] = one.column_type, (one.points, one.reason)
    return _roles(columns, types, points, found)


def _roles(
    columns: Sequence[Column], types: Mapping[int, str], points: Mapping[int, tuple[int, str]], found: Sequence[Pair]
) -> Roles:
    guesses, proposals = [], []
    for number, column in enumerate(columns):
        type_ = _VALUE if column.amount.measure else types.get(number)
        guess = _guess(column, type_, *points.get(number, (0, "")))
        guesses.append(guess)
        proposal = _proposal(column, guess) or unread(column.sight, guess.column_type, guess.confidence)
        if proposal is not None:
            proposals.append(proposal)
    labels = [one.sight.profile.label for one in columns]
    return Roles(tuple(guesses), tuple(proposals), tuple((labels[one.code], labels[one.label]) for one in found))


def _guess(column: Column, type_: str | None, points: int, reason: str) -> RoleGuess:
    label = column.sight.profile.label
    others = tuple(one for one in _candidates(column) if one[0] != (type_ or NOTHING))
    others = tuple(one for one in others if type_ is None or not _same_thing(one[0], type_))[:2]
    if type_ == _VALUE:
        return RoleGuess(label, type_, column.amount.confidence, column.amount.reason, others)
    if type_ is None:
        best = max((one[1] for one in others), default=0)
        why = _aside(column) or _NO_RULE
        return RoleGuess(label, None, max(30, 90 - best), why, others)
    runner = max((one[1] for one in others), default=0)
    confidence = max(5, min(97, points + min(12, (points - runner) // 4)))
    if column.sight.numeric:
        confidence = min(confidence, max(column.amount.confidence, 50))
    return RoleGuess(label, type_, confidence, reason, others)


def _aside(column: Column) -> str:
    """Why a column is nothing that facts are described by, if its header says so."""
    header = column.sight.header
    if not header.aside:
        return ""
    if header.points("remark") >= header.points("not-money"):
        return said("“{word}” in the header is of something that only explains", word=header.meanings["remark"][1])
    return said("“{word}” in the header is no amount of money", word=header.meanings["not-money"][1])


def _same_thing(one: str, other: str) -> bool:
    """Whether two types differ in their level, or code and label, only."""
    return one.split(":")[:2] == other.split(":")[:2] and "activity" not in one and "transaction-id" not in one


def _candidates(column: Column) -> list[tuple[str, int, str]]:
    """What the column may be, the likeliest first: types by their meaning alone, an amount, or nothing."""
    found = [
        (type_, min(points, 95), reason)
        for meaning, (points, reason) in column.meanings.items()
        if (type_ := type_alone(meaning, column.sight.header.level)) is not None
    ]
    if column.sight.numeric:
        found.append((_VALUE, column.amount.likely, column.amount.reason))
    best = max((points for _, points, _ in found), default=0)
    found.append((NOTHING, max(5, 60 - best), _NO_RULE))
    return sorted(found, key=lambda one: -one[1])


def _proposal(column: Column, guess: RoleGuess) -> Proposal | None:
    """The question whether a column of numbers is an amount, where that is not sure: it changes money."""
    if not column.sight.numeric or column.amount.confidence >= SURE:
        return None
    best = Choice(guess.column_type or NOTHING, min(column.amount.confidence, SURE - 1), guess.reason)
    others = [Choice(value, min(sure, best.confidence), why) for value, sure, why in guess.others]
    wanted = NOTHING if guess.column_type == _VALUE else _VALUE
    if wanted not in {one.value for one in others}:
        likely = 100 - best.confidence
        others = [*others[:1], Choice(wanted, likely, column.amount.reason if wanted == _VALUE else _NO_RULE)]
    examples = ", ".join(text for text, _ in column.sight.profile.values[:3])
    question = said(
        "Does “{label}” hold amounts that are to be summed up? {examples}", label=guess.label, examples=examples
    )
    return Proposal(f"column:{guess.label}:role", question, (best, *others), column=guess.label)
