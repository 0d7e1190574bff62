"""What the addresses of stores and servers say: s3://, file:// and the URL of an S3 server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from openspending.datastore.keys import check_key
from openspending.errors import BadSettings


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
    url = host if "://" in host else f"https://{host}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise BadSettings("The S3 server is given as a host name or an http(s) URL, without credentials.")
    return url.rstrip("/")
