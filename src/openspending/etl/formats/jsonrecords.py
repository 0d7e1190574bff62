"""Lists of records in JSON and JSON lines as sheets: the keys are the header, what is nested gets dotted keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from openspending.etl.formats.jsonstream import Digits, JsonStream
from openspending.etl.formats.sheets import Book, Sheet, not_read
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_MEND = said("Give a list of objects with the same keys, or of lists of equal length, or save the table as CSV.")


@dataclass(slots=True)
class _List:
    """What the first pass finds out about a list. `header` has the keys in the order in which they first come; None
    for a list of lists, which has rows only."""

    rows: int = 0
    width: int = 0
    header: dict[str, int] | None = None
    plain: bool = False  # a list of single values, which is no table
    mixed: int = 0  # the first item that is of another kind than those before
    _seen: set[str] = field(default_factory=set)

    def add(self, item: Any, stream: JsonStream, limits: Limits) -> None:
        """Look at the next item."""
        self.rows += 1
        if isinstance(item, dict):
            if self.rows == 1:
                self.header = {}
            if self.header is not None:
                for key in flat(item, stream):
                    self.header.setdefault(key, len(self.header))
                self.width = len(self.header)
        elif isinstance(item, list):
            self.width = max(self.width, len(item))
        elif self.rows == 1:
            self.plain = True
        kind = isinstance(item, dict), isinstance(item, list)
        if not self.mixed and kind != (self.header is not None, self.header is None and not self.plain):
            self.mixed = self.rows
        if self.width > limits.columns:
            raise not_read(
                stream.shown, said("a record has more than {columns} columns", columns=limits.columns), _MEND
            )


def open_records(path: Path, kind: str, shown: str, encoding: str | None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Every list of records in a JSON file. Raises PackageRejected for broken or ambiguous JSON."""
    found: dict[str, _List] = {}
    stream = JsonStream(path, shown, encoding)
    for name, item in _items(stream, kind):
        found.setdefault(name, _List()).add(item, stream, limits)
    stream.finish()
    tables = {name: one for name, one in found.items() if not one.plain}
    if not tables:
        raise not_read(shown, said("it holds no list of records"), _MEND)
    sheets = tuple(
        Sheet(name, number, rows=one.rows + (one.header is not None), columns=one.width)
        for number, (name, one) in enumerate(tables.items(), start=1)
    )
    return Book(kind, shown, sheets, partial(_rows, path, kind, shown, encoding, tables))


def _items(stream: JsonStream, kind: str) -> Iterator[tuple[str, Any]]:
    return stream.lines() if kind == "jsonl" else stream.lists()


def _rows(
    path: Path, kind: str, shown: str, encoding: str | None, tables: dict[str, _List], sheet: Sheet
) -> Iterator[list[str]]:
    """The header, then a row for each record: record 1 is row 2. A list of lists has no header but its first row."""
    table = tables[sheet.name]
    if table.mixed:
        detail = said(
            "item {mixed} of the list “{name}” is of another kind than those before it",
            mixed=table.mixed,
            name=sheet.name,
        )
        raise not_read(shown, detail, _MEND)
    header = table.header
    if header is not None:
        yield list(header)
    stream = JsonStream(path, shown, encoding)
    for name, item in _items(stream, kind):
        if name != sheet.name:
            continue
        if header is None:
            yield [*map(cell, item), *([""] * (sheet.columns - len(item)))]
        else:
            row = [""] * len(header)
            for key, text in flat(item, stream).items():
                row[header[key]] = text
            yield row


def flat(record: dict[str, Any], stream: JsonStream) -> dict[str, str]:
    """A record's cells; those of nested objects by keys joined with dots."""
    cells: dict[str, str] = {}
    waiting = [("", record)]
    while waiting:
        before, one = waiting.pop(0)
        for key, value in one.items():
            if isinstance(value, dict) and value:
                waiting.append((f"{before}{key}.", value))
            elif before + key in cells:
                raise stream.broken(
                    said("two keys of a record are “{before}” when nested ones are joined", before=(before + key)[:80])
                )
            else:
                cells[before + key] = cell(value)
    return cells


def cell(value: Any) -> str:
    """A value's text: numbers with the digits they have, null is empty, lists stay JSON."""
    if isinstance(value, str):
        return value
    if value is None or value == {}:
        return ""
    return _json(value)


def _json(value: Any) -> str:
    if isinstance(value, Digits):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_json(one)}" for key, one in value.items()) + "}"
        )
    return json.dumps(value, ensure_ascii=False)
