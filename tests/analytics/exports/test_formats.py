from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from openspending.analytics.exports import xlsx
from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.sheetcells import TooLargeForSheet
from openspending.analytics.exports.table import Column, Table
from openspending.errors import BadQuery
from tests.analytics.exports.parsed import READERS, normal

pytestmark = pytest.mark.slow

COLUMNS = [
    Column("code", "text"),
    Column("label, “quoted”", "text", title="Label"),
    Column("year", "integer"),
    Column("amount", "decimal", title="Amount", currency="EUR", unit="1"),
    Column("long", "decimal"),
    Column("final", "boolean"),
    Column("day", "date"),
    Column("moment", "datetime"),
]
NASTY = (
    *("=1+1", "+44", "-5", "@SUM(A1)", "\t=1", "\r=1", "a\nb", "a\r\nb", 'say "no"', "a,b;c\td", "", " padded ", "007"),
    *(
        "1e5",
        "é",
        "😀",
        "مرحبا",
        "\u202eevil",
        "<b>&amp;</b>",
        "]]>",
        "_x000D_",
        "\x01\x1f",
        "a\0b",
        "null",
        "true",
        "'quoted",
    ),
    *("\\n", "\u2028", "\ufffe", "x" * 20_000),
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
VALUES = {
    "code": TEXTS,
    "label, “quoted”": TEXTS,
    "year": st.integers(-(2**63), 2**63 - 1),
    "amount": st.decimals(-(10**13), 10**13, places=2, allow_nan=False),
    "final": st.booleans(),
    "day": st.dates(),
    "moment": st.datetimes(),
}


def exact_decimal(unscaled: int, scale: int) -> Decimal:
    digits = tuple(int(one) for one in str(abs(unscaled)))
    return Decimal((int(unscaled < 0), digits, -scale))


LONGS = st.integers(-(10**38) + 1, 10**38 - 1).map(lambda one: exact_decimal(one, 10))
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, values in {**VALUES, "long": LONGS}.items()}), max_size=8
)


Rows = Sequence[Mapping[str, Any]]


def written(name: str, rows: Rows, columns: list[Column], options: Options | None = None) -> bytes:
    return b"".join(FORMATS[name].stream(Table.from_rows(columns, rows), options))


@pytest.mark.parametrize("name", FORMATS)
@given(rows=ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_back_is_what_was_written(name: str, rows: list[dict[str, Any]], tmp_path: Path) -> None:
    found = READERS[name](written(name, rows, COLUMNS), COLUMNS, tmp_path)
    wanted = [{column.name: row[column.name] for column in COLUMNS} for row in rows]
    if name == "xlsx":  # its reader cannot see rows without cells at the end
        found += [dict.fromkeys(VALUES | {"long": None})] * (len(rows) - len(found))
    assert found == normal(wanted, name)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_a_query_has_its_rows_and_its_total(name: str, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TYPE phase AS ENUM ('approved', 'executed')")
        connection.execute(
            "CREATE TABLE facts AS SELECT CAST(['approved', 'executed'][1 + i % 2] AS phase) AS code, "
            "CAST(i AS DECIMAL(18,2)) / 100 - 7 AS ignored, CAST(i * 1.01 - 700 AS DECIMAL(18,2)) AS amount, "
            "CAST(sum(i) OVER () AS DECIMAL(38,0)) AS total, i % 3 = 0 AS final FROM range(1000) AS t(i)"
        )
        query = "SELECT code, amount, total, final FROM facts WHERE amount < $most ORDER BY amount"
        expected = connection.execute(query, {"most": Decimal(200)}).fetchall()
        reader = connection.sql(query, params={"most": Decimal(200)}).to_arrow_reader(128)
        table = Table.from_reader(reader)
        data = b"".join(FORMATS[name].stream(table))
    found = READERS[name](data, list(table.columns), tmp_path)
    assert [tuple(one.values()) for one in found] == expected
    assert sum(one["amount"] for one in found) == sum(one[1] for one in expected)


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_without_rows_still_has_its_columns(name: str, tmp_path: Path) -> None:
    assert READERS[name](written(name, [], COLUMNS), COLUMNS, tmp_path) == []


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "arrow", "xlsx", "parquet"])
def test_a_table_without_columns_is_written_too(name: str) -> None:
    assert isinstance(written(name, [{}, {}], []), bytes)


def test_amounts_of_json_have_the_scale_of_the_database() -> None:
    columns = [Column("amount", "decimal", scale=2), Column("tiny", "decimal")]
    rows: Rows = [{"amount": 5, "tiny": Decimal("1E-9")}, {"amount": Decimal("0.1"), "tiny": None}]
    lines = written("jsonl", rows, columns).decode().splitlines()
    assert lines == ['{"amount":"5.00","tiny":"0.000000001"}', '{"amount":"0.10","tiny":null}']
    numbers = written("jsonl", rows, columns, Options(numbers="number")).decode().splitlines()
    assert numbers[0] == '{"amount":5.00,"tiny":0.000000001}'


