"""A package that comes as a zip says itself what its columns mean: its descriptor is a precedent for what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openspending.etl.archives import DESCRIPTOR, open_zip, wanted
from openspending.etl.importing.gather import Source
from openspending.etl.importing.precedent import Precedent, precedent_of
from openspending.etl.importing.recipefaults import faults
from openspending.etl.limits import DEFAULT_LIMITS
from openspending.fdp import strictjson
from openspending.fdp.problems import PackageRejected

PACKAGE: Final = "package"
_ZIP: Final = b"PK\x03\x04"
_OF_ZIP: Final = ("name", "bytes", "hash", "count_of_rows")  # what the dataset will have otherwise
_DEEPEST: Final = 2  # at its top, or in the one folder that it has


def precedent_in(sources: Sequence[Source]) -> Precedent | None:
    """What the one file says that is a package; None for all else, and where its fields mean nothing or cannot be
    followed: packages of older dialects are proposed to people as any other file."""
    raw = _descriptor(sources[0]) if len(sources) == 1 else None
    listed = raw.get("resources") if raw is not None else None
    if raw is None or not isinstance(listed, list) or not any(map(_means, listed)) or faults(raw):
        return None
    return precedent_of({name: value for name, value in raw.items() if name not in _OF_ZIP}, PACKAGE)


def _descriptor(source: Source) -> Mapping[str, Any] | None:
    with source.file.path.open("rb") as stream:
        if stream.read(len(_ZIP)) != _ZIP:
            return None
    try:
        with open_zip(source.file.path, DEFAULT_LIMITS) as opened:
            data = _read(opened)
    except (
        BadZipFile,
        PackageRejected,
        OSError,
        RuntimeError,
        ValueError,
    ):  # whoever reads its tables says what is wrong
        return None
    raw, _problems = strictjson.parse(data)
    return raw if isinstance(raw, dict) else None


def _read(opened: ZipFile) -> bytes:
    """The descriptor's bytes, as far as they are looked at; none where there is not exactly one."""
    places = [one for one in opened.namelist() if wanted(one) and PurePosixPath(one).name == DESCRIPTOR]
    found = [one for one in places if len(PurePosixPath(one).parts) <= _DEEPEST]
    if len(found) != 1:
        return b""
    with opened.open(found[0]) as packed:
        return packed.read(DEFAULT_LIMITS.descriptor)


def _means(resource: object) -> bool:
    """Whether a resource says what any of its columns mean."""
    schema = resource.get("schema") if isinstance(resource, dict) else None
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return any(isinstance(one, dict) and one.get("columnType") for one in fields or ())
