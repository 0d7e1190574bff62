"""A publisher that dies at any moment leaves the old revision or the new one, and publishing again finishes the job."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openspending.datastore import changelog, layout, registry, revisions
from openspending.datastore.addresses import S3Access
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import commit
from openspending.datastore.sources import resource_paths
from openspending.datastore.store import open_datastore
from openspending.datastore.verify import verify
from openspending.errors import Conflict, StoreError
from tests.datastore.packages import NOW, Made, a_file, a_package, commit_to

WRITES_OF_A_COMMIT = 7  # two files, manifest, newest descriptor, changelog entry, registry (list and description)


class Died(BaseException):
    """The process ends here."""


class Dying(ObjectStore):
    """Dies at one of its writes: just before it, or just after it has taken effect."""

    def __init__(self, healthy: ObjectStore, *, at: int, after: bool) -> None:
        super().__init__(healthy._client, healthy.root)
        self._left = at
        self._after = after

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        super().put(key, data, create=create, content_type=content_type)
        if self._left == 0:
            raise Died


def two_files(folder: Path, amount: int) -> Made:
    names = ("a.csv", "b.csv")
    files = {name: a_file(folder, name, f"{name}\n{amount}\n".encode()) for name in names}
    return Made({"name": "p", "resources": [{"name": name[0], "path": name} for name in names]}, files)


def assert_whole(store: ObjectStore, dataset: str = "ministry/budget") -> int:
    """All that a reader can come to is there and fits together. Returns the number of the newest revision."""
    owner, name = dataset.split("/")
    newest = revisions.latest(store, owner, name)
    if newest is None:
        return 0
    history = revisions.history(store, owner, name)
    assert [one.number for one in history] == list(range(1, newest.number + 1))
    for one in history:
        for resource in one.descriptor["resources"]:
            for path in resource_paths(resource):
                assert store.exists(f"{dataset}/{path}")
    pointer = layout.descriptor_key(owner, name)
    assert [one for one in verify(store, owner, name) if pointer not in one] == []
    if store.exists(pointer):
        assert store.get(pointer) in [store.get(layout.revision_key(owner, name, one.number)) for one in history]
    told = [(one.owner, one.dataset, one.revision) for one in changelog.read(store)]
    assert len(set(told)) == len(told)
    assert all(one.revision <= newest.number for one in registry.datasets(store) if one.name == name)
    return newest.number


def assert_finished(store: ObjectStore, number: int) -> None:
    assert assert_whole(store) == number
    assert verify(store, "ministry", "budget") == []
    assert [one.revision for one in changelog.read(store)] == list(range(1, number + 1))
    before = {key: store.get(key) for key in (layout.CATALOG_KEY, layout.REGISTRY_KEY)}
    registry.rebuild(store)
    assert {key: store.get(key) for key in before} == before
    assert [(one.name, one.revision) for one in registry.datasets(store)] == [("budget", number)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("write", range(1, WRITES_OF_A_COMMIT + 1))
@pytest.mark.parametrize("revision", [1, 2])
def test_dying_at_any_write_leaves_the_old_or_the_new_revision(
    folder: Path, revision: int, write: int, *, after: bool
) -> None:
    store = open_datastore("memory://").public
    for number in range(1, revision):
        commit_to(store, two_files(folder, number))
    dying = Dying(store, at=write, after=after)
    committed = write > 3 or (write == 3 and after)
    with pytest.raises(Died):
        commit_to(dying, two_files(folder, revision))
    assert assert_whole(store) == (revision if committed else revision - 1)
    assert commit_to(store, two_files(folder, revision)).created is not committed
    assert_finished(store, revision)


@pytest.mark.parametrize("write", range(3, WRITES_OF_A_COMMIT + 1))
def test_what_an_interrupted_publisher_left_is_finished_by_the_next_one(folder: Path, write: int) -> None:
    store = open_datastore("memory://").public
    with pytest.raises(Died):
        commit_to(Dying(store, at=write, after=True), two_files(folder, 1))
    assert commit_to(store, two_files(folder, 2)).revision.number == 2
    assert_finished(store, 2)


def test_dying_twice_is_no_worse(folder: Path) -> None:
    for first in range(1, WRITES_OF_A_COMMIT + 1):
        for second in range(1, WRITES_OF_A_COMMIT + 1):
            store = open_datastore("memory://").public
            for at, number in ((first, 1), (second, 2)):
                try:
                    commit_to(Dying(store, at=at, after=True), two_files(folder, number))
                except Died:
                    assert_whole(store)
            commit_to(store, two_files(folder, 3))
            assert_finished(store, assert_whole(store))


class Forgetful(ObjectStore):
    """Stores a new object, and then the answer is lost: the client asks again and is told that it exists."""

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        if create:
            super().put(key, data, create=create, content_type=content_type)
        super().put(key, data, create=create, content_type=content_type)


def test_a_lost_answer_is_not_taken_for_a_lost_race(folder: Path) -> None:
    healthy = open_datastore("memory://").public
    store = Forgetful(healthy._client, "memory")
    done = commit_to(store, a_package(folder))
    assert done.created
    assert_finished(healthy, 1)


class Overtaken(ObjectStore):
    """Lets somebody else run in the moment before a certain object is written."""

    def __init__(self, healthy: ObjectStore, key: str, other: object) -> None:
        super().__init__(healthy._client, healthy.root)
        self._key = key
        self._other = other

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        if key == self._key and callable(self._other):
            other, self._other = self._other, None
            other()
        super().put(key, data, create=create, content_type=content_type)


@pytest.mark.parametrize(
    "moment",
    ["ministry/budget/datapackage.json", "changelog/1.json", layout.CATALOG_KEY, layout.REGISTRY_KEY],
)
def test_a_slow_publisher_does_not_undo_a_faster_one(folder: Path, moment: str) -> None:
    store = open_datastore("memory://").public
    slow = Overtaken(store, moment, lambda: commit_to(store, two_files(folder, 2)))
    assert commit_to(slow, two_files(folder, 1)).revision.number == 1
    assert_finished(store, 2)


def test_losing_the_race_for_the_manifest_is_a_conflict_that_leaves_unused_files_only(folder: Path) -> None:
    store = open_datastore("memory://").public
    key = layout.revision_key("ministry", "budget", 1)
    slow = Overtaken(store, key, lambda: commit_to(store, two_files(folder, 2)))
    with pytest.raises(Conflict) as lost:
        commit_to(slow, two_files(folder, 1))
    assert lost.value.current == 1
    assert_finished(store, 1)
    assert len(list(store.list("ministry/budget/files"))) == 4


PUBLISH_FOREVER = """
import sys
from pathlib import Path
from openspending.datastore.store import open_datastore
from tests.datastore.test_faults import commit_to, two_files
store, folder = open_datastore(sys.argv[1]).public, Path(sys.argv[2])
amount = int(sys.argv[3])
print("ready", flush=True)
while True:
    amount += 1
    commit_to(store, two_files(folder, amount))
