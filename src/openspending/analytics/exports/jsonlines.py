"""JSON Lines: an object for each row, in the order of the columns; null is null.

Decimals are texts with all digits of their scale, unless numbers are asked for. When the rows end early, the last line
says so: {"error": …}. No other line has that only key, unless the table's only column is called so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Column, Table
from openspending.analytics.exports.texts import as_text, concatenated, replaced
from openspending.errors import OpenSpendingError

_ESCAPED: Final = r'["\\\x00-\x1f]'
BROKEN: Final = (duckdb.Error, pa.ArrowException, OSError, OpenSpendingError)  # what ends the rows of a table early


def stream(table: Table, options: Options) -> Iterator[bytes]:
    """The table as JSON Lines, a batch at a time. What breaks before the first batch is raised."""
    begun = False
    try:
        for batch in table.batches:
            yield concatenated(pc.binary_join_element_wise(objects(batch, table, options), "\n", ""))
            begun = True
    except BROKEN as error:
        if not begun:
            raise
        yield msgspec.json.encode({"error": f"The rows end here, incomplete: {_first_line(error)}"}) + b"\n"


def objects(batch: pa.RecordBatch, table: Table, options: Options) -> pa.Array:
    """Each row of a batch as a JSON object."""
    parts: list[pa.Array | str] = []
    for number, (column, array) in enumerate(zip(table.columns, batch.columns, strict=True)):
        name = msgspec.json.encode(column.name).decode()
        parts += [f"{',' if number else '{'}{name}:", _values(array, column, options)]
    return pc.binary_join_element_wise(*parts, "}", "")


def _values(array: pa.Array, column: Column, options: Options) -> pa.Array:
    """A column as JSON values."""
    text = as_text(array)
    if _quoted(array, column, options):
        text = _literals(text)
    elif pa.types.is_floating(array.type):
        # what is no number in JSON is a text
        text = pc.if_else(pc.is_finite(array), text, pc.binary_join_element_wise('"', text, '"', ""))
    return pc.fill_null(text, "null")


def _quoted(array: pa.Array, column: Column, options: Options) -> bool:
    if pa.types.is_boolean(array.type) or pa.types.is_floating(array.type):
        return False
    if column.kind == "decimal" or pa.types.is_decimal(array.type):
        return options.numbers == "text"
    return not pa.types.is_integer(array.type)


def _literals(text: pa.Array) -> pa.Array:
    """Texts as JSON strings: few need an escape, which msgspec writes."""
    quoted = pc.binary_join_element_wise('"', text, '"', "")
    risky = pc.match_substring_regex(text, _ESCAPED)
    return replaced(quoted, risky, lambda at: msgspec.json.encode(text[at].as_py()).decode())


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
