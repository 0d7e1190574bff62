"""A receipt says exactly what an aggregate says, and of which facts; it is the same for whoever asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openspending.analytics.livecubes import LiveCubes, Opened
from openspending.analytics.proving import receipts
from openspending.analytics.proving.receiptform import (
    PARAMETERS,
    NoReceipt,
    canonical_json,
    query_of,
    read_receipt,
    seal,
)
from openspending.analytics.proving.receipts import receipt
from openspending.analytics.query import AggregateQuery, Cut
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.errors import BadQuery
from openspending.publishing import publish
from tests.publishing.packages import write_package

TEXT = "year,code,label,amount\n2024,01,Schools,10.50\n2024,02,Roads,7\n2025,01,Schools,-3\n2024,02,Roads,7\n"
DEFAULT = dict.fromkeys(PARAMETERS, "") | {"aggregates": "amount.sum|_count"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything of these tests lies."""
    return tmp_path_factory.mktemp("receipts")


@pytest.fixture(scope="module")
def store(folder: Path) -> ObjectStore:
    """A ObjectStore with one small dataset."""
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    publish(str(write_package(folder / "p", TEXT)), owner="ministry", store=store)
    return store


@pytest.fixture(scope="module")
def opened(store: ObjectStore, folder: Path) -> Iterator[Opened]:
    """Its newest revision."""
    cubes = LiveCubes(store, folder / "cache")
    yield cubes.at("ministry", "budget")
    cubes.close()


def made(opened: Opened, **parameters: str) -> dict[str, Any]:
    asked = DEFAULT | parameters
    return receipt(opened, query_of(asked), asked)


def rids(opened: Opened, where: str = "true") -> list[str]:
    with opened.cube.connection.cursor() as cursor:
        cursor.execute(f"SELECT _rid FROM {opened.path.stem}.facts WHERE {where}")
        return [rid for (rid,) in cursor.fetchall()]


def digest(ids: list[str]) -> str:
    lines = "".join(f"{one}\n" for one in sorted(ids))
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def test_it_says_the_facts_the_sums_and_the_cells(opened: Opened) -> None:
    found = made(opened, drilldown="code.code")

    assert found["facts"] == {"n": 4, "digest": digest(rids(opened))}
    assert found["sums"] == {"amount": "21.5"}
    assert found["summary"] == {"amount.sum": "21.5", "_count": 4}
    assert found["cells"]["list"] == [
        {"code.code": "01", "amount.sum": "7.5", "_count": 2},
        {"code.code": "02", "amount.sum": "14", "_count": 2},
    ]


def test_the_digest_is_of_the_facts_that_the_cuts_leave(opened: Opened) -> None:
    cuts = opened.cube.checked((Cut("code.code", ("02",)),))

    assert receipts.digest(opened.cube, cuts) == digest(rids(opened, "code = '02'"))
    assert len(set(rids(opened, "code = '02'"))) == 2  # two equal rows are two facts


def test_no_facts_have_the_digest_of_nothing(opened: Opened) -> None:
    found = made(opened, cut='code.code:"99"')

    assert found["facts"] == {"n": 0, "digest": digest([])}
    assert found["sums"] == {"amount": None}


def test_batches_do_not_change_the_digest(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = receipts.digest(opened.cube, ())
    monkeypatch.setattr(receipts, "_BATCH", 1)

    assert receipts.digest(opened.cube, ()) == whole


def test_many_cells_are_stated_by_the_same_digest_as_few(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    few = made(opened, drilldown="code.code")["cells"]
    monkeypatch.setattr(receipts, "LISTED", 1)
    many = made(opened, drilldown="code.code")["cells"]

    assert "list" not in many
    assert many == {"n": 2, "digest": few["digest"]}
    lines = b"".join(canonical_json(one) + b"\n" for one in few["list"])
    assert few["digest"] == f"sha256:{hashlib.sha256(lines).hexdigest()}"


def test_the_same_question_has_the_same_receipt_after_everything_derived_is_gone(
    store: ObjectStore, opened: Opened, tmp_path: Path
) -> None:
    before = made(opened)
    for key in list(store.list("ministry/budget/derived")):
        store.delete(key)
    fresh = LiveCubes(store, tmp_path / "other")

    assert made(fresh.at("ministry", "budget")) == before
    fresh.close()


def test_its_hash_is_of_what_it_says_and_not_of_who_says_it(opened: Opened) -> None:
    found = made(opened)

    assert seal(found) == found["receipt_hash"]
    assert seal(found | {"url": "/elsewhere", "engine": {}}) == found["receipt_hash"]
    assert seal(found | {"revision": 2}) != found["receipt_hash"]


def test_it_survives_being_written_and_read(opened: Opened) -> None:
    found = made(opened, drilldown="year.year", cut='code.code:"01"', order="amount.sum:desc")

    read = read_receipt(json.dumps(found, indent=3).encode())

    assert read.raw == found
    assert seal(read.raw) == found["receipt_hash"]
    assert (read.owner, read.name, read.revision, read.hash) == ("ministry", "budget", 1, opened.revision.hash)
    assert query_of(read.query).order[0].descending


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no receipt"),
        (b"\xff\xfe", "no receipt"),
        (b"[1]", "no receipt"),
        (b"{}", "no receipt"),
        (b'{"receipt": 2}', "form 2"),
        (b'{"receipt": 1}', "incomplete"),
        (b"[" * 5000, "no receipt"),
    ],
    ids=["empty", "no-text", "a-list", "an-object", "later-form", "nothing-in-it", "deep"],
)
def test_what_is_no_receipt_is_refused_in_words(data: bytes, told: str) -> None:
    with pytest.raises(NoReceipt, match=told):
        read_receipt(data)


@pytest.mark.parametrize("name", ["dataset", "revision", "hash", "query", "facts", "sums", "cells", "receipt_hash"])
@pytest.mark.parametrize("value", [None, True, [], "", {"list": 3}], ids=repr)
def test_a_part_of_another_type_is_refused(opened: Opened, name: str, value: Any) -> None:
    found = made(opened) | {name: value}
    if isinstance(value, str) and name in {"dataset", "hash", "receipt_hash"}:
        assert read_receipt(json.dumps(found).encode()).raw[name] == value
    elif name == "sums" and isinstance(value, dict):
        assert read_receipt(json.dumps(found).encode())
    else:
        with pytest.raises(NoReceipt, match=name):
            read_receipt(json.dumps(found).encode())


def test_a_query_with_other_parameters_is_refused() -> None:
    with pytest.raises(BadQuery, match="pagesize"):
        query_of(DEFAULT | {"pagesize": "1"})


def test_cells_come_one_by_one_without_end(opened: Opened) -> None:
    query = AggregateQuery(("code.code",), ("amount.sum", "_count"))

    assert list(opened.cube.cells(query)) == opened.cube.aggregate(query).cells
    alone = AggregateQuery((), ("amount.sum",))
    assert list(opened.cube.cells(alone)) == opened.cube.aggregate(alone).cells
