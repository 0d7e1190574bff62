"""What is reported to a publisher: problems, each with code, place, plain words and a fix, gathered in a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openspending.errors import OpenSpendingError
from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.controltotal import ControlTotal


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` counts records of the file from 1, the header included; `count` is how many cells or rows
    the problem stands for when the report names only the first of them."""

    code: str
    severity: str  # "error" or "warning"
    message: str
    fix: str
    file: str | None = None
    resource: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    pointer: str | None = None  # JSON pointer into the descriptor
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able dict with the catalogue's title; absent places are left out."""
        named = {
            "code": self.code,
            "severity": self.severity,
            "title": CATALOGUE[self.code].title,
            "message": self.message,
            "fix": self.fix,
            "file": self.file,
            "resource": self.resource,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "pointer": self.pointer,
            "count": self.count,
        }
        return {key: value for key, value in named.items() if value is not None}


def problem(
    code: str,
    *,
    file: str | None = None,
    resource: str | None = None,
    row: int | None = None,
    field: str | None = None,
    value: object = None,
    pointer: str | None = None,
    count: int = 1,
    **words: object,
) -> Problem:
    """A problem of the catalogue's kind `code`; its templates are filled with the place and with `words`.

    Raises KeyError for a code or a template word that does not exist: that is a mistake of ours.
    """
    kind = CATALOGUE[code]
    shown = None if value is None else shorten(str(value))
    place = {"file": file, "resource": resource, "row": row, "field": field, "value": shown, "count": count}
    return Problem(
        code=code,
        severity=kind.severity,
        message=kind.message.format(**place, **words),
        fix=kind.fix.format(**place, **words),
        file=file,
        resource=resource,
        row=row,
        field=field,
        value=shown,
        pointer=pointer,
        count=count,
    )


def shorten(text: str, limit: int = 120) -> str:
    """`text`, cut at `limit` characters with an ellipsis, so that one hostile cell cannot flood a report."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(slots=True)
class Report:
    """All problems of one check, in the order found."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, *found: Problem) -> None:
        """Append problems."""
        self.problems.extend(found)

    def extend(self, found: Iterable[Problem]) -> None:
        """Append all of `found`."""
        self.problems.extend(found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    @property
    def errors(self) -> list[Problem]:
        """The problems that forbid a commit."""
        return [one for one in self.problems if one.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that are kept with the revision and shown."""
        return [one for one in self.problems if one.severity == "warning"]

    @property
    def valid(self) -> bool:
        """Whether the package may be committed."""
        return not self.errors

    def to_list(self) -> list[dict[str, Any]]:
        """Every problem as a dict, errors first."""
        return [one.to_dict() for one in (*self.errors, *self.warnings)]


class PackageRejected(OpenSpendingError):
    """A package has errors; `report` lists all of them, `controls` its control totals if it came to them. Nothing was
    stored."""

    def __init__(self, report: Report, controls: Sequence[ControlTotal] = ()) -> None:
        count = len(report.errors)
        first = report.errors[0].message if report.errors else "unknown"
        super().__init__(f"{count} error{'s' if count != 1 else ''}: {first}")
        self.report = report
        self.controls = tuple(controls)


def rejected(*found: Problem) -> PackageRejected:
    """The exception for a package that cannot even be read further."""
    return PackageRejected(Report(list(found)))
