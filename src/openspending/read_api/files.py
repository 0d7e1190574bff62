"""`/data/…`: the public store over HTTP, so that any tool reads datasets also where no bucket is public (downloads).

What ranges, validators and caches need is there: strong ETags, digests, 206, 304. Of a private dataset the files come
from the private store, for those whom the door lets in; what belongs to no dataset comes from the public store alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, Final

from litestar import HttpMethod, Response, route
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, SkipValidation
from litestar.response import Stream
from litestar.types import Scope

from openspending.analytics.downloads import sha256_listed
from openspending.datastore import layout
from openspending.datastore.objects import CONTENT_TYPES, ObjectStore
from openspending.errors import BadQuery, NotFound
from openspending.read_api.door import handed_on
from openspending.speaking.said import said
from openspending.web import AnyRequest, names_etag
from openspending.webapp import Router

SMALL: Final = 1024 * 1024  # up to here an object is read whole: a rewritten one cannot change under the answer
_IMMUTABLE: Final = re.compile(r"[^/]+/[^/]+/(?:files/.+|r\d+\.datapackage\.json)|changelog/\d+\.json")
_ADDRESSED: Final = re.compile(r"[^/]+/[^/]+/(?:files|derived/[^/]+/downloads)/([0-9a-f]{64})/[^/]+")  # by their hash
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)

Injected = NamedDependency[SkipValidation[ObjectStore]]
StoredPath = Annotated[str, PathParameter(description="Path of a file in the DataStore.")]


@dataclass(frozen=True, slots=True)
class Stored:
    """An object of the store: its size in bytes, its ETag, its content when it is small, and the SHA-256 in hex of what
    it must hold, where that is known."""

    key: str
    size: int
    etag: str
    content: bytes | None
    sha256: str | None


def router(public: ObjectStore) -> Router:
    """All routes below `/data`, answering from what the door hands on, and else from the `public` store."""

    def store(scope: Scope) -> ObjectStore:
        api = handed_on(scope)
        return public if api is None else api.cubes.store

    return Router(
        "/data",
        route_handlers=[stored_file],
        dependencies={"store": Provide(store, sync_to_thread=False)},
        opt={"dataset": _asked_for},
        tags=["files"],
    )


def _asked_for(parts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The dataset whose file is asked for."""
    return layout.dataset_of(str(parts["path"]).lstrip("/"))


@route("/{path:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=True)
def stored_file(request: AnyRequest, store: Injected, path: StoredPath) -> Response[bytes] | Stream:
    """A file of the DataStore, or the part of it that the Range header names."""
    stored = _found(store, path.lstrip("/"))
    headers = _headers(stored)
    digest = stored.sha256 or (None if "range" in request.headers else sha256_listed(store, stored.key))
    if digest is not None:
        headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"  # RFC 9530
    known = request.headers.get("if-none-match")
    if known == "*" or names_etag(known, stored.etag):
        return Response(b"", status_code=304, headers=headers)
    part = _part(request, stored)
    if part is None:
        headers["Content-Range"] = f"bytes */{stored.size}"
        return Response(b"", status_code=416, headers=headers)
    start, end = part
    status = 200
    if (start, end) != (0, stored.size):
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
        status = 206
    return _sent(request, store, stored, (start, end), headers, status)


def _found(store: ObjectStore, key: str) -> Stored:
    """Raises NotFound, also for keys that no object can have, and for saved views: whether their dataset is still there
    is asked where the API tells of them."""
    if key.startswith(layout.VIEWS):
        raise NotFound(said("There is no file {key}", key=key))
    addressed = _ADDRESSED.fullmatch(key)
    sha256 = addressed[1] if addressed else None  # what is not that any more has rotted, and its asker will see it
    try:
        head = store.head(key)
        if head.size <= SMALL:
            content = store.get(key)
            found = hashlib.sha256(content).hexdigest()
            return Stored(key, len(content), f'"{found[:32]}"', content, sha256 or found)
    except (BadQuery, NotFound) as error:  # the store's own sentence tells where on this machine it lies
        raise NotFound(said("There is no file {key}", key=key)) from error
    mark = (sha256 or head.etag or f"{head.size}-{head.modified.timestamp()}").removeprefix("W/").strip('"')
    return Stored(key, head.size, f'"{mark}"', None, sha256)


def _headers(stored: Stored) -> dict[str, str]:
    kind = CONTENT_TYPES.get(PurePosixPath(stored.key).suffix.lower(), "application/octet-stream")
    stays = any(one.fullmatch(stored.key) for one in (_IMMUTABLE, _ADDRESSED))
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind == "application/json" else kind,
        "ETag": stored.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable" if stays else "public, max-age=60",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def _part(request: AnyRequest, stored: Stored) -> tuple[int, int] | None:
    """First byte and end of what to send; None when the range lies outside.

    Several ranges, other units and a range of another version (If-Range) are ignored, as the standard allows.
    """
    whole = (0, stored.size)
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or request.method != "GET" or request.headers.get("if-range", stored.etag) != stored.etag:
        return whole
    first, last = asked.groups()
    if not first:
        return None if not last or not int(last) or not stored.size else (max(0, stored.size - int(last)), stored.size)
    start, end = int(first), min(int(last) + 1, stored.size) if last else stored.size
    if last and int(last) < start:
        return whole  # no range at all
    return (start, end) if start < stored.size else None


def _sent(
    request: AnyRequest,
    store: ObjectStore,
    stored: Stored,
    part: tuple[int, int],
    headers: dict[str, str],
    status: int,
) -> Response[bytes] | Stream:
    start, end = part
    if stored.content is not None:
        return Response(stored.content[start:end], status_code=status, headers=headers)
    headers["Content-Length"] = str(end - start)
    chunks: Iterable[bytes] = () if request.method == "HEAD" else store.stream(stored.key, start, end)
    return Stream(_each(chunks), status_code=status, headers=headers)


def _each(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks
