"""The embedded engine: what every engine does, and what its folder stands."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspending.analytics.search.embedded import open_embedded
from openspending.analytics.search.engine import Busy, Engine
from openspending.analytics.search.matching import Matching, Words
from tests.analytics.search.engine_contract import CITY, STATE, ReadingContract, WritingContract
from tests.analytics.search.prepared_rows import Row, made, put

HEAP = 15_000_000

WRITES = """
import os, signal, sys
from pathlib import Path
from openspending.analytics.search.embedded import open_embedded
from tests.analytics.search.engine_contract import CITY, STATE
engine = open_embedded(Path(sys.argv[1]), heap=15_000_000)
with engine.writing() as writer:
    writer.remove(1)
    list(writer.add(STATE.record, STATE))
    print("written", flush=True)
    sys.stdin.readline()
    writer.commit()
with engine.writing() as writer:
    writer.remove(2)
    list(writer.add(CITY.record, CITY))
    print("written again", flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_embedded(tmp_path_factory.mktemp("search"), heap=HEAP)
    yield made
    made.close()


class TestReading(ReadingContract):
    """The embedded engine, asked."""


class TestWriting(WritingContract):
    """The embedded engine, changed."""


@pytest.mark.slow
def test_readers_see_what_another_process_commits_and_nothing_of_one_that_is_killed(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, heap=HEAP)
    put(engine, CITY)
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        assert writer.stdout.readline() == "written\n"
        with pytest.raises(Busy), engine.writing():
            pass
        assert list(engine.records()) == ["demo/d1"]
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "written again\n"
        assert list(engine.records()) == ["demo/d2"]
        writer.communicate("\n", timeout=20)
    assert writer.returncode < 0
    assert list(engine.records()) == ["demo/d2"]
    assert len(engine.lines(Matching(Words(("health",))), "relevance", 99)) == 30
    put(engine, made(9, [Row(("further",))]))
    assert set(engine.records()) == {"demo/d2", "demo/d9"}
    engine.close()


def test_nobody_else_writes_meanwhile(tmp_path: Path) -> None:
    one, other = open_embedded(tmp_path, heap=HEAP), open_embedded(tmp_path, heap=HEAP)
    with one.writing(), pytest.raises(Busy), other.writing():
        pass
    put(other, CITY)
    assert list(one.records()) == ["demo/d1"]


def test_a_dataset_that_is_in_halfway_is_not_committed(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, heap=HEAP)
    with engine.writing() as writer:
        next(writer.add(STATE.record, STATE))
        with pytest.raises(ValueError, match="halfway"):
            writer.commit()
    assert engine.vocabulary("", None, 5) == []


def lose_the_commits(folder: Path) -> None:
    (folder / "index" / "meta.json").unlink()


def spoil_the_commits(folder: Path) -> None:
    (folder / "index" / "meta.json").write_text("{", encoding="utf-8")


def cut_the_words(folder: Path) -> None:
    for file in (folder / "index").glob("*.term"):
        file.write_bytes(file.read_bytes()[:10])


def lose_the_columns(folder: Path) -> None:
    for file in (folder / "index").glob("*.fast"):
        file.unlink()


def be_older(folder: Path) -> None:
    (folder / "form").write_text("0\n", encoding="utf-8")


def lose_everything(folder: Path) -> None:
    for file in (folder / "index").iterdir():
        file.unlink()
    (folder / "index").rmdir()


DAMAGES = [lose_the_commits, spoil_the_commits, cut_the_words, lose_the_columns, be_older, lose_everything]


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_cannot_be_read_is_begun_anew(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    put(open_embedded(tmp_path, heap=HEAP), CITY)
    damage(tmp_path)
    with caplog.at_level(logging.WARNING):
        engine = open_embedded(tmp_path, heap=HEAP)
    assert dict(engine.records()) == {}
    assert (damage is lose_everything) or "begun anew" in caplog.text


def test_who_has_it_open_goes_on_when_somebody_begins_it_anew(tmp_path: Path) -> None:
    early = open_embedded(tmp_path, heap=HEAP)
    put(early, CITY)
    assert list(early.records()) == ["demo/d1"]
    be_older(tmp_path)
    late = open_embedded(tmp_path, heap=HEAP)
    assert dict(early.records()) == {}
    put(late, STATE)
    assert list(early.records()) == ["demo/d2"]
    put(early, CITY)
    assert set(late.records()) == {"demo/d1", "demo/d2"}


def test_an_index_that_turns_out_to_be_damaged_is_begun_anew(tmp_path: Path) -> None:
    put(open_embedded(tmp_path, heap=HEAP), CITY)
    (file,) = (tmp_path / "index").glob("*.idx")
    contents = file.read_bytes()
    file.write_bytes(b"\xff" * (len(contents) - 100) + contents[-100:])
    engine = open_embedded(tmp_path, heap=HEAP)
    assert engine.tallies(Matching(Words(("health",)))) == {}
    assert dict(engine.records()) == {}
    put(engine, STATE)
    assert list(engine.records()) == ["demo/d2"]


def test_a_folder_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path / "search", heap=HEAP)
    put(engine, CITY)
    assert list(engine.records()) == ["demo/d1"]
    shutil.rmtree(tmp_path / "search")
    assert dict(engine.records()) == {}
    put(engine, STATE)
    engine.close()
    assert list(engine.records()) == ["demo/d2"]


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, heap=HEAP)
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            lines = sum(tally.lines for tally in engine.tallies(Matching()).values())
            if lines % 6 or len(engine.lines(Matching(), "newest", 100)) % 6:
                wrong.append(lines)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for uid in range(1, 4):
        put(engine, made(uid, CITY.rows))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(engine.records()) == 3
