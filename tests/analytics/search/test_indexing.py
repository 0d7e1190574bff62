"""Indexes follow their stores; what is found is what is in the store now, and what the asker may read."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openspending.actor import NOBODY, Actor, Scope
from openspending.analytics.rebuild import derive
from openspending.analytics.search import indexing, preparing
from openspending.analytics.search.embedded import open_embedded
from openspending.analytics.search.engine import Engine
from openspending.analytics.search.filling import Done, Stopped
from openspending.analytics.search.matching import Matching, Words
from openspending.analytics.search.sides import Search, Side
from openspending.analytics.statement import derived_key
from openspending.datastore import moving, revisions
from openspending.datastore.store import DataStore, open_datastore
from tests.read_api.homes import ADMIN, MEMBER, OWNER, STRANGER, put

pytestmark = pytest.mark.slow

ROWS = "2024,1,kestrel,5\n2024,2,heron,7\n"
ROADS = f"{OWNER}/roads"


def said() -> dict[str, Any]:
    return {"event": f"e{datetime.now(UTC).timestamp()}", "by": "boss", "at": datetime.now(UTC)}


def search_over(store: DataStore, folder: Path) -> Search:
    return Search.over(store, lambda side: open_embedded(folder / side, heap=20_000_000))


@contextmanager
def searching(store: DataStore, folder: Path) -> Iterator[Search]:
    search = search_over(store, folder)
    try:
        yield search
    finally:
        search.close()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two public datasets and two private ones, which are in the indexes; and three that came later."""
    folder = tmp_path_factory.mktemp("furnished")
    store = stores(folder)
    for name in ("roads", "schools"):
        put(store.public, folder, name, ROWS)
    for name in ("secret", "quiet"):
        put(store.private, folder, name, ROWS)
    with searching(store, folder / "index") as search:
        assert search.catch_up() == "Indexed 4 datasets of 8 lines."
    for name in ("bridges", "airports"):
        put(store.public, folder, name, ROWS)
    put(store.private, folder, "plans", ROWS)
    return folder


