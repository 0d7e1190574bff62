"""The publisher's own tables back, with every problem marked where it is: as a workbook, or as CSV.

Made from the check's findings and the source files as they were given; whatever is right in them stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from openspending.etl.check import Checked
from openspending.etl.markedcsv import MarkedFiles
from openspending.etl.markedrows import Marking, extent
from openspending.etl.marks import MOST, Marks
from openspending.etl.original import Original, open_original
from openspending.etl.sourcefile import SourceFile
from openspending.etl.tofix import ToFix
from openspending.etl.workspace import folder_of
from openspending.fdp.package import UNSET
from openspending.fdp.problems import PackageRejected, Problem, Report

if TYPE_CHECKING:
    from openspending.etl.workbook import MarkedBook

FORMATS: Final = (".xlsx", ".csv")


@dataclass(slots=True)
class MarkedCopy:
    """A marked copy wanted at `out`, which ends in .xlsx or .csv. Once it is written, `paths` are its files; `notes`
    say what could not be marked, and why."""

    out: Path
    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(self, connection: duckdb.DuckDBPyConnection, checked: Checked, files: Mapping[str, SourceFile]) -> None:
        """Write the tables of `checked` that have problems, with a workspace's connection that has them loaded.
        Nothing is written where there is no problem. Raises nothing: see the notes."""
        with self._noting_failure():
            self._write(connection, checked, files)

    def write_list(self, report: Report) -> None:
        """Write the problems of a package whose tables could not be read at all. Raises nothing: see the notes."""
        self.notes.append("The tables were not read: the package itself must be mended first.")
        with self._noting_failure():
            target = self._open(set())
            if target is not None:
                self._finish(target, ToFix(self.notes), report.problems)

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """A full disk must not hide what is wrong with the package."""
        try:
            yield
        except OSError as error:
            self.notes.append(f"The marked copy could not be written: {error.strerror or error}.")

    def _write(self, connection: duckdb.DuckDBPyConnection, checked: Checked, files: Mapping[str, SourceFile]) -> None:
        sources = {file.path.resolve() for file in files.values()}
        target = self._open(sources)
        if target is None or not checked.report.problems:
            return
        marks, to_fix = Marks(connection, checked), ToFix(self.notes)
        self.notes += [_beyond(one) for one in marks.beyond]
        for one in checked.report:
            if one.row is None:
                to_fix.add(one)
        shown = set()
        for original in self._originals(checked, files, folder_of(connection)):
            try:
                size = extent(original)
            except PackageRejected as refusal:
                self.notes.append(_not_copied(original.path, refusal))
                continue
            marking = Marking(original, size, marks, checked.report.problems)
            if marking.any:
                target.add(original, size, marking, to_fix)
                shown.add(original.path)
        self._finish(target, to_fix, [one for one in checked.report if one.row is not None and one.file not in shown])

    def _open(self, sources: set[Path]) -> MarkedBook | MarkedFiles | None:
        """What writes the copy; None where it would be written over a file of the package."""
        if self.out.resolve() in sources:
            self.notes.append(f"No marked copy was written: {self.out} is a file of the package itself.")
            return None
        if self.out.suffix.lower() == ".csv":
            return MarkedFiles(self.out, sources)
        from openspending.etl.workbook import MarkedBook  # slow to import, and seldom needed

        return MarkedBook(self.out)

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

    def _finish(self, target: MarkedBook | MarkedFiles, to_fix: ToFix, others: list[Problem]) -> None:
        """Add what has no place in a table, and write all to disk."""
        for one in others:
            to_fix.add(one)
        self.paths += target.close(to_fix)


def _beyond(one: Problem) -> str:
    return f"{one.file or one.resource}, {one.field}: {one.code} has {one.count} cells; the first {MOST} are marked."


def _not_copied(path: str, refusal: PackageRejected) -> str:
    return f"No marked copy of {path} is possible: {refusal.report.problems[0].message}"
