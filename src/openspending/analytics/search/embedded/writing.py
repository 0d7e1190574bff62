"""Changes to the index: one process at a time makes them, and readers see them at a commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import tantivy

from openspending.analytics.search.embedded.documents import Documents, dataset
from openspending.analytics.search.engine import Busy
from openspending.analytics.search.prepared import Prepared
from openspending.analytics.search.record import Record

_LEAST: Final = 15_000_000  # bytes of heap that tantivy asks for


class EmbeddedWriter:
    """Implements `engine.Writer`."""

    def __init__(self, fields: tantivy.Schema, writer: tantivy.IndexWriter, documents: Documents) -> None:
        self._fields = fields
        self._writer = writer
        self._documents = documents
        self._halfway = False
        self.changed = False

    def remove(self, uid: int) -> None:
        """Take a dataset out: its lines, its members and its record."""
        self.changed = True
        self._writer.delete_documents_by_query(tantivy.Query.term_query(self._fields, "uid", uid))

    def add(self, record: Record, prepared: Prepared) -> Iterator[int]:
        """Put a dataset in; yields how many lines are in it so far."""
        self.changed = self._halfway = True
        done = 0
        for some in self._documents.lines(record, prepared):
            self._put(some)
            done += len(some)
            yield done
        for some in self._documents.members(record, prepared):
            self._put(some)
        self._put([dataset(record, prepared)])
        self._halfway = False

    def clear(self) -> None:
        """Take everything out."""
        self.changed = True
        self._writer.delete_documents_by_query(tantivy.Query.all_query())  # readers see it at the commit, like all else

    def commit(self) -> None:
        """Let readers see what was changed. Raises ValueError after a dataset that was put in halfway: nobody could say
        who may see its lines."""
        if self._halfway:
            message = "A dataset is in the search index halfway."
            raise ValueError(message)
        self._writer.commit()
        self.changed = False

    def _put(self, documents: list[str]) -> None:
        add = self._writer.add_json
        for one in documents:
            add(one)


@contextmanager
def writing(index: tantivy.Index, heap: int) -> Iterator[EmbeddedWriter]:
    """A writer, until the block ends. What it did not commit is dropped. Raises Busy."""
    writer = _begun(index, heap)
    documents = Documents()
    made = EmbeddedWriter(index.schema, writer, documents)
    try:
        yield made
    finally:
        documents.close()
        if made.changed:
            writer.rollback()
        writer.wait_merging_threads()


def _begun(index: tantivy.Index, heap: int) -> tantivy.IndexWriter:
    try:
        return index.writer(max(heap, _LEAST), num_threads=1)
    except ValueError as refused:
        if "lock" not in str(refused).lower():
            raise
        message = "Another process writes the search index just now."
        raise Busy(message) from refused
