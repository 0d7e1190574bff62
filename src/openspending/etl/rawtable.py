"""The raw table of one resource: text columns in Arrow, in memory while small, else spilled to Parquet files."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openspending.fdp.sqltext import identifier, literal

# Arrow bytes; about 350 MB of CSV. Beyond it memory would grow with the file.
IN_MEMORY: Final = 256 << 20
MANY: Final = 20_000  # distinct values of a column that are still worth a set
SAMPLE: Final = 5_000  # rows by which a column is judged
# Arrow arrays are not made from Python lists on the fast path: that would import pandas, if there is one, for nothing.
TEXT: Final = pa.string()
CODES: Final = pa.dictionary(pa.int32(), pa.string())


def repetitive(column: pa.ChunkedArray) -> bool:
    """Whether a column is worth a dictionary, judged by its first rows."""
    start = column.slice(0, SAMPLE)
    return len(start) < SAMPLE or len(start.unique()) <= len(start) // 2


class RawTable:
    """Collects the rows of a resource as columns `_file`, `_row`, f0, f1, …; `finish` makes them a DuckDB view.

    `types` are the Arrow types of f0, f1, …, settled by the first rows: columns that repeat themselves are
    dictionaries, so that their distinct values are known without a scan (`distinct`).
    """

    def __init__(self, relation: str, width: int, folder: Path, in_memory: int | None = None) -> None:
        self.relation = relation
        self.width = width
        self.types: list[pa.DataType] | None = None
        self.rows = 0
        self.folder = folder
        self._limit = IN_MEMORY if in_memory is None else in_memory
        self._tables: list[pa.Table] = []
        self._size = 0
        self._spilled: list[Path] = []
        self._distinct: list[pa.Array | None] = [pa.nulls(0, TEXT)] * width

    def add(self, part: int, numbers: pa.Array, columns: Sequence[pa.ChunkedArray | None]) -> None:
        """Add records of part `part` with these record numbers; None is a column that the file lacks."""
        rows = len(numbers)
        if rows == 0:
            return
        if self.types is None:
            self.types = [CODES if column is None or repetitive(column) else TEXT for column in columns]
        texts = [self._typed(position, column, rows) for position, column in enumerate(columns)]
        parts = pa.Array.from_buffers(pa.int32(), rows, [None, pa.py_buffer(array("i", [part]) * rows)])
        table = pa.table([parts, numbers, *texts], names=["_file", "_row", *(f"f{i}" for i in range(self.width))])
        self.rows += rows
        self._tables.append(table)
        self._size += table.nbytes
        if self._size > self._limit:
            self._spill()

    def distinct(self) -> dict[int, pa.Array]:
        """The distinct texts of the columns that have few of them, by column position."""
        return {position: texts for position, texts in enumerate(self._distinct) if texts is not None}

    def finish(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the view `relation`, in file order. The Arrow table lives as long as the connection."""
        view = identifier(self.relation)
        if self._spilled:
            self._spill()
            files = ", ".join(literal(str(path)) for path in self._spilled)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM read_parquet([{files}])")
            return
        table = pa.concat_tables(self._tables) if self._tables else self._empty()
        self._tables.clear()
        connection.register(f"{self.relation}_arrow", table)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {identifier(self.relation + '_arrow')}"
        )

    def _typed(self, position: int, column: pa.ChunkedArray | None, rows: int) -> pa.ChunkedArray:
        """`column` in the type that this table has for it; its distinct values are noted."""
        wanted = self.types[position] if self.types is not None else TEXT
        if column is None:
            self._note(position, pa.nulls(1, TEXT))
            return pa.chunked_array([pa.nulls(rows, wanted)])
        if column.type != wanted:
            column = column.cast(TEXT) if wanted == TEXT else column.dictionary_encode()
        if wanted == TEXT:
            self._distinct[position] = None
        else:
            for chunk in column.chunks:
                self._note(position, chunk.dictionary)
            if column.null_count:
                self._note(position, pa.nulls(1, TEXT))
        return column

    def _note(self, position: int, values: pa.Array) -> None:
        known = self._distinct[position]
        if known is not None:
            both = pa.concat_arrays([known, values]).unique()
            self._distinct[position] = both if len(both) <= MANY else None

    def _spill(self) -> None:
        """Write what is in memory to the next Parquet file."""
        if not self._tables:
            return
        path = self.folder / f"{self.relation}-{len(self._spilled)}.parquet"
        # one dictionary for all blocks, dictionaries for nothing else, no statistics: five times faster
        table = pa.concat_tables(self._tables).unify_dictionaries()
        coded = [f"f{position}" for position, kind in enumerate(self.types or ()) if kind == CODES]
        pq.write_table(table, path, compression="lz4", use_dictionary=coded, write_statistics=False, store_schema=False)
        self._spilled.append(path)
        self._tables.clear()
        self._size = 0

    def _empty(self) -> pa.Table:
        names = [f"f{i}" for i in range(self.width)]
        types = [pa.int32(), pa.int64(), *([TEXT] * self.width)]
        return pa.table([pa.nulls(0, one) for one in types], names=["_file", "_row", *names])
