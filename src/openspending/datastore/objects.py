"""One object store over three kinds of place: S3 and its kin, a local folder, memory (the floor of OSEP-1's DataStore).

Only this file, and `repeating` for its errors, know the object-store client. Objects are whole or absent: no reader
sees half an object, and `put(create=True)` makes an object only where there was none, on all three kinds.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, MemoryStore, S3Store

from openspending.datastore import repeating
from openspending.datastore.addresses import ANONYMOUS, S3Access, bucket_of, endpoint_url, folder_of
from openspending.datastore.keys import check_key
from openspending.errors import BadSettings, NotFound, StoreError

if TYPE_CHECKING:
    from obstore.store import S3Credential  # exists in the type information only

T = TypeVar("T")

CHUNK: Final = 8 * 1024 * 1024  # of streams and of multipart uploads: bounds memory, well above S3's minimum of 5 MiB
PARALLEL_PARTS: Final = 4

CONTENT_TYPES: Final = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".topojson": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".gz": "application/gzip",
    ".zip": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sqlite": "application/vnd.sqlite3",
    ".duckdb": "application/vnd.duckdb",
}
_NOT_A_FOLDER: Final = "(os error 20)"

_memories: dict[str, MemoryStore] = {}
_memories_lock: Final = threading.Lock()


class AlreadyExists(StoreError):
    """A create-only put found an object in its place, and left it as it was."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a store says of an object without sending it. `size` is in bytes."""

    size: int
    etag: str | None
    modified: datetime


class ObjectStore:
    """Objects by key. `root` is the store's address for people; it never holds credentials. `s3` does, and says how the
    server is reached.

    Every method raises BadQuery for an unsafe key (see `check_key`) and StoreError when the place refuses or is silent.
    """

    def __init__(self, client: LocalStore | MemoryStore | S3Store, root: str, s3: S3Access = ANONYMOUS) -> None:
        self._client = client
        self.root = root
        self.s3 = s3

    @classmethod
    def open(cls, url: str, s3: S3Access = ANONYMOUS) -> ObjectStore:
        """The store at `url`: s3://bucket[/prefix], file:///folder, memory:// or memory://name; no server is asked.

        Without keys, requests to S3 are unsigned: enough to read a public bucket. A memory store with a name is shared
        by all who open that name in this process; without one it is new each time. Raises BadSettings for other URLs.
        """
        parts = urlsplit(url)
        if parts.scheme == "memory" and not parts.path.strip("/"):
            return cls(_memory(parts.netloc), url)
        if parts.scheme == "file":
            return cls(LocalStore(folder_of(url), mkdir=True), url)
        if parts.scheme == "s3":
            return cls(_bucket(url, s3), url, s3)
        raise BadSettings(f"“{url}” is no storage address; use s3://bucket, file:///folder or memory://.")

    def __repr__(self) -> str:
        return f"ObjectStore({self.root!r})"

    def get(self, key: str) -> bytes:
        """The whole object. For small ones; `stream` and `download` are for the rest. Raises NotFound."""
        check_key(key)
        with self._plainly("read", key):
            return self._asked(lambda: obstore.get(self._client, key).bytes().to_bytes())

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in chunks of at most `CHUNK`. Raises NotFound at once.

        Each chunk is a request of its own, so a slow reader holds no connection open.
        """
        size = self.head(key).size
        stop = size if end is None else min(end, size)
        return (self._range(key, at, min(at + CHUNK, stop)) for at in range(max(start, 0), stop, CHUNK))

    def head(self, key: str) -> Head:
        """Size, ETag and time of change. Raises NotFound."""
        check_key(key)
        with self._plainly("read", key):
            meta = self._asked(lambda: obstore.head(self._client, key))
        return Head(size=meta["size"], etag=meta["e_tag"], modified=meta["last_modified"])

    def content_type(self, key: str) -> str | None:
        """The type that the object was stored with; None in folders, which keep none. Raises NotFound."""
        check_key(key)
        with self._plainly("read", key):
            found = self._asked(lambda: obstore.get(self._client, key, options={"head": True}))
        return found.attributes.get("Content-Type")

    def exists(self, key: str) -> bool:
        """Whether there is an object."""
        try:
            self.head(key)
        except NotFound:
            return False
        return True

    def list(self, prefix: str = "") -> Iterator[str]:
        """The keys below the folder `prefix` ("" = all), at any depth, in no particular order."""
        return (key for key, _ in self.sizes(prefix))

    def sizes(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """As `list`, each key with its size in bytes: on S3 one request tells a thousand."""
        folder = prefix.rstrip("/")
        if folder:
            check_key(folder)
        with self._plainly("list", folder):
            found = repeating.listed(lambda after: obstore.list(self._client, folder or None, offset=after))
            yield from ((meta["path"], meta["size"]) for meta in found)

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        """Store `data`, or the content of the file that it names; the object appears whole, or not at all.

        With `create`, raises AlreadyExists where there is an object; on S3 that may be the very one that was put, when
        the first answer was lost. Files are sent in parts of `CHUNK`; only with `create` in one request, since S3 has
        no portable create-only multipart upload (so 5 GB at most, there).
        """
        check_key(key)
        body: bytes | mmap.mmap | Path = data
        if isinstance(data, Path):
            if isinstance(self._client, MemoryStore):
                body = data.read_bytes()  # it would keep the mapping, and with it later changes of the file
            elif create or data.stat().st_size == 0:
                body = _mapped(data)
        self._send(key, body, create, content_type)

    def delete(self, key: str) -> None:
        """Remove the object, if there is one."""
        check_key(key)
        try:
            with self._plainly("delete", key):
                self._asked(lambda: obstore.delete(self._client, key))
        except NotFound:
            return

    def download(self, key: str, path: Path) -> None:
        """Copy the object to the local file `path`, which appears when it is complete. Raises NotFound."""
        partial = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        chunks = self.stream(key)
        try:
            with partial.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def _range(self, key: str, start: int, end: int) -> bytes:
        with self._plainly("read", key):
            return self._asked(lambda: obstore.get_range(self._client, key, start=start, end=end).to_bytes())

    def _send(self, key: str, data: bytes | mmap.mmap | Path, create: bool, content_type: str | None) -> None:
        # Local folders keep no content types; readers go by the key's suffix there.
        kind = content_type or CONTENT_TYPES.get(Path(key).suffix.lower(), "application/octet-stream")

        def send() -> None:
            obstore.put(
                self._client,
                key,
                data,
                mode="create" if create else "overwrite",
                attributes=None if isinstance(self._client, LocalStore) else {"Content-Type": kind},
                chunk_size=CHUNK,
                max_concurrency=PARALLEL_PARTS,
            )

        with self._plainly("write", key):
            if create and isinstance(self._client, S3Store):
                repeating.created(send, lambda: self.exists(key))
            else:
                self._asked(send)

    def _asked(self, call: Callable[[], T]) -> T:
        """What `call` returns; on S3 also when that needs more than one call."""
        return repeating.repeated(call) if isinstance(self._client, S3Store) else call()

    @contextmanager
    def _plainly(self, verb: str, key: str) -> Iterator[None]:
        """The client's errors as ours. Its messages are cut: they may carry what a server said about credentials."""
        try:
            yield
        except AlreadyExistsError as error:
            raise AlreadyExists(f"“{key}” is in {self.root} already.") from error
        except FileNotFoundError as error:
            if verb in ("write", "list"):
                raise StoreError(f"{self.root} does not exist; “openspending datastore init” creates it.") from error
            raise NotFound(f"There is no “{key}” in {self.root}.") from error
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StoreError(f"{self.root} does not let these credentials {verb} “{key}”.") from error
        except (BaseError, OSError, ValueError) as error:
            reason = str(error).partition("\n")[0].partition("<")[0].strip()
            if verb == "read" and _NOT_A_FOLDER in reason:
                raise NotFound(f"There is no “{key}” in {self.root}.") from error
            raise StoreError(f"{self.root} could not {verb} “{key}”: {reason[:300]}") from error


