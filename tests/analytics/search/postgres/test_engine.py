"""What holds for the index in PostgreSQL beyond what every engine must meet (test_engines.py)."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.analytics.search.engine import Busy, Engine
from openspending.analytics.search.matching import AllOf, Amounts, AnyOf, Begins, Matching, Phrase, Tree, Words
from openspending.analytics.search.postgres import open_postgres
from openspending.analytics.search.postgres.connections import MOST
from openspending.analytics.search.postgres.lexemes import query, vector
from openspending.analytics.search.record import Measure
from openspending.errors import BadSettings, StoreError
from tests.analytics.search.prepared_rows import Row, Rows, made, put
from tests.postgres import MakeDatabase

pytestmark = pytest.mark.slow

HOSTILE = st.text(st.sampled_from("'\\:*&|!<->()#\0 \ta1é\ud800\U0010ffff"), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def connection(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as opened:
        yield opened


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    opened = open_postgres(postgres_url, "public")
    with opened.writing() as writer:
        writer.clear()
        writer.commit()
    yield opened
    opened.close()


def roads(uid: int = 1, *amounts: int) -> Rows:
    return made(uid, [Row(("Road works", "Suppliers"), (amount,)) for amount in amounts or (100, 250)])


def facts(engine: Engine, tree: Tree | None, amounts: Amounts | None = None) -> list[str]:
    return [line.fact for line in engine.lines(Matching(tree, amounts=amounts), "smallest", 100)]


def cut_off(connection: psycopg.Connection) -> None:
    """End all other connections to the database, as a server that is started again does."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_nothing_is_asked_before_it_is_needed_and_nothing_there_is_an_empty_index(new_postgres: MakeDatabase) -> None:
    engine = open_postgres(new_postgres(), "private")
    assert engine.records() == {}
    assert engine.tallies(Matching(Words(("road",)))) == {}
    assert engine.lines(Matching(), "newest", 5) == []
    assert (engine.datasets(None, None), engine.members(("a",), None, 5), engine.vocabulary("", None, 5)) == (
        [],
        [],
        [],
    )
    engine.close()


def test_the_public_side_sees_nothing_of_the_private_one(postgres_url: str, engine: Engine) -> None:
    private = open_postgres(postgres_url, "private")
    put(private, made(1, [Row(("Secret road",), (5,))], named=[("S", "Secret", 1)]))
    assert engine.records() == {}
    put(engine, roads(1))
    assert facts(private, Words(("secret",))) == ["1-000"]
    assert facts(engine, Words(("secret",))) == []
    assert engine.vocabulary("s", None, 5) == [("suppliers", 2)]
    assert engine.members(("secret",), None, 5) == []
    with engine.writing() as writer:
        writer.clear()
        writer.commit()
    assert list(private.records()) == ["demo/d1"]
    private.close()


@pytest.mark.usefixtures("engine")
def test_whatever_a_connection_sees_before_it_is_asked_the_sides_are_apart(
    postgres_url: str, connection: psycopg.Connection
) -> None:
    connection.execute(
        "DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET search_path = search_private'; END$$"
    )
    public, private = open_postgres(postgres_url, "public"), open_postgres(postgres_url, "private")
    put(private, made(7, [Row(("Secret road",), (5,))]))
    put(public, made(8, [Row(("Road",), (5,))]))
    put(public, made(9, [Row(("Road",), (5,))]))
    assert facts(public, None) == ["8-000", "9-000"]
    assert "7-000" in facts(private, None)
    assert "9-000" not in facts(private, None)
    public.close()
    private.close()
    connection.execute("DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' RESET search_path'; END$$")


def test_a_server_that_was_started_again_is_asked_again(engine: Engine, connection: psycopg.Connection) -> None:
    put(engine, roads())
    assert facts(engine, Words(("road",))) == ["1-000", "1-001"]
    cut_off(connection)
    assert facts(engine, Words(("road",))) == ["1-000", "1-001"]


def test_a_server_that_is_away_is_told_to_operators_alone_and_never_its_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_postgres(f"postgresql://someone:hush-hush@/name?host={tmp_path}&port=7", "public")
    for asked in (engine.records, lambda: engine.lines(Matching(), "newest", 1), engine.writing().__enter__):
        with pytest.raises(StoreError, match="does not answer") as caught:
            asked()
        assert not any(secret in str(caught.value) for secret in ("hush-hush", "someone", str(tmp_path)))
    assert str(tmp_path) in caplog.text
    assert "hush-hush" not in caplog.text
    engine.close()


