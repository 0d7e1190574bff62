"""The DataStore as its two object stores: the public one, and the private one that nobody else may read."""

from __future__ import annotations

from dataclasses import dataclass

from openspending.datastore.addresses import ANONYMOUS, S3Access, locations
from openspending.datastore.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class DataStore:
    """Two stores with one layout. What is not public is never in `public`, so privacy needs no rule that could fail."""

    public: ObjectStore
    private: ObjectStore


def open_datastore(storage: str, private: str | None = None, s3: S3Access = ANONYMOUS) -> DataStore:
    """The DataStore at `storage` and `private`, as in `locations`. Raises BadSettings; contacts no server."""
    public_url, private_url = locations(storage, private)
    return DataStore(public=ObjectStore.open(public_url, s3), private=ObjectStore.open(private_url, s3))
