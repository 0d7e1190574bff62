"""Prepared lines and members as the rows that COPY takes, and what is counted of them on the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from openspending.analytics.search.postgres.lexemes import LONGEST, vector
from openspending.analytics.search.record import CELL_BITS, Record
from openspending.analytics.search.words import words

_SPECIAL: Final = re.compile("[\\\\\t\n\r\0]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\ufffd"})


@dataclass(slots=True)
class Counts:
    """What the lines of a dataset add up to: how many have a word; for each cell how many, and its sums."""

    words: Counter[str] = field(default_factory=Counter)
    cells: dict[int, list[int]] = field(default_factory=dict)


def lines_copied(record: Record, batch: Any, counts: Counts) -> Iterator[str]:
    """The rows of `lines` of one batch, which is counted in `counts`."""
    first, scales = record.uid << CELL_BITS, [measure.scale for measure in record.measures]
    columns = [batch.column(name).to_pylist() for name in ("fact", "cell", "text", "codes", "values")]
    amounts = [batch.column(f"m{number}").to_pylist() for number in range(len(scales))]
    for fact, number, text, codes, values, *row in zip(*columns, *amounts, strict=True):
        cell = first | number
        counts.words.update(set(text.split()))
        _count(counts.cells.setdefault(cell, [0] * (len(scales) + 1)), row)
        written = ",".join(
            "NULL" if one is None else f"{one:f}e-{scale}" for one, scale in zip(row, scales, strict=True)
        )
        yield (
            f"{record.uid}\t{cell}\t{_escaped(fact)}\t{_escaped(vector(text, codes or ()))}"
            f"\t{{{written}}}\t{_escaped(values)}\n"
        )


def _count(totals: list[int], row: list[Decimal | None]) -> None:
    totals[0] += 1
    for place, amount in enumerate(row, start=1):
        if amount is not None:
            totals[place] += int(amount)


def cells_copied(record: Record, counts: Counts) -> Iterator[str]:
    """The rows of `cells`."""
    scales = [measure.scale for measure in record.measures]
    for cell, (lines, *sums) in counts.cells.items():
        written = ",".join(f"{one}e-{scale}" for one, scale in zip(sums, scales, strict=True))
        yield f"{record.uid}\t{cell}\t{lines}\t{{{written}}}\n"


def vocabulary_copied(record: Record, counts: Counts) -> Iterator[str]:
    """The rows of `vocabulary`."""
    for word, lines in counts.words.items():
        yield f"{record.uid}\t{_escaped(word[:LONGEST])}\t{lines}\n"


def members_copied(record: Record, batch: Any) -> Iterator[str]:
    """The rows of `members` of one batch."""
    columns = [batch.column(name).to_pylist() for name in ("ref", "code", "label", "text", "lines")]
    for ref, code, label, text, lines in zip(*columns, strict=True):
        member = json.dumps([ref, code, label])
        yield f"{record.uid}\t{lines}\t{_escaped(vector(text))}\t{_escaped(member)}\n"


def record_copied(record: Record, text: str) -> Iterator[str]:
    """The row of `records`; `text` is what its members say."""
    written = (record.created.isoformat(), json.dumps(record.to_json()), description(record, text))
    yield "\t".join([str(record.uid), *map(_escaped, written)]) + "\n"


def description(record: Record, text: str) -> str:
    """The vector of what a dataset is about: its title counts most, then what names it, what tells of it, and `text`,
    its members."""
    named = [record.owner, record.name, *record.keywords]
    told = [
        *record.description.splitlines(),
        record.author,
        *(column.title for column in record.columns),
        *(one.title for one in record.measures),
    ]
    parts = [("A", _words([record.title])), ("B", _words(named)), ("C", _words(told)), ("D", text)]
    vectors, first = [], 1
    for weight, content in parts:
        vectors.append(vector(content, weight=weight, first=first))
        first += content.count(" ") + 2 * content.count("\n") + 3
    return " ".join(vectors)


def _words(values: list[str]) -> str:
    return "\n".join(" ".join(words(value)) for value in values if value)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text
