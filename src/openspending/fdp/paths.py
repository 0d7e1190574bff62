"""Which paths of a descriptor are safe to open: relative ones below the descriptor, and http(s) URLs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from openspending.speaking.said import said

_SCHEME: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_MAX_LENGTH: Final = 1024
_MAX_SEGMENT: Final = 255  # bytes: what common file systems take


def is_url(path: str) -> bool:
    """Whether `path` is an http or https URL with a host; the scheme may be written in capitals."""
    if not path.lower().startswith(("http://", "https://")):
        return False
    try:
        return bool(urlsplit(path).hostname)
    except ValueError:
        return False


def normal_path(path: str) -> str:
    """`path` as we open it: a leading “./” dropped, a URL's scheme in lower case. Its meaning is the same."""
    if is_url(path):
        scheme, rest = path.split(":", 1)
        return f"{scheme.lower()}:{rest}"
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def check_path(path: object) -> str | None:
    """Why the resource path `path` (a string, or a list of them) must not be opened, or None when it is safe.

    Data Package's prose on paths, read strictly: percent-encoded characters are decoded before the test.
    """
    if isinstance(path, str):
        return _check_one(path)
    if isinstance(path, Sequence) and not isinstance(path, bytes | bytearray):
        return _check_many(path)
    return said("is neither text nor a list of texts")


def _check_many(paths: Sequence[object]) -> str | None:
    if not paths:
        return said("is an empty list")
    for one in paths:
        if not isinstance(one, str):
            return said("contains something that is not text")
        reason = _check_one(one)
        if reason:
            return reason
    if len({is_url(one) for one in paths if isinstance(one, str)}) > 1:
        return said("mixes URLs and files")
    return None


def _check_one(path: str) -> str | None:
    if not path:
        return said("is empty")
    if len(path) > _MAX_LENGTH:
        return said("is longer than {max_length} characters", max_length=_MAX_LENGTH)
    decoded = _decoded(path)
    if any(ord(one) < 32 or 127 <= ord(one) < 160 or one in "\u2028\u2029" for one in decoded):
        return said("contains control characters")
    if decoded != decoded.strip():
        return said("begins or ends with a space")
    return _check_url(path) if "://" in path[:9] and is_url(path) else _check_file(decoded)


def _check_url(path: str) -> str | None:
    parts = urlsplit(path)
    if parts.username or parts.password:
        return said("contains a user name or password")
    if any(one.isspace() for one in path):
        return said("is a URL with spaces")
    return None


def _check_file(path: str) -> str | None:
    if "\\" in path:
        return said("contains a backslash")
    if path.lower().startswith(("http:", "https:")):
        return said("is not a complete URL")
    if re.match(r"^[A-Za-z]:", path):
        return said("names a drive")
    if _SCHEME.match(path):
        return said("uses a scheme other than http and https")
    if path.startswith("/"):
        return said("is absolute")
    if path.startswith("~"):
        return said("points into a home folder")
    return _check_segments(normal_path(path).split("/"))


def _check_segments(segments: list[str]) -> str | None:
    if ".." in segments:
        return said("leaves the package with “..”")
    if any(_hidden(one) for one in segments):
        return said("contains a hidden part")
    if "" in segments:
        return said("contains an empty part")
    if any(len(one.encode("utf-8", "surrogatepass")) > _MAX_SEGMENT for one in segments):
        return said("contains a name of more than {max_segment} bytes", max_segment=_MAX_SEGMENT)
    return None


def _hidden(segment: str) -> bool:
    """“.git” is hidden, “..b” is an ordinary if odd name, and a segment of dots alone is no name at all."""
    return segment.startswith(".") and (not segment.startswith("..") or not segment.strip("."))


def _decoded(path: str) -> str:
    """`path` with percent-encoding undone as often as it was done, so that %252e%252e is seen too."""
    for _ in range(5):
        decoded = unquote(path)
        if decoded == path:
            break
        path = decoded
    return path
