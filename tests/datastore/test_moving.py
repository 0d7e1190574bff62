"""Moves: the dataset goes whole, is found where it is, and leaves nothing behind that is not meant to stay."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from openspending.actor import NOBODY, Actor
from openspending.datastore import changelog, homes, layout, moving, registry, revisions
from openspending.datastore.homes import Home, find, open_home
from openspending.datastore.moving import Moved, Taken
from openspending.datastore.objects import ObjectStore
from openspending.datastore.seals import Left, read_seal
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.verify import verify
from openspending.errors import BadQuery, Conflict, NotFound, Renamed, Withdrawn
from tests.datastore.packages import NOW, Made, a_package, commit_to

OWNER, NAME = "ministry", "budget"
OWNERS = Actor("anna", roles={"ministry": "admin", "treasury": "admin"})
LATER = NOW + timedelta(days=1)


@pytest.fixture
def both(store: ObjectStore, request: pytest.FixtureRequest, tmp_path: Path) -> DataStore:
    """A fresh DataStore on each kind of place."""
    kind = request.node.callspec.params["store"]
    if kind == "memory":
        return DataStore(store, open_datastore("memory://").private)
    if kind == "folder":
        return DataStore(store, ObjectStore.open((tmp_path / "data store" / "private").as_uri()))
    server = request.getfixturevalue(kind)
    return DataStore(store, ObjectStore.open(f"s3://suite-private/{uuid.uuid4()}", server.access))


@pytest.fixture
def memory() -> DataStore:
    return open_datastore("memory://")


def put_into(store: DataStore, made: Made, visibility: str = "private", name: str = NAME) -> int:
    home = homes.place(store, OWNER, name, "public" if visibility == "public" else "private")
    return commit_to(home.objects, made, name=name).revision.number


def publish(store: DataStore, event: str = "p", name: str = NAME) -> Moved:
    return moving.publish(store, OWNER, name, event=event, by="anna", at=LATER)


def hide(store: DataStore, event: str = "h", name: str = NAME) -> Moved:
    return moving.hide(store, OWNER, name, event=event, by="anna", at=LATER)


def withdraw(store: DataStore, event: str = "w", name: str = NAME) -> Moved:
    return moving.withdraw(store, OWNER, name, reason="a mistake", event=event, by="anna", at=LATER)


def rename(
    store: DataStore, event: str = "r", name: str = NAME, to: tuple[str, str] = ("treasury", "accounts")
) -> Moved:
    return moving.rename(store, OWNER, name, to, event=event, by="anna", at=LATER)


def folder_of(objects: ObjectStore, owner: str = OWNER, name: str = NAME) -> set[str]:
    """What is left in the folder, seals aside."""
    keys = set(objects.list(f"{owner}/{name}"))
    sealed = {one for one in keys if layout.revision_number(one) and read_seal(objects.get(one), one)}
    return {one.removeprefix(f"{owner}/{name}/") for one in keys - sealed}


def told(objects: ObjectStore) -> list[tuple[str, str, int]]:
    return [(one.action, f"{one.owner}/{one.dataset}", one.revision) for one in changelog.read(objects)]


def listed(objects: ObjectStore) -> list[tuple[str, int]]:
    """The registry, which is the same when it is made again from the changelog alone."""
    found = registry.datasets(objects)
    before = objects.get(layout.CATALOG_KEY) if objects.exists(layout.CATALOG_KEY) else None
    registry.rebuild(objects)
    assert before in {None, objects.get(layout.CATALOG_KEY)}
    assert registry.datasets(objects) == found
    return [(f"{one.owner}/{one.name}", one.revision) for one in found]


def test_to_publish_shows_all_revisions_to_everybody(both: DataStore, folder: Path) -> None:
    for amount in (1, 2, 3):
        put_into(both, a_package(folder, amount))
    before = revisions.history(both.private, OWNER, NAME)
    assert publish(both) == Moved("publish", OWNER, NAME, 3, moved=True)
    assert open_home(both, NOBODY, "read", OWNER, NAME).objects is both.public
    assert revisions.history(both.public, OWNER, NAME) == before
    assert verify(both.public, OWNER, NAME) == []
    assert folder_of(both.private) == set()
    assert revisions.latest(both.private, OWNER, NAME) is None
    assert told(both.public) == [("publish", "ministry/budget", 3)]
    assert [one[0] for one in told(both.private)] == ["commit"] * 3 + ["publish"]
    assert (listed(both.public), listed(both.private)) == ([("ministry/budget", 3)], [])


def test_to_hide_leaves_nothing_in_the_public_store_but_the_seal(both: DataStore, folder: Path) -> None:
    for amount in (1, 2):
        put_into(both, a_package(folder, amount), "public")
    assert hide(both).revision == 2
    with pytest.raises(NotFound):
        open_home(both, NOBODY, "read", OWNER, NAME)
    assert open_home(both, OWNERS, "read", OWNER, NAME).objects is both.private
    assert set(both.public.list("ministry")) == {"ministry/budget/r3.datapackage.json"}
    assert verify(both.private, OWNER, NAME) == []
    assert told(both.public)[-1] == ("hide", "ministry/budget", 2)
    assert told(both.private) == [("hide", "ministry/budget", 2)]
    assert (listed(both.public), listed(both.private)) == ([], [("ministry/budget", 2)])


def test_to_withdraw_leaves_a_tombstone_alone(both: DataStore, folder: Path) -> None:
    put_into(both, a_package(folder), "public")
    last = revisions.latest(both.public, OWNER, NAME)
    assert withdraw(both).revision == 1
    with pytest.raises(Withdrawn, match="a mistake"):
        open_home(both, NOBODY, "read", OWNER, NAME)
    assert folder_of(both.public) == {"withdrawn.json"}
    assert folder_of(both.private) == set()
    entry = list(changelog.read(both.public))[-1]
    assert last is not None
    assert (entry.action, entry.message, entry.hash, entry.gone) == ("withdraw", "a mistake", last.hash, True)
    assert told(both.private) == []
    assert listed(both.public) == []
    impossible: list[Callable[[], object]] = [
        lambda: homes.place(both, OWNER, NAME),
        lambda: publish(both),
        lambda: hide(both),
    ]
    for again in impossible:
        with pytest.raises(Withdrawn):
            again()
    assert not withdraw(both, "another").moved


def test_what_was_never_public_is_withdrawn_without_a_public_word(memory: DataStore, folder: Path) -> None:
    put_into(memory, a_package(folder))
    withdraw(memory)
    assert list(memory.public.list()) == []
    with pytest.raises(NotFound) as error:
        open_home(memory, NOBODY, "read", OWNER, NAME)
    assert not isinstance(error.value, Withdrawn)
    with pytest.raises(Withdrawn):
        open_home(memory, OWNERS, "read", OWNER, NAME)


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_renamed_dataset_is_found_by_both_names_and_proven_by_the_new_one(
    both: DataStore, folder: Path, visibility: str
) -> None:
    for amount in (1, 2):
        put_into(both, a_package(folder, amount), visibility)
    objects = both.public if visibility == "public" else both.private
    hashes = [one.hash for one in revisions.history(objects, OWNER, NAME)]
    assert rename(both) == Moved("rename", "treasury", "accounts", 2, moved=True)
    history = revisions.history(objects, "treasury", "accounts")
    assert [(one.id, one.hash) for one in history] == [
        (f"treasury/accounts@{number}", hash_) for number, hash_ in enumerate(hashes, start=1)
    ]
    with pytest.raises(Renamed) as error:
        open_home(both, OWNERS, "read", OWNER, NAME)
    assert (error.value.owner, error.value.name) == ("treasury", "accounts")
    assert verify(objects, "treasury", "accounts") == []
    assert folder_of(objects) == {"moved.json"}
    assert listed(objects) == [("treasury/accounts", 2)]
    assert not rename(both, "again").moved
    commit_to(homes.place(both, "treasury", "accounts").objects, a_package(folder, 3), "treasury", "accounts")
    assert verify(objects, "treasury", "accounts") == []
    assert listed(objects) == [("treasury/accounts", 3)]
    if visibility == "private":
        assert list(both.public.list("ministry")) == []
        with pytest.raises(NotFound) as hidden:
            open_home(both, NOBODY, "read", OWNER, NAME)
        assert not isinstance(hidden.value, Renamed)


def test_a_manifest_of_another_address_is_no_ones_without_a_rename(memory: DataStore, folder: Path) -> None:
    put_into(memory, a_package(folder), "public")
    rename(memory)
    assert verify(memory.public, "treasury", "accounts") == []
    memory.public.delete(layout.arrival_key("treasury", "accounts"))
    assert verify(memory.public, "treasury", "accounts") == [
        "treasury/accounts/r1.datapackage.json says that it is ministry/budget@1."
    ]


def test_a_taken_name_is_refused_and_nothing_is_changed(memory: DataStore, folder: Path) -> None:
    for name, visibility in (("open", "public"), ("secret", "private"), ("gone", "public"), ("old", "public")):
        put_into(memory, a_package(folder), visibility, name)
    withdraw(memory, "w", "gone")
    rename(memory, "r", "old", (OWNER, "new"))
    put_into(memory, a_package(folder), "public")
    for number, taken in enumerate(("open", "secret", "gone", "old", "new")):
        for _ in range(2):
            with pytest.raises(Taken):
                rename(memory, f"e{number}", to=(OWNER, taken))
    assert put_into(memory, a_package(folder, 2)) == 2
    assert rename(memory, "free", to=(OWNER, "free")).moved
    for bad in (("..", "x"), (OWNER, "Großes"), (OWNER, "free")):
        with pytest.raises(BadQuery):
            rename(memory, name="free", to=bad)


def test_a_dataset_that_comes_and_goes_keeps_one_history(both: DataStore, folder: Path) -> None:
    put_into(both, a_package(folder, 1))
    publish(both, "1")
    hide(both, "2")
    publish(both, "3")
    assert put_into(both, a_package(folder, 2)) == 2
    hide(both, "4")
    assert put_into(both, a_package(folder, 3)) == 3
    publish(both, "5")
    assert put_into(both, a_package(folder, 4)) == 4
    assert verify(both.public, OWNER, NAME) == []
    assert [one.revision for one in changelog.read(both.public) if one.action == "commit"] == [2, 4]
    assert [one.revision for one in changelog.read(both.private) if one.action == "commit"] == [1, 3]
    assert (listed(both.public), listed(both.private)) == ([("ministry/budget", 4)], [])
    assert folder_of(both.private) == set()


def test_an_event_that_comes_again_does_nothing_again(memory: DataStore, folder: Path) -> None:
    put_into(memory, a_package(folder))
    first = publish(memory, "1")
    hide(memory, "2")
    before = {key: memory.private.get(key) for key in memory.private.list()}
    assert publish(memory, "1") == first
    assert {key: memory.private.get(key) for key in memory.private.list()} == before
    assert not hide(memory, "3").moved
    publish(memory, "4")
    assert not hide(memory, "3").moved
    assert open_home(memory, NOBODY, "read", OWNER, NAME).visibility == "public"


def test_what_belongs_to_no_revision_stays_behind(memory: DataStore, folder: Path) -> None:
    """A commit that lost its race leaves files; they are not shown with the dataset, and do not outlive its hiding."""
    put_into(memory, a_package(folder))
    stray = f"ministry/budget/files/{'0' * 64}/draft.csv"
    half = "ministry/budget/derived/r1-b0/facts.parquet"
    for key in (stray, half):
        memory.private.put(key, b"not for you")
    publish(memory, "1")
    assert not any(memory.public.exists(key) for key in (stray, half))
    memory.public.put(stray, b"not for you")
    hide(memory, "2")
    assert not memory.public.exists(stray)


def test_builds_and_their_statements_go_along_and_a_new_name_has_the_statements_alone(
    memory: DataStore, folder: Path
) -> None:
    put_into(memory, a_package(folder))
    built = {"r1.b3.json", "derived/r1-b3/build.json", "derived/r1-b3/facts.parquet"}
    for path in built:
        memory.private.put(f"ministry/budget/{path}", path.encode())
    publish(memory)
    assert built <= folder_of(memory.public)
    rename(memory)
    assert folder_of(memory.public, "treasury", "accounts") & built == {"r1.b3.json"}


def test_what_is_not_there_cannot_be_moved(memory: DataStore) -> None:
    moves: list[Callable[[], Moved]] = [lambda: publish(memory), lambda: hide(memory), lambda: withdraw(memory)]
    moves += [lambda: rename(memory), lambda: publish(memory, name="..")]
    for move in moves:
        with pytest.raises(NotFound):
            move()
    assert list(memory.private.list()) == []


def test_a_slow_publisher_leaves_nothing_in_the_store_that_the_dataset_has_left(
    memory: DataStore, folder: Path
) -> None:
    put_into(memory, a_package(folder), "public")
    slow = homes.place(memory, OWNER, NAME).objects
    hide(memory)
    for key in ("derived/r1-b3/facts.parquet", "datapackage.json", "r2.datapackage.json", "r1.datapackage.json"):
        with pytest.raises(Left):
            slow.put(f"ministry/budget/{key}", b"facts", create=key.startswith("r"))
    with pytest.raises(Conflict):
        commit_to(slow, a_package(folder, 2))
    assert folder_of(memory.public) == set()


def test_of_two_new_datasets_of_one_name_one_is_made(memory: DataStore, folder: Path) -> None:
    private, public = (homes.place(memory, OWNER, NAME, one).objects for one in ("private", "public"))
    commit_to(public, a_package(folder, 1))
    with pytest.raises(Conflict):
        commit_to(private, a_package(folder, 2))
    assert find(memory, OWNER, NAME) == Home(OWNER, NAME, "public", memory.public)
    assert not any(map(layout.revision_number, memory.private.list(OWNER)))
