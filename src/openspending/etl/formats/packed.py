"""A data file in a gzip or zip: which files there are, and unpacking the one that is meant."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from openspending.etl.archives import DAMAGE, check_members, copy_bounded, open_zip, wanted
from openspending.etl.formats.kinds import kind_of
from openspending.etl.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from openspending.fdp.problems import PackageRejected, problem, rejected, shorten
from openspending.speaking.said import said

_LISTED_INSIDE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip: `name` is its path there, `kind` what `kind_of` says of it."""

    name: str
    bytes: int
    kind: str


def archive_members(path: Path, shown: str, folder: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Member, ...]:
    """The data files of a zip, in its order. What is looked into is unpacked to `folder` for a moment.

    Raises PackageRejected for damaged archives, bombs, and members with unsafe names.
    """
    with _damage(shown), open_zip(path, limits) as archive:
        members = _data_members(archive, shown, limits)
        return tuple(Member(one.filename, one.file_size, _kind(archive, one, folder, limits)) for one in members)


def unpack(
    packing: str, path: Path, shown: str, folder: Path, innerpath: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Path:
    """Unpack a gzip (“gz”), or of a zip the member `innerpath`, which may be left out if it is the only one.

    Raises PackageRejected for damaged archives, bombs, unsafe names, and members that are not there.
    """
    target = Path(tempfile.mkdtemp(dir=folder)) / "unpacked"
    with _damage(shown), target.open("wb") as written:
        if packing == "gz":
            with gzip.open(path) as stream:
                excess = copy_bounded(stream, written, path.stat().st_size, limits)
        else:
            with open_zip(path, limits) as archive:
                member = _chosen(_data_members(archive, shown, limits), innerpath, shown)
                with archive.open(member) as stream:
                    excess = copy_bounded(stream, written, member.compress_size, limits)
    if excess:
        raise _damaged(shown, excess)
    return target


def _data_members(archive: zipfile.ZipFile, shown: str, limits: Limits) -> list[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    check_members(shown, members, limits)
    return [one for one in members if wanted(one.filename)]


def _chosen(members: list[zipfile.ZipInfo], innerpath: str | None, shown: str) -> zipfile.ZipInfo:
    """The member that is meant."""
    names = ", ".join(f"“{one.filename}”" for one in members[:20])
    if innerpath is None:
        if len(members) == 1:
            return members[0]
        raise _damaged(
            shown,
            said(
                "it holds {count} files instead of one, and “innerpath” names none ({names})",
                count=len(members),
                names=names,
            ),
        )
    for one in members:
        if PurePosixPath(one.filename) == PurePosixPath(innerpath):
            return one
    raise _damaged(
        shown,
        said("it has no file “{innerpath}”, only {names}", innerpath=innerpath[:120], names=names or said("none")),
    )


def _kind(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limits: Limits) -> str:
    """What a member is. Its first megabyte says it, except of files that have their list of contents elsewhere."""
    with tempfile.NamedTemporaryFile(dir=folder) as copy, archive.open(member) as stream:
        head = stream.read(MEGABYTE)
        copy.write(head)
        if head.startswith(_LISTED_INSIDE):
            excess = copy_bounded(stream, copy, member.compress_size, limits)
            if excess:
                raise _damaged(member.filename, excess)
        copy.flush()
        return kind_of(Path(copy.name))


@contextmanager
def _damage(shown: str) -> Iterator[None]:
    """What the libraries raise for damaged archives becomes a refusal."""
    try:
        yield
    except DAMAGE as error:
        raise _damaged(shown, said("it is damaged ({error})", error=error)) from error


def _damaged(shown: str, detail: str) -> PackageRejected:
    return rejected(problem("compression-error", file=shown, detail=shorten(detail, 600)))
