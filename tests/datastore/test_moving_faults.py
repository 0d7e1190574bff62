"""Whoever moves a dataset may die at any write, and others may come in between: it is always whole in one place, every
accepted commit is in its history, and the same move again finishes what was begun."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from openspending.actor import NOBODY, Actor
from openspending.datastore import homes, moving, revisions
from openspending.datastore.homes import open_home
from openspending.datastore.moving import Moved
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.verify import verify
from openspending.errors import Conflict, NotFound, Renamed, Withdrawn
from tests.datastore.interrupting import Died, Interrupted, Moment, die, everything, interrupted
from tests.datastore.packages import NOW, Made, a_package, commit_to
from tests.datastore.test_moving import folder_of, listed

pytestmark = pytest.mark.slow

OWNER, NAME = "ministry", "budget"
LATER = NOW + timedelta(days=1)
ALL = Actor("anna", roles={"ministry": "admin", "treasury": "admin"})


@dataclass(frozen=True)
class Case:
    """A move, from the store that the dataset is in."""

    name: str
    home: str
    move: Callable[[DataStore, str], Moved]


PUBLISH = Case("publish", "private", lambda one, e: moving.publish(one, OWNER, NAME, event=e, by="anna", at=LATER))
HIDE = Case("hide", "public", lambda one, e: moving.hide(one, OWNER, NAME, event=e, by="anna", at=LATER))
WITHDRAW = Case(
    "withdraw", "public", lambda one, e: moving.withdraw(one, OWNER, NAME, reason="x", event=e, by="anna", at=LATER)
)
RENAME = Case(
    "rename",
    "public",
    lambda one, e: moving.rename(one, OWNER, NAME, ("treasury", "accounts"), event=e, by="anna", at=LATER),
)
RENAME_PRIVATELY = Case("rename privately", "private", RENAME.move)
BACK = Case("publish again", "hidden", PUBLISH.move)
STRIDE = 6  # of pairs of moments, which are many
CASES = [PUBLISH, HIDE, WITHDRAW, RENAME, RENAME_PRIVATELY, BACK]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    folder = tmp_path_factory.mktemp("packages")
    return [a_package(folder, amount) for amount in range(4)]


def prepared(case: Case, made: list[Made]) -> DataStore:
    """A DataStore with two revisions and what was built of them, where the case begins."""
    store = open_datastore("memory://")
    for one in made[:2]:
        objects = homes.place(store, OWNER, NAME, "private" if case.home == "private" else "public").objects
        commit_to(objects, one)
    for path in ("r2.b3.json", "derived/r2-b3/facts.parquet", "derived/r2-b3/build.json"):
        objects.put(f"{OWNER}/{NAME}/{path}", path.encode())
    if case.home == "hidden":
        HIDE.move(store, "before")
    return store


def count(case: Case, made: list[Made]) -> int:
    """How many writes the move makes."""
    moment = Moment(0, die)
    case.move(interrupted(prepared(case, made), moment), "e")
    return moment.writes


def seen(store: DataStore, actor: Actor = ALL) -> tuple[ObjectStore, str, str] | None:
    """Where the dataset is found, by either name; None when it is withdrawn or not for the actor."""
    for owner, name in ((OWNER, NAME), ("treasury", "accounts")):
        with suppress(Withdrawn):
            try:
                home = open_home(store, actor, "read", owner, name)
            except Renamed as error:
                home = open_home(store, actor, "read", error.owner, error.name)
            except NotFound as error:
                if isinstance(error, Withdrawn):
                    raise
                continue
            return home.objects, home.owner, home.name
    return None


def assert_whole(store: DataStore, number: int) -> None:
    """The dataset is found with all its revisions and their files, by its one name or the other."""
    found = seen(store)
    assert found is not None
    objects, owner, name = found
    assert [one.number for one in revisions.history(objects, owner, name)] == list(range(1, number + 1))
    pointer = f"{owner}/{name}/datapackage.json"
    assert [one for one in verify(objects, owner, name) if not one.startswith(pointer)] == []


def assert_settled(store: DataStore, case: Case, number: int) -> None:
    """The move is done, and nothing of it is left over."""
    if case is WITHDRAW:
        assert seen(store) is None
    else:
        assert_whole(store, number)
        found = seen(store)
        assert found is not None
        assert verify(*found) == []
    public = case in (PUBLISH, BACK, RENAME)
    assert (seen(store, NOBODY) is not None) is public
    if not public:
        assert folder_of(store.public) <= {"withdrawn.json"}
    rows = [row for objects in (store.public, store.private) for row in listed(objects)]
    assert [number for _, number in rows] == ([] if case is WITHDRAW else [number])


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_dying_at_any_write_leaves_the_dataset_whole_and_the_same_move_finishes(case: Case, made: list[Made]) -> None:
    reference = prepared(case, made)
    case.move(reference, "e")
    wanted = everything(reference)
    assert_settled(reference, case, 2)
    for write in range(1, count(case, made) + 1):
        for after in (False, True):
            store = prepared(case, made)
            with pytest.raises(Died):
                case.move(interrupted(store, Moment(write, die, after=after)), "e")
            if case is not WITHDRAW or seen(store) is not None:
                assert_whole(store, 2)
            case.move(store, "e")
            assert everything(store) == wanted, (write, after)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_dying_twice_is_no_worse_and_whoever_wants_the_same_may_finish(case: Case, made: list[Made]) -> None:
    writes = count(case, made)
    for first in range(1, writes + 1, STRIDE):
        for second in range(1, writes + 1, STRIDE):
            store = prepared(case, made)
            for at, event in ((first, "e"), (second, "another")):
                with suppress(Died):
                    case.move(interrupted(store, Moment(at, die, after=True)), event)
            case.move(store, "e")
            assert_settled(store, case, 2)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_a_commit_at_any_moment_of_a_move_is_whole_or_did_not_happen(case: Case, made: list[Made]) -> None:
    accepted = set()
    for write in range(1, count(case, made) + 1):
        store = prepared(case, made)
        number = 2

        def come_in(store: DataStore = store) -> None:
            nonlocal number
            with suppress(Conflict, NotFound):
                home = homes.place(store, OWNER, NAME)
                number = commit_to(home.objects, made[2]).revision.number

        case.move(interrupted(store, Moment(write, come_in)), "e")
        assert_settled(store, case, number)
        accepted.add(number)
    assert accepted == {2, 3}


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_a_move_at_any_moment_of_a_commit_takes_it_along_or_stops_it(case: Case, made: list[Made]) -> None:
    accepted = set()
    for write in range(1, 20):
        store = prepared(case, made)
        moment = Moment(write, lambda store=store: case.move(store, "e"))  # type: ignore[misc]
        home = homes.place(interrupted(store, moment), OWNER, NAME)
        number = 2
        with suppress(Conflict):
            number = commit_to(home.objects, made[2]).revision.number
            home.objects.put(f"{OWNER}/{NAME}/derived/r3-b3/facts.parquet", b"facts")
        if moment.writes < write:
            break
        assert_settled(store, case, number)
        accepted.add(number)
    assert accepted == {2, 3}


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_two_workers_on_the_same_move_do_not_disturb_each_other(case: Case, made: list[Made]) -> None:
    """One stops somewhere, the other comes and stops too, the first goes on to the end."""
    reference = prepared(case, made)
    case.move(reference, "e")
    wanted = everything(reference)
    writes = count(case, made)
    for first in range(1, writes + 1, STRIDE):
        for second in range(1, writes + 2, STRIDE):
            store = prepared(case, made)

            def come_in(store: DataStore = store, second: int = second) -> None:
                with suppress(Died):
                    case.move(interrupted(store, Moment(second, die, after=True)), "e")

            case.move(interrupted(store, Moment(first, come_in)), "e")
            assert everything(store) == wanted, (first, second)


class Forgetful(ObjectStore):
    """Makes a new object, and then the answer is lost: the client asks again and is told that it exists."""

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        if create:
            super().put(key, data, create=create, content_type=content_type)
        super().put(key, data, create=create, content_type=content_type)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_lost_answers_are_not_taken_for_lost_races(case: Case, made: list[Made]) -> None:
    store = prepared(case, made)
    forgetful = DataStore(*(Forgetful(one._client, one.root) for one in (store.public, store.private)))
    assert case.move(forgetful, "e").moved
    assert_settled(store, case, 2)


def test_a_dataset_that_went_and_came_back_stops_a_commit_that_began_before(made: list[Made]) -> None:
    """The files that the commit had put are gone: its revision would be without them."""
    for write in range(1, 20):
        store = prepared(HIDE, made)

        def go_and_come(store: DataStore = store) -> None:
            HIDE.move(store, "away")
            PUBLISH.move(store, "back")

        moment = Moment(write, go_and_come)
        objects = Interrupted(homes.place(store, OWNER, NAME).objects, moment)
        number = 2
        with suppress(Conflict):
            number = commit_to(objects, made[2]).revision.number
        if moment.writes < write:
            break
        assert_settled(store, PUBLISH, number)


@pytest.mark.parametrize("second", CASES[:4], ids=lambda one: one.name)
@pytest.mark.parametrize("first", [HIDE, WITHDRAW, RENAME], ids=lambda one: one.name)
def test_of_two_moves_at_once_one_is_done_whole_and_then_perhaps_the_other(
    first: Case, second: Case, made: list[Made]
) -> None:
    for write in range(1, count(first, made) + 1, 2):
        store = prepared(first, made)
        done: list[Case] = []

        def come_in(store: DataStore = store, done: list[Case] = done) -> None:
            with suppress(Conflict, NotFound):
                if second.move(store, "second").moved:
                    done.append(second)

        with suppress(Conflict, NotFound):
            first.move(interrupted(store, Moment(write, come_in)), "first")
            done.append(first)
        assert done
        last = RENAME_PRIVATELY if done == [HIDE, RENAME] else done[-1]
        assert_settled(store, last, 2)
        before = everything(store)
        for case, event in ((first, "first"), (second, "second")):
            if case in done:
                case.move(store, event)
        assert everything(store) == before


COME_AND_GO = """
import sys
from pathlib import Path
from openspending.datastore import homes
from openspending.datastore.store import open_datastore
from tests.datastore.packages import a_package, commit_to
from tests.datastore.test_moving_faults import HIDE, PUBLISH
store, folder, round_ = open_datastore(*sys.argv[1:3]), Path(sys.argv[3]), int(sys.argv[4])
print("ready", flush=True)
for turn in range(1000):
    PUBLISH.move(store, f"p{round_}-{turn}")
    commit_to(homes.place(store, "ministry", "budget").objects, a_package(folder, 1000 * round_ + turn))
    HIDE.move(store, f"h{round_}-{turn}")
    print(turn, flush=True)
"""


def test_killing_movers_at_random_loses_nothing(tmp_path: Path) -> None:
    urls = ((tmp_path / "public").as_uri(), (tmp_path / "private").as_uri())
    store, moments = open_datastore(*urls), random.Random(20200229)
    folder = tmp_path / "files"
    folder.mkdir()
    commit_to(homes.place(store, OWNER, NAME).objects, a_package(folder, 0))
    number = 1
    for round_ in range(1, 8):
        command = [sys.executable, "-c", COME_AND_GO, *urls, str(folder), str(round_)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as mover:
            assert mover.stdout is not None
            mover.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.3))
            mover.kill()
        found = seen(store)
        assert found is not None
        newest = revisions.latest(*found)
        assert newest is not None
        assert newest.number >= number
        number = newest.number
        assert_whole(store, number)
        with suppress(Conflict):  # it was dying while it hid
            PUBLISH.move(store, f"finish-{round_}")
        HIDE.move(store, f"finish-too-{round_}")
        assert_settled(store, HIDE, number)
    assert number > 3
