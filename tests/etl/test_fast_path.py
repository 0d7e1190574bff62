"""The fast path gives what the careful path gives, wherever it is taken."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openspending.etl import fast
from openspending.etl.careful import columns_of, read_batch, read_head
from openspending.etl.fast import Layout, Segments
from openspending.etl.lines import start_of_text
from openspending.etl.loaded import Ragged
from openspending.etl.read import load
from openspending.etl.sourcefile import source_file
from openspending.etl.textfile import TextFile
from openspending.etl.workspace import Workspace
from openspending.fdp.package import Dialect, Field, Resource, Schema
from openspending.fdp.problems import PackageRejected
from openspending.fdp.spaces import BLANKS

pytestmark = pytest.mark.slow

LETTERS = "ab,;\"' \t\u00e9\u20ac\u2028\x0b\x85\U0001f600=1-"
CELLS = [st.text(alphabet=LETTERS, max_size=6), st.text(alphabet=LETTERS + "\n\r", max_size=6)]
DELIMITER = st.sampled_from([",", ";", "\t", "|"])


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, str, int]:
    """Bytes of a CSV file: well-formed, with quotes as writers place them, or not so well."""
    width = draw(st.integers(1, 4))
    delimiter = draw(DELIMITER)
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    cell = draw(st.sampled_from(CELLS))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=8))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    if draw(st.booleans()):
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow([f"h{number}" for number in range(width)])
    writer.writerows(rows)
    text = stream.getvalue() + draw(st.sampled_from(["", "", end, f'"x{delimiter}', f"a{delimiter}b", 'z"', '"']))
    if draw(st.booleans()):  # what no writer writes: quotes anywhere
        text += draw(st.text(alphabet=f'a{delimiter}"\n ', max_size=30))
    if draw(st.booleans()):
        text = text.removesuffix(end)
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return mark + text.encode(), delimiter, width


def by_csv(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def resource(delimiter: str, width: int) -> Resource:
    fields = tuple(Field(f"h{number}") for number in range(width))
    return Resource("t", ("t.csv",), dialect=Dialect(delimiter=delimiter), schema=Schema(fields))


@given(made=files(), segment=st.sampled_from([16, 40, 1 << 20]))
@settings(max_examples=40, deadline=None)
@example(made=(b'h0,h1\n"a\nb",c\n', ",", 2), segment=16)
@example(made=(b'h0,h1\r\n"a,b","c""d"\r\n,\r\n', ",", 2), segment=16)
def test_loaded_rows_are_those_of_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[bytes, str, int], segment: int
) -> None:
    data, delimiter, width = made
    folder = tmp_path_factory.mktemp("fast")
    path = folder / "t.csv"
    path.write_bytes(data)
    with Workspace(folder) as work:
        loaded = load(work.connection, "raw", resource(delimiter, width), {"t.csv": source_file(path)}, segment=segment)
        columns = ", ".join(f"f{number}" for number in range(width))
        found = work.connection.execute(f"SELECT _row, {columns} FROM raw ORDER BY _row").fetchall()

    if any(one.severity == "error" for one in loaded.problems):
        return
    wanted = [
        (number, *(row + [""] * width)[:width])
        for number, row in enumerate(by_csv(data, delimiter)[1:], start=2)
        if any(cell.strip(BLANKS) for cell in row[:width])
    ]
    assert found == wanted


@given(made=files(), block=st.sampled_from([24, 64, 1 << 20]))
@settings(max_examples=150, deadline=None)
@example(made=(b'h0,h1\n,11\xe2\x80\xa8\xe2\x80\xa8\n"1\n1","1""\xe2\x80\xa8"\n,\n', ",", 2), block=24)
def test_a_segment_read_fast_equals_the_same_read_carefully(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[bytes, str, int], block: int
) -> None:
    """Also when the parser's threads get pieces of a few bytes, so that every break falls everywhere."""
    data, delimiter, width = made
    path = tmp_path_factory.mktemp("fast") / "t.csv"
    path.write_bytes(data)
    file, dialect = TextFile(path, "t.csv", "t"), Dialect(delimiter=delimiter)
    head = read_head(file, dialect)
    if head.header is None or len(head.header) != width or head.offset >= len(data):
        return
    layout = Layout(delimiter, '"', width, tuple(range(width)))
    segment = Segments(path, layout, block=block).read(head.offset, None)
    if segment is None:
        return
    ragged = Ragged("t.csv", "t")
    batch = read_batch(file, dialect, head.offset, head.row, width, 1 << 30, ragged)

    assert not ragged.problems()
    assert texts(segment.columns) == texts(columns_of(batch, layout.positions, dialect))
    assert segment.size == batch.size


def texts(columns: list[Any]) -> list[list[str]]:
    return [column.cast(pa.string()).to_pylist() for column in columns]


def test_the_fast_path_is_taken_for_quoted_delimiters_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n"x,y","z ""q"""\r\n1,\r\n')
    start = start_of_text(path)
    segment = Segments(path, Layout(",", '"', 2, (1, 0))).read(start, None)

    assert segment is not None
    assert texts(segment.columns) == [["b", 'z "q"', ""], ["a", "x,y", "1"]]


@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n"x\ny",1\n',  # a line break in a cell
        b"a,b\n1\n",  # a short row
        b"a,b\n1,2,3\n",  # a long row
        b"a,b\n\xff,2\n",  # no UTF-8
        b"a,b\n\x00,2\n",  # NUL
        b'a,b\n1,"x',  # an open quotation
    ],
)
def test_the_fast_path_is_not_taken(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)

    assert Segments(path, Layout(",", '"', 2, (0, 1))).read(0, None) is None


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(delimiter="¦"),
        Dialect(escape_char="\\"),
        Dialect(comment_char="#"),
        Dialect(comment_rows=(1, 3)),
        Dialect(skip_initial_space=True),
        Dialect(double_quote=False),
    ],
)
def test_only_plain_dialects_are_read_fast(dialect: Dialect) -> None:
    assert not fast.plain(dialect, 2)


def test_what_stands_above_the_data_is_no_reason_to_read_them_carefully() -> None:
    assert fast.plain(Dialect(header_rows=(2, 4), comment_rows=(1, 3)), 5)


def test_an_open_quotation_is_refused_on_either_path(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\n1,"x')
    file, dialect = TextFile(path, "t.csv", "t"), Dialect()
    head = read_head(file, dialect)

    with pytest.raises(PackageRejected, match="row 2"):
        read_batch(file, dialect, head.offset, head.row, 2, 100, Ragged("t.csv", "t"))