def _memory(name: str) -> MemoryStore:
    if not name:
        return MemoryStore()
    with _memories_lock:
        return _memories.setdefault(name, MemoryStore())


def _bucket(url: str, s3: S3Access) -> S3Store:
    """An S3 client that takes nothing from the environment: a stray AWS_SESSION_TOKEN there would spoil signatures."""
    bucket, prefix = bucket_of(url)
    if (s3.access_key is None) != (s3.secret_key is None):
        raise BadSettings("Access key and secret key are given together, or neither.")
    # Amazon's certificates cover one label before its host name, so buckets with dots go into the path there too.
    virtual_host = not s3.endpoint and "." not in bucket
    host = f"{bucket}.s3" if virtual_host else "s3"
    address = endpoint_url(s3.endpoint) or f"https://{host}.{s3.region}.amazonaws.com"

    def credentials() -> S3Credential:
        key, secret = s3.access_key or "", s3.secret_key or ""
        return {"access_key_id": key, "secret_access_key": secret, "token": None, "expires_at": None}

    return S3Store(
        bucket,
        prefix=prefix or None,
        config={
            "endpoint": address,
            "region": s3.region,
            "virtual_hosted_style_request": virtual_host,
            "skip_signature": s3.access_key is None,
            "disable_bulk_delete": True,  # many servers have none, and Ceph wants a permission of its own for it
        },
        client_options={
            "allow_http": address.startswith("http://"),
            "connect_timeout": "5s",
            "timeout": f"{round(s3.timeout * 1000)}ms",
        },
        retry_config=repeating.RETRIES,
        credential_provider=credentials,
    )


def _mapped(path: Path) -> bytes | mmap.mmap:
    """A file's content as one buffer that the system pages in and out as it is sent, instead of a copy in memory.

    It is not closed here: the client may hold on to it for a moment longer, and it goes with the last reference.
    """
    with path.open("rb") as file:
        if path.stat().st_size == 0:  # an empty file cannot be mapped
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
