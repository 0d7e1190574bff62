"""The bytes of uploads, in the private store below `uploads/{id}/`: sent to S3 by signed URLs, or through this API.

On S3 they are one object, `uploads/{id}/file`. In a folder they are one object for each part, `uploads/{id}/{number}`,
which are read one after another: nothing has to be put together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from openspending.datastore.objects import ObjectStore
from openspending.datastore.signing import Part, Signer
from openspending.errors import Mismatch, NotFound
from openspending.speaking.said import said
from openspending.write_api.uploads import Upload

FOLDER: Final = "uploads"
SECONDS: Final = 3600  # that a signed URL holds


@dataclass(frozen=True, slots=True)
class Sending:
    """How a part is to be sent: by this method to this URL, with these headers."""

    number: int
    size: int
    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Staging:
    """Where the bytes are. `signer` is None where they come through this API."""

    private: ObjectStore
    signer: Signer | None = None

    @property
    def origin(self) -> str | None:
        """Where browsers send the bytes, as an origin; None where they come through this API."""
        if self.signer is None:
            return None
        parts = urlsplit(self.signer.put(f"{FOLDER}/origin", size=0, seconds=SECONDS).url)
        return f"{parts.scheme}://{parts.netloc}"

    def begin(self, upload: Upload) -> str | None:
        """What S3 calls the upload, if it comes in several parts there."""
        if self.signer is None or upload.parts == 1:
            return None
        return self.signer.start(_whole(upload), upload.content_type)

    def sending(self, upload: Upload, number: int) -> Sending:
        """How to send part `number`. Raises NotFound for one that there is not."""
        size = upload.size_of(number)
        if self.signer is None:
            url = f"/v1/uploads/{upload.id}/parts/{number}"
            return Sending(number, size, "PUT", url, {"Content-Length": str(size)})
        if upload.multipart is None:
            signed = self.signer.put(_whole(upload), size=size, content_type=upload.content_type, seconds=SECONDS)
        else:
            signed = self.signer.part(_whole(upload), upload.multipart, number, size=size, seconds=SECONDS)
        return Sending(number, size, signed.method, signed.url, signed.headers)

    def store(self, upload: Upload, number: int, received: Path) -> None:
        """Keep what came through this API as part `number`."""
        self.private.put(_part(upload, number), received, content_type="application/octet-stream")

    def arrived(self, upload: Upload) -> list[int]:
        """The numbers of the parts that are there in full."""
        if self.signer is not None and upload.multipart is not None:
            return [one.number for one in self._sent(upload) if one.size == upload.size_of(one.number)]
        return [one for one in range(1, upload.parts + 1) if self._size(upload, one) == upload.size_of(one)]

    def join(self, upload: Upload) -> None:
        """Make one object of the parts that S3 has, unless that was done."""
        if self.signer is not None and upload.multipart is not None and not self.private.exists(_whole(upload)):
            self.signer.complete(_whole(upload), upload.multipart, self._sent(upload))

    def check(self, upload: Upload) -> None:
        """Read all bytes back. Raises Mismatch when they are not what was announced, NotFound when they are gone."""
        digest, size = hashlib.sha256(), 0
        for chunk in self.stream(upload):
            digest.update(chunk)
            size += len(chunk)
        if size != upload.size:
            raise Mismatch(
                said(
                    "{filename} has {size} bytes, and {size2} were announced.",
                    filename=upload.filename,
                    size=size,
                    size2=upload.size,
                )
            )
        if digest.hexdigest() != upload.sha256:
            raise Mismatch(
                said(
                    "The SHA-256 of {filename} is {hexdigest}, and {sha256} was announced.",
                    filename=upload.filename,
                    hexdigest=digest.hexdigest(),
                    sha256=upload.sha256,
                )
            )

    def stream(self, upload: Upload) -> Iterator[bytes]:
        """All bytes, in chunks. Raises NotFound."""
        for key in self._keys(upload):
            yield from self.private.stream(key)

    def fetch(self, upload: Upload, path: Path, tell: Callable[[int], None]) -> None:
        """Copy all bytes to the file `path`; `tell` hears how many there are. Raises NotFound, and Mismatch when they
        were changed since."""
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for chunk in self.stream(upload):
                digest.update(chunk)
                tell(file.tell() + file.write(chunk))
        if digest.hexdigest() != upload.sha256:
            raise Mismatch(
                said("The stored bytes of {filename} are not those that were uploaded.", filename=upload.filename)
            )

    def remove(self, upload: Upload) -> None:
        """Delete all bytes, of an unfinished upload too."""
        if self.signer is not None and upload.multipart is not None:
            self.signer.abort(_whole(upload), upload.multipart)
        self.clear(upload.id)

    def clear(self, name: str) -> None:
        """Delete the folder of an upload, or of a job."""
        for key in list(self.private.list(f"{FOLDER}/{name}")):
            self.private.delete(key)

    def _keys(self, upload: Upload) -> list[str]:
        if self.signer is not None:
            return [_whole(upload)]
        return [_part(upload, number) for number in range(1, upload.parts + 1)]

    def _sent(self, upload: Upload) -> list[Part]:
        assert self.signer is not None
        assert upload.multipart is not None
        try:
            return self.signer.parts(_whole(upload), upload.multipart)
        except NotFound:  # they are one object by now
            return [Part(one, upload.size_of(one), "") for one in range(1, upload.parts + 1) if self._is_whole(upload)]

    def _is_whole(self, upload: Upload) -> bool:
        return self._size(upload, 1) == upload.size

    def _size(self, upload: Upload, number: int) -> int | None:
        key = _whole(upload) if self.signer is not None else _part(upload, number)
        try:
            return self.private.head(key).size
        except NotFound:
            return None


def marked_folder(job: str) -> str:
    """Where the marked copy of a job is."""
    return f"{FOLDER}/{job}"


def _whole(upload: Upload) -> str:
    return f"{FOLDER}/{upload.id}/file"


def _part(upload: Upload, number: int) -> str:
    return f"{FOLDER}/{upload.id}/{number}"
