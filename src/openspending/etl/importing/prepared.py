"""What an import would do: the package it makes of the files, every decision in it, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from openspending.etl.decisions import Decision, Proposal
from openspending.etl.read import Loaded
from openspending.etl.sourcefile import SourceFile
from openspending.etl.sources import Opened
from openspending.fdp import conformance, model_of, versions
from openspending.fdp.drift import Drift
from openspending.fdp.problems import PackageRejected, Report


@dataclass(frozen=True, slots=True)
class ColumnMade:
    """What was made of a column: how it is written, what it means, how sure that is and why; `others` are the next
    candidates for its meaning, each with its percentage and reason. `means` None: it is kept, with no meaning. `money`
    are unit, currency, direction and phase of a column of amounts: name, value, and why it is not as the others."""

    label: str
    written: str
    means: str | None
    confidence: int
    reason: str
    others: tuple[tuple[str, int, str], ...] = ()
    by: str = "proposal"
    money: tuple[tuple[str, str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        money = {name: {"value": value, "reason": why} for name, value, why in self.money}
        others = [{"value": value, "confidence": sure, "reason": why} for value, sure, why in self.others]
        return {
            "label": self.label,
            "written": self.written,
            "columnType": self.means,
            "confidence": self.confidence,
            "reason": self.reason,
            "others": others,
            "by": self.by,
            **({"money": money} if money else {}),
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a file that does not become facts: `what` it is, where (`rows`: first and last, where known), how
    many rows, a `sample` of its text, and the reason."""

    file: str
    sheet: str | None
    what: str
    reason: str
    count: int | None = None
    rows: tuple[int, int] | None = None
    sample: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        found = {
            "file": self.file,
            "sheet": self.sheet,
            "what": self.what,
            "count": self.count,
            "rows": None if self.rows is None else list(self.rows),
            "reason": self.reason,
            "sample": self.sample,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class TableMade:
    """A table that was read, from column `first_column` on (1 is the first): `role` is “facts”, “list” (a code list) or
    “apart” (kept, but not counted); `terms` are sentences on what holds for its amounts."""

    name: str
    files: tuple[str, ...]
    sheet: str | None
    format: str
    encoding: str | None
    header_rows: tuple[int, ...]
    first_column: int
    rows: int
    role: str
    columns: tuple[ColumnMade, ...]
    preview: tuple[tuple[str, ...], ...] = ()
    terms: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "name": self.name,
            "files": list(self.files),
            "sheet": self.sheet,
            "format": self.format,
            "encoding": self.encoding,
            "headerRows": list(self.header_rows),
            "firstColumn": self.first_column,
            "rows": self.rows,
            "role": self.role,
            "terms": list(self.terms),
            "columns": [one.to_dict() for one in self.columns],
        }


@dataclass(slots=True)
class Prepared:
    """The whole of it. `sampled`: a table was judged by a sample of its rows. `loaded`: the tables as raw text in the
    workspace that prepared them, by resource name; `aside`: answers that nothing asked for, or that fit no more,
    by the id of their question."""

    descriptor: dict[str, Any]
    files: Mapping[str, SourceFile]
    loaded: Mapping[str, Loaded]
    tables: tuple[TableMade, ...]
    decisions: Sequence[Decision]
    questions: Sequence[Proposal]
    sampled: bool = False
    left_out: tuple[LeftOut, ...] = ()
    drift: tuple[Drift, ...] = ()
    notes: tuple[str, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    _opened: Opened | None = field(default=None, repr=False)

    def opened(self) -> Opened:
        """The package, ready to be checked. Raises PackageRejected with all problems of the descriptor."""
        if self._opened is None:
            self._opened = _open(self.descriptor, self.files)
        return self._opened

    def told(self) -> dict[str, Any]:
        """As `to_dict`, without the descriptor, and with whether all of it is sure."""
        content = self.to_dict()
        del content["descriptor"]
        return {**content, "sure": not self.questions}

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it; the loaded tables and the files' places are nobody's business."""
        return {
            "tables": [one.to_dict() for one in self.tables],
            "decisions": [one.to_dict() for one in self.decisions],
            "questions": [one.to_dict() for one in self.questions],
            "left_out": [one.to_dict() for one in self.left_out],
            "drift": [asdict(one) for one in self.drift],
            "notes": list(self.notes),
            "descriptor": self.descriptor,
        }


def _open(descriptor: Mapping[str, Any], files: Mapping[str, SourceFile]) -> Opened:
    """As `sources.open_package` opens a package, of one that never lay in a folder."""
    data = versions.write_descriptor(dict(descriptor))
    package, problems = versions.read_package(data, default_name=str(descriptor.get("name") or "dataset"))
    if package is None:
        raise PackageRejected(Report(problems))
    report = Report(list(dict.fromkeys([*problems, *conformance.check(package)])))
    model, _ = model_of.model_of(package)
    if not report.valid or model is None:
        raise PackageRejected(report)
    return Opened(package, model, report.problems, dict(files), data)
