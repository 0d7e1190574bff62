"""What a client announces of the files that it is going to upload, read from the body of `POST /datastore/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.conductor.staged import check_upload_path
from openspending.datastore import layout
from openspending.errors import BadQuery

MOST_FILES: Final = 1000
LONGEST: Final = 10**15  # bytes
_MD5: Final = re.compile(r"[A-Za-z0-9+/=]{1,64}")  # one that is none is refused when the bytes come
_TYPE: Final = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,199}")


@dataclass(frozen=True, slots=True)
class Announced:
    """One file: its path in the package, length in bytes, MD5 in base64, and type if the client will say any. `said` is
    all that the client said of it, which the answer repeats."""

    path: str
    length: int
    md5: str
    type: str | None
    said: Mapping[str, Any]

    def headers(self) -> dict[str, str]:
        """The headers that its PUT has to have."""
        found = {"content-length": str(self.length), "content-md5": self.md5}
        return found if self.type is None else {**found, "content-type": self.type}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files of a package that are to be uploaded."""

    owner: str
    name: str
    files: tuple[Announced, ...]

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(one.length for one in self.files)


def read_wanted(body: bytes) -> Wanted:
    """What the body announces. Raises BadQuery for the first thing that is wrong with it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise BadQuery("The body is no JSON.") from None
    metadata, files = _object(found, "metadata"), _object(found, "filedata")
    owner, name = _text(metadata, "owner", "metadata"), _text(metadata, "name", "metadata")
    layout.dataset_prefix(owner, name)
    if not 1 <= len(files) <= MOST_FILES:
        raise BadQuery(f"“filedata” has {len(files)} files; from 1 to {MOST_FILES} can be announced at once.")
    return Wanted(owner, name, tuple(_announced(path, _object(files, path)) for path in files))


def _announced(path: str, said: Mapping[str, Any]) -> Announced:
    check_upload_path(path)
    length, type_ = said.get("length"), said.get("type")
    if isinstance(length, bool) or not isinstance(length, int) or not 0 <= length < LONGEST:
        raise BadQuery(f"The “length” of “{path}” must be its number of bytes.", parameter="filedata")
    md5 = _text(said, "md5", path)
    if not _MD5.fullmatch(md5):
        raise BadQuery(f"The “md5” of “{path}” must be in base64.", parameter="filedata")
    if type_ is not None and not (isinstance(type_, str) and _TYPE.fullmatch(type_)):
        raise BadQuery(f"The “type” of “{path}” must be a media type.", parameter="filedata")
    return Announced(path, length, md5, type_, said)


def _object(holder: Any, name: str) -> Mapping[str, Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise BadQuery(f"“{name[:100]}” must be an object of the JSON body.", parameter=name[:100])
    return found


def _text(holder: Mapping[str, Any], name: str, of: str) -> str:
    found = holder.get(name)
    if not isinstance(found, str) or not found:
        raise BadQuery(f"“{of[:100]}” must have a text “{name}”.", parameter=of[:100])
    return found
