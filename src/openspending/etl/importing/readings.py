"""How files are read: as a recipe says, or as the dataset's last files were, where the new file allows it.

A recipe's word on encoding, delimiter, sheet and header goes before what the file shows; a dataset's only settles what
the file leaves open.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.precedent import Known, Precedent
from openspending.etl.inspecting.candidate import Candidate
from openspending.speaking.said import said

SAME_TABLE: Final = 50  # percent of a precedent's columns that a table must have to be the next file of it
_HEADER: Final = ("header", "headerRows", "headerFill", "commentRows")


@dataclass(frozen=True, slots=True)
class Readings:
    """Answers what inspecting asks."""

    answers: Answers
    precedent: Precedent | None

    def answer(self, proposal: Proposal) -> Choice:
        """How a text is read: its encoding or its delimiter. Raises WrongAnswer."""
        stated = self._of_file((proposal.file or "").split(" › ")[0])
        choice = next((one for one in proposal.choices if _says(stated, proposal.id.split(":")[0], one)), None)
        return self._settled(proposal, choice)

    def among(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], bool]:
        """The tables of a file that lie where the last one did, and whether that was told; else all of them."""
        dialect = _dialect(self._of_file(candidates[0].name))
        found = [one for one in candidates if _lies(one, dialect)]
        return (found, True) if found else (list(candidates), False)

    def headed(self, one: Candidate) -> Candidate:
        """A table with its header as it is decided: that of which most columns are known. Raises WrongAnswer."""
        proposal = one.header_proposal
        likely = [*self._said(one), *proposal.choices]
        shares = [self._share(one, choice) for choice in likely]
        most = max(shares)
        choice = likely[shares.index(most)] if most >= SAME_TABLE else None
        return self._named(one.with_header(self._settled(proposal, choice)))

    def _settled(self, proposal: Proposal, choice: Choice | None) -> Choice:
        """The choice of a precedent, unless a person says something else or the file is sure of itself."""
        precedent = self.precedent
        if choice is None or precedent is None or self.answers.speaks(proposal.id):
            return self.answers.answer(proposal)
        if proposal.best.value == choice.value and proposal.sure:
            return self.answers.answer(proposal)
        if precedent.by != "recipe" and proposal.sure and not proposal.id.startswith("header"):
            return self.answers.answer(proposal)
        return self.answers.settle(proposal, choice, precedent.by)

    def _of_file(self, name: str) -> Mapping[str, Any]:
        known = self._known(name)
        return {} if known is None else known.of_file

    def _known(self, name: str) -> Known | None:
        """The table of the precedent that a file is of, as far as that is told by its name."""
        tables = self.precedent.tables if self.precedent is not None else ()
        if len(tables) == 1:
            return tables[0]
        return next((one for one in tables if name in {path.rsplit("/", 1)[-1] for path in one.paths}), None)

    def _said(self, one: Candidate) -> Iterator[Choice]:
        """The header that a precedent spells out."""
        dialect = _dialect(self._of_file(one.name))
        effect = {name: dialect[name] for name in _HEADER if name in dialect}
        rows = effect.get("headerRows", [])
        known = _are_rows(rows, one.grid.rows) and _are_rows(effect.get("commentRows", []), None)
        if known and ("headerRows" in effect or effect.get("header") is False):
            value = "none" if not rows else f"row{'s' if rows[1:] else ''} {'-'.join(map(str, _ends(rows)))}"
            yield Choice(value, 100, said("its labels stand there"), effect)

    def _share(self, one: Candidate, choice: Choice) -> int:
        if self.precedent is None:
            return 0
        return self.precedent.best(self._named(one.with_header(choice)).header)[1]

    def _named(self, one: Candidate) -> Candidate:
        """A table without a header, its columns named as the precedent names them."""
        known = self._known(one.name)
        if one.region.header_rows or known is None or _dialect(known.of_file).get("header") is not False:
            return one
        names = tuple(str(field["name"]) for field in known.fields)
        if len(names) != len(one.header):
            return one
        return replace(one, region=replace(one.region, header=names))


def _dialect(of_file: Mapping[str, Any]) -> Mapping[str, Any]:
    found = of_file.get("dialect")
    return found if isinstance(found, Mapping) else {}


def _says(of_file: Mapping[str, Any], what: str, choice: Choice) -> bool:
    """Whether a choice is what was said of the encoding or the delimiter."""
    if what == "delimiter":
        return "delimiter" in _dialect(of_file) and choice.effect.get("delimiter") == _dialect(of_file)["delimiter"]
    return what == "encoding" and _codec(choice.value) == _codec(str(of_file.get("encoding") or ""))


def _codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _lies(one: Candidate, dialect: Mapping[str, Any]) -> bool:
    """Whether a table lies on the sheet, in the list or at the number that a dialect names."""
    place = one.place
    sheet = dialect.get("sheetName", dialect.get("property"))
    if sheet is not None:
        return bool(place.sheet == sheet)
    return "sheetNumber" in dialect and place.sheet_number == dialect["sheetNumber"]


def _are_rows(rows: object, known: Mapping[int, Any] | None) -> bool:
    """Whether these are numbers of rows, which the file has."""
    return isinstance(rows, list) and all(
        isinstance(row, int) and row > 0 and (known is None or row in known) for row in rows
    )


def _ends(rows: Sequence[int]) -> list[int]:
    return [rows[0], rows[-1]] if rows[1:] else [rows[0]]
