"""The engine that is in the application: a tantivy index in a folder, which one process writes and many read.

schema         the fields of lines, members and datasets
cutting        amounts in two halves, which can be summed without loss and compared
damage         how a damaged index shows itself
folder         the index in its folder: made, opened, begun anew
documents      lines, members and datasets as the documents that are indexed
writing        changes, and who may make them
state          what one commit holds
compiling      trees as queries
filtering      cells and amounts as queries
summing        lines and sums of each cell
kept           … of texts, which answer every further filter
rareness       how many lines a text can have
paging         lines in order, page by page
describing     datasets, members and words that begin with something
engine         all of this behind the interface of engines
"""

from __future__ import annotations

from pathlib import Path

from openspending.analytics.search.embedded.engine import EmbeddedEngine
from openspending.analytics.search.embedded.folder import opened
from openspending.analytics.search.engine import Engine

__all__ = ["open_embedded"]

HEAP = 200_000_000  # bytes: more make fewer, larger segments


def open_embedded(folder: Path, *, heap: int = HEAP) -> Engine:
    """The index in `folder`. What is missing is made; an index that is damaged or of an older form is deleted and begun
    anew. `heap` is the memory in bytes that writing may use."""
    return EmbeddedEngine(folder, opened(folder), heap)
