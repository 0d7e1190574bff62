"""Receiving bytes through this API: a stream into a temporary file, counted and hashed on its way, block by block."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from litestar.concurrency import sync_to_thread

from openspending.errors import BadQuery, Mismatch, TooLarge
from openspending.speaking.said import said

BLOCK: Final = 1024 * 1024  # bytes gathered before they are written
_DIGEST: Final = re.compile(r"(sha-256|sha-512)=:([A-Za-z0-9+/=]+):")


@dataclass(slots=True)
class Announced:
    """What a request says of its body: hashes by their algorithm."""

    digests: dict[str, bytes] = field(default_factory=dict)


def announced(headers: Mapping[str, str], size: int) -> Announced:
    """What the headers say of the `size` bytes that are expected. Raises TooLarge, Mismatch, and BadQuery when they
    cannot be read."""
    length = headers.get("content-length")
    if length is not None and length.isdecimal():
        check_size(int(length), size, over=True)
    found = Announced()
    if (md5 := headers.get("content-md5")) is not None:
        found.digests["md5"] = _decoded(md5, "Content-MD5")
    for name in ("repr-digest", "content-digest"):
        for algorithm, text in _DIGEST.findall(headers.get(name, "")):
            found.digests[algorithm.replace("-", "")] = _decoded(text, name.title())
    return found


def check_size(found: int, size: int, *, over: bool) -> None:
    """Raise TooLarge when more bytes were found than announced, Mismatch for fewer when it is `over`."""
    if found > size:
        raise TooLarge(said("This part has {size} bytes; more were sent.", size=size))
    if over and found < size:
        raise Mismatch(said("This part has {size} bytes; {found} were sent.", size=size, found=found))


async def receive(stream: AsyncIterator[bytes], size: int, stated: Announced) -> Path:
    """Write exactly `size` bytes to a temporary file, which the caller deletes, and check them.

    Raises TooLarge as soon as there are more, Mismatch for fewer, or for bytes of another hash.
    """
    with _temporary_file() as file:
        await _copy(stream, file, size, stated)
        return Path(file.name)


@contextmanager
def _temporary_file() -> Iterator[IO[bytes]]:
    """A file that stays, unless anything goes wrong here: also that the asker has gone."""
    whole = False
    file = tempfile.NamedTemporaryFile("wb", prefix="upload-", delete=False)  # noqa: SIM115 - it is closed below
    try:
        with file:
            yield file
        whole = True
    finally:
        if not whole:
            Path(file.name).unlink(missing_ok=True)


async def _copy(stream: AsyncIterator[bytes], file: IO[bytes], size: int, stated: Announced) -> None:
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in stated.digests}
    waiting, written = bytearray(), 0

    def flush() -> None:
        for one in hashes.values():
            one.update(waiting)
        file.write(waiting)
        waiting.clear()

    async for block in stream:
        written += len(block)
        check_size(written, size, over=False)
        waiting += block
        if len(waiting) >= BLOCK:
            await sync_to_thread(flush)
    await sync_to_thread(flush)
    check_size(written, size, over=True)
    wrong = [name for name, one in hashes.items() if one.digest() != stated.digests[name]]
    if wrong:
        raise Mismatch(said("The {wrong} of these bytes is another than the header says.", wrong=", ".join(wrong)))


def _decoded(text: str, header: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadQuery(
            said("The header {header} cannot be read: “{text}”.", header=header, text=text[:80]), parameter=header
        ) from None
