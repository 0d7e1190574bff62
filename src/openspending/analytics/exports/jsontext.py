"""One JSON document: {"data": [rows], "meta": {…}}, rows as in JSON Lines.

A document that breaks off is no JSON; nobody can take it for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pyarrow.compute as pc

from openspending.analytics.exports.jsonlines import objects
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Table
from openspending.analytics.exports.texts import concatenated
from openspending.speaking.said import in_english


def stream(table: Table, options: Options) -> Iterator[bytes]:
    """The table as a JSON document, a batch at a time, a row on each line."""
    lead = b'{"data":['
    for batch in table.batches:
        if batch.num_rows:
            yield lead + concatenated(pc.binary_join_element_wise("\n", objects(batch, table, options), ",", ""))[:-1]
            lead = b","
    yield (
        (lead if lead != b"," else b"")
        + b'\n],"meta":'
        + msgspec.json.encode(dict(options.meta), enc_hook=in_english)
        + b"}\n"
    )
