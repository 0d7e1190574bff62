"""Where a dataset lives, and what is said of it to whom: what may not be read is like what does not exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openspending.actor import NOBODY, Actor, Scope
from openspending.datastore import layout, revisions
from openspending.datastore.homes import find, open_home
from openspending.datastore.objects import ObjectStore
from openspending.datastore.seals import Seal, read_seal, write_seal
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.tombstones import Forwarding, Tombstone, write
from openspending.errors import Conflict, Forbidden, NotFound, Renamed, Unauthorised, Withdrawn
from tests.datastore.packages import a_package, commit_to

OWNER, NAME = "ministry", "budget"
MEMBER = Actor("anna", roles={"ministry": "viewer"})
STRANGER = Actor("eve", roles={"eve": "admin"})


@pytest.fixture
def both() -> DataStore:
    return open_datastore("memory://")


class Counting(ObjectStore):
    """Counts the requests."""

    def __init__(self, counted: ObjectStore) -> None:
        vars(self).update(vars(counted))
        self.asked = 0

    def get(self, key: str) -> bytes:
        self.asked += 1
        return super().get(key)

    def head(self, key: str) -> Any:
        self.asked += 1
        return super().head(key)

    def list(self, prefix: str = "") -> Any:
        self.asked += 1
        return super().list(prefix)


def counting(store: DataStore) -> tuple[DataStore, Counting, Counting]:
    public, private = Counting(store.public), Counting(store.private)
    return DataStore(public, private), public, private


def test_a_dataset_is_where_its_first_revision_is(both: DataStore, folder: Path) -> None:
    assert find(both, OWNER, NAME) is None
    commit_to(both.private, a_package(folder))
    found = find(both, OWNER, NAME)
    assert found is not None
    assert (found.visibility, found.objects) == ("private", both.private)
    commit_to(both.public, a_package(folder))
    found = find(both, OWNER, NAME)
    assert found is not None
    assert (found.visibility, found.objects) == ("public", both.public)


@pytest.mark.parametrize("owner", ["changelog", "..", "", "a/b"])
def test_what_cannot_be_a_dataset_has_no_home(both: DataStore, owner: str) -> None:
    assert find(both, owner, NAME) is None
    with pytest.raises(NotFound):
        open_home(both, MEMBER, "read", owner, NAME)


def test_a_public_dataset_costs_one_request(both: DataStore, folder: Path) -> None:
    commit_to(both.public, a_package(folder))
    for actor in (NOBODY, STRANGER, MEMBER):
        store, public, private = counting(both)
        assert open_home(store, actor, "read", OWNER, NAME).visibility == "public"
        assert (public.asked, private.asked) == (1, 0)


def test_who_may_not_read_a_private_dataset_makes_us_ask_exactly_what_none_makes_us_ask(
    both: DataStore, folder: Path
) -> None:
    commit_to(both.private, a_package(folder))
    for actor in (NOBODY, STRANGER, replace(MEMBER, scopes=(Scope(("read",), "ministry/other"),))):
        said = []
        for name in (NAME, "nothing"):
            store, public, private = counting(both)
            with pytest.raises(NotFound) as error:
                open_home(store, actor, "read", OWNER, name)
            said.append((type(error.value), str(error.value).replace(name, "…"), public.asked, private.asked))
        assert said[0] == said[1]
        assert said[0][2:] == (3, 0)


def test_who_may_read_but_not_more_is_told_so(both: DataStore, folder: Path) -> None:
    commit_to(both.private, a_package(folder))
    assert open_home(both, MEMBER, "read", OWNER, NAME).visibility == "private"
    with pytest.raises(Forbidden):
        open_home(both, MEMBER, "publish", OWNER, NAME)
    with pytest.raises(NotFound):
        open_home(both, STRANGER, "publish", OWNER, NAME)
    commit_to(both.public, a_package(folder), name="open")
    with pytest.raises(Unauthorised):
        open_home(both, NOBODY, "import", OWNER, "open")


def test_a_robot_that_may_only_import_finds_what_it_imports_into(both: DataStore, folder: Path) -> None:
    commit_to(both.private, a_package(folder))
    robot = Actor("bot", roles={"ministry": "editor"}, scopes=(Scope(("import",)),))
    assert open_home(both, robot, "import", OWNER, NAME).visibility == "private"
    with pytest.raises(NotFound):
        open_home(both, robot, "read", OWNER, NAME)


def test_a_withdrawn_dataset_says_why_and_a_private_one_only_to_its_own(both: DataStore) -> None:
    stone = Tombstone("names of patients", "2020-02-29T12:30:15Z", "anna")
    both.public.put(layout.tombstone_key(OWNER, NAME), write(stone))
    both.private.put(layout.tombstone_key(OWNER, "secret"), write(stone))
    with pytest.raises(Withdrawn, match="names of patients") as error:
        open_home(both, NOBODY, "read", OWNER, NAME)
    assert (error.value.reason, error.value.at) == (stone.reason, stone.at)
    found = find(both, OWNER, NAME)
    assert found is not None
    assert found.visibility == "withdrawn"
    with pytest.raises(Withdrawn):
        open_home(both, MEMBER, "read", OWNER, "secret")
    with pytest.raises(NotFound) as hidden:
        open_home(both, STRANGER, "read", OWNER, "secret")
    assert type(hidden.value) is NotFound


def forward(objects: ObjectStore, name: str, to: str) -> None:
    objects.put(layout.forwarding_key(OWNER, name), write(Forwarding(OWNER, to)))


def test_an_old_address_leads_to_the_newest_one(both: DataStore, folder: Path) -> None:
    forward(both.public, "first", "second")
    forward(both.public, "second", "third")
    commit_to(both.public, a_package(folder), name="third")
    with pytest.raises(Renamed) as error:
        open_home(both, NOBODY, "read", OWNER, "first")
    assert (error.value.owner, error.value.name) == (OWNER, "third")
    assert find(both, OWNER, "first") is None


def test_an_old_address_of_what_is_hidden_now_leads_only_those_who_may_read_it(both: DataStore, folder: Path) -> None:
    forward(both.public, "first", "second")
    forward(both.private, "third", "second")
    commit_to(both.private, a_package(folder), name="second")
    for old in ("first", "third"):
        with pytest.raises(Renamed):
            open_home(both, MEMBER, "read", OWNER, old)
        with pytest.raises(NotFound) as error:
            open_home(both, NOBODY, "read", OWNER, old)
        assert type(error.value) is NotFound
        assert str(error.value) == f"There is no dataset ministry/{old}."


def test_addresses_that_lead_in_a_circle_lead_nowhere(both: DataStore) -> None:
    forward(both.public, "first", "second")
    forward(both.public, "second", "first")
    with pytest.raises(NotFound):
        open_home(both, MEMBER, "read", OWNER, "first")


def test_a_seal_is_no_revision_and_stops_commits(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder, 1))
    newest = commit_to(store, a_package(folder, 2)).revision
    seal = Seal("e1", "private", "2020-02-29T12:30:15Z", "anna")
    store.put(layout.revision_key(OWNER, NAME, 3), write_seal(seal), create=True)
    assert read_seal(store.get(layout.revision_key(OWNER, NAME, 3)), "here") == seal
    assert revisions.latest(store, OWNER, NAME) == newest
    store.delete(layout.descriptor_key(OWNER, NAME))
    assert revisions.latest(store, OWNER, NAME) == newest
    assert [one.number for one in revisions.history(store, OWNER, NAME)] == [1, 2]
    with pytest.raises(NotFound):
        revisions.read(store, OWNER, NAME, 3)
    for amount in (2, 3):
        with pytest.raises(Conflict, match="being hidden"):
            commit_to(store, a_package(folder, amount))


def test_a_revision_is_where_it_lies_whatever_its_manifest_says(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder))
    for key in ("datapackage.json", "r1.datapackage.json"):
        store.put(f"treasury/accounts/{key}", store.get(f"ministry/budget/{key}"))
    found = [revisions.latest(store, "treasury", "accounts"), *revisions.history(store, "treasury", "accounts")]
    assert [one.id for one in found if one] == ["treasury/accounts@1"] * 2
