"""Which keys an object store takes: those that are safe, and mean the same, in a bucket, a folder and memory."""

from __future__ import annotations

import re
from typing import Final

from openspending.errors import BadQuery
from openspending.speaking.said import said

MAX_KEY: Final = 1024  # bytes, S3's limit
MAX_SEGMENT: Final = 240  # bytes; file systems allow 255, and the local store writes to a longer, temporary name first
_TEMPORARY: Final = re.compile(r"#\d+$")


def check_key(key: str) -> None:
    """Raises BadQuery unless `key` is safe, and means the same, in every kind of store.

    Segments between "/" must not be empty, "." or ".."; no backslash, no control or surrogate characters; no "#" and
    digits at the end (a temporary name of the local store); at most 240 bytes a segment and 1024 in all.
    """
    segments = key.split("/")
    if any(segment in ("", ".", "..") for segment in segments):
        raise BadQuery(said("“{key}” is no key: it has an empty part, “.” or “..”.", key=key[:200]))
    if "\\" in key or any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in key):
        raise BadQuery(said("A key cannot have backslashes, control characters or lone surrogates."))
    if len(key.encode()) > MAX_KEY or any(len(segment.encode()) > MAX_SEGMENT for segment in segments):
        raise BadQuery(said("“{key}…” is too long for a key.", key=key[:60]))
    if any(_TEMPORARY.search(segment) for segment in segments):
        raise BadQuery(said("“{key}” is no key: a part ends in “#” and digits.", key=key))
