"""A dump has every row as it was, whichever kind of database it comes from or goes to."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from openspending.database.dumping import BadDump, dump, load
from openspending.database.engine import Moment, migrate, open_database
from openspending.errors import Conflict, StoreError

pytestmark = pytest.mark.slow

# Any table is taken as it is: these stand for all that there are and will be.
TABLES = MetaData()
OWNERS = Table("b_owners", TABLES, Column("id", String(20), primary_key=True))
THINGS = Table(
    "a_things",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("owner", String(20), ForeignKey("b_owners.id")),
    Column("title", String(50)),
    Column("told", JSON, nullable=False),
    Column("perhaps", JSON(none_as_null=True)),
    Column("key", LargeBinary),
    Column("on", Boolean),
    Column("at", Moment),
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 7,
        "owner": "gov",
        "title": "“ü”\n\\",
        "told": {"a": [1, None, "x"]},
        "perhaps": [1],
        "key": b"\0\xff",
        "on": True,
        "at": datetime(2026, 11, 26, 10, 0, 0, 123456, tzinfo=UTC),
    },
    {"id": 9, "told": None, **dict.fromkeys(("owner", "title", "perhaps", "key", "on", "at"))},
]


@pytest.fixture
def opened() -> Iterator[Callable[[str], Engine]]:
    """Opens databases that have the tables; closes them in the end."""
    engines: list[Engine] = []

    def make(url: str) -> Engine:
        engines.append(open_database(url))
        migrate(engines[-1])
        TABLES.create_all(engines[-1])
        return engines[-1]

    yield make
    for one in engines:
        one.dispose()


def sqlite(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}.sqlite"


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(OWNERS), [{"id": "gov"}])
        connection.execute(insert(THINGS), ROWS)


def rows(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(one) for one in connection.execute(select(THINGS).order_by(THINGS.c.id)).mappings()]


def test_what_is_dumped_is_loaded_as_it_was(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    one, other = opened(sqlite(tmp_path, "one")), opened(sqlite(tmp_path, "other"))
    fill(one)
    counts = dump(one, tmp_path / "dump")
    assert {name: counts[name] for name in ("a_things", "b_owners")} == {"a_things": 2, "b_owners": 1}
    assert load(other, tmp_path / "dump") == counts
    assert rows(other) == ROWS


def test_a_dump_goes_from_sqlite_to_postgresql_and_back(
    tmp_path: Path, opened: Callable[[str], Engine], postgres_url: str
) -> None:
    one, middle, back = opened(sqlite(tmp_path, "one")), opened(postgres_url), opened(sqlite(tmp_path, "back"))
    fill(one)
    dump(one, tmp_path / "first")
    load(middle, tmp_path / "first")
    with middle.begin() as connection:  # numbers go on after those that came
        assert connection.execute(insert(THINGS).values(told=[])).inserted_primary_key == (10,)
    dump(middle, tmp_path / "second")
    load(back, tmp_path / "second")
    assert rows(back)[:2] == ROWS


def test_only_its_owner_may_read_a_dump_and_no_file_is_overwritten(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    one = opened(sqlite(tmp_path, "one"))
    dump(one, tmp_path / "dump")
    assert stat.S_IMODE((tmp_path / "dump").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        dump(one, tmp_path / "dump")


def test_a_database_that_has_rows_is_not_loaded(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    one = opened(sqlite(tmp_path, "one"))
    fill(one)
    dump(one, tmp_path / "dump")
    with pytest.raises(Conflict, match="a_things"):
        load(one, tmp_path / "dump")


@pytest.mark.parametrize("lost", [1, 2])
def test_a_dump_that_was_cut_short_loads_nothing(tmp_path: Path, opened: Callable[[str], Engine], lost: int) -> None:
    one, other = opened(sqlite(tmp_path, "one")), opened(sqlite(tmp_path, "other"))
    fill(one)
    dump(one, tmp_path / "dump")
    lines = (tmp_path / "dump").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "dump").write_text("".join(lines[:-lost]), encoding="utf-8")
    with pytest.raises(BadDump, match="too early"):
        load(other, tmp_path / "dump")
    assert rows(other) == []


def test_what_is_no_dump_is_refused(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    (tmp_path / "other.json").write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(BadDump):
        load(opened(sqlite(tmp_path, "one")), tmp_path / "other.json")


def test_a_dump_of_a_newer_program_is_refused(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    (tmp_path / "dump").write_text('{"format": "openspending-database", "revision": "9999"}\n{"rows": 0}\n')
    with pytest.raises(StoreError, match="newer version"):
        load(opened(sqlite(tmp_path, "one")), tmp_path / "dump")