def test_more_who_ask_than_there_are_connections_wait_for_each_other(engine: Engine) -> None:
    put(engine, roads())
    with ThreadPoolExecutor(3 * MOST) as pool:
        found = list(pool.map(lambda _: facts(engine, Words(("road",))), range(6 * MOST)))
    assert found == [["1-000", "1-001"]] * (6 * MOST)


def test_a_url_that_cannot_be_read_is_refused_without_the_password() -> None:
    with pytest.raises(BadSettings) as caught:
        open_postgres("postgresql://someone:hush-hush%zz@host/name", "public")
    assert "hush" not in str(caught.value)


def test_there_is_one_writer_at_a_time_on_each_side(postgres_url: str, engine: Engine) -> None:
    another, private = open_postgres(postgres_url, "public"), open_postgres(postgres_url, "private")
    with engine.writing():
        with pytest.raises(Busy), another.writing():
            pass
        with private.writing():
            pass
    with another.writing():
        pass
    another.close()
    private.close()


def test_a_killed_writer_leaves_nothing_and_keeps_nobody_out(postgres_url: str, engine: Engine) -> None:
    put(engine, roads())
    script = f"""
import sys
from tests.analytics.search.prepared_rows import Row, made
from openspending.analytics.search.postgres import open_postgres
with open_postgres({postgres_url!r}, "public").writing() as writer:
    writer.remove(1)
    rows = made(2, [Row(("School",), (1,))])
    list(writer.add(rows.record, rows))
    print("written", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == "written\n"
        with pytest.raises(Busy), engine.writing():
            pass
        writing.send_signal(signal.SIGKILL)
    assert list(engine.records()) == ["demo/d1"]
    put_when_free(engine, made(3, [Row(("Bridge",), (1,))]))
    assert sorted(engine.records()) == ["demo/d1", "demo/d3"]
    assert facts(engine, Words(("school",))) == []


def put_when_free(engine: Engine, rows: Rows) -> None:
    """Put it in, as soon as the server has noticed that the writer before is gone."""
    for _ in range(100):
        try:
            put(engine, rows)
        except Busy:
            threading.Event().wait(0.02)
        else:
            return
    raise AssertionError("the lock of a process that is gone is still held")


def test_what_breaks_off_while_it_is_committed_changes_nothing(engine: Engine, connection: psycopg.Connection) -> None:
    put(engine, roads())
    with engine.writing() as writer:
        writer.clear()
        cut_off(connection)
        with pytest.raises(StoreError):
            writer.commit()
    assert list(engine.records()) == ["demo/d1"]


def test_who_reads_while_an_index_is_begun_anew_sees_the_old_or_the_new(engine: Engine) -> None:
    put(engine, roads(1, 1, 2, 3))
    seen: list[set[int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append({tally.lines for tally in engine.tallies(Matching(Words(("road",)))).values()})

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for lines in (4, 5, 6):
        with engine.writing() as writer:
            writer.clear()
            rows = roads(1, *range(lines))
            list(writer.add(rows.record, rows))
            writer.commit()
    done.set()
    for reader in readers:
        reader.join()
    assert {frozenset(lines) for lines in seen} <= {frozenset({lines}) for lines in (3, 4, 5, 6)}
    assert engine.tallies(Matching(Words(("road",))))[1 << 20].sums == (15,)


def test_records_that_come_back_with_the_same_number_are_read_again(engine: Engine) -> None:
    put(engine, roads())
    assert engine.records()["demo/d1"].title == "Dataset 1"
    with engine.writing() as writer:
        writer.clear()
        rows = made(1, [Row(("Road",), (1,))], title="Another")
        list(writer.add(rows.record, rows))
        writer.commit()
    assert engine.records()["demo/d1"].title == "Another"


def test_tables_of_another_form_are_an_empty_index_and_are_made_anew(
    engine: Engine, connection: psycopg.Connection
) -> None:
    put(engine, roads())
    connection.execute("UPDATE search_public.state SET form = 0; ALTER TABLE search_public.lines RENAME fact TO id")
    assert engine.records() == {}
    put(engine, roads(2))
    assert list(engine.records()) == ["demo/d2"]
    assert len(facts(engine, None)) == 2


def test_a_schema_that_somebody_dropped_is_an_empty_index(engine: Engine, connection: psycopg.Connection) -> None:
    put(engine, roads())
    connection.execute("DROP SCHEMA search_public CASCADE")
    assert engine.records() == {}
    put(engine, roads(2))
    assert list(engine.records()) == ["demo/d2"]


def test_sums_are_exact_whatever_their_size(engine: Engine) -> None:
    large = 10**37
    put(engine, roads(1, large, large + 1, -3))
    assert engine.tallies(Matching(Words(("road",))))[1 << 20].sums == (2 * large - 2,)
    assert engine.tallies(Matching())[1 << 20].sums == (2 * large - 2,)
    assert engine.lines(Matching(), "largest", 1)[0].amounts == (large + 1,)


def test_ranges_are_of_amounts_not_of_their_units(engine: Engine) -> None:
    cents = roads(1, 100, 250)
    whole = roads(2, 100, 250)
    euros = replace(whole, record=replace(whole.record, measures=(Measure("m0", "M0", 0, 30),)))
    put(engine, cents, euros)
    assert facts(engine, None, amounts=Amounts(Decimal("2.5"), Decimal(100))) == ["1-001", "2-000"]
    assert [line.amounts for line in engine.lines(Matching(), "largest", 2)] == [(250,), (100,)]


def test_words_are_counted_in_the_cells_that_are_asked_for(engine: Engine) -> None:
    rows = [Row(("Road road", "091"), (1,)), Row(("Road",), (1,), cell=1), Row(("Roof",), (1,), cell=1)]
    put(engine, made(1, rows), made(2, [Row(("Rose",), (1,))]))
    both, first, other = frozenset({1 << 20, 1 << 20 | 1}), frozenset({1 << 20}), frozenset({2 << 20, 99})
    assert engine.vocabulary("ro", None, 9) == [("road", 2), ("roof", 1), ("rose", 1)]
    assert engine.vocabulary("ro", both, 9) == [("road", 2), ("roof", 1)]
    assert engine.vocabulary("ro", first | other, 9) == [("road", 1), ("rose", 1)]
    assert engine.vocabulary("", first, 9) == [("091", 1), ("road", 1)]


@settings(max_examples=60, deadline=None)
@given(word=HOSTILE, other=HOSTILE)
def test_whatever_a_word_holds_it_stands_for_itself(connection: psycopg.Connection, word: str, other: str) -> None:
    word, other = (one.replace(" ", "_").replace("\n", "_") for one in (word, other))
    # a vector is made of text that a database can have; what cannot be there is asked for in vain
    text = word.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    alone = vector(text)
    for tree, expected in (
        (Words((word,)), True),
        (Begins("text", word), True),
        (Phrase((word, word)), False),
        (AllOf((), (Words((word,)),)), False),
        (AnyOf((Words((other,)), Words((word,)))), True),
        (Begins("code", word), False),
        (Words((f"{word}{other}",)), False),
    ):
        found = connection.execute("SELECT %s::tsvector @@ %s::tsquery", (alone, query(tree))).fetchone()
        assert found == (expected,), tree
    assert connection.execute("SELECT tsvector_to_array(%s::tsvector)", (alone,)).fetchone() == ([text],)


def test_hostile_words_are_asked_for_in_vain(engine: Engine) -> None:
    put(engine, roads())
    for word in (
        "'",
        "':*",
        "road:*",
        "a & b",
        "\\",
        "\0",
        "\ud800",
        "%s",
        "%(query)s",
        "'; DROP SCHEMA search_public;",
    ):
        assert facts(engine, Words((word,))) == []
        assert engine.vocabulary(word, None, 5) == []
        assert engine.members((word, word), None, 5) == []
        assert engine.datasets(Words((word,)), None) == []


def test_a_very_long_text_is_found_by_its_beginning(engine: Engine) -> None:
    long = "word " * 30_000 + "w" * 5_000
    put(engine, made(1, [Row((f"first {long}",), (1,))], description=long, about=f"{long} last"))
    assert facts(engine, Phrase(("first", "word"))) == ["1-000"]
