"""The DataStore as its two object stores: the public one, and the private one that nobody else may read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from openspending.datastore.addresses import bucket_of, folder_of
from openspending.datastore.objects import DEFAULT_REGION, ObjectStore
from openspending.errors import BadSettings


@dataclass(frozen=True, slots=True)
class DataStore:
    """Two stores with one layout. What is not public is never in `public`, so privacy needs no rule that could fail."""

    public: ObjectStore
    private: ObjectStore


def open_datastore(
    storage: str,
    private: str | None = None,
    *,
    access_key: str | None = None,
    secret_key: str | None = None,
    endpoint: str | None = None,
    region: str = DEFAULT_REGION,
) -> DataStore:
    """The DataStore at `storage` and `private`, as in `locations`. Raises BadSettings; contacts no server."""
    public_url, private_url = locations(storage, private)

    def opened(url: str) -> ObjectStore:
        return ObjectStore.open(url, access_key=access_key, secret_key=secret_key, endpoint=endpoint, region=region)

    return DataStore(public=opened(public_url), private=opened(private_url))


def locations(storage: str, private: str | None = None) -> tuple[str, str]:
    """The URLs of the public and the private store.

    Both are given as s3://bucket[/prefix], file:///folder, memory://[name], or a bucket's bare name. Without `private`
    it is the public one's name (bucket, folder or memory name) with "-private". Raises BadSettings when one of them
    would lie inside the other: the public policy of the outer one would open the inner one.
    """
    public_url = _url(storage)
    private_url = _url(private) if private else _with_suffix(public_url)
    if _overlap(public_url, private_url):
        raise BadSettings(f"The private store {private_url} and the public store {public_url} must not share a place.")
    return public_url, private_url


def _url(place: str) -> str:
    if "://" in place:
        return place.rstrip("/") if urlsplit(place).scheme in ("s3", "file") else place
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", place):
        raise BadSettings(f"“{place}” is neither a bucket's name nor an s3://, file:// or memory:// address.")
    return f"s3://{place}"


def _with_suffix(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "s3":
        bucket, prefix = bucket_of(url)
        return f"s3://{bucket}-private" + (f"/{prefix}" if prefix else "")
    return url if url == "memory://" else f"{url}-private"


def _overlap(one: str, other: str) -> bool:
    schemes = {urlsplit(one).scheme, urlsplit(other).scheme}
    if schemes == {"file"}:
        folders = folder_of(one).resolve(), folder_of(other).resolve()
        return folders[0].is_relative_to(folders[1]) or folders[1].is_relative_to(folders[0])
    if schemes == {"s3"}:
        (bucket, prefix), (bucket_2, prefix_2) = bucket_of(one), bucket_of(other)
        return bucket == bucket_2 and _within(prefix, prefix_2)
    return one == other != "memory://"


def _within(one: str, other: str) -> bool:
    """Whether one prefix is the other, or a folder in it, either way round."""
    return not one or not other or f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
