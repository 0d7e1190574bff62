"""Arrow's stream format (IPC), as it lies in memory: nothing is parsed or converted by whoever reads it.

Metadata as in Parquet. Uncompressed, because not all readers in browsers can undo it; HTTP compresses.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from openspending.analytics.exports.metadata import file_metadata
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.outlet import Outlet
from openspending.analytics.exports.table import Table


def stream(table: Table, options: Options) -> Iterator[bytes]:
    """The table as an Arrow stream, a batch at a time. One that breaks off has no end mark."""
    outlet = Outlet()
    writer = pa.ipc.new_stream(outlet, table.with_metadata(file_metadata(table, options)))
    for batch in table.batches:
        writer.write_batch(batch)
        yield outlet.take()
    writer.close()
    yield outlet.take()
