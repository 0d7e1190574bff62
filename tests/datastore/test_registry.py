"""Changelog and registry: one order of events for all, and the list of datasets that is derived from it."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from openspending.datastore import changelog, layout, registry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.errors import StoreError
from tests.datastore.packages import NOW, a_package, commit_to


@pytest.mark.slow
def test_twenty_at_once_get_twenty_positions(store: ObjectStore, folder: Path) -> None:
    first = commit_to(store, a_package(folder)).revision
    together = Barrier(20)

    def one(number: int) -> int:
        together.wait()
        return changelog.append(store, replace(first, number=number))

    with ThreadPoolExecutor(20) as threads:
        positions = list(threads.map(one, range(2, 22)))
    assert sorted(positions) == list(range(2, 22))
    assert {one.position: one.revision for one in changelog.read(store, after=1)} == dict(
        zip(positions, range(2, 22), strict=True)
    )
    assert changelog.end(store) == 21


def test_datasets_committed_at_once_are_all_listed(store: ObjectStore, folder: Path) -> None:
    made, names = a_package(folder), [f"budget-{number}" for number in range(6)]
    together = Barrier(len(names))

    def one(name: str) -> None:
        together.wait()
        commit_to(store, made, name=name)

    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(one, names))
    assert sorted(one.dataset for one in changelog.read(store)) == names
    stored = csv.DictReader(io.StringIO(store.get(layout.CATALOG_KEY).decode()))
    assert [one["name"] for one in stored] == names
    assert [one.name for one in registry.datasets(store)] == names


def test_one_revision_told_by_many_has_one_entry(store: ObjectStore, folder: Path) -> None:
    revision = replace(commit_to(store, a_package(folder)).revision, number=2)
    together = Barrier(8)

    def one(_: int) -> int:
        together.wait()
        return changelog.append(store, revision)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(8))) == [2] * 8
    assert changelog.end(store) == 2


def test_a_dataset_copied_from_a_store_with_a_longer_changelog_leaves_no_gap(folder: Path) -> None:
    theirs, ours = open_datastore("memory://").public, open_datastore("memory://").public
    for number in range(5):
        commit_to(theirs, a_package(folder), name=f"other-{number}")
    commit_to(theirs, a_package(folder, 1), name="copied")
    for key in theirs.list("ministry/copied"):
        ours.put(key, theirs.get(key))
    commit_to(ours, a_package(folder, 2), name="copied")
    told = [(one.position, one.dataset, one.revision) for one in changelog.read(ours)]
    assert told == [(1, "copied", 1), (2, "copied", 2)]


def test_reading_begins_after_a_position(folder: Path) -> None:
    store = open_datastore("memory://").public
    for amount in range(4):
        commit_to(store, a_package(folder, amount))
    assert [one.position for one in changelog.read(store, after=2)] == [3, 4]
    assert list(changelog.read(store, after=4)) == []


class Asked(ObjectStore):
    """Counts the questions that it is asked."""

    asked = 0

    def head(self, key: str) -> Any:
        self.asked += 1
        return super().head(key)


def test_the_end_of_a_long_changelog_is_found_in_few_questions() -> None:
    plain = open_datastore("memory://").public
    for position in range(1, 3001):
        plain.put(layout.changelog_key(position), b"{}")
    asked = Asked(plain._client, "memory")
    assert changelog.end(asked) == 3000
    assert asked.asked <= 26
    asked.asked = 0
    assert changelog.end(asked, known=3000) == 3000
    assert asked.asked == 1


def test_a_listing_says_what_the_newest_revision_is(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder, 1))
    commit_to(store, a_package(folder), name="another")
    properties = {
        "title": 'Budget, "2020"\nof Moldova',
        "licenses": [{"name": "CC-BY-4.0"}],
        "countryCode": ["MD", "RO"],
    }
    revision = commit_to(store, a_package(folder, 2, **properties)).revision
    another, budget = registry.datasets(store)
    assert another.name == "another"
    assert budget == registry.Listing(
        owner="ministry",
        name="budget",
        title='Budget, "2020" of Moldova',
        revision=2,
        hash=revision.hash,
        created=NOW,
        resources=1,
        licence="CC-BY-4.0",
        country_code="MD RO",
        descriptor="ministry/budget/datapackage.json",
        position=3,
    )


@pytest.mark.parametrize(
    ("properties", "licence"),
    [
        ({"license": "PDDL"}, "PDDL"),
        ({"licenses": [{"path": "https://example.org/l"}]}, "https://example.org/l"),
        ({"licenses": []}, ""),
        ({"licenses": [{"name": 7}]}, ""),
        ({"title": 5, "licenses": "open", "countryCode": 3}, "open"),
    ],
)
def test_odd_metadata_is_listed_as_far_as_it_is_text(folder: Path, properties: dict[str, Any], licence: str) -> None:
    store = open_datastore("memory://").public
    commit_to(store, a_package(folder, **properties))
    (listing,) = registry.datasets(store)
    assert listing.licence == licence
    assert listing.title in ("A budget", "budget")
    assert listing.country_code == ""


def test_an_endless_title_cannot_break_the_list_for_others(folder: Path) -> None:
    store = open_datastore("memory://").public
    commit_to(store, a_package(folder, title="x" * 1_000_000))
    commit_to(store, a_package(folder), name="another")
    assert [one.name for one in registry.datasets(store)] == ["another", "budget"]


def test_the_registry_is_made_again_from_the_changelog(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder, 1))
    commit_to(store, a_package(folder, 2))
    commit_to(store, a_package(folder), name="another")
    files = {key: store.get(key) for key in (layout.CATALOG_KEY, layout.REGISTRY_KEY)}
    listed = registry.datasets(store)
    for damage in (None, b"", b"\xff", b"owner,name\r\n", b'owner,"'):
        for key in files:
            store.delete(key)
            if damage is not None:
                store.put(key, damage)
        assert registry.datasets(store) == listed
        registry.rebuild(store)
        assert {key: store.get(key) for key in files} == files


def test_an_empty_store_has_an_empty_registry(store: ObjectStore) -> None:
    assert registry.datasets(store) == []
    registry.rebuild(store)
    assert registry.datasets(store) == []
    assert len(store.get(layout.CATALOG_KEY).splitlines()) == 1


def test_a_dataset_that_is_gone_does_not_hide_the_others(folder: Path) -> None:
    store = open_datastore("memory://").public
    commit_to(store, a_package(folder), name="gone")
    commit_to(store, a_package(folder), name="there")
    store.delete(layout.revision_key("ministry", "gone", 1))
    registry.rebuild(store)
    assert [one.name for one in registry.datasets(store)] == ["there"]


def test_a_damaged_entry_is_an_error_that_names_it(folder: Path) -> None:
    store = open_datastore("memory://").public
    commit_to(store, a_package(folder))
    store.put("changelog/1.json", b"{}")
    with pytest.raises(StoreError, match=r"changelog/1\.json"):
        list(changelog.read(store))
