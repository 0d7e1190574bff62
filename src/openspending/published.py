"""What publishing did, and what a validation found, as their callers hand it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openspending.analytics.statement import Sums
from openspending.etl.columnsums import TableSums
from openspending.fdp.amounts import plain_sums
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.problems import Problem, Report


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. `rows` counts facts; `measures` are their exact sums (None: no amount at all); `controls`
    what became of the package's control totals, which all hold.

    `created` is False when the newest revision had this very content already: nothing new was stored. `tables` are
    rows and sums as the files have them. `hash` is the revision's, which the next one names; `content` is the same for
    the same descriptor and bytes, whoever publishes them where and when. `undone` says which derived files could not be
    made: the revision stands all the same.
    """

    dataset: str
    revision: int
    created: bool
    rows: int
    measures: Sums
    problems: list[Problem]
    controls: tuple[ControlTotal, ...] = ()
    tables: tuple[TableSums, ...] = ()
    hash: str = ""
    content: str = ""
    undone: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As programs are told of it: sums as texts with all their digits."""
        return {
            "dataset": self.dataset,
            "revision": self.revision,
            "created": self.created,
            "rows": self.rows,
            "measures": plain_sums(self.measures),
            "tables": [one.to_dict() for one in self.tables],
            "controls": [one.to_dict() for one in self.controls],
            "hash": self.hash,
            "content": self.content,
            "undone": self.undone,
            "problems": [one.to_dict() for one in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Validated:
    """What publishing would find and make, without a DataStore."""

    report: Report
    rows: int
    measures: Sums
    controls: tuple[ControlTotal, ...] = ()
