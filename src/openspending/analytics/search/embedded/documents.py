"""Lines, members and datasets as the JSON documents that are indexed. DuckDB writes those of lines and members, many at
once; a value that is not there is left out, since the index refuses null."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import duckdb
import pyarrow as pa

from openspending.analytics.search.embedded import schema
from openspending.analytics.search.embedded.cutting import cut_of
from openspending.analytics.search.prepared import Prepared
from openspending.analytics.search.record import CELL_BITS, Measure, Record
from openspending.analytics.search.words import words

_AT_ONCE: Final = 5_000  # rows: few enough that the index's thread is never without work
_DECADE: Final = 0.0005  # how much a tenfold amount adds to the weight of a line: enough to order lines of equal score


class Documents:
    """Writes the documents of one dataset after the other."""

    def __init__(self) -> None:
        self._db = duckdb.connect(config={"threads": 1})

    def lines(self, record: Record, prepared: Prepared) -> Iterator[list[str]]:
        """The lines of a dataset, some thousands at a time."""
        return self._written(prepared.lines(), _line(record))

    def members(self, record: Record, prepared: Prepared) -> Iterator[list[str]]:
        """The members of a dataset, some thousands at a time."""
        return self._written(prepared.members(), _member(record))

    def close(self) -> None:
        """Let go of the database's memory."""
        self._db.close()

    def _written(self, batches: Iterator[Any], row: str) -> Iterator[list[str]]:
        """While some are indexed, the next are written."""
        with ThreadPoolExecutor(1) as thread:
            ready: Future[list[str]] | None = None
            for batch in batches:
                for begin in range(0, batch.num_rows, _AT_ONCE):
                    following = thread.submit(self._rows, batch.slice(begin, _AT_ONCE), row)
                    if ready is not None:
                        yield ready.result()
                    ready = following
            if ready is not None:
                yield ready.result()

    def _rows(self, batch: Any, row: str) -> list[str]:
        self._db.register("batch", pa.Table.from_batches([batch]))
        try:
            rows: list[str] = self._db.sql(f"SELECT {row} FROM batch").to_arrow_table().column(0).to_pylist()
        finally:
            self._db.unregister("batch")
        return rows


def dataset(record: Record, prepared: Prepared) -> str:
    """The document of a dataset. `stamp` tells records apart that have one number in two lives of an index."""
    texts = {
        "title": [record.title],
        "keywords": list(record.keywords),
        "place": [record.owner, record.name],
        "author": [record.author],
        "columns": [*dict.fromkeys(column.title for column in record.columns)],
        "description": record.description.splitlines(),
    }
    return json.dumps(
        {
            "kind": schema.DATASET,
            "uid": record.uid,
            "stamp": secrets.randbits(63),
            "stored": json.dumps(record.to_json(), ensure_ascii=False),
            **{name: [" ".join(words(text)) for text in values] for name, values in texts.items()},
            "members": prepared.text().split("\n"),
        },
        ensure_ascii=False,
    )


def _line(record: Record) -> str:
    """SQL of the document of a line. `stored` is read by `paging`."""
    measures = record.measures
    amounts = " || ',' || ".join(f"coalesce(m{n}::VARCHAR, 'null')" for n in range(len(measures))) or "''"
    stored = f"""'[' || to_json(fact) || ',[' || {amounts} || '],' || "values" || ']'"""
    return " || ".join(
        [
            f"""'{{"kind":{schema.LINE},"uid":{record.uid},"cell":' || ({record.uid << CELL_BITS}::UBIGINT | cell)""",
            """',"text":' || to_json(string_split("text", chr(10)))""",
            """',"code":' || to_json(coalesce(codes, []))""",
            *(_halves(number, measure) for number, measure in enumerate(measures[: schema.SLOTS])),
            _order(measures[0]) if measures else "''",
            _further(measures),
            f"""',"stored":' || to_json({stored}) || '}}'""",
        ]
    )


def _halves(number: int, measure: Measure) -> str:
    name = f"m{number}::HUGEINT"
    cut = cut_of(measure)
    low = f"({name} & {(1 << cut.width) - 1}::HUGEINT) - {cut.bias}::HUGEINT"
    slots = f"""',"high{number}":' || ({name} >> {cut.width}) || ',"low{number}":' || ({low})"""
    return f"coalesce({slots}, '')"


def _order(measure: Measure) -> str:
    """SQL of what lines are ordered by: the first amount, and a weight that grows with its size."""
    amount = f"(m0::DOUBLE / 1e{measure.scale})"
    return f"""coalesce(',"amount":' || {amount} || ',"weight":' || {_DECADE} * log10(1 + abs({amount})), '')"""


def _further(measures: tuple[Measure, ...]) -> str:
    """SQL of the halves of the measures that have no columns of their own."""
    if len(measures) <= schema.SLOTS:
        return "''"
    halves = [_halves(number, measures[number]) for number in range(schema.SLOTS, len(measures))]
    return f"""',"more":{{' || ltrim({" || ".join(halves)}, ',') || '}}'"""


def _member(record: Record) -> str:
    """SQL of the document of a member. `stored` is read by `describing`."""
    stored = """to_json([ref, code, label])"""
    return " || ".join(
        [
            f"""'{{"kind":{schema.MEMBER},"uid":{record.uid},"uses":' || "lines" """,
            """',"member":' || to_json(string_split("text", chr(10)))""",
            f"""',"stored":' || to_json({stored}::VARCHAR) || '}}'""",
        ]
    )
