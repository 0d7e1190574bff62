"""Revisions: what a commit keeps, and what it refuses, on every kind of place."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from openspending.datastore import changelog, layout, registry, revisions
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import commit
from openspending.datastore.store import open_datastore
from openspending.datastore.verify import verify
from openspending.errors import BadQuery, Conflict, NotFound, StoreError
from openspending.fdp.problems import PackageRejected
from tests.datastore.packages import NOW, Made, a_file, a_package, commit_to


def test_a_commit_is_read_back_with_all_that_was_said(store: ObjectStore, folder: Path) -> None:
    made = a_package(folder)
    done = commit(
        store,
        "officer@data.gov.uk",
        "budget",
        made.descriptor,
        made.files,
        message="Größe “x”",
        author="anna",
        now=NOW,
        problems=[{"code": "blank-row"}],
    )
    assert done.created
    for found in (
        done.revision,
        revisions.latest(store, "officer@data.gov.uk", "budget"),
        revisions.read(store, "officer@data.gov.uk", "budget", 1),
    ):
        assert found is not None
        assert found == done.revision
        assert found.id == "officer@data.gov.uk/budget@1"
        assert (found.message, found.author, found.created) == ("Größe “x”", "anna", NOW)
        assert found.previous is None
        assert found.problems == [{"code": "blank-row"}]
    assert store.get("officer@data.gov.uk/budget/datapackage.json") == store.get(
        "officer@data.gov.uk/budget/r1.datapackage.json"
    )


def test_the_stored_descriptor_is_the_publishers_with_true_places_and_hashes(store: ObjectStore, folder: Path) -> None:
    made = a_package(folder)
    stored = commit_to(store, made).revision.descriptor
    file = made.files["data/budget.csv"]
    resource = stored["resources"][0]
    assert list(stored) == ["name", "title", "resources", "factor", "openspending"]
    assert resource["path"] == f"files/{file.sha256}/budget.csv"
    assert (resource["bytes"], resource["hash"]) == (file.bytes, f"sha256:{file.sha256}")
    assert resource["schema"] == made.descriptor["resources"][0]["schema"]
    assert store.get(f"ministry/budget/{resource['path']}") == file.path.read_bytes()
    assert stored["openspending"]["declared"] == [{"path": "data/budget.csv", "hash": "0" * 32}]
    assert stored["openspending"]["created"] == "2020-02-29T12:30:15Z"


def test_numbers_of_the_descriptor_keep_their_digits(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder, factor=Decimal("0.1000"), huge=Decimal("1E+400"), long=10**300))
    text = store.get("ministry/budget/datapackage.json").decode()
    assert '"factor": 0.1000,' in text
    assert f'"long": {10**300},' in text
    assert revisions.read(store, "ministry", "budget", 1).descriptor["huge"] == Decimal("1E+400")


def test_parts_and_inline_data_are_kept_apart(store: ObjectStore, folder: Path) -> None:
    files = {
        "2019/data.csv": a_file(folder, "data.csv", b"a\n1\n"),
        "2020/data.csv": a_file(folder, "data.csv", b"a\n2\n"),
        "2019.csv.gz": a_file(folder, "2019.csv.gz", b"a\n1\n"),
        "https://example.org/x/data.csv?v=1": a_file(folder, "data.csv?v=1", b"a\n1\n"),
    }
    resources = [
        {"name": "parts", "path": ["2019/data.csv", "2020/data.csv"], "bytes": 1, "hash": "x"},
        {"name": "codes", "data": [{"a": 1}]},
        {"name": "packed", "path": "2019.csv.gz", "bytes": 4},
        {"name": "remote", "url": "https://example.org/x/data.csv?v=1"},
    ]
    done = commit_to(store, Made({"name": "p", "resources": resources}, files))
    parts, codes, packed, remote = done.revision.descriptor["resources"]
    hashes = [hashlib.sha256(content).hexdigest() for content in (b"a\n1\n", b"a\n2\n")]
    assert parts == {"name": "parts", "path": [f"files/{one}/data.csv" for one in hashes]}
    assert codes == resources[1]
    assert packed == {"name": "packed", "path": f"files/{hashes[0]}/2019.csv.gz", "hash": f"sha256:{hashes[0]}"}
    assert remote["path"] == f"files/{hashes[0]}/data.csv_v=1"
    assert "url" not in remote
    assert verify(store, "ministry", "budget") == []


def test_a_package_without_one_of_its_files_is_refused(store: ObjectStore, folder: Path) -> None:
    made = a_package(folder)
    with pytest.raises(StoreError, match=r"data/budget\.csv"):
        commit_to(store, Made(made.descriptor, {}))
    assert list(store.list()) == []


def test_a_file_that_changes_meanwhile_is_refused(store: ObjectStore, folder: Path) -> None:
    made = a_package(folder)
    made.files["data/budget.csv"].path.write_bytes(b"code,amount\n0101,99.99\n")
    with pytest.raises(StoreError, match="changed"):
        commit_to(store, made)
    assert list(store.list()) == []


def test_a_descriptor_too_large_to_be_read_again_is_refused(store: ObjectStore, folder: Path) -> None:
    with pytest.raises(PackageRejected):
        commit_to(store, a_package(folder, notes="x" * 10_500_000))
    assert revisions.latest(store, "ministry", "budget") is None


def test_the_same_content_again_stores_nothing(store: ObjectStore, folder: Path) -> None:
    first = commit_to(store, a_package(folder))
    before = {key: store.head(key) for key in store.list()}
    again = commit_to(store, a_package(folder))
    assert not again.created
    assert again.revision == first.revision
    assert {key: store.head(key) for key in store.list()} == before


def test_a_downloaded_dataset_published_again_is_the_same_content(store: ObjectStore, folder: Path) -> None:
    first = commit_to(store, a_package(folder)).revision
    path = first.descriptor["resources"][0]["path"]
    content = store.get(f"ministry/budget/{path}")
    copy = Made(first.descriptor, {path: a_file(folder, "budget.csv", content)})
    assert not commit_to(store, copy).created
    elsewhere = commit_to(store, copy, name="copy").revision
    assert elsewhere.descriptor["openspending"]["dataset"] == "copy"
    assert elsewhere.descriptor["resources"] == first.descriptor["resources"]


def test_old_content_again_is_a_new_revision(store: ObjectStore, folder: Path) -> None:
    for amount in (1, 2, 1):
        assert commit_to(store, a_package(folder, amount)).created
    history = revisions.history(store, "ministry", "budget")
    assert [one.number for one in history] == [1, 2, 3]
    assert [one.previous for one in history] == [None, history[0].hash, history[1].hash]
    assert len(list(store.list("ministry/budget/files"))) == 2
    assert verify(store, "ministry", "budget") == []


def test_expecting_another_revision_is_a_conflict(store: ObjectStore, folder: Path) -> None:
    with pytest.raises(Conflict) as nothing_yet:
        commit_to(store, a_package(folder), expected=1)
    assert nothing_yet.value.current == 0
    commit_to(store, a_package(folder), expected=0)
    with pytest.raises(Conflict) as outdated:
        commit_to(store, a_package(folder, 2), expected=0)
    assert outdated.value.current == 1
    assert commit_to(store, a_package(folder, 2), expected=1).revision.number == 2


def test_of_commits_at_the_same_time_one_wins_and_the_others_are_told(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder, 0))
    packages = [a_package(folder, amount) for amount in range(1, 7)]
    together = Barrier(len(packages))

    def race(made: Made) -> int | Conflict:
        together.wait()
        try:
            return commit_to(store, made, expected=1).revision.number
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(packages)) as threads:
        outcomes = list(threads.map(race, packages))
    assert [one for one in outcomes if isinstance(one, int)] == [2]
    assert [one.current for one in outcomes if isinstance(one, Conflict)] == [2] * 5
    assert verify(store, "ministry", "budget") == []
    assert [one.revision for one in changelog.read(store)] == [1, 2]


def test_the_same_content_at_the_same_time_is_one_revision(store: ObjectStore, folder: Path) -> None:
    made = a_package(folder)
    together = Barrier(4)

    def race(author: str) -> int:
        together.wait()
        done = commit(store, "ministry", "budget", made.descriptor, made.files, message="", author=author, now=NOW)
        return done.revision.number

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(race, "abcd")) == [1, 1, 1, 1]
    assert [one.revision for one in changelog.read(store)] == [1]


def test_the_newest_is_found_although_its_pointer_lags_or_is_gone(store: ObjectStore, folder: Path) -> None:
    pointer = layout.descriptor_key("ministry", "budget")
    commit_to(store, a_package(folder, 1))
    old = store.get(pointer)
    for amount in range(2, 8):
        commit_to(store, a_package(folder, amount))
    for damage in (old, b"{", b"[]", b"{}"):
        store.put(pointer, damage)
        newest = revisions.latest(store, "ministry", "budget")
        assert newest is not None
        assert newest.number == 7
    store.delete(pointer)
    assert len(revisions.history(store, "ministry", "budget")) == 7
    assert not commit_to(store, a_package(folder, 7)).created
    assert store.get(pointer) == store.get(layout.revision_key("ministry", "budget", 7))


def test_what_does_not_exist_is_not_found(store: ObjectStore, folder: Path) -> None:
    commit_to(store, a_package(folder))
    assert revisions.latest(store, "ministry", "other") is None
    assert revisions.history(store, "ministry", "other") == []
    with pytest.raises(NotFound):
        revisions.read(store, "ministry", "budget", 2)
    with pytest.raises(NotFound):
        verify(store, "ministry", "other")


def test_names_that_break_the_rules_reach_no_store(folder: Path) -> None:
    store = open_datastore("memory://").public
    for owner, name in {("../x", "budget"), ("ministry", "../x"), ("registry", "budget"), ("ministry", "Budget")}:
        with pytest.raises(BadQuery):
            commit_to(store, a_package(folder), owner=owner, name=name)
        with pytest.raises(BadQuery):
            revisions.latest(store, owner, name)
    assert list(store.list()) == []


def test_text_that_utf_8_cannot_hold_is_mended_in_message_and_author(folder: Path) -> None:
    store, made = open_datastore("memory://").public, a_package(folder)
    done = commit(store, "a", "b", made.descriptor, made.files, message="\udce9t\u00e9", author="\udcff", now=NOW)
    assert (done.revision.message, done.revision.author) == ("?té", "?")


def test_every_damage_is_named(store: ObjectStore, folder: Path) -> None:
    for amount in (1, 2, 3):
        commit_to(store, a_package(folder, amount))
    one, two, three = revisions.history(store, "ministry", "budget")
    files = [f"ministry/budget/{each.descriptor['resources'][0]['path']}" for each in (one, two, three)]
    store.delete(files[0])
    store.put(files[1], store.get(files[1]).replace(b"2", b"3"))
    key = layout.revision_key("ministry", "budget", 2)
    store.put(key, store.get(key).replace(b"as planned", b"as forged!"))
    store.delete(layout.descriptor_key("ministry", "budget"))
    found = verify(store, "ministry", "budget")
    assert len(found) == 4
    for sentence, words in zip(
        found,
        ([files[0], "missing"], [files[1], "altered"], ["chain", "2 and 3"], ["datapackage.json", "missing"]),
        strict=True,
    ):
        assert all(word in sentence for word in words)


def test_missing_and_exchanged_manifests_are_named(store: ObjectStore, folder: Path) -> None:
    for amount in (1, 2, 3):
        commit_to(store, a_package(folder, amount))
    keys = [layout.revision_key("ministry", "budget", number) for number in (1, 2, 3)]
    store.put(keys[0], store.get(keys[2]))
    store.delete(keys[1])
    found = " ".join(verify(store, "ministry", "budget"))
    assert "r1.datapackage.json says that it is ministry/budget@3" in found
    assert "r2.datapackage.json is missing" in found


def test_the_private_store_has_a_registry_of_its_own(folder: Path) -> None:
    both = open_datastore("memory://")
    store = both.public
    commit_to(store, a_package(folder), name="open")
    commit_to(both.private, a_package(folder, 2), name="secret")
    assert [one.name for one in registry.datasets(store)] == ["open"]
    assert [one.name for one in registry.datasets(both.private)] == ["secret"]
    assert not any("secret" in key for key in store.list())
    assert b"secret" not in store.get(layout.CATALOG_KEY)


def test_a_changelog_entry_says_what_was_committed(store: ObjectStore, folder: Path) -> None:
    revision = commit_to(store, a_package(folder)).revision
    assert json.loads(store.get("changelog/1.json")) == {
        "position": 1,
        "at": "2020-02-29T12:30:15Z",
        "action": "commit",
        "owner": "ministry",
        "dataset": "budget",
        "revision": 1,
        "hash": revision.hash,
        "message": "as planned",
        "author": "anna",
    }
    assert changelog.append(store, replace(revision, changelog=0)) == 1
    assert changelog.end(store) == 1
