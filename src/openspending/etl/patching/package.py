"""The zip of a workbook with its parts, their types and the relationships between them."""

from __future__ import annotations

import posixpath
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from openspending.etl.archives import copy_bounded
from openspending.etl.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from openspending.etl.patching.splice import Elements, Splicer, Unpatchable, quoted
from openspending.speaking.said import said

TYPES: Final = "[Content_Types].xml"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LARGE: Final = 1_000 * MEGABYTE  # needs the large form of a zip
_MOST: Final = 64 * MEGABYTE  # of a part that is held in memory
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: another part's name, or an address outside. `kind` is the end of the type."""

    id: str
    kind: str
    target: str
    external: bool


class Parts:
    """The parts of the workbook at `source`, by their names without a leading slash, and what takes their place."""

    def __init__(self, source: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(source)
        except _DAMAGED as error:
            raise Unpatchable(said("its zip is damaged ({error})", error=error)) from error
        self._names = {one.filename.lower(): one.filename for one in self._zip.infolist() if not one.is_dir()}
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise Unpatchable(said("it has more than {members} parts", members=limits.members))
        excess = limits.exceeded(sum(one.file_size for one in members), sum(one.compress_size for one in members))
        if excess:
            raise Unpatchable(excess)
        self._changed: dict[str, bytes | Path] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._changed or name.lower() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a small part."""
        changed = self._changed.get(self.own(name))
        if isinstance(changed, bytes):
            return changed
        held = BytesIO()
        self._copy(name, held, most=_MOST)
        return held.getvalue()

    def head(self, name: str, size: int = MEGABYTE) -> bytes:
        """The first bytes of a part."""
        try:
            with self._zip.open(self.own(name)) as stream:
                return stream.read(size)
        except _DAMAGED as error:
            raise Unpatchable(said("its part {name} is missing or damaged", name=name)) from error

    def extract(self, name: str, folder: Path) -> Path:
        """A part as a file in `folder`."""
        target = new_file(folder)
        with target.open("wb") as written:
            self._copy(name, written)
        return target

    def put(self, name: str, content: bytes | Path) -> None:
        """Replace or add a part."""
        self._changed[self.own(name)] = content

    def own(self, name: str) -> str:
        """The name of a part as it is written: they differ in case for some programs."""
        return self._names.get(name.lower(), name)

    def free(self, pattern: str) -> str:
        """A name that no part has, such as `pattern` with a number in it."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part ("": those of the package)."""
        name = _relations_of(part)
        if name not in self:
            return []
        found = Elements(self.read(name)).named("Relationships", "Relationship")
        return [_relation(part, one) for one in found]

    def related(self, part: str, kind: str) -> str | None:
        """The first part of a kind that a part refers to and that is there."""
        found = (one.target for one in self.relations(part) if one.kind == kind and not one.external)
        return next((self.own(one) for one in found if one in self), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship; its id."""
        name, number = _relations_of(part), 1
        old = self.read(name) if name in self else _NO_RELATIONS
        taken = {one.id for one in self.relations(part)}
        while f"rIdOs{number}" in taken:
            number += 1
        given = f"rIdOs{number}"
        more = f'<{{0}}Relationship Id="{given}" Type="{RELATIONS}/{kind}" Target="/{quoted(target)}"/>'
        self.put(name, appended(old, more))
        return given

    def declare(self, part: str, kind: str) -> None:
        """Give a new part its content type."""
        more = f'<{{0}}Override PartName="/{quoted(part)}" ContentType="{kind}"/>'
        self.put(TYPES, appended(self.read(TYPES), more))

    def declare_extension(self, extension: str, kind: str) -> None:
        """Give all parts of an extension their content type, unless they have one."""
        known = Elements(self.read(TYPES)).named("Types", "Default")
        if all(one.get("Extension", "").lower() != extension for one in known):
            more = f'<{{0}}Default Extension="{extension}" ContentType="{kind}"/>'
            self.put(TYPES, appended(self.read(TYPES), more))

    def type_of(self, part: str) -> str | None:
        """The content type that is declared for a part."""
        found = Elements(self.read(TYPES)).named("Types", "Override")
        named = {one.get("PartName", "").lstrip("/").lower(): one.get("ContentType") for one in found}
        return named.get(part.lower())

    def write(self, target: Path) -> None:
        """Write the workbook with what has changed; the parts stay in their order."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
            added = [name for name in self._changed if name.lower() not in self._names]
            for name in [*self._names.values(), *added]:
                one = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                one.compress_type = zipfile.ZIP_DEFLATED
                with written.open(one, "w", force_zip64=self._size(name) > _LARGE) as stream:
                    self._write_part(name, stream)

    def _size(self, name: str) -> int:
        changed = self._changed.get(name)
        if changed is None:
            return self._zip.getinfo(name).file_size
        return len(changed) if isinstance(changed, bytes) else changed.stat().st_size

    def _write_part(self, name: str, target: IO[bytes]) -> None:
        changed = self._changed.get(name)
        if changed is None:
            self._copy(name, target)
        elif isinstance(changed, bytes):
            target.write(changed)
        else:
            with changed.open("rb") as stream:
                shutil.copyfileobj(stream, target, MEGABYTE)

    def close(self) -> None:
        """Close the source."""
        self._zip.close()

    def _copy(self, name: str, target: IO[bytes], most: int | None = None) -> None:
        try:
            member = self._zip.getinfo(self.own(name))
            if most is not None and member.file_size > most:
                raise Unpatchable(said("its part {name} is larger than {most} bytes", name=name, most=most))
            with self._zip.open(member) as stream:
                excess = copy_bounded(stream, target, member.compress_size, self._limits)
        except _DAMAGED as error:
            raise Unpatchable(said("its part {name} is missing or damaged", name=name)) from error
        if excess:
            raise Unpatchable(excess)


_NO_RELATIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


def appended(xml: bytes, more: str) -> bytes:
    """Some XML with more at the end of its root element; `{0}` in it stands for the namespace prefix of the root."""
    held = BytesIO()
    _Appending(xml, held, more).run()
    return held.getvalue()


def new_file(folder: Path) -> Path:
    """A path for a new file in `folder`."""
    return Path(tempfile.mkdtemp(dir=folder)) / "part"


class _Appending(Splicer):
    def __init__(self, data: bytes, target: IO[bytes], more: str) -> None:
        super().__init__(data, target)
        self._more = more

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if len(self.path) == 1 and self.tag.endswith(b"/>"):
            more = self._more.replace("{0}", self.prefix).encode()
            self.replace(self.tag[:-2] + b">" + more + f"</{self.prefix}{name}>".encode())
            self._more = ""

    def end(self, name: str) -> None:  # noqa: ARG002
        if len(self.path) == 1:
            self.put(self._more.replace("{0}", self.prefix).encode())


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(part: str, found: dict[str, str]) -> Relation:
    target = found.get("Target", "").replace("\\", "/")
    external = found.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
    return Relation(found.get("Id", ""), found.get("Type", "").rsplit("/", 1)[-1], target, external)
