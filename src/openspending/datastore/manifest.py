"""A revision and its manifest: the stored descriptor, which is the publisher's plus one property, `openspending`.

That property says whose revision it is, who made it, when and why, the hash of the revision before (so the history
is a chain), what of the publisher's was replaced, the warnings that were accepted with it, and its control totals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from openspending.errors import StoreError
from openspending.fdp import strictjson
from openspending.fdp.problems import problem, rejected
from openspending.fdp.versions import write_descriptor
from openspending.speaking.said import said

PROPERTY: Final = "openspending"


class Damaged(StoreError):
    """A stored object is not what its place says it is."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable state of a dataset. `descriptor` is the stored one; `hash` is "sha256:" and the hex of its bytes.

    `previous` is the hash of the revision before (None for the first). `changelog` is the changelog's last position
    when this revision was made; its own entry comes after it.
    """

    owner: str
    name: str
    number: int
    descriptor: dict[str, Any] = field(repr=False)
    hash: str
    created: datetime
    author: str
    message: str
    previous: str | None
    changelog: int

    @property
    def id(self) -> str:
        """The address of the revision, `owner/name@number`."""
        return f"{self.owner}/{self.name}@{self.number}"

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The warnings accepted with this revision, as `Problem.to_dict` wrote them."""
        return list(self.descriptor[PROPERTY].get("problems", []))

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The control totals that held when this revision was made, as `ControlTotal.to_dict` wrote them."""
        return list(self.descriptor[PROPERTY].get("controls", []))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a commit says of itself; becomes the `openspending` property. `created` is aware of its time zone."""

    owner: str
    name: str
    number: int
    created: datetime
    author: str
    message: str
    previous: str | None
    changelog: int
    declared: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    controls: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """The property's value, JSON-able."""
        return {
            "owner": self.owner,
            "dataset": self.name,
            "revision": self.number,
            "created": timestamp(self.created),
            "author": _whole(self.author),
            "message": _whole(self.message),
            "previous": self.previous,
            "changelog": self.changelog,
            "declared": self.declared,
            "problems": self.problems,
            "controls": self.controls,
        }


def write_manifest(descriptor: Mapping[str, Any], heading: Heading) -> bytes:
    """The bytes of a revision's manifest: `descriptor` with the heading as its last property.

    Raises PackageRejected when that is larger than any descriptor that we read.
    """
    data = write_descriptor({**without_heading(descriptor), PROPERTY: heading.to_dict()})
    if len(data) > strictjson.MAX_BYTES:
        detail = said(
            "With its indentation the descriptor has {count} bytes; at most {max_bytes} are kept.",
            count=len(data),
            max_bytes=strictjson.MAX_BYTES,
        )
        raise rejected(problem("package-error", detail=detail))
    return data


def read_manifest(data: bytes, where: str) -> Revision:
    """The revision that `data` is the manifest of. Raises Damaged, naming `where` it was found."""
    descriptor, problems = strictjson.parse(data)
    if descriptor is None:
        raise Damaged(f"{where} is not the manifest of a revision: {problems[0].message}")
    try:
        heading = descriptor[PROPERTY]
        return Revision(
            owner=str(heading["owner"]),
            name=str(heading["dataset"]),
            number=int(heading["revision"]),
            descriptor=descriptor,
            hash=hash_of(data),
            created=datetime.fromisoformat(heading["created"]),
            author=str(heading["author"]),
            message=str(heading["message"]),
            previous=heading["previous"],
            changelog=int(heading["changelog"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{where} is not the manifest of a revision: {error!r}") from error


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two stored descriptors, and by their hashes the files, are alike to the digit, headings aside."""
    return write_descriptor(without_heading(one)) == write_descriptor(without_heading(other))


def content_hash(descriptor: Mapping[str, Any]) -> str:
    """The hash of a stored descriptor without its heading, and so of all files by theirs: the same for equal content,
    whoever commits it, where and when."""
    return hash_of(write_descriptor(without_heading(descriptor)))


def without_heading(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """`descriptor` without `openspending`; also of a publisher's, who may have downloaded it from a DataStore."""
    return {name: value for name, value in descriptor.items() if name != PROPERTY}


def hash_of(data: bytes) -> str:
    """The SHA-256 of `data` as Data Package writes it: "sha256:" and hex."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _whole(text: str) -> str:
    """`text` without lone surrogates, which a shell's arguments may hold and UTF-8 cannot."""
    return text.encode(errors="replace").decode()
