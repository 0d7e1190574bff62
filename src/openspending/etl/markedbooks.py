"""The workbooks of a marked copy: each of the publisher's own, and a new one for all tables that are in none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openspending.etl.celltext import sheet_name
from openspending.etl.markedoriginal import MarkedOriginal, Unpatchable, is_workbook
from openspending.etl.markedrows import MarkedTable
from openspending.etl.marks import DECLARED
from openspending.etl.patching.package import new_file
from openspending.etl.sourcefile import SourceFile
from openspending.etl.tofix import ToFix
from openspending.etl.workbook import MarkedBook
from openspending.fdp.problems import Problem
from openspending.speaking.said import of_error, said


@dataclass(frozen=True, slots=True)
class _Written:
    """A workbook that is written already, but not where it shall be."""

    path: Path
    name: str
    suffix: str


class MarkedBooks:
    """Writes `tables` with their problems, and all others of a `report`, first into `folder`. What cannot be shown is
    added to `notes`; all is told in a language."""

    def __init__(
        self, tables: Sequence[MarkedTable], report: Sequence[Problem], folder: Path, notes: list[str], language: str
    ) -> None:
        self._report, self._folder, self._notes, self._language = report, folder, notes, language
        self._tables = tables

    def write(self, files: Mapping[str, SourceFile], out: Path, sources: set[Path]) -> list[Path]:
        """Write all; the paths. One workbook is `out` itself, several stand beside it. No file of `sources` is written
        over."""
        own: dict[Path, list[MarkedTable]] = {}
        others: list[MarkedTable] = []
        for one in self._tables:
            path = files[one.original.path].path
            (own.setdefault(path, []) if is_workbook(path) else others).append(one)
        written = []
        for path, tables in own.items():
            try:
                written.append(self._own(path, tables))
            except Unpatchable as reason:
                self._notes.append(
                    said(
                        "{file} cannot be marked as it is: {reason}.",
                        file=tables[0].original.path,
                        reason=of_error(reason),
                    )
                )
                others += tables
        if others or not written:
            written.append(self._new(others))
        return list(_moved(written, out, sources))

    def _own(self, path: Path, tables: Sequence[MarkedTable]) -> _Written:
        """A publisher's workbook. Raises Unpatchable."""
        book = MarkedOriginal(path, tables[0].original.path, self._folder)
        try:
            return self._filled(book, tables)
        finally:
            book.release()

    def _new(self, tables: Sequence[MarkedTable]) -> _Written:
        """A new workbook."""
        for path in dict.fromkeys(one.original.path for one in tables if one.original.text.converted):
            self._notes.append(said("Of {file} this is a new workbook with its texts, not the file itself.", file=path))
        return self._filled(MarkedBook(self._language), tables)

    def _filled(self, book: MarkedOriginal | MarkedBook, tables: Sequence[MarkedTable]) -> _Written:
        to_fix, target = ToFix(self._notes, self._language), new_file(self._folder)
        for problem in self._general(tables):
            to_fix.add(problem)
        for one in tables:
            book.add(one.original, one.size, one.marking, to_fix)
        book.close(to_fix, target)
        return _Written(target, book.name, book.suffix)

    def _general(self, tables: Sequence[MarkedTable]) -> Iterator[Problem]:
        """What stands in no row of a table, or in one that is not shown: that of these tables, and that of none."""
        mine, all_files = {one.original.path for one in tables}, {one.original.path for one in self._tables}
        resources = {one.original.resource.name for one in tables}
        all_resources = {one.original.resource.name for one in self._tables}
        for one in self._report:
            if one.row is not None and one.file in all_files and one.code not in DECLARED:
                continue
            of_others = one.file in all_files - mine or (one.file is None and one.resource in all_resources - resources)
            if not of_others:
                yield one


def _moved(written: Sequence[_Written], out: Path, sources: set[Path]) -> Iterator[Path]:
    names: set[str] = set()
    for one in written:
        target = out if out.suffix.lower() == one.suffix else out.with_suffix(one.suffix)
        while len(written) > 1 or target.resolve() in sources:
            name = Path(sheet_name(f"{one.name}.xlsx", names)).stem
            target = out.with_name(f"{out.stem}-{len(names)}-{name}{one.suffix}")
            if target.resolve() not in sources:
                break
        shutil.copyfile(one.path, target)
        one.path.unlink()
        yield target
