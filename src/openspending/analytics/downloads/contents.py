"""What the downloads say of their columns and of themselves: taken from the Model and the descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet as pq

from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import BATCH, Column, Table, columns_of
from openspending.analytics.statement import Built
from openspending.datastore.revisions import Revision
from openspending.fdp.model import Model

_LINEAGE: Final = {
    "_file": "The file that the fact was read from, as the descriptor names it",
    "_sheet": "The sheet of that file",
    "_row": "The row of that file",
    "_rid": "The id of the fact's content, the same in every revision",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A revision's fact file, and what is known of it."""

    path: Path
    columns: tuple[Column, ...]
    meanings: Mapping[str, str]  # of columns, by name
    rows: int
    about: Mapping[str, Any]
    scales: Mapping[str, int]  # of the decimal columns, by name

    def column_rows(self) -> Iterator[tuple[str, str, str | None, str | None, str | None, str | None]]:
        """Name, type, title, meaning, currency and unit of each column."""
        for one in self.columns:
            yield one.name, one.kind, one.title, self.meanings.get(one.name), one.currency, one.unit

    def lines(self) -> Iterator[tuple[str, str]]:
        """What is said of the whole, as keys and values."""
        return Options(meta=self.about).lines()

    def batches(self, *names: str) -> Iterator[pa.RecordBatch]:
        """The facts in their order; only the columns `names`, if any are given."""
        # without threads, which take half as much processor time again
        yield from pq.ParquetFile(self.path).iter_batches(BATCH, columns=list(names) or None, use_threads=False)

    def filled(self) -> dict[str, int]:
        """How many values of each column are not missing, as far as the file says; at least, where it does not."""
        found = dict.fromkeys((one.name for one in self.columns), 0)
        metadata = pq.read_metadata(self.path)
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            for place in range(group.num_columns):
                part = group.column(place)
                if part.is_stats_set and part.statistics.has_null_count:
                    found[self.columns[place].name] += part.num_values - part.statistics.null_count
        return found

    def table(self) -> Table:
        """All facts and columns."""
        reader = pa.RecordBatchReader.from_batches(pq.read_schema(self.path), self.batches())
        return Table.from_reader(reader, self.columns, self.rows)


def contents(path: Path, revision: Revision, built: Built, model: Model) -> Facts:
    """The fact file at `path` with its columns and its origin."""
    titles, meanings, currencies = {}, dict(_LINEAGE), {}
    for dimension in model.dimensions:
        for one in dimension.attributes:
            titles[one.column] = one.title
            meanings[one.column] = one.column_type or f"{dimension.name}: {one.name}"
    for measure in model.measures:
        titles[measure.column] = measure.title
        currencies[measure.column] = measure.currency
        said = (measure.name, measure.phase, measure.direction)
        meanings[measure.column] = "amount: " + ", ".join(one for one in said if one)
    schema = pq.read_schema(path)
    columns = tuple(
        Column(
            one.name,
            one.kind,
            title=titles.get(one.name),
            currency=currencies.get(one.name),
            unit="1" if one.name in currencies else None,  # factors are applied in the facts
        )
        for one in columns_of(schema)
    )
    scales = {one.name: one.type.scale for one in schema if pa.types.is_decimal(one.type)}
    return Facts(path, columns, meanings, built.facts, about(revision, built), scales)


def about(revision: Revision, built: Built) -> dict[str, Any]:
    """Where a download comes from: dataset, revision, hashes, sums, licence, sources."""
    descriptor = revision.descriptor
    stamp = descriptor.get("openspending")
    created = stamp.get("created") if isinstance(stamp, Mapping) else None
    return {
        "dataset": f"{revision.owner}/{revision.name}",
        "title": _text(descriptor.get("title")),
        "revision": revision.number,
        "created": _text(created),
        "hash": revision.hash,
        "facts": built.facts,
        "facts_hash": built.hash,
        "sum": {name: None if total is None else f"{total:f}" for name, total in built.measures.items()},
        "licence": list(_named(descriptor.get("licenses"), "name", "path", "title"))
        or _text(descriptor.get("license")),
        "source": list(_named(descriptor.get("sources"), "title", "name", "path", "web")),
    }


def _named(listed: object, *properties: str) -> Iterator[str]:
    """Entries of a list of a descriptor in a line each, of whatever is text in them."""
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping):
            said = " ".join(text for name in properties if (text := _text(one.get(name))))
            if said:
                yield said


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
