"""The facts in a Parquet file, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


def fact_batches(path: Path, columns: Sequence[str], most: int) -> Iterator[Any]:
    """Arrow batches of the `columns` of all facts, in their order, `most` facts in each at most; texts as dictionaries.

    Row group by row group: a reader of all of them would keep the dictionaries of all that it has read.
    """
    wanted = {one for one in columns if not one.startswith("_")}  # ids are all different
    texts = [one.name for one in pq.read_schema(path) if str(one.type) == "string" and one.name in wanted]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group, columns=list(columns)).to_batches(most)
