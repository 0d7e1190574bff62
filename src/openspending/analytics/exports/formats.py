"""The formats that every result can be had in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from openspending.analytics.exports import arrowipc, csvtext, jsonlines, jsontext, parquet, xlsx
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Table

Writer = Callable[[Table, Options], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its `name`, which is what `format=` says and its extension; the media types it answers to, its own
    first; `content_type` as the header says it; and its title for people."""

    name: str
    media_types: tuple[str, ...]
    title: str
    writer: Writer
    charset: str = ""

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_types[0] + self.charset

    def stream(self, table: Table, options: Options | None = None) -> Iterator[bytes]:
        """The table's bytes. The first of them are made before this returns: what fails at once is raised here, so
        that an answer can still say so. What fails later is raised while reading (JSON Lines: their last line)."""
        parts = self.writer(table, options or Options())
        first = next((part for part in parts if part), b"")
        return chain((first,), parts)


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format("json", ("application/json",), "JSON", jsontext.stream),
        Format(
            "jsonl",
            ("application/jsonl", "application/x-ndjson", "application/x-jsonlines"),
            "JSON Lines",
            jsonlines.stream,
        ),
        Format("csv", ("text/csv",), "CSV", csvtext.stream, "; charset=utf-8"),
        Format("parquet", ("application/vnd.apache.parquet", "application/x-parquet"), "Parquet", parquet.stream),
        Format("arrow", ("application/vnd.apache.arrow.stream",), "Arrow stream", arrowipc.stream),
        Format(
            "xlsx",
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
            "Excel workbook",
            xlsx.stream,
        ),
    )
}