"""


@pytest.mark.slow
def test_killing_a_publisher_at_random_leaves_whole_revisions(tmp_path: Path, folder: Path) -> None:
    url = (tmp_path / "public").as_uri()
    store, moments = open_datastore(url).public, random.Random(20200229)
    number = 0
    for _ in range(15):
        command = [sys.executable, "-c", PUBLISH_FOREVER, url, str(folder), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as publisher:
            assert publisher.stdout is not None
            publisher.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.15))
            publisher.kill()
        number = assert_whole(store)
    assert number > 15
    commit_to(store, two_files(folder, number))
    assert_finished(store, assert_whole(store))


RACE = """
import sys
from pathlib import Path
from openspending.datastore.store import open_datastore
from openspending.errors import Conflict
from tests.datastore.test_faults import commit_to, two_files
store, made = open_datastore(sys.argv[1]).public, two_files(Path(sys.argv[2]), int(sys.argv[3]))
print("ready", flush=True)
sys.stdin.readline()
try:
    print(commit_to(store, made, expected=0).created)
except Conflict as conflict:
    print("conflict", conflict.current)
"""


@pytest.mark.slow
def test_of_processes_that_commit_at_once_one_wins(tmp_path: Path, folder: Path) -> None:
    url = (tmp_path / "public").as_uri()
    for amount in range(4):
        two_files(folder, amount)
    commands = [[sys.executable, "-c", RACE, url, str(folder), str(amount)] for amount in range(4)]
    processes = [
        subprocess.Popen(one, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for one in commands
    ]
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(out.strip() for out, _ in threads.map(lambda one: one.communicate("go\n"), processes))
    assert outcomes == ["True", "conflict 1", "conflict 1", "conflict 1"]
    assert_finished(open_datastore(url).public, 1)


def test_a_store_that_fails_leaves_its_error_to_the_caller(folder: Path) -> None:
    store = open_datastore("s3://bucket", s3=S3Access("http://127.0.0.1:9", access_key="k", secret_key="s")).public
    with pytest.raises(StoreError):
        commit_to(store, a_package(folder))


def test_who_loses_to_the_same_content_finishes_what_the_winner_left(folder: Path) -> None:
    store = open_datastore("memory://").public

    def win_and_die() -> None:
        with pytest.raises(Died):
            commit(
                Dying(store, at=1, after=True),
                "ministry",
                "budget",
                two_files(folder, 1).descriptor,
                two_files(folder, 1).files,
                message="first",
                author="ben",
                now=NOW,
            )

    slow = Overtaken(store, layout.revision_key("ministry", "budget", 1), win_and_die)
    done = commit_to(slow, two_files(folder, 1))
    assert (done.created, done.revision.author) == (False, "ben")
    assert_finished(store, 1)
