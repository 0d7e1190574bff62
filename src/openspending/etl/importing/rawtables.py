"""The tables of an import as raw text: every cell of every part, loaded once, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from openspending.etl.inspecting.candidate import Candidate
from openspending.etl.inspecting.parts import Parts
from openspending.etl.read import Loaded, load_raw
from openspending.etl.sourcefile import Progress, SourceFile
from openspending.fdp.names import slug
from openspending.fdp.package import Resource
from openspending.fdp.problems import PackageRejected, Problem, Report, problem
from openspending.fdp.versions import package_of


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table: its parts as they were found, the raw resource without a schema, its labels, and its cells.

    `aliases` are other labels of a column in some part; `rules` rows to leave out that the inspection found.
    """

    name: str
    candidates: tuple[Candidate, ...]
    raw: Mapping[str, Any]
    labels: tuple[str, ...]
    loaded: Loaded
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rules: tuple[Mapping[str, Any], ...] = ()

    @property
    def file(self) -> str:
        """The first part's name."""
        return self.loaded.parts[0]

    @property
    def sheet(self) -> str | None:
        """The sheet it lies in."""
        return self.candidates[0].sheet

    def resource(self, rules: Iterable[Mapping[str, Any]] = ()) -> Resource:
        """The resource with every column as text, and these rows left out."""
        schema = {"fields": [{"name": label, "type": "string", **self._aliases(label)} for label in self.labels]}
        left_out = [dict(one) for one in rules]
        return resource_of({**self.raw, "name": self.name, "schema": schema, "leaveOut": left_out})

    def _aliases(self, label: str) -> dict[str, Any]:
        others = self.aliases.get(label)
        return {"aliases": list(others)} if others else {}


def resource_of(raw: Mapping[str, Any]) -> Resource:
    """A raw resource as an object. Raises PackageRejected when it makes no sense."""
    package, problems = package_of({"name": "import", "resources": [dict(raw)]})
    if package is None:
        raise PackageRejected(Report(problems))
    return package.resources[0]


def load_table(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    group: Parts,
    files: Mapping[str, SourceFile],
    name: str,
    progress: Progress | None = None,
) -> RawTable:
    """Load all parts of a table into the relation `raw_<number>`. Raises PackageRejected when a file cannot be read."""
    first = group.parts[0]
    paths = tuple(one.name for one in group.parts)
    table = RawTable(
        name,
        group.parts,
        group.resource(name),
        (*first.header, *group.extra),
        Loaded("", paths),
        group.aliases,
        tuple(first.rules()),
    )
    loaded = load_raw(connection, f"raw_{number}", table.resource(), files, (), progress=progress)
    if any(one.severity == "error" for one in loaded.problems):
        raise PackageRejected(Report(loaded.problems))
    return replace(table, loaded=replace(loaded, problems=[*loaded.problems, *_unseen(table)]))


def without_marks(label: str) -> str:
    """A label without the byte order mark that another program left before it."""
    return label.removeprefix("\ufeff")


def _unseen(table: RawTable) -> Iterator[Problem]:
    """Labels that begin with what nobody sees: they are taken without it."""
    row = (table.raw.get("dialect") or {}).get("headerRows", [1])[0]
    for label in table.labels:
        bare = without_marks(label)
        if bare != label:
            yield problem("incorrect-label", file=table.file, resource=table.name, row=row, value=label, field=bare)


def table_name(candidate: Candidate) -> str:
    """A resource's name: the file's, and the sheet's where the file has several."""
    stem = candidate.name.rsplit("/", 1)[-1]
    while "." in stem[1:] and len(stem.rsplit(".", 1)[1]) <= 5:
        stem = stem.rsplit(".", 1)[0]
    return slug(stem, "-").lower() or "table"
