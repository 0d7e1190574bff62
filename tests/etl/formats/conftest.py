"""Opening made-up files, and their text as text_file gives it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.formats.book import open_book
from openspending.etl.formats.kinds import kind_of
from openspending.etl.formats.sheets import Book
from openspending.etl.sourcefile import source_file
from openspending.etl.textfile import text_file
from openspending.fdp.package import Dialect, Resource

Opens = Callable[[bytes], Book]
Texts = Callable[..., list[list[str]]]
Zipped = Callable[[Mapping[str, str | bytes]], bytes]


@pytest.fixture
def book(tmp_path: Path) -> Opens:
    """Opens bytes as whatever they are."""

    def opened(data: bytes) -> Book:
        path = tmp_path / "file"
        path.write_bytes(data)
        return open_book(path, kind_of(path), "file")

    return opened


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    """The rows that text_file makes of a file called `name`; options are of the resource, `dialect` is a dict."""

    def read(name: str, data: bytes, dialect: dict[str, Any] | None = None, **options: Any) -> list[list[str]]:
        path = tmp_path / name
        path.write_bytes(data)
        resource = Resource("table", (name,), dialect=Dialect(**(dialect or {})), **options)
        text = text_file(resource, name, source_file(path), tmp_path)
        with text.path.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    return read


@pytest.fixture
def zipped() -> Zipped:
    """A zip of members."""

    def pack(members: Mapping[str, str | bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return stream.getvalue()

    return pack
