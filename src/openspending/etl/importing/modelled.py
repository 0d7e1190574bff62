"""Modelling one table: from its raw cells to what each column is, how it is written, and which rows are no facts.

What a precedent says is followed where the cells allow it; the rest is proposed, and asked where it is not sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import duckdb

from openspending.etl.decisions import Proposal, said_by
from openspending.etl.importing.answers import Answers, WrongAnswer
from openspending.etl.importing.columnsmade import Column
from openspending.etl.importing.overlaps import propose_overlaps
from openspending.etl.importing.prepared import LeftOut
from openspending.etl.importing.rawtables import RawTable
from openspending.etl.loaded import LeftOutRows, Loaded
from openspending.etl.modelling.fitting import fits, reading_of
from openspending.etl.modelling.headings import in_context, read_heading
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.profiling import profile
from openspending.etl.modelling.roles import NOTHING, RoleGuess, roles
from openspending.etl.modelling.rows import propose_rows
from openspending.etl.modelling.strays import with_strays
from openspending.etl.modelling.writing import Writing, settle_dates, settle_numbers, writing
from openspending.etl.shaping import shape
from openspending.fdp.columntypes import resolve
from openspending.speaking.said import said

Rule = dict[str, Any]
Field = Mapping[str, Any]
# The properties of a field that say how its cells are written.
WRITTEN: Final = (
    "type", "format", "decimalChar", "groupChar", "bareNumber", "negative", "missingValues", "trim", "replace",
    "trueValues", "falseValues",
)  # fmt: skip
_TYPED: Final = (
    "xlsx",
    "xls",
    "xlsb",
    "ods",
    "json",
    "jsonl",
)  # formats whose numbers have a point whatever people write


@dataclass(slots=True)
class Modelled:
    """A table with what was made of it: its columns, the rules on rows to leave out, and how many rows stay. `known`
    are the fields of a precedent, by label."""

    table: RawTable
    columns: list[Column]
    known: Mapping[str, Field]
    rules: list[Rule] = field(default_factory=list)
    relation: str = ""  # of the rows that stay
    rows: int = 0
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def measures(self) -> list[Column]:
        """The columns of amounts."""
        return [one for one in self.columns if one.measure]


def model_table(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    answers: Answers,
    known: Mapping[str, Field],
    rules: list[Rule],
    *,
    thorough: bool = False,
) -> Modelled:
    """What is made of a table. `known` are the fields of a precedent by label of this table, `rules` its rules on rows.
    Large tables are judged by a sample, unless it is to be `thorough`. Raises WrongAnswer."""
    return _Modeller(connection, table, answers, known, [*map(dict, table.rules), *rules], thorough).run()


@dataclass(slots=True)
class _Modeller:
    connection: duckdb.DuckDBPyConnection
    table: RawTable
    answers: Answers
    known: Mapping[str, Field]
    rules: list[Rule]
    thorough: bool

    def run(self) -> Modelled:
        for proposal in propose_overlaps(self.connection, self.table):
            self._leave_out(self.answers.answer(proposal).effect)
        columns, asking = self._columns(ask=False)
        if self._leave_out_rows(columns) or asking:
            columns, _ = self._columns(ask=True)
        columns = _side_by_side([self._answered(one) for one in columns])
        staying = self._staying()
        left_out = [*self._cut(), *(self._left_out(one, staying.parts) for one in staying.left_out)]
        return Modelled(self.table, columns, self.known, self.rules, staying.relation, staying.rows, left_out)

    def _columns(self, *, ask: bool) -> tuple[list[Column], bool]:
        """The columns of the rows that stay, and whether their roles leave something to ask. Nothing is asked before
        the rows that are no facts are known: a total has words where years stand."""
        labels, relation = self.table.labels, self._staying().relation
        profiles = profile(self.connection, relation, labels)
        headings = [read_heading(label) for label in labels]
        typed = str(self.table.raw.get("format") or "") in _TYPED
        writings = settle_numbers(settle_dates([self._writing(one) for one in profiles]), typed=typed)
        found = roles(self.connection, relation, profiles, writings, headings)
        asked = {one.column: one for one in found.proposals}
        decided = [self._role(one, asked.get(one.label), ask=ask) for one in found.columns]
        columns = [Column(*parts) for parts in zip(profiles, headings, writings, decided, strict=True)]
        return self._all_seen(columns, relation) if self.thorough else columns, bool(asked)

    def _all_seen(self, columns: Sequence[Column], relation: str) -> list[Column]:
        """The columns that are read as numbers and dates, with what all their cells say and not only a sample."""
        chosen = [one for one in columns if one.measure or one.dated]
        writings = [one.number if one.measure else one.writing for one in chosen]
        found = with_strays(self.connection, relation, [one.profile for one in chosen], writings)
        seen = {
            one.label: replace(one, profile=profile_, writing=written)
            for one, before, profile_, written in zip(chosen, writings, *found, strict=True)
            if written is not before
        }
        return [seen.get(one.label, one) for one in columns]

    def _staying(self) -> Loaded:
        """The rows that no rule leaves out."""
        return shape(self.connection, self.table.loaded, self.table.resource(self.rules))

    def _writing(self, one: Profile) -> Writing:
        """How a column is written: as the precedent says if its cells are, else as they show."""
        known = self.known.get(one.label)
        props = {name: known[name] for name in WRITTEN if name in known} if known is not None else {}
        again = any(id_.startswith(f"column:{one.label}:") for id_ in self.answers.given)
        if not props or again or fits(one, props)[0]:
            return writing(one)
        kind = "number" if props.get("type") == "number" else str(props.get("type", "text"))
        return Writing.of(kind, props, 100, said("its cells are written as before"))

    def _role(self, guess: RoleGuess, proposal: Proposal | None, *, ask: bool) -> RoleGuess:
        """What a column means: as the precedent says, as a person says, or as proposed."""
        stated = self.answers.said(f"column:{guess.label}:role")
        if stated is not None:
            return self._said(guess, *stated)
        known = self.known.get(guess.label)
        if known is not None:
            type_ = "value" if known.get("normalize") is not None else known.get("columnType")
            return replace(guess, column_type=type_, confidence=100, reason=said("as before"), others=())
        if proposal is None:
            return guess
        choice = self.answers.answer(self._placed(proposal)) if ask else proposal.best
        type_ = None if choice.value == NOTHING else choice.value
        return replace(guess, column_type=type_, confidence=choice.confidence, reason=choice.reason)

    def _said(self, guess: RoleGuess, value: str, by: str) -> RoleGuess:
        """The role that somebody gives a column. Raises WrongAnswer for what is no ColumnType."""
        id_ = f"column:{guess.label}:role"
        if value != NOTHING and not resolve(value).defined:
            choices = ", ".join(one for one, _, _ in guess.others)
            raise WrongAnswer(
                said(
                    "“{value}” is no ColumnType, as an answer to “{id}”. It may be {choices}.",
                    value=value,
                    id=id_,
                    choices=choices or NOTHING,
                )
            )
        self.answers.record(id_, value, by, 100, said_by(by))
        type_ = None if value == NOTHING else value
        return replace(guess, column_type=type_, confidence=100, reason=said_by(by), others=())

    def _leave_out_rows(self, columns: Sequence[Column]) -> bool:
        """Decide about rows that are no facts; whether any rule is new."""
        amounts = {one.profile.position: reading_of(one.label, one.number.props) for one in columns if one.measure}
        texts = [one.profile.position for one in columns if not one.measure]
        before = len(self.rules)
        relation = self._staying().relation
        for proposal in propose_rows(self.connection, relation, self.table.labels, amounts, texts):
            rule = proposal.best.effect.get("leaveOut")
            if rule is not None and any(_alike(rule, one) for one in self.rules):
                continue
            self._leave_out(self.answers.answer(self._placed(proposal)).effect)
        return len(self.rules) > before

    def _leave_out(self, effect: Mapping[str, Any]) -> None:
        """Take the rule that an answer has, if it has one."""
        if effect.get("leaveOut") is not None:
            self.rules.append(dict(effect["leaveOut"]))

    def _answered(self, column: Column) -> Column:
        """A column whose writing is decided: asked only where a wrong one would change what the facts say."""
        if not column.measure and not column.dated:
            return column
        written = column.number if column.measure else column.writing
        stated = {one.id: self.answers.answer(self._placed(one)).value for one in written.proposals}
        return replace(column, writing=replace(written, props=written.answered(stated)))

    def _cut(self) -> Iterator[LeftOut]:
        """What stands outside of the table in its files."""
        for part in self.table.candidates:
            for cut in part.cut:
                rows: tuple[int, int] | None = (cut.first, cut.last)
                count: int | None = cut.last - cut.first + 1
                sample: str | None = cut.text or None
                if cut.kind.endswith("column"):
                    rows, count, sample = None, None, f"column {cut.first}"
                yield LeftOut(
                    part.name, part.sheet, cut.kind, said("it stands outside of the table"), count, rows, sample
                )

    def _left_out(self, one: LeftOutRows, parts: Sequence[str]) -> LeftOut:
        """What a rule leaves out of a file, as it is told."""
        last = one.rows[-1] if one.count <= len(one.rows) else one.rows[0]
        rule = one.rule
        # a descriptor keeps its words alone; what was said when it was decided can be told
        reason = next((each.reason for each in self.answers.decisions if each.reason == rule.reason), rule.reason)
        return LeftOut(parts[one.part], self.table.sheet, rule.kind, reason, one.count, (one.rows[0], last))

    def _placed(self, proposal: Proposal) -> Proposal:
        return replace(proposal, file=proposal.file or self.table.file, sheet=proposal.sheet or self.table.sheet)


def _side_by_side(columns: Sequence[Column]) -> list[Column]:
    """The columns, with what labels of amounts mean beside each other: “Expenditures” beside “Appropriations”."""
    measures = [one for one in columns if one.measure]
    meant = dict(zip((one.label for one in measures), in_context([one.heading for one in measures]), strict=True))
    return [replace(one, heading=meant.get(one.label, one.heading)) for one in columns]


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rules leave out the same rows, whatever they say about them."""
    parts = ("empty", "where", "whereNot", "rows", "part")
    return all(one.get(part) == other.get(part) for part in parts)
