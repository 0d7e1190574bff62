"""The publisher's own tables back, with every problem marked where it is: in their own workbook, in a new one, or as
CSV.

Made from the check's findings and the source files as they were given; whatever is right in them stays as it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from openspending.etl.check import Checked
from openspending.etl.markedcsv import MarkedFiles
from openspending.etl.markedrows import MarkedTable, Marking, extent
from openspending.etl.marks import MOST, Marks
from openspending.etl.original import Original, open_original
from openspending.etl.sourcefile import SourceFile
from openspending.etl.workspace import folder_of
from openspending.fdp.package import UNSET
from openspending.fdp.problems import PackageRejected, Problem, Report
from openspending.speaking.languages import ENGLISH
from openspending.speaking.said import said

FORMATS: Final = (".xlsx", ".csv")


@dataclass(slots=True)
class MarkedCopy:
    """A marked copy wanted at `out`, which ends in .xlsx or .csv, in a language. Once it is written, `paths` are its
    files; `notes` say what could not be marked, and why."""

    out: Path
    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    language: str = ENGLISH

    def write(self, connection: duckdb.DuckDBPyConnection, checked: Checked, files: Mapping[str, SourceFile]) -> None:
        """Write the tables of `checked` that have problems, with a workspace's connection that has them loaded.
        Nothing is written where there is no problem. Raises nothing: see the notes."""
        sources = {file.path.resolve() for file in files.values()}
        with self._noting_failure():
            if checked.report.problems and self._free(sources):
                folder = folder_of(connection)
                tables = list(self._tables(Marks(connection, checked), checked, files, folder))
                self._write(tables, checked.report, files, folder)

    def write_list(self, report: Report) -> None:
        """Write the problems of a package whose tables could not be read at all. Raises nothing: see the notes."""
        self.notes.append(said("The tables were not read: the package itself must be mended first."))
        with self._noting_failure(), tempfile.TemporaryDirectory() as folder:
            self._write([], report, {}, Path(folder))

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """A full disk must not hide what is wrong with the package."""
        try:
            yield
        except OSError as error:
            self.notes.append(said("The marked copy could not be written: {reason}.", reason=error.strerror or error))

    def _tables(
        self, marks: Marks, checked: Checked, files: Mapping[str, SourceFile], folder: Path
    ) -> Iterator[MarkedTable]:
        """Every part of every table that was checked and has problems."""
        self.notes += [_beyond(one) for one in marks.beyond]
        for original in self._originals(checked, files, folder):
            try:
                size = extent(original)
            except PackageRejected as refusal:
                self.notes.append(_not_copied(original.path, refusal))
                continue
            marking = Marking(original, size, marks, checked.report.problems)
            if marking.any:
                yield MarkedTable(original, size, marking)

    def _originals(self, checked: Checked, files: Mapping[str, SourceFile], folder: Path) -> Iterator[Original]:
        """Every part of every table that was checked; those that cannot be read are noted."""
        for name in checked.loaded:
            resource = checked.package.resource(name)
            if resource is None or resource.data is not UNSET:
                continue
            for part, path in enumerate(resource.paths):
                try:
                    yield open_original(resource, part, files, folder)
                except PackageRejected as refusal:
                    self.notes.append(_not_copied(path, refusal))

    def _free(self, sources: set[Path]) -> bool:
        """Whether the copy would not be written over a file of the package."""
        if self.out.resolve() in sources:
            self.notes.append(
                said("No marked copy was written: {path} is a file of the package itself.", path=self.out)
            )
            return False
        return True

    def _write(
        self, tables: Sequence[MarkedTable], report: Report, files: Mapping[str, SourceFile], folder: Path
    ) -> None:
        sources = {file.path.resolve() for file in files.values()}
        if self.out.suffix.lower() == ".csv":
            target = MarkedFiles(self.out, sources, self.language)
            for one in tables:
                target.add(one.original, one.size, one.marking)
            self.paths += target.close()
            return
        from openspending.etl.markedbooks import MarkedBooks  # slow to import, and seldom needed

        self.paths += MarkedBooks(tables, report.problems, folder, self.notes, self.language).write(
            files, self.out, sources
        )


def _beyond(one: Problem) -> str:
    return said(
        "{file}, {field}: {code} has {count} cells; the first {most} are marked.",
        file=one.file or one.resource,
        field=one.field,
        code=one.code,
        count=one.count,
        most=MOST,
    )


def _not_copied(path: str, refusal: PackageRejected) -> str:
    reason = refusal.report.problems[0].message
    return said("No marked copy of {file} is possible: {reason}", file=path, reason=reason)
