"""Parquet: amounts as decimals, texts as dictionaries where that is shorter, compressed by zstd.

What a column means is in its field's metadata, where Arrow's readers find it, and for all others in the file's:
`columns` is JSON, name → kind, title, currency, unit; `meta` is JSON, what is said of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from openspending.analytics.exports.metadata import file_metadata
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.outlet import Outlet
from openspending.analytics.exports.table import Table

ROW_GROUP: Final = 122_880  # rows; as DuckDB writes them: large enough to compress, small enough to hold in memory


def stream(table: Table, options: Options) -> Iterator[bytes]:
    """The table as Parquet, a row group at a time."""
    outlet = Outlet()
    schema = table.with_metadata(file_metadata(table, options))
    writer = pq.ParquetWriter(outlet, schema, compression="zstd", store_decimal_as_integer=True)
    try:
        for group in _groups(table.batches):
            writer.write_table(pa.Table.from_batches(group, schema=schema))
            yield outlet.take()
    finally:
        writer.close()
    yield outlet.take()


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches put together until they make a row group."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            yield held
            held, rows = [], 0
    if held:
        yield held
