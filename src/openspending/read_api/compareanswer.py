"""The answer to a comparison: columns, rows with links to the facts of each side, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from openspending.analytics.canonical import cut_text, value_text
from openspending.analytics.comparing.compare import PLACES, Compared, Comparison
from openspending.analytics.comparing.sides import Side
from openspending.analytics.cube import Row
from openspending.analytics.exports.table import Column, Table
from openspending.analytics.livecubes import Opened
from openspending.read_api import cursors
from openspending.read_api.aggregate import SAFE
from openspending.read_api.described import canonical_url, column_of, columns_json, licences, meta_of
from openspending.read_api.respond import Question, root
from openspending.speaking.said import Said, later, said

_ROUNDED: Final = f"rounded half even to {PLACES} decimals"
_QUOTIENTS: Final[Mapping[str, str]] = {
    "rate": f"Difference divided by the absolute value of left, {_ROUNDED}",
    "left_share": f"Left divided by the sum of left over all members, {_ROUNDED}",
    "right_share": f"Right divided by the sum of right over all members, {_ROUNDED}",
}
_ONE_RELABELLED: Final = said(
    "Labels of 1 member differ between the sides, or within one. Members are compared by their codes, and shown with a "
    "label of the right side."
)
_RELABELLED: Final = later(
    "Labels of {count} members differ between the sides, or within one. Members are compared by their codes, and shown "
    "with a label of the right side."
)


@dataclass(frozen=True, slots=True)
class AnsweredSide:
    """A side, and the revision that it is of."""

    opened: Opened
    side: Side

    @property
    def scale(self) -> int:
        """The decimals of its amounts."""
        return column_of(self.side.measure, self.opened).scale or 0

    def rows(self, members: Sequence[str] = ()) -> str:
        """Where the facts of these members are."""
        cut = cut_text(self.side.cuts, self.side.cube.model)
        cuts = "|".join(([cut] if cut else []) + list(members))
        path = f"{root(self.opened.revision)}/facts"
        return f"{path}?cut={quote(cuts, safe=SAFE)}" if cuts else path

    def described(self, facts: int) -> dict[str, Any]:
        """What `meta` says of it."""
        revision = self.opened.revision
        return {
            "dataset": f"{revision.owner}/{revision.name}",
            "revision": revision.number,
            "hash": revision.hash,
            "measure": self.side.measure.ref,
            "currency": self.side.currency,
            "cut": cut_text(self.side.cuts, self.side.cube.model),
            "facts": {"matched": facts, "all": self.opened.built.facts},
            "licences": licences(revision.descriptor),
        }


@dataclass(frozen=True)
class Answer:
    """The parts of an answer, each made when its format needs it."""

    question: Question
    opened: Opened
    sides: tuple[AnsweredSide, ...]
    asked: Comparison
    found: Compared
    stamps: Sequence[Mapping[str, Any]]
    parameters: Mapping[str, str]
    id: str

    @cached_property
    def columns(self) -> list[Column]:
        """Those of the drilldowns, then the results."""
        opened = self.sides[0].opened
        groups = [column_of(one.left.concept, opened, one.left.key) for one in self.asked.groups]
        return [*groups, *self._amounts(), *self._quotients(), *self._further()]

    def _amounts(self) -> Iterator[Column]:
        scale = max(one.scale for one in self.sides)
        currencies = [one.side.currency for one in self.sides]
        for name, one in zip(("left", "right"), self.sides, strict=True):
            title = f"{name.title()}: {column_of(one.side.measure, one.opened).title}"
            yield Column(name, "decimal", title, one.side.currency, "1", scale)
        currency = currencies[0] if currencies[0] == currencies[1] else None
        yield Column("difference", "decimal", "Right - left; what one side lacks is nothing", currency, "1", scale)

    def _quotients(self) -> Iterator[Column]:
        for name, title in _QUOTIENTS.items():
            yield Column(name, "decimal", title, scale=PLACES)

    def _further(self) -> Iterator[Column]:
        yield Column("unmatched", "text", "Which side alone has facts of the member")
        yield Column("left_count", "integer", "Facts on the left")
        yield Column("right_count", "integer", "Facts on the right")

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What the answer says of itself and of both sides."""
        summary = self.found.summary
        counts = (summary["left_count"], summary["right_count"])
        described = [one.described(count) for one, count in zip(self.sides, counts, strict=True)]
        further = {
            "parameters": self.parameters,
            "query": self.id,
            "sides": dict(zip(("left", "right"), described, strict=True)),
            "warnings": [*self.stamps, *self._relabelled()],
        }
        return meta_of(self.opened, self.question, None, further)

    def _relabelled(self) -> Iterator[Mapping[str, Any]]:
        count = self.found.relabelled_count
        if count:
            yield {
                "code": "relabelled",
                "message": _ONE_RELABELLED if count == 1 else Said(_RELABELLED, {"count": count}),
                "ref": None,
                "in": "cells",
                "count": count,
                "members": [
                    {"member": one.member, "left": one.left, "right": one.right} for one in self.found.relabelled
                ],
            }

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        found, page = self.found, self.asked.page
        end = page.offset + len(found.rows)
        left, right = self.sides
        whole = {"left_rows": left.rows(), "right_rows": right.rows()}
        return {
            "data": [self._written(row) | links for row, links in zip(found.rows, self._links(), strict=True)],
            "summary": self._written(found.summary) | {"unmatched": found.unmatched, **whole},
            "total": found.total,
            "returned": len(found.rows),
            "next": self._next(end) if found.rows and end < found.total else None,
            "columns": columns_json(self.columns),
            "meta": self.meta,
        }

    def table(self) -> Table:
        """All rows, or those of a page when its size was asked for."""
        return Table.from_rows(self.columns, self.found.rows)

    def _written(self, row: Row) -> Row:
        """Small quotients with their zeros: as texts they would be written with an exponent."""
        if self.question.options.numbers != "text":
            return row
        small = {name: f"{row[name]:f}" for name in _QUOTIENTS if isinstance(row[name], Decimal)}
        return row | small

    def _next(self, start: int) -> str:
        size, cursor = str(self.asked.page.size), cursors.written(self.id, (start,))
        return canonical_url(self.question, {**self.parameters, "pagesize": size, "cursor": cursor})

    def _links(self) -> Iterator[dict[str, str | None]]:
        """For each row, where its facts are on either side; None where there are none."""
        for row in self.found.rows:
            yield {
                f"{name}_rows": one.rows(self._members(row, name)) if row[f"{name}_count"] else None
                for name, one in zip(("left", "right"), self.sides, strict=True)
            }

    def _members(self, row: Row, name: str) -> list[str]:
        """The cuts to the member of a row. A label tells it only where its code is missing."""
        groups = self.asked.groups
        telling = [one for one in groups if one.code is None or row[groups[one.code].left.key] is None]
        refs = [(one.left if name == "left" else one.right).concept.ref for one in telling]
        return [f"{ref}:{value_text(row[one.left.key])}" for ref, one in zip(refs, telling, strict=True)]
