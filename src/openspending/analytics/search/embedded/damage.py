"""Damaged indexes: how they show themselves, and how they are told from other troubles."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

_SUFFIXES: Final = ("store", "term", "idx", "pos", "fieldnorm", "fast")
_END: Final = struct.Struct("<II")  # behind each file's contents: what is said about it, how long that is, and a mark
_MARK: Final = 1337


class Panics:
    """A block in which a panic of the index's library is a ValueError, as its other refusals are."""

    def __enter__(self) -> None:
        """Nothing is needed before."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises ValueError for a panic."""
        if kind is not None and kind.__name__ == "PanicException":
            message = f"The index cannot be read: {error}"
            raise ValueError(message) from error


def damaged_file(files: Path) -> str | None:
    """The name of a file of the newest commit that is not there or not as it was written; None if all are."""
    meta = (files / "meta.json").read_bytes()
    wrong = next((name for name in _names(json.loads(meta)) if not _is_as_written(files / name)), None)
    return wrong if (files / "meta.json").read_bytes() == meta else None


def _names(meta: dict[str, Any]) -> Iterator[str]:
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        yield from (f"{name}.{suffix}" for suffix in _SUFFIXES)
        if segment["deletes"]:
            yield f"{name}.{segment['deletes']['opstamp']}.del"


def _is_as_written(file: Path) -> bool:
    try:
        content = memoryview(file.read_bytes())
        length, mark = _END.unpack(content[-_END.size :])
        said = json.loads(bytes(content[-_END.size - length : -_END.size]))
        return mark == _MARK and bool(zlib.crc32(content[: -_END.size - length]) == said["crc"])
    except (FileNotFoundError, struct.error, ValueError, KeyError, TypeError):
        return False
