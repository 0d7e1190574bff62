"""Datasets made of Python rows, for tests of indexes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from openspending.analytics.search.engine import Engine
from openspending.analytics.search.record import Cell, Column, Measure, Record
from openspending.analytics.search.words import codes, is_code, words

LINES = pa.schema(
    [
        ("fact", pa.string()),
        ("cell", pa.uint32()),
        ("text", pa.string()),
        ("codes", pa.list_(pa.string())),
        ("values", pa.string()),
    ]
)
MEMBERS = pa.schema(
    [("ref", pa.string()), ("code", pa.string()), ("label", pa.string()), ("text", pa.string()), ("lines", pa.uint64())]
)


@dataclass(frozen=True)
class Row:
    """A line: its values, its amounts in units of 10^-scale, and the number of its cell."""

    values: tuple[str | None, ...]
    amounts: tuple[int | None, ...] = ()
    cell: int = 0

    def words(self) -> tuple[list[list[str]], list[str]]:
        """The words of each value, and the codes, each once."""
        values = [value for value in self.values if value is not None]
        found = dict.fromkeys(code for value in values if is_code(value) for code in codes(value))
        return [words(value) for value in values], [*found]


@dataclass(frozen=True)
class Rows:
    """A dataset that is prepared. Members are (code, label, lines) of the first column."""

    record: Record
    rows: Sequence[Row]
    named: Sequence[tuple[str, str, int]] = ()
    about: str = ""
    batch: int = field(default=3)

    def lines(self) -> Iterator[pa.RecordBatch]:
        amounts = [pa.field(f"m{number}", pa.decimal128(38, 0)) for number in range(len(self.record.measures))]
        fields = pa.schema([*LINES, *amounts])
        made = [self._line(number, row) for number, row in enumerate(self.rows)]
        for begin in range(0, len(made), self.batch):
            yield pa.RecordBatch.from_pylist(made[begin : begin + self.batch], schema=fields)

    def members(self) -> Iterator[pa.RecordBatch]:
        made = [
            {"ref": "c0", "code": code, "label": label, "text": both_words(code, label), "lines": lines}
            for code, label, lines in self.named
        ]
        yield pa.RecordBatch.from_pylist(made, schema=MEMBERS)

    def text(self) -> str:
        return self.about

    def _line(self, number: int, row: Row) -> dict[str, Any]:
        texts, found = row.words()
        return {
            "fact": f"{self.record.uid}-{number:03}",
            "cell": row.cell,
            "text": "\n".join(map(" ".join, texts)),
            "codes": found,
            "values": json.dumps(row.values, ensure_ascii=False),
            **{f"m{at}": None if amount is None else Decimal(amount) for at, amount in enumerate(row.amounts)},
        }


def both_words(code: str, label: str) -> str:
    return "\n".join(" ".join(words(text)) for text in dict.fromkeys((code, label)))


def made(uid: int, rows: Sequence[Row], **further: Any) -> Rows:
    """A dataset of these rows, owned by demo, named after its number; `further` are fields of the record or of Rows."""
    own = {name: further.pop(name) for name in ("named", "about", "batch") if name in further}
    numbers = sorted({row.cell for row in rows})
    width = max((len(row.values) for row in rows), default=0)
    measures = max((len(row.amounts) for row in rows), default=0)
    said: dict[str, Any] = {
        "owner": "demo",
        "name": f"d{uid}",
        "revision": 1,
        "hash": f"sha256:{uid}",
        "created": datetime(2020, 1, uid % 28 + 1, tzinfo=UTC),
        "title": f"Dataset {uid}",
        "measures": tuple(Measure(f"m{at}", f"M{at}", 2, 30) for at in range(measures)),
        "columns": tuple(Column(f"c{at}.v", f"C{at}", f"c{at}") for at in range(width)),
        "cells": tuple(Cell(number, sum(row.cell == number for row in rows)) for number in numbers),
        **further,
    }
    return Rows(Record(uid=uid, lines=len(rows), **said), rows, **own)


def put(engine: Engine, *datasets: Rows) -> None:
    """Index datasets, and commit."""
    with engine.writing() as writer:
        for one in datasets:
            assert list(writer.add(one.record, one))[-1:] == [len(one.rows)][: len(one.rows)]
        writer.commit()
