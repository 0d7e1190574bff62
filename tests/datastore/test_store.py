"""Where the two halves of a DataStore are."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.datastore.addresses import locations
from openspending.datastore.store import open_datastore
from openspending.errors import BadSettings


@pytest.mark.parametrize(
    ("storage", "private", "expected"),
    [
        ("budgets", None, ("s3://budgets", "s3://budgets-private")),
        ("budgets", "secrets", ("s3://budgets", "s3://secrets")),
        ("s3://budgets/eu/", None, ("s3://budgets/eu", "s3://budgets-private/eu")),
        ("s3://b/public", "s3://b/private", ("s3://b/public", "s3://b/private")),
        ("file:///srv/data", None, ("file:///srv/data", "file:///srv/data-private")),
        ("memory://", None, ("memory://", "memory://")),
        ("memory://x", None, ("memory://x", "memory://x-private")),
    ],
)
def test_the_private_store_stands_beside_the_public_one(
    storage: str, private: str | None, expected: tuple[str, str]
) -> None:
    assert locations(storage, private) == expected


@pytest.mark.parametrize(
    ("storage", "private"),
    [
        ("budgets", "budgets"),
        ("budgets", "s3://budgets/private"),
        ("s3://budgets/a/b", "s3://budgets/a"),
        ("file:///srv/data", "file:///srv/data"),
        ("file:///srv/data", "file:///srv/data/private"),
        ("file:///srv/data/public", "file:///srv/data"),
        ("file:///srv/data", "file:///srv/data/x/../y"),
        ("memory://x", "memory://x"),
        ("no bucket", None),
        ("ftp://host/x", None),
    ],
)
def test_stores_in_one_another_are_refused(storage: str, private: str | None) -> None:
    with pytest.raises(BadSettings):
        open_datastore(storage, private)


def test_a_link_into_the_public_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "private").symlink_to(tmp_path / "public")
    with pytest.raises(BadSettings):
        open_datastore((tmp_path / "public").as_uri(), (tmp_path / "private").as_uri())


def test_two_nameless_memories_are_two_stores() -> None:
    store = open_datastore("memory://")
    store.public.put("key", b"x")
    assert not store.private.exists("key")
