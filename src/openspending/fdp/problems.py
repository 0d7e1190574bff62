"""What is reported to a publisher: problems, each with code, place, plain words and a fix, gathered in a report.

A problem is in English wherever it is kept, with the words that fill its kind's templates; `told_problem` tells it in
the language of whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.errors import OpenSpendingError
from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.controltotal import ControlTotal
from openspending.speaking.languages import ENGLISH
from openspending.speaking.said import Said, as_words, of_words, tellable, told

_PLACES: Final = ("file", "resource", "row", "field", "value", "count")  # which a problem states anyway


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` counts records of the file from 1, the header included; `count` is how many cells or rows
    the problem stands for when the report names only the first of them."""

    code: str
    severity: str  # "error" or "warning"
    message: Said
    fix: Said
    file: str | None = None
    resource: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    pointer: str | None = None  # JSON pointer into the descriptor
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able dict, in English, with the catalogue's title and with `words`; absent places are left out."""
        named = {
            "code": self.code,
            "severity": self.severity,
            "title": CATALOGUE[self.code].title,
            "message": str(self.message),
            "fix": str(self.fix),
            "file": self.file,
            "resource": self.resource,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "pointer": self.pointer,
            "count": self.count,
            "words": as_words(self._words()) or None,
        }
        return {key: value for key, value in named.items() if value is not None}

    def _words(self) -> dict[str, object]:
        """What fills the templates beside the places, and in place of them where that is a sentence of ours."""
        return {
            name: word for name, word in self.message.words.items() if name not in _PLACES or isinstance(word, Said)
        }


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
    shown = None if value is None else _shown(value)
    place = {"file": file, "resource": resource, "row": row, "field": field, "value": shown, "count": count}
    filled = {**place, **words}
    return Problem(
        code=code,
        severity=kind.severity,
        message=Said(kind.message, filled),
        fix=Said(kind.fix, filled),
        file=file,
        resource=resource,
        row=row,
        field=field,
        value=shown,
        pointer=pointer,
        count=count,
    )


def _shown(value: object) -> str:
    return value if isinstance(value, Said) else shorten(str(value))


def told_problem(found: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A problem, as `to_dict` made it at any time, in a language; `language` says in which one it is: in English still
    where the kind has gone, or its words, which older revisions did not keep."""
    if language == ENGLISH:
        return {**found, "language": ENGLISH}
    try:
        kind = CATALOGUE[found["code"]]
        words = {name: found.get(name) for name in _PLACES} | of_words(found.get("words", {}))
        message, fix = Said(kind.message, words), Said(kind.fix, words)
        same = (message, fix) == (found["message"], found["fix"])
        if not same or not tellable(message, language) or not tellable(fix, language):
            return {**found, "language": ENGLISH}
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        return {**found, "language": ENGLISH}
    return {
        **found,
        "title": told(Said(kind.title, {}), language),
        "message": told(message, language),
        "fix": told(fix, language),
        "language": language,
    }


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
        """Every problem as a dict, in English, errors first."""
        return [one.to_dict() for one in (*self.errors, *self.warnings)]

    def told(self, language: str) -> list[dict[str, Any]]:
        """As `to_list`, in a language."""
        return [told_problem(one, language) for one in self.to_list()]


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