def test_integers_that_are_money_are_text_in_json() -> None:
    reader = pa.table({"amount": pa.array([2**60], pa.int64())}).to_reader()
    table = Table.from_reader(reader, [Column("amount", "decimal")])
    assert b"".join(FORMATS["jsonl"].stream(table)) == b'{"amount":"1152921504606846976"}\n'


def test_json_says_what_is_known_of_the_table() -> None:
    meta = {"revision": 3, "warnings": ["first"]}
    assert json.loads(written("json", [], COLUMNS, Options(meta=meta))) == {"data": [], "meta": meta}


def breaking(rows: int) -> Table:
    schema = pa.schema([("n", pa.int64())])

    def batches() -> Iterator[pa.RecordBatch]:
        for one in range(rows):
            yield pa.RecordBatch.from_pydict({"n": [one]}, schema=schema)
        raise duckdb.OutOfMemoryException("Out of memory\nwith a long explanation")

    return Table((Column("n", "integer"),), schema, batches())


def test_lines_that_end_early_say_so_in_the_last_one() -> None:
    lines = b"".join(FORMATS["jsonl"].stream(breaking(2))).decode().splitlines()
    assert lines[:2] == ['{"n":0}', '{"n":1}']
    assert json.loads(lines[2]) == {"error": "The rows end here, incomplete: Out of memory"}


@pytest.mark.parametrize("name", FORMATS)
def test_what_breaks_at_once_is_raised_before_anything_is_sent(name: str) -> None:
    with pytest.raises(duckdb.Error):
        FORMATS[name].stream(breaking(0))


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_csv_quotes_texts_and_tells_null_from_the_empty_text() -> None:
    rows: Rows = [
        {"a": "x", "b": Decimal("1.50")},
        {"a": "", "b": None},
        {"a": None, "b": None},
        {"a": 'q"\r\n', "b": 0},
    ]
    data = written("csv", rows, [Column("a", "text"), Column("b", "decimal")])
    assert data == b'"a","b"\r\n"x",1.50\r\n"",\r\n,\r\n"q""\r\n",0.00\r\n'


def test_csv_of_one_column_has_no_empty_line() -> None:
    data = written("csv", [{"a": None}, {"a": Decimal("1.5")}], [Column("a", "decimal")])
    assert data == b'"a"\r\n""\r\n"1.5"\r\n'


def test_csv_has_a_mark_for_spreadsheets_when_asked() -> None:
    data = written("csv", [{"a": "é"}], [Column("a", "text")], Options(bom=True))
    assert pd.read_csv(io.BytesIO(data), encoding="utf-8-sig").to_dict("list") == {"a": ["é"]}
    assert data.startswith(b"\xef\xbb\xbf")


def test_safe_csv_defuses_formulas_and_leaves_numbers_alone() -> None:
    rows = [{"=t": text, "n": Decimal("-1.5"), "i": -3} for text in NASTY]
    columns = [Column("=t", "text"), Column("n", "decimal"), Column("i", "integer")]
    plain = list(csv.reader(io.StringIO(written("csv", rows, columns).decode(), newline="")))
    safe = list(csv.reader(io.StringIO(written("csv", rows, columns, Options(safe=True)).decode(), newline="")))
    assert safe[0] == ["'=t", "n", "i"]
    for before, after in zip(plain[1:], safe[1:], strict=True):
        risky = before[0].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert after == [("'" if risky else "") + before[0], "-1.5", "-3"]


# ── Parquet and Arrow ────────────────────────────────────────────────────────────────────────────────────────────────


def test_parquet_says_what_its_columns_mean() -> None:
    file = pq.ParquetFile(io.BytesIO(written("parquet", [{"amount": Decimal(1)}], COLUMNS, Options(meta={"r": 1}))))
    assert file.schema_arrow.field("amount").metadata[b"currency"] == b"EUR"
    assert json.loads(file.metadata.metadata[b"columns"])["amount"]["unit"] == "1"
    assert json.loads(file.metadata.metadata[b"meta"]) == {"r": 1}
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_keeps_row_groups_of_a_bounded_size() -> None:
    data = written("parquet", [{"n": one} for one in range(300_000)], [Column("n", "integer")])
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    assert [metadata.row_group(one).num_rows for one in range(metadata.num_row_groups)] == [130_000, 130_000, 40_000]


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sheet(rows: Rows, columns: list[Column], options: Options | None = None) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", rows, columns, options)))


def test_a_workbook_shows_the_scale_and_keeps_codes_as_text() -> None:
    columns = [Column("code", "text"), Column("amount", "decimal", scale=2), Column("year", "integer")]
    row = list(sheet([{"code": "=007", "amount": Decimal("1.50"), "year": 2014}], columns)["data"].rows)[1]
    assert [(one.data_type, one.value, one.number_format) for one in row] == [
        ("s", "=007", "@"),
        ("n", 1.5, "0.00"),
        ("n", 2014, "0"),
    ]


