"""Which columns an answer may have: numbers, texts, dates, truth values; each exact in every format that we write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa

from openspending.analytics.adhoc.statement import Refused
from openspending.analytics.adhoc.wire import Column

# UHUGEINT and BIGNUM are missing: Arrow has no numbers as large, and DuckDB would write others in their place
_ANSWERED: Final = re.compile(
    r"BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|HUGEINT|DECIMAL\(.*\)|FLOAT|DOUBLE|VARCHAR|ENUM\(.*\)|UUID|JSON|DATE|TIME|"
    r'TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?|"NULL"',
    re.DOTALL,
)


def columns(relation: duckdb.DuckDBPyRelation) -> list[Column]:
    """The columns of the answer. Raises Refused for those that an answer cannot have."""
    found = [_column(name, str(type_)) for name, type_ in zip(relation.columns, relation.types, strict=True)]
    twice = [name for name, count in Counter(one.name for one in found).items() if count > 1]
    if twice:
        raise Refused(f"Several columns are called {twice[0][:200]}: give each a name of its own with AS.")
    return found


def _column(name: str, type_: str) -> Column:
    if _ANSWERED.fullmatch(type_):
        return Column(name, "VARCHAR" if type_.startswith("ENUM") else type_.replace('"', ""))
    kind = "LIST" if type_.endswith("]") else type_.partition("(")[0]
    raise Refused(
        f"The column {name[:200]} is of type {kind}, which an answer cannot have: "
        "make it a text with CAST(… AS VARCHAR) or to_json(…), or take its parts with unnest or “.”."
    )


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of what `plain` gives."""
    types = [one.value_type if pa.types.is_dictionary(one) else one for one in schema.types]
    return pa.schema(list(zip(schema.names, types, strict=True)))


def plain(batch: pa.RecordBatch, types: Sequence[str]) -> pa.RecordBatch:
    """The rows with texts instead of dictionary codes. Raises Refused for a whole number beyond 38 digits."""
    arrays = []
    for array, type_ in zip(batch.columns, types, strict=True):
        if type_ == "HUGEINT" and not _within_38_digits(array):
            raise Refused("A whole number of the answer has more than 38 digits: cast it to VARCHAR or DOUBLE.")
        arrays.append(array.dictionary_decode() if pa.types.is_dictionary(array.type) else array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _within_38_digits(array: pa.Array) -> bool:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
