"""What was committed and never derived is derived by whoever follows the changelog, where the dataset is then."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending import publishing
from openspending.analytics.deriving import Deriving
from openspending.analytics.rebuild import rebuild_all
from openspending.analytics.statement import derived_key, read_build
from openspending.datastore import homes, moving, revisions
from openspending.datastore.store import DataStore, open_datastore
from tests.datastore.packages import NOW
from tests.publishing.packages import write_package


@pytest.fixture
def store(tmp_path: Path) -> DataStore:
    """A DataStore with one private dataset."""
    store = open_datastore("memory://")
    package = write_package(tmp_path / "p", "year,code,label,amount\n2024,1,a,10\n")
    home = homes.place(store, "ministry", "budget")
    publishing.publish(str(package), owner="ministry", name="budget", store=home.objects)
    return store


def test_what_was_renamed_is_derived_at_once_and_the_same(store: DataStore) -> None:
    following = Deriving(store, store.private)
    assert following.once() == ""
    moving.rename(store, "ministry", "budget", ("treasury", "accounts"), event="r", by="anna", at=NOW)
    revision = revisions.latest(store.private, "treasury", "accounts")
    assert revision is not None
    assert read_build(store.private, revision) is None
    assert following.once() == "Derived treasury/accounts."
    assert b"treasury" in store.private.get(derived_key(revision, "model.json"))
    (again,) = rebuild_all(store, verify=True)
    assert (again.dataset, again.same) == ("treasury/accounts", True)


def test_what_was_published_is_derived_in_its_new_home(store: DataStore) -> None:
    following = Deriving(store, store.private, grace=0)
    assert following.once() == ""
    revision = revisions.latest(store.private, "ministry", "budget")
    assert revision is not None
    store.private.delete(derived_key(revision, "build.json"))
    moving.publish(store, "ministry", "budget", event="p", by="anna", at=NOW)
    assert following.once() == "Derived ministry/budget."
    assert read_build(store.public, revision) is not None
    assert not list(store.private.list("ministry/budget/derived"))
