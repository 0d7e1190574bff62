"""A dataset's facts as files of other forms: each, read by a library with no part in it, says what the facts say."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine
from litestar.testing import TestClient

from openspending import publishing
from openspending.analytics import downloads
from openspending.analytics.downloads import Download
from openspending.analytics.rebuild import rebuild
from openspending.assembly import application, open_store
from openspending.cli.demo import packages
from openspending.datastore import revisions
from openspending.datastore.objects import ObjectStore
from openspending.publishing import Published, publish
from openspending.settings import read_settings
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package

pytestmark = pytest.mark.slow

ROWS = "year,code,label,amount\n2024,01,Roads,10.50\n2024,01,Roads,10.50\n2025,02,Schools,-3\n"
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[ObjectStore, list[Published]]:
    store = open_store(read_settings({}, data=tmp_path_factory.mktemp("demo"))).public
    return store, [publish(str(one), owner="demo", store=store) for one in packages()]


def current(store: ObjectStore, done: Published) -> revisions.Revision:
    owner, _, name = done.dataset.partition("/")
    found = revisions.latest(store, owner, name)
    assert found is not None
    return found


def files(store: ObjectStore, done: Published) -> dict[str, Download]:
    listed = downloads.listed(store, current(store, done))
    assert listed is not None
    return {one.format: one for one in listed}


def fetched(store: ObjectStore, done: Published, download: Download, folder: Path) -> Path:
    target = folder / f"file.{download.format}"
    store.download(f"{done.dataset}/{download.path}", target)
    return target


def facts(path: Path) -> tuple[list[str], list[Row]]:
    """By DuckDB, the amounts as Decimals, yes and no as bool, all else as text."""
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
        columns = ", ".join(
            f'"{name}"' if kind.startswith(("DECIMAL", "BOOLEAN")) else f'CAST("{name}" AS VARCHAR)'
            for name, kind, *_ in described
        )
        rows = connection.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
    return [name for name, *_ in described], rows


def csv_rows(path: Path) -> tuple[list[str], list[Row]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    return header, [tuple(one or None for one in row) for row in rows]


def xlsx_rows(path: Path) -> tuple[list[str], list[Row]]:
    header, *rows = python_calamine.load_workbook(path).get_sheet_by_name("data").to_python()
    return [str(one) for one in header], [tuple(_sheet_text(one) for one in row) for row in rows]


def _sheet_text(cell: Any) -> str | None:
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    return None if cell == "" else str(cell)


def sqlite_rows(path: Path) -> tuple[list[str], list[Row]]:
    with closing(sqlite3.connect(path)) as database:
        scaled = {name for (name,) in database.execute("SELECT scaled_column FROM columns")}
        found = database.execute("SELECT * FROM facts")
        names = [one[0] for one in found.description]
        kept = [place for place, name in enumerate(names) if name not in scaled]
        texts = [tuple(None if row[at] is None else str(row[at]) for at in kept) for row in found]
        return [names[at] for at in kept], texts


def duckdb_rows(path: Path) -> tuple[list[str], list[Row]]:
    with duckdb.connect(str(path), read_only=True) as database:
        found = database.execute("SELECT * FROM facts")
        names = [one[0] for one in found.description or ()]
        return names, [tuple(None if one is None else str(one) for one in row) for row in found.fetchall()]


READERS: dict[str, Callable[[Path], tuple[list[str], list[Row]]]] = {
    "csv": csv_rows,
    "xlsx": xlsx_rows,
    "sqlite": sqlite_rows,
    "duckdb": duckdb_rows,
}


def as_in(fact: Any, cell: str | None) -> Any:
    """What was read, as the kind of value that the fact is."""
    if cell is not None and isinstance(fact, bool):
        return cell.lower() in {"true", "1"}
    return Decimal(cell) if cell is not None and isinstance(fact, Decimal) else cell


def differing(rows: list[Row], wanted: list[Row]) -> list[tuple[Row, Row]]:
    """Pairs of rows that differ; an empty text is no value everywhere."""
    expected = [tuple(None if one == "" else one for one in row) for row in wanted]
    read = [tuple(as_in(*pair) for pair in zip(*both, strict=True)) for both in zip(expected, rows, strict=True)]
    return [both for both in zip(read, expected, strict=True) if both[0] != both[1]]


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("number", range(len(packages())), ids=[one.name for one in packages()])
def test_a_download_says_what_the_facts_say(
    demo: tuple[ObjectStore, list[Published]], tmp_path: Path, number: int, form: str
) -> None:
    store, published = demo
    done = published[number]
    listed = files(store, done)
    names, wanted = facts(fetched(store, done, listed["parquet"], tmp_path))
    header, rows = READERS[form](fetched(store, done, listed[form], tmp_path))

    assert header == names
    assert differing(rows, wanted) == []
    assert {listed[form].rows, done.rows} == {len(rows)}


@pytest.mark.parametrize("number", range(len(packages())), ids=[one.name for one in packages()])
def test_sums_in_sql_are_exact_in_both_databases(
    demo: tuple[ObjectStore, list[Published]], tmp_path: Path, number: int
) -> None:
    store, published = demo
    done = published[number]
    listed = files(store, done)
    with closing(sqlite3.connect(fetched(store, done, listed["sqlite"], tmp_path))) as small:
        amounts = small.execute("SELECT name, scaled_column, scale FROM columns WHERE type = 'decimal'").fetchall()
        sums = [
            Decimal(small.execute(f'SELECT sum("{scaled}") FROM facts').fetchone()[0]).scaleb(-scale)
            for _, scaled, scale in amounts
        ]
    with duckdb.connect(str(fetched(store, done, listed["duckdb"], tmp_path)), read_only=True) as large:
        others = [large.execute(f'SELECT sum("{name}") FROM facts').fetchall()[0][0] for name, *_ in amounts]

    assert sorted(sums) == sorted(others) == sorted(one for one in done.measures.values() if one is not None)


def test_downloads_say_where_they_come_from(demo: tuple[ObjectStore, list[Published]], tmp_path: Path) -> None:
    store, published = demo
    done = next(one for one in published if one.dataset == "demo/suginami-2013")
    listed = files(store, done)
    with closing(sqlite3.connect(fetched(store, done, listed["sqlite"], tmp_path))) as small:
        about = dict(small.execute("SELECT key, value FROM about"))
        columns = small.execute("SELECT name, currency, unit, meaning FROM columns").fetchall()
    with duckdb.connect(str(fetched(store, done, listed["duckdb"], tmp_path)), read_only=True) as large:
        assert dict(large.execute("SELECT key, value FROM about").fetchall()) == about
        assert large.execute("SELECT name, currency, unit, meaning FROM columns").fetchall() == columns
    workbook = python_calamine.load_workbook(fetched(store, done, listed["xlsx"], tmp_path))
    told = workbook.get_sheet_by_name("About").to_python()

    assert (about["dataset"], about["revision"], about["hash"]) == (done.dataset, "1", done.hash)
    assert ["sum.amount", "155853000000"] in told
    assert [one[1:3] for one in columns if one[0] == "amount"] == [("JPY", "1")]


def test_the_database_can_be_read_by_older_engines(demo: tuple[ObjectStore, list[Published]], tmp_path: Path) -> None:
    store, published = demo
    path = fetched(store, published[0], files(store, published[0])["duckdb"], tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS old (READ_ONLY)")
        query = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'old'"
        assert str(connection.execute(query).fetchall()[0][0]).startswith("v1.0.0")


def test_the_same_facts_make_the_same_csv(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p", ROWS)
    stores = [open_store(read_settings({}, data=tmp_path / one)).public for one in ("a", "b")]
    one, other = (files(store, publish(str(folder), owner="ministry", store=store))["csv"] for store in stores)

    assert one == other


def test_amounts_that_integers_could_not_add_up_have_no_companion(
    tmp_path: Path, store: ObjectStore, published: Callable[[Path], Published]
) -> None:
    largest = "99999999999999999999999999999.99"
    rows = f"year,code,amount\n2024,1,{largest}\n2024,2,{largest}\n2024,3,0.01\n"
    done = published(write_package(tmp_path / "p", rows, fields=(YEAR, CODE, AMOUNT)))
    with closing(sqlite3.connect(fetched(store, done, files(store, done)["sqlite"], tmp_path))) as database:
        assert database.execute("SELECT amount FROM facts").fetchall() == [(largest,), (largest,), ("0.01",)]
        assert database.execute("SELECT scaled_column FROM columns WHERE name = 'amount'").fetchall() == [(None,)]


def test_what_no_sheet_can_hold_is_left_out_with_the_reason(
    tmp_path: Path, store: ObjectStore, published: Callable[[Path], Published]
) -> None:
    done = published(write_package(tmp_path / "p", f"year,code,label,amount\n2024,1,{'x' * 40_000},1\n"))
    listed = files(store, done)

    assert listed["xlsx"].path is None
    assert "40,000 characters" in (listed["xlsx"].reason or "")
    assert all(one.path for name, one in listed.items() if name != "xlsx")


def test_a_publish_stands_when_its_downloads_cannot_be_made(tmp_path: Path, store: ObjectStore) -> None:
    folder = tmp_path / "store/public/ministry/budget/derived/r1-b3"
    folder.mkdir(parents=True)
    (folder / "downloads").write_text("a file where a folder should be")
    done = publish(str(write_package(tmp_path / "p", ROWS)), owner="ministry", store=store)

    assert (done.revision, done.rows) == (1, 3)
    assert "could not be made" in done.undone
    assert "openspending rebuild ministry/budget" in done.undone
    assert downloads.listed(store, current(store, done)) is None

    (folder / "downloads").unlink()
    (again,) = rebuild(store)
    assert (again.made, again.undone) == (False, "")
    assert len(files(store, done)) == 5


def test_what_is_there_is_not_made_again(
    tmp_path: Path, store: ObjectStore, published: Callable[[Path], Published]
) -> None:
    done = published(write_package(tmp_path / "p", ROWS))
    listed = tmp_path / "store/public/ministry/budget/derived/r1-b3/downloads.json"
    before = listed.stat().st_mtime_ns
    list(rebuild(store))
    assert published(tmp_path / "p").created is False

    assert listed.stat().st_mtime_ns == before
    assert done.undone == ""


def test_a_verified_rebuild_makes_all_of_them_again_and_leaves_nothing_behind(
    tmp_path: Path, store: ObjectStore, published: Callable[[Path], Published]
) -> None:
    done = published(write_package(tmp_path / "p", ROWS))
    before = files(store, done)
    list(rebuild(store, verify=True))
    after = files(store, done)
    folder = tmp_path / "store/public/ministry/budget"

    assert before["csv"] == after["csv"]
    stored = {
        str(one.relative_to(folder)) for one in (folder / "derived/r1-b3/downloads").rglob("*.*") if one.is_file()
    }
    assert stored == {one.path for name, one in after.items() if name != "parquet"}
    for one in after.values():
        content = (folder / str(one.path)).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one.bytes, one.sha256)


def test_deleted_downloads_come_back(
    tmp_path: Path, store: ObjectStore, published: Callable[[Path], Published]
) -> None:
    done = published(write_package(tmp_path / "p", ROWS))
    before = files(store, done)
    shutil.rmtree(tmp_path / "store/public/ministry/budget/derived")
    list(rebuild(store))

    assert files(store, done)["csv"] == before["csv"]


def test_downloads_have_ranges_digests_and_caching_over_http(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    store = open_store(settings).public
    done = publishing.publish(str(write_package(tmp_path / "p", ROWS)), owner="ministry", store=store)
    with application(settings) as app, TestClient(app) as client:
        for name, one in files(store, done).items():
            address = f"/data/{done.dataset}/{one.path}"
            whole = client.get(address, headers={"Accept-Encoding": "gzip"})
            digest = base64.b64encode(hashlib.sha256(whole.content).digest()).decode()
            assert whole.headers["repr-digest"] == f"sha-256=:{digest}:"
            assert whole.headers["content-type"] == one.media_type
            assert "content-encoding" not in whole.headers
            assert ("immutable" in whole.headers["cache-control"]) is (name != "parquet")
            part = client.get(address, headers={"Range": "bytes=2-9"})
            assert (part.status_code, part.content) == (206, whole.content[2:10])
            assert client.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        listed = client.get(f"/data/{done.dataset}/derived/r1-b3/downloads.json").json()
        assert [one["format"] for one in listed["files"]] == ["xlsx", "parquet", "csv", "sqlite", "duckdb"]