@pytest.fixture
def folder(furnished: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(furnished, tmp_path / "copy")


def stores(folder: Path) -> DataStore:
    return open_datastore(f"file://{folder}/public", f"file://{folder}/private")


@pytest.fixture
def store(folder: Path) -> DataStore:
    return stores(folder)


@pytest.fixture
def search(folder: Path, store: DataStore) -> Iterator[Search]:
    with searching(store, folder / "index") as found:
        yield found


def names(side: Side, actor: Actor = NOBODY) -> set[str]:
    return {name.partition("/")[2] for name in side.visible(actor)}


def found(side: Side, word: str, actor: Actor = NOBODY) -> int:
    """How many lines that `actor` may read have the word."""
    cells = {record.cell_id(cell) for record in side.visible(actor).values() for cell in record.cells}
    return sum(one.lines for one in side.engine.tallies(Matching(Words((word,)), cells)).values())


def test_an_index_that_is_up_to_date_is_left_alone(search: Search) -> None:
    assert found(search.public, "kestrel") == 2
    assert search.public.pending(NOBODY) == 2
    assert search.catch_up() == "Indexed 3 datasets of 6 lines."
    assert search.catch_up() == ""
    assert names(search.public) == {"roads", "schools", "bridges", "airports"}
    assert found(search.public, "kestrel") == 4
    assert search.public.visible(NOBODY) is search.public.visible(ADMIN)
    assert search.public.pending(NOBODY) == 0


def test_a_new_revision_takes_the_place_of_the_old_one(search: Search, store: DataStore, folder: Path) -> None:
    before = search.public.visible(NOBODY)[ROADS]
    put(store.public, folder, "roads", "2024,1,plover,5\n")
    assert search.public.visible(NOBODY)[ROADS] == before  # until the new one is there
    search.public.indexing.catch_up()
    after = search.public.visible(NOBODY)[ROADS]
    assert (after.revision, after.uid > before.uid) == (2, True)
    assert (found(search.public, "plover"), found(search.public, "kestrel")) == (1, 3)


def test_numbers_are_in_the_order_of_publishing_and_never_given_twice(search: Search, store: DataStore) -> None:
    search.catch_up()
    uids = {record.uid: name for name, record in search.public.visible(NOBODY).items()}
    assert [uids[uid].partition("/")[2] for uid in sorted(uids)] == ["roads", "schools", "bridges", "airports"]
    moving.withdraw(store, OWNER, "airports", reason="Closed.", **said())
    search.public.indexing.catch_up()
    moving.publish(store, OWNER, "plans", **said())
    derived(store, "plans")
    search.public.indexing.catch_up()
    assert search.public.visible(NOBODY)[f"{OWNER}/plans"].uid > max(uids)


@pytest.mark.parametrize("action", ["hide", "withdraw", "rename"])
def test_what_has_left_cannot_be_found_though_the_index_is_stale(search: Search, store: DataStore, action: str) -> None:
    assert found(search.public, "kestrel") == 2
    if action == "rename":
        moving.rename(store, OWNER, "roads", (OWNER, "ways"), **said())
    elif action == "hide":
        moving.hide(store, OWNER, "roads", **said())
    else:
        moving.withdraw(store, OWNER, "roads", reason="A mistake.", **said())
    assert names(search.public) == {"schools"}
    assert found(search.public, "kestrel") == 1
    assert ROADS in search.public.engine.records()
    search.public.indexing.catch_up()
    assert ROADS not in search.public.engine.records()


def test_what_was_renamed_is_found_under_its_new_name(search: Search, store: DataStore) -> None:
    moving.rename(store, OWNER, "roads", (OWNER, "ways"), **said())
    assert search.catch_up() == "Indexed 3 datasets of 6 lines, took 1 dataset out, 1 dataset cannot be indexed yet."
    derived(store, "ways")
    assert search.catch_up() == "Indexed 1 dataset of 2 lines."
    assert names(search.public) == {"ways", "schools", "bridges", "airports"}


def derived(store: DataStore, name: str) -> None:
    revision = revisions.latest(store.public, OWNER, name)
    assert revision is not None
    with tempfile.TemporaryDirectory() as folder:
        derive(store.public, revision, Path(folder))


def test_private_datasets_are_found_by_their_members_alone(search: Search) -> None:
    public, private = search.public, search.private
    assert search.sides(NOBODY) == [public]
    assert search.sides(NOBODY, "private") == []
    assert search.sides(MEMBER) == [public, private]
    assert search.sides(MEMBER, "private") == [private]
    assert search.sides(MEMBER, "public") == [public]
    assert private.visible(NOBODY) == {}
    assert private.pending(NOBODY) == 0
    assert private._engine is None
    assert names(private, STRANGER) == set()
    assert names(private, MEMBER) == {"secret"}
    assert names(private, ADMIN) == {"secret", "quiet"}
    assert names(private, Actor("root", administrator=True)) == {"secret", "quiet"}
    robot = Actor("boss", roles={OWNER: "admin"}, scopes=(Scope(("read",), f"{OWNER}/q*"),))
    assert names(private, robot) == {"quiet"}
    assert names(private, Actor("boss", roles={OWNER: "admin"}, scopes=(Scope(("import",)),))) == set()
    assert names(public, NOBODY) == {"roads", "schools"}


def test_who_may_not_see_a_private_dataset_is_not_told_that_it_waits(search: Search) -> None:
    guest = Actor("carl", grants={f"{OWNER}/plans": "viewer"})
    assert [search.private.pending(one) for one in (NOBODY, STRANGER, MEMBER, guest, ADMIN)] == [0, 0, 0, 1, 1]


def test_what_has_no_derived_files_waits_and_stops_no_other(search: Search, store: DataStore, folder: Path) -> None:
    shutil.rmtree(folder / "public" / OWNER / "bridges" / "derived")
    assert search.catch_up() == "Indexed 2 datasets of 4 lines, 1 dataset cannot be indexed yet."
    assert search.public.pending(NOBODY) == search.public.waiting() == 1
    assert search.missing() == {f"{OWNER}/bridges": "It has no derived files yet."}
    assert search.public.indexing.once() == Done()  # it waits for a while
    derived(store, "bridges")
    assert search.catch_up() == "Indexed 1 dataset of 2 lines."
    assert names(search.public) == {"roads", "schools", "bridges", "airports"}


def test_what_fails_is_told_once_and_stops_no_other(
    search: Search, store: DataStore, caplog: pytest.LogCaptureFixture
) -> None:
    bridges = revisions.latest(store.public, OWNER, "bridges")
    assert bridges is not None
    store.public.put(derived_key(bridges, "facts.parquet"), b"no Parquet")
    assert search.catch_up() == "Indexed 2 datasets of 4 lines, 1 dataset cannot be indexed yet."
    assert search.catch_up() == "1 dataset cannot be indexed yet."
    assert list(search.missing()) == [f"{OWNER}/bridges"]
    assert len([one for one in caplog.messages if one.startswith(f"{OWNER}/bridges cannot be found by search")]) == 1


def failing_halfway(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have the lines of a dataset break off after the first batch."""
    plain = preparing.prepare

    class Broken:
        def __init__(self, prepared: Any) -> None:
            self._prepared = prepared

        def __getattr__(self, asked: str) -> Any:
            return getattr(self._prepared, asked)

        def lines(self) -> Iterator[Any]:
            yield from self._prepared.lines()
            raise ValueError("no more")

    @contextmanager
    def prepare(store: Any, revision: Any, uid: int, folder: Path) -> Iterator[Any]:
        with plain(store, revision, uid, folder) as made:
            broken = Broken(made.prepared) if revision.name == name else made.prepared
            yield type(made)(made.record, broken)

    monkeypatch.setattr(indexing, "prepare", prepare)


@pytest.mark.parametrize("anew", [False, True])
def test_what_fails_halfway_leaves_nothing_behind(
    search: Search, monkeypatch: pytest.MonkeyPatch, *, anew: bool
) -> None:
    failing_halfway(monkeypatch, "airports")
    done = search.bring_up_to_date(anew=anew)
    assert (done.indexed, done.waiting) == (6 if anew else 2, 1)
    assert names(search.public) == {"roads", "schools", "bridges"}
    assert sum(one.lines for one in search.public.engine.tallies(Matching()).values()) == 6


def test_who_is_stopped_in_the_midst_of_it_leaves_the_old_index(search: Search) -> None:
    before = search.public.engine.records()
    with pytest.raises(Stopped):
        search.public.indexing.catch_up(lambda *_: search.public.indexing.stop())
    assert search.public.engine.records() == before
    assert found(search.public, "kestrel") == 2


def test_many_who_write_at_once_put_everything_in_once(folder: Path, store: DataStore) -> None:
    searches = [search_over(store, folder / "index") for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda one: one.bring_up_to_date().indexed, searches))
    assert sum(done) == 3
    for one in searches:
        assert len(one.public.visible(NOBODY)) == 4
        assert sum(tally.lines for tally in one.public.engine.tallies(Matching()).values()) == 8
        one.close()


def test_an_index_that_is_made_anew_answers_throughout(folder: Path, store: DataStore, search: Search) -> None:
    stopping, counted = threading.Event(), set[tuple[int, int]]()

    def read(engine: Engine) -> None:
        while not stopping.is_set():
            tallies = engine.tallies(Matching())
            counted.add((len(engine.records()), sum(one.lines for one in tallies.values())))

    with searching(store, folder / "index") as other, ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read, other.public.engine)
        old = {one.uid for one in search.public.visible(NOBODY).values()}
        done = search.bring_up_to_date(anew=True)
        stopping.set()
        reading.result()
        new = {one.uid for one in other.public.visible(NOBODY).values()}
    assert done.sentence == "Indexed 7 datasets of 14 lines."
    assert (2, 4) in counted
    assert counted <= {(2, 4), (4, 8), (2, 8), (4, 4)}  # two questions may be about two commits
    assert not old & new


def test_an_index_that_is_deleted_is_made_again(folder: Path, store: DataStore) -> None:
    shutil.rmtree(folder / "index")
    with searching(store, folder / "index") as search:
        assert names(search.public) == set()
        assert search.public.pending(NOBODY) == 4
        assert search.catch_up() == "Indexed 7 datasets of 14 lines."
