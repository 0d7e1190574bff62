"""What changelog and registry tell of moves: by the changelog alone, whatever comes late or twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from openspending.datastore import changelog, layout, registry
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from tests.datastore.packages import a_package, commit_to
from tests.datastore.test_homes import Counting

MOVE = Entry(1, "2020-03-01T12:30:15Z", "publish", "ministry", "budget", 1, "sha256:0", "", "anna", event="e")


def listed(store: ObjectStore) -> list[tuple[str, int]]:
    return [(f"{one.owner}/{one.name}", one.revision) for one in registry.datasets(store)]


def told(store: ObjectStore, **changed: object) -> None:
    changelog.tell(store, replace(MOVE, **changed))  # type: ignore[arg-type]
    registry.update(store)


def test_entries_of_commits_are_as_they_were_before_there_were_moves(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder))
    entry = json.loads(store.get(layout.changelog_key(1)))
    assert set(entry) == {*("position", "at", "action", "owner", "dataset", "revision", "hash", "message", "author")}
    (found,) = changelog.read(store)
    assert (found.event, found.to, found.gone) == ("", "", False)


def test_a_move_is_told_once_however_often_and_from_wherever_it_is_told(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder))
    positions = {changelog.tell(store, replace(MOVE, position=at)) for at in (1, 2, 1)}
    assert positions == {2}
    assert changelog.tell(store, replace(MOVE, event="another")) == 3


def test_what_is_gone_is_not_listed_and_not_read_through_each_time(store: ObjectStore, folder: Path) -> None:
    for number in range(6):
        commit_to(store, a_package(folder), name=f"b{number}")
    for number in range(6):
        told(store, dataset=f"b{number}", event=f"e{number}", gone=True)
    assert listed(store) == []
    counting = Counting(store)
    assert listed(counting) == []
    assert counting.asked <= 5
    counting.asked = 0
    registry.update(counting)
    assert counting.asked <= 5
    commit_to(store, a_package(folder), name="b7")
    assert listed(store) == [("ministry/b7", 1)]


def test_the_list_costs_two_requests(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder))
    counting = Counting(store)
    assert listed(counting) == [("ministry/budget", 1)]
    assert counting.asked == 2


def test_a_move_that_is_told_after_the_next_commit_does_not_undo_it(folder: Path) -> None:
    store = open_datastore("memory://").public
    for amount in (1, 2):
        commit_to(store, a_package(folder, amount))
    told(store)
    assert listed(store) == [("ministry/budget", 2)]
    registry.rebuild(store)
    assert listed(store) == [("ministry/budget", 2)]


def test_a_registry_whose_note_is_of_another_list_is_read_on_from_what_it_lists(folder: Path) -> None:
    store = open_datastore("memory://").public
    for name in ("a", "b"):
        commit_to(store, a_package(folder), name=name)
    told(store, dataset="b", gone=True)
    store.put(layout.LISTED_KEY, b'{"catalog": "sha256:other", "position": 99}')
    assert listed(store) == [("ministry/a", 1)]
    store.put(layout.LISTED_KEY, b"half")
    registry.update(store)
    assert listed(store) == [("ministry/a", 1)]
    assert json.loads(store.get(layout.LISTED_KEY))["position"] == 3
