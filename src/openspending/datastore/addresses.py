"""Where stores are: what s3://, file:// and memory:// addresses say, the private store beside the public one, and how
an S3 server is reached. Nothing is opened here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from openspending.datastore.keys import check_key
from openspending.errors import BadSettings

DEFAULT_REGION: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class S3Access:
    """How an S3 server is reached: its host or URL (None: Amazon's own), its region, and both keys, or neither.

    `public_endpoint` is what browsers call it, where that is another name than the one used in here. `timeout` is the
    seconds that one request may take."""

    endpoint: str | None = None
    region: str = DEFAULT_REGION
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    public_endpoint: str | None = None
    timeout: float = 60


ANONYMOUS: Final = S3Access()


def folder_of(url: str) -> Path:
    """The folder that a file:// URL names. Raises BadSettings when the URL has a host, a query or no absolute path."""
    parts = urlsplit(url)
    if parts.netloc or parts.query or parts.fragment or not parts.path.startswith("/"):
        raise BadSettings(f"“{url}” names no folder; write file:/// and an absolute path.")
    return Path(unquote(parts.path))


def bucket_of(url: str) -> tuple[str, str]:
    """Bucket and prefix ("" for none) of an s3:// URL. Raises BadSettings for other forms, also with credentials."""
    parts = urlsplit(url)
    if parts.scheme != "s3" or not re.fullmatch(r"[A-Za-z0-9._-]+", parts.netloc) or parts.query or parts.fragment:
        raise BadSettings("A bucket's address is s3://bucket or s3://bucket/prefix, without credentials.")
    prefix = parts.path.strip("/")
    if prefix:
        check_key(prefix)
    return parts.netloc, prefix


def endpoint_url(host: str | None) -> str | None:
    """The URL of an S3 server given as URL or host name (then https). None stays None: Amazon's own."""
    if not host:
        return None
    parts = urlsplit(host if "://" in host else f"https://{host}")
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise BadSettings("The S3 server is given as a host name or an http(s) URL, without credentials or a path.")
    return f"{parts.scheme}://{parts.netloc}"


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
