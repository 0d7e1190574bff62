"""Makes a revision ready for an index: its record, its lines batch by batch, and its members, from its fact table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from openspending.analytics.factfile import fact_file
from openspending.analytics.search.columns import FactColumn
from openspending.analytics.search.factbatches import fact_batches
from openspending.analytics.search.indexed import Values, said
from openspending.analytics.search.linebatch import line_batch
from openspending.analytics.search.prepared import LINES, Prepared
from openspending.analytics.search.record import Record
from openspending.analytics.search.recording import Recorded, record_of
from openspending.analytics.search.words import words
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.etl.workspace import Workspace
from openspending.fdp.sqltext import identifier, literal

SMALL: Final = 10_000  # distinct values of a column whose words say what a dataset is about
MOST_MEMBERS: Final = 200_000  # of one dimension; those with most lines
_MEMORY: Final = "400MB"


@dataclass(frozen=True, slots=True)
class PreparedDataset:
    """A revision made ready: what the index keeps of it, and its lines and members."""

    record: Record
    prepared: Prepared


@contextmanager
def prepare(store: ObjectStore, revision: Revision, uid: int, folder: Path) -> Iterator[PreparedDataset]:
    """The record `uid` of `revision` with its lines, which can be read until the context ends; `folder` takes the
    files that are needed meanwhile. Raises StoreError when there are no facts."""
    with Workspace(folder, memory=_MEMORY) as workspace:
        facts = fact_file(store, revision, workspace.folder)
        recorded = record_of(workspace.connection, revision, uid, facts)
        yield PreparedDataset(recorded.record, PreparedFacts(workspace.connection, facts.file.path, recorded))


class PreparedFacts:
    """The lines and members of a fact table. Belongs to the thread of its connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, recorded: Recorded) -> None:
        self._connection = connection
        self._path = path
        self._recorded = recorded

    def lines(self) -> Iterator[Any]:
        """All lines, in the order of their facts."""
        recorded, values = self._recorded, Values()
        names = [*(one.name for one in recorded.columns), *recorded.measures, "_rid"]
        for batch in fact_batches(self._path, names, LINES):
            yield line_batch(batch, recorded, values)

    def members(self) -> Iterator[Any]:
        """All members of the dimensions that lines are searched by; of one that has more than MOST_MEMBERS, those with
        most lines."""
        for key, label in self._dimensions():
            yield from self._members(key, label)

    def text(self) -> str:
        """The words of the members of small dimensions, each once."""
        searched = [one.name for one in self._recorded.columns if one.use == "searched"]
        found: dict[str, None] = {}
        for name in self._few(searched):
            asked = f"SELECT DISTINCT {identifier(name)} AS one FROM {self._source} WHERE one IS NOT NULL ORDER BY one"
            for (value,) in self._connection.execute(asked).fetchall():
                found |= dict.fromkeys((said(value)[0] or "").split())
        return " ".join(found)

    @property
    def _source(self) -> str:
        return f"read_parquet({literal(str(self._path))})"

    def _few(self, names: Sequence[str]) -> list[str]:
        """The columns with few distinct values."""
        if not names:
            return []
        asked = ", ".join(f"approx_count_distinct({identifier(one)})" for one in names)
        (counts,) = self._connection.execute(f"SELECT {asked} FROM {self._source}").fetchall()
        return [name for name, count in zip(names, counts, strict=True) if count <= SMALL]

    def _dimensions(self) -> Iterator[tuple[FactColumn, FactColumn]]:
        """The key and the label (the same where there is none) of the dimensions that people look for by name."""
        labels = {one.shown.label_of: one for one in self._recorded.columns if one.shown.label_of is not None}
        for key in self._recorded.columns:
            label = labels.get(key.shown.ref, key)
            if key.key and not key.divides and "searched" in (key.use, label.use):
                yield key, label

    def _members(self, key: FactColumn, label: FactColumn) -> Iterator[Any]:
        code, name = (f"CAST({identifier(one.name)} AS VARCHAR)" for one in (key, label))
        found = self._connection.sql(
            f"SELECT coalesce({code}, {name}) AS code, coalesce({name}, {code}) AS label, count(*) AS lines"
            f" FROM {self._source} WHERE {code} IS NOT NULL OR {name} IS NOT NULL"
            f" GROUP BY ALL ORDER BY lines DESC, code, label LIMIT {MOST_MEMBERS}"
        )
        for batch in found.to_arrow_reader(LINES):
            yield _members(label.shown.ref, batch)


def _members(ref: str, batch: Any) -> Any:
    codes, labels = batch.column("code"), batch.column("label")
    texts = [
        "\n".join(dict.fromkeys(" ".join(words(one)) for one in pair))
        for pair in zip(labels.to_pylist(), codes.to_pylist(), strict=True)
    ]
    return pa.RecordBatch.from_pydict(
        {
            "ref": pa.repeat(pa.scalar(ref, pa.string()), batch.num_rows),
            "code": codes.cast(pa.string()),
            "label": labels.cast(pa.string()),
            "text": pa.array(texts, pa.string()),
            "lines": batch.column("lines").cast(pa.uint64()),
        }
    )