def test_spaces_at_the_ends_of_a_text_are_marked_to_be_kept() -> None:
    """Spreadsheets drop them elsewhere; texts without such spaces go without the mark."""
    texts = [" before", "after\t", "line\n", "in the middle", "a & b ", None]
    data = written("xlsx", [{"t": one} for one in texts], [Column("t", "text")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rows = archive.read("xl/worksheets/sheet1.xml").decode().split("<row")[2:]
    assert ["preserve" in one for one in rows] == [True, True, True, False, True, False]


def test_numbers_that_a_sheet_would_round_are_text() -> None:
    amounts = [
        Decimal("123456789012345.00"),
        Decimal("1234567890123456.00"),
        Decimal("-0.01"),
        Decimal("9999999999999.995"),
    ]
    column = list(sheet([{"a": one} for one in amounts], [Column("a", "decimal")])["data"].rows)[1:]
    found = [(one[0].data_type, one[0].value) for one in column]
    assert found == [("n", 123456789012345), ("s", "1234567890123456.000"), ("n", -0.01), ("s", "9999999999999.995")]


def test_dates_that_spreadsheets_dispute_are_text() -> None:
    days = [date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(2014, 12, 31)]
    rows = list(sheet([{"d": one} for one in days], [Column("d", "date")])["data"].rows)[1:]
    assert [one[0].value for one in rows] == ["1899-12-31", "1900-02-28", datetime(1900, 3, 1), datetime(2014, 12, 31)]  # noqa: DTZ001


def test_a_workbook_says_what_it_is_in_a_sheet_of_its_own() -> None:
    meta = {"source": "https://x.org/@3", "licence": {"name": "=CC"}, "warnings": ["one", "two"], "none": None}
    found = sheet([], COLUMNS, Options(meta=meta))["About"].iter_rows(values_only=True)
    assert list(found) == [
        ("source", "https://x.org/@3"),
        ("licence.name", "=CC"),
        ("warnings", "one"),
        ("warnings", "two"),
    ]


def test_a_text_that_no_cell_holds_is_an_error_not_a_shorter_text() -> None:
    assert written("xlsx", [{"t": "x" * 32_767}], [Column("t", "text")])
    with pytest.raises(TooLargeForSheet, match="column “t” is 32,768 characters long") as caught:
        written("xlsx", [{"t": "x" * 32_768}], [Column("t", "text")])
    assert caught.value.choices == ("csv", "parquet")


def test_more_rows_than_a_sheet_holds_are_an_error_before_anything_is_read() -> None:
    table = Table((Column("n", "integer"),), pa.schema([("n", pa.int64())]), iter(()), xlsx.SHEET_ROWS + 1)
    with pytest.raises(TooLargeForSheet, match="Choose CSV or Parquet"):
        FORMATS["xlsx"].stream(table)


def test_more_rows_than_a_sheet_holds_are_an_error_also_when_nobody_counted() -> None:
    batch = pa.RecordBatch.from_pydict({"n": pa.nulls(xlsx.SHEET_ROWS, pa.int64())})
    table = Table((Column("n", "integer"),), batch.schema, iter([batch.slice(0, 0), batch, batch.slice(0, 1)]))
    with pytest.raises(TooLargeForSheet):
        FORMATS["xlsx"].stream(table)


def test_equal_tables_make_equal_workbooks() -> None:
    one, other = (written("xlsx", [{"code": "a"}], COLUMNS) for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.testzip() is None


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(BadQuery, match="Two columns are called “a”"):
        Table.from_rows([Column("a", "text"), Column("a", "text")], [])


def test_nested_values_are_refused_with_what_to_do() -> None:
    with pytest.raises(BadQuery, match="Cast it to text"):
        Table.from_reader(pa.table({"a": [[1]]}).to_reader())


def test_moments_have_only_the_fractions_they_need() -> None:
    base = datetime(2014, 1, 2, 3, 4, 5)  # noqa: DTZ001
    rows = [{"m": base}, {"m": base + timedelta(microseconds=500_000)}, {"m": base + timedelta(microseconds=10)}]
    found = [json.loads(one)["m"] for one in written("jsonl", rows, [Column("m", "datetime")]).splitlines()]
    assert found == ["2014-01-02T03:04:05", "2014-01-02T03:04:05.5", "2014-01-02T03:04:05.00001"]


def test_moments_of_a_time_zone_are_written_in_utc() -> None:
    with duckdb.connect() as connection:
        reader = connection.sql("SELECT TIMESTAMPTZ '2014-01-02 03:04:05.5+02' AS m").to_arrow_reader(10)
        data = b"".join(FORMATS["csv"].stream(Table.from_reader(reader)))
    assert data == b'"m"\r\n"2014-01-02T01:04:05.5Z"\r\n'
