"""A whole package in a zip: its members are checked before anything is written, then unpacked into a folder."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from openspending.etl.limits import Limits
from openspending.fdp.paths import check_path
from openspending.fdp.problems import PackageRejected, problem, rejected
from openspending.speaking.said import said

# What the standard library raises while it reads members of a damaged or hostile archive.
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)

DESCRIPTOR = "datapackage.json"
_BLOCK = 1 << 20
_TAIL = 1 << 17  # where the end of a zip's list of members is looked for, comment included
_LONGEST_ENTRY = 1 << 10  # bytes in that list


class SupportsRead(Protocol):
    """What unpacks as it is read: a member of a zip, a gzip file."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def unpack_package(archive: Path, folder: Path, limits: Limits) -> Path:
    """Unpack `archive` into `folder`; the path of its datapackage.json, which is at the top or in the only top folder.

    Raises PackageRejected for members with unsafe, doubled or hidden-link names, encrypted ones, bombs, damaged zips.
    """
    try:
        with open_zip(archive, limits) as opened:
            members = [one for one in opened.infolist() if not one.is_dir()]
            check_members(archive.name, members, limits)
            place = _descriptor(archive.name, [one.filename for one in members])
            for member in members:
                if wanted(member.filename):
                    _unpack(opened, member, folder / member.filename, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(archive.name, said("the zip is damaged or of an unknown kind ({error})", error=error)) from error
    return folder / place


def open_zip(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The zip at `path`. Raises PackageRejected when its list of members is too long to be read at all, BadZipFile when
    there is none."""
    with path.open("rb") as stream:
        if _list_size(stream) > limits.members * _LONGEST_ENTRY:
            raise _refused(path.name, said("it has more than {members} members", members=limits.members))
    return zipfile.ZipFile(path)


def _list_size(stream: IO[bytes]) -> int:
    """How many bytes the list of members takes, 0 if that is not said where it should be."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _TAIL, 0))
    tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(tail):
        return 0
    large = tail.rfind(b"PK\6\6", 0, at)
    if large >= 0:
        return int.from_bytes(tail[large + 40 : large + 48], "little")
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def check_members(name: str, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise PackageRejected when the list of members alone shows that the archive may not be unpacked."""
    if len(members) > limits.members:
        raise _refused(name, said("it has more than {members} members", members=limits.members))
    doubled = [one for one, count in Counter(member.filename.casefold() for member in members).items() if count > 1]
    if doubled:
        raise _refused(name, said("it has more than one member called “{doubled}”", doubled=doubled[0]))
    folders = {str(folder) for one in members for folder in PurePosixPath(one.filename).parents}
    for member in members:
        if member.filename in folders:
            raise _refused(name, said("its member “{filename}” is a file and a folder", filename=member.filename))
    for member in members:
        reason = _unsafe(member)
        if reason:
            raise _refused(name, said("its member “{filename}” {reason}", filename=member.filename, reason=reason))
    excess = limits.exceeded(sum(one.file_size for one in members), sum(one.compress_size for one in members))
    if excess:
        raise _refused(name, excess)


def _unsafe(member: zipfile.ZipInfo) -> str | None:
    """Why one member may not be unpacked, or None."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return said("is a link")
    if member.flag_bits & 0x1:
        return said("is encrypted")
    # members that are not part of a package by name (.git, __MACOSX/._x) are passed over, but never outside the folder
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in member.filename.split("/")[0]:
        return said("has an unsafe name")
    return check_path(member.filename) if wanted(member.filename) else None


def wanted(name: str) -> bool:
    """Whether a member can be part of a package: not hidden, and not what macOS puts into zips."""
    parts = PurePosixPath(name).parts
    return parts[0] != "__MACOSX" and not any(part.startswith(".") for part in parts)


def _descriptor(name: str, members: list[str]) -> PurePosixPath:
    """The descriptor's place among `members`."""
    if DESCRIPTOR in members:
        return PurePosixPath(DESCRIPTOR)
    tops = {PurePosixPath(one).parts[0] for one in members if wanted(one)}
    below = [f"{top}/{DESCRIPTOR}" for top in tops]
    if len(tops) == 1 and below[0] in members:
        return PurePosixPath(below[0])
    raise rejected(
        problem("package-error", file=name, detail=said("{name} has no datapackage.json at its top", name=name))
    )


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limits: Limits) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as stream, target.open("wb") as written:
        excess = copy_bounded(stream, written, member.compress_size, limits)
    if excess:
        raise _refused(member.filename, excess)


def copy_bounded(stream: SupportsRead, target: IO[bytes], packed: int, limits: Limits) -> str | None:
    """Copy an unpacking stream; stop with the reason as soon as it is larger than `limits` allow. (What a zip says
    about its sizes is not to be believed.)"""
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        excess = limits.exceeded(size, packed)
        if excess:
            return excess
        target.write(block)
    return None


def _refused(name: str, detail: str) -> PackageRejected:
    return rejected(problem("compression-error", file=name, detail=detail))
