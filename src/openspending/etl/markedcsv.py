"""A marked copy as CSV: the source file with two further columns, "problem" and "fix"."""

from __future__ import annotations

import csv
from collections.abc import Container
from pathlib import Path

from openspending.etl.celltext import sheet_name
from openspending.etl.markedrows import Extent, Marking
from openspending.etl.original import Original
from openspending.speaking.said import said, told


class MarkedFiles:
    """One file for each source file, beside `path`; the only one is `path` itself. In UTF-8 with a byte order mark,
    by which spreadsheets know it; every cell is quoted. No file in `sources` is written over."""

    def __init__(self, path: Path, sources: Container[Path], language: str) -> None:
        self._path, self._sources, self._language = path, sources, language
        self._names: set[str] = set()
        self._written: list[Path] = []

    def add(self, original: Original, size: Extent, marking: Marking) -> None:
        """Write a source file with its problems."""
        target = self._target(original.path)
        self._written.append(target)
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            written = csv.writer(stream, quoting=csv.QUOTE_ALL, delimiter=original.dialect.delimiter)
            header = ("", "")
            for row in marking.rows():
                own = self._heads() if row.heading else self._both(header, row.words(self._language))
                written.writerow([*row.cells, *([""] * (size.columns - len(row.cells))), *own])
                header = row.words(self._language) if row.heading else ("", "")

    def close(self) -> list[Path]:
        """The paths of the files."""
        if len(self._written) != 1:
            return self._written
        self._written[0].replace(self._path)
        return [self._path]

    def _heads(self) -> tuple[str, str]:
        return told(said("problem"), self._language), told(said("fix"), self._language)

    def _both(self, header: tuple[str, str], row: tuple[str, str]) -> tuple[str, str]:
        """What is wrong with the header is said in the row below it: its own cell must name the column."""
        if not header[0]:
            return row
        problem, fix = (" ".join(filter(None, pair)) for pair in zip(header, row, strict=True))
        return told(said("In the header: {problem}", problem=problem), self._language), fix

    def _target(self, path: str) -> Path:
        while True:
            name = Path(sheet_name(path, self._names)).stem
            target = self._path.with_name(f"{self._path.stem}-{len(self._names)}-{name}.csv")
            if target.resolve() not in self._sources:
                return target
