"""Routes of uploads: announced, sent in parts, completed, deleted (docs/api/uploads.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from litestar import Response, delete, post, put, route
from litestar.concurrency import sync_to_thread
from litestar.exceptions import InternalServerException
from litestar.params import RawBody

from openspending.asking import read_body
from openspending.database.engine import now
from openspending.datastore import layout
from openspending.errors import Conflict, Mismatch, NotFound, OverQuota, StoreError, TooLarge, TooOften
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of
from openspending.write_api.answers import answered, created, moment, nothing
from openspending.write_api.asking import GET, PartNumber, UploadId, asked
from openspending.write_api.auditing import told
from openspending.write_api.permitted import require_known, require_sending, sees_upload
from openspending.write_api.receiving import Announced, announced, receive
from openspending.write_api.service import Injected, Writing
from openspending.write_api.uploads import LIFETIME, Upload, part_size

LARGEST: Final = 10**15  # bytes that can be announced at all
MOST_URLS: Final = 1000  # in one answer
_TYPE: Final = r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?charset=[A-Za-z0-9_-]+)?"


@post("/uploads", status_code=201, sync_to_thread=True)
def announce_upload(request: AnyRequest, writing: Injected, body: RawBody) -> Response[bytes]:
    """Say which file is coming, and learn how to send it: by one PUT, or in parts."""
    asked(request)
    require_known(actor_of(request))
    return writing.repeats.once(request, body, lambda: _announced(request, writing, body))


def _announced(request: AnyRequest, writing: Writing, data: bytes) -> Response[bytes]:
    body = read_body(data)
    body.only("owner", "filename", "size", "sha256", "content_type")
    told_of = {
        "owner": body.text("owner", longest=100),
        "filename": layout.safe_filename(body.text("filename", longest=1000)),
        "size": body.whole("size", 1, LARGEST),
        "sha256": body.text("sha256", pattern="[0-9a-fA-F]{64}").lower(),
        "content_type": body.text("content_type", otherwise="application/octet-stream", longest=200, pattern=_TYPE),
    }
    if told_of["owner"]:
        body.checked("owner", layout.check_owner, str(told_of["owner"]))
    body.settle()
    actor = actor_of(request)
    require_sending(actor, str(told_of["owner"]))
    upload = _admitted(writing, str(actor.account), told_of)
    told(writing, request, "upload", upload.owner, filename=upload.filename, size=upload.size, sha256=upload.sha256)
    return created(described(writing, upload, []), f"/v1/uploads/{upload.id}")


def _admitted(writing: Writing, account: str, announced_: Mapping[str, Any]) -> Upload:
    """The new upload. Raises TooLarge, TooOften, OverQuota; then there is none."""
    limits, size = writing.limits, int(announced_["size"])
    if size > limits.upload_size:
        raise TooLarge(
            said(
                "A file may have {upload_size:,} bytes; this one has {size:,}.",
                upload_size=limits.upload_size,
                size=size,
            )
        )
    upload = writing.uploads.announce(account, announced_, part=part_size(size, limits.part))
    try:
        # counted with this one in it: of two that come at once, none slips through
        writing.quota.check(upload.owner, limits.uploads)
        multipart = writing.staging.begin(upload)
    except (TooOften, OverQuota, StoreError):
        writing.uploads.remove(upload.id)
        raise
    if multipart is None:
        return upload
    writing.uploads.change(upload.id, multipart=multipart)
    return writing.uploads.get(upload.id)


@route("/uploads/limits", http_method=GET, sync_to_thread=True)
def upload_limits(request: AnyRequest, writing: Injected) -> Response[bytes]:
    """How large a file may be, and where its bytes go: a page says so beforehand, and lets scripts send there."""
    asked(request)
    require_known(actor_of(request))
    return answered({"size": writing.limits.upload_size, "part": writing.limits.part, "origin": writing.staging.origin})


@route("/uploads/{upload:str}", http_method=GET, sync_to_thread=True)
def show_upload(request: AnyRequest, writing: Injected, upload: UploadId) -> Response[bytes]:
    """An upload, and which of its parts have arrived."""
    asked(request)
    found = seen(request, writing, upload)
    return answered(described(writing, found, writing.staging.arrived(found)))


@post("/uploads/{upload:str}/parts", status_code=200, sync_to_thread=True)
def part_addresses(request: AnyRequest, writing: Injected, upload: UploadId, body: RawBody) -> Response[bytes]:
    """Where to send parts: a request for each number, good for an hour."""
    asked(request)
    found = seen(request, writing, upload)
    wanted = read_body(body)
    wanted.only("numbers")
    numbers = wanted.listed("numbers", MOST_URLS)
    for place, one in enumerate(numbers):
        if isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= found.parts:
            wanted.blame(
                f"numbers/{place}".replace("/", "~1"), said("Parts have the numbers 1 to {parts}.", parts=found.parts)
            )
    wanted.settle()
    _require_open(found)
    return answered({"data": [_sending(writing, found, one) for one in dict.fromkeys(numbers)]})


@put("/uploads/{upload:str}/parts/{number:int}", status_code=204, request_max_body_size=None)
async def receive_part(request: AnyRequest, writing: Injected, upload: UploadId, number: PartNumber) -> Response[None]:
    """The bytes of a part, where they come through this API. A part that is sent again replaces the one before."""
    asked(request)
    found = await sync_to_thread(seen, request, writing, upload)
    size = found.size_of(number)
    _require_open(found)
    if writing.staging.signer is not None:
        raise Conflict(said("The bytes of this upload go to the signed URLs that “parts” has."))
    stated = announced(request.headers, size)
    received = await _received(request, size, stated)
    try:
        await sync_to_thread(writing.staging.store, found, number, received)
    finally:
        await sync_to_thread(received.unlink, missing_ok=True)
    return nothing()


async def _received(request: AnyRequest, size: int, stated: Announced) -> Path:
    """The temporary file. Raises StoreError when the disk is full, Mismatch when the asker has gone."""
    try:
        return await receive(request.stream(), size, stated)
    except InternalServerException as error:  # what the framework says then, as if it were our fault
        raise Mismatch(said("The connection ended before all bytes had come.")) from error
    except OSError as error:
        raise StoreError(
            said("The bytes cannot be kept here: {strerror}.", strerror=error.strerror or error)
        ) from error


@post("/uploads/{upload:str}/complete", status_code=200, sync_to_thread=True)
def complete_upload(request: AnyRequest, writing: Injected, upload: UploadId, body: RawBody) -> Response[bytes]:
    """Say that all parts were sent: the bytes are read back, and must be what was announced."""
    asked(request)
    found = seen(request, writing, upload)
    wanted = read_body(body)
    wanted.only()
    wanted.settle()
    return writing.repeats.once(request, body, lambda: _completed(writing, found))


def _completed(writing: Writing, upload: Upload) -> Response[bytes]:
    if upload.state != "complete":
        there = set(writing.staging.arrived(upload))
        missing = [one for one in range(1, upload.parts + 1) if one not in there]
        if missing:
            shown = ", ".join(map(str, missing[:20])) + (", …" if len(missing) > 20 else "")
            raise Conflict(
                said(
                    "{count} of {parts} parts have not arrived: {shown}.",
                    count=len(missing),
                    parts=upload.parts,
                    shown=shown,
                )
            )
        try:
            writing.staging.join(upload)
            writing.staging.check(upload)
        except Mismatch:
            _remove(writing, upload)
            raise
        writing.uploads.change(upload.id, state="complete", expires=now() + LIFETIME)
        upload = writing.uploads.get(upload.id)
    return answered(described(writing, upload, list(range(1, upload.parts + 1))))


@delete("/uploads/{upload:str}", status_code=204, sync_to_thread=True)
def delete_upload(request: AnyRequest, writing: Injected, upload: UploadId) -> Response[None]:
    """Forget an upload and its bytes."""
    asked(request)
    found = seen(request, writing, upload)
    _remove(writing, found)
    told(writing, request, "delete-upload", found.owner, filename=found.filename, sha256=found.sha256)
    return nothing()


def _remove(writing: Writing, upload: Upload) -> None:
    """Bytes first: what is forgotten first could never be found again."""
    writing.staging.remove(upload)
    writing.uploads.remove(upload.id)


def seen(request: AnyRequest, writing: Writing, upload: str) -> Upload:
    """The upload, if the actor may see it. Raises Unauthorised for nobody, NotFound."""
    actor = actor_of(request)
    require_known(actor)
    found = writing.uploads.get(upload)
    if not sees_upload(actor, found.owner, found.account):
        raise NotFound(said("There is no such upload, or it has expired."))
    return found


def _require_open(upload: Upload) -> None:
    if upload.state != "open":
        raise Conflict(said("The upload is complete; no part can be sent any more."))


def described(writing: Writing, upload: Upload, arrived: list[int]) -> dict[str, Any]:
    """An upload as JSON; of one part that is still to come, with how to send it."""
    sent = upload.state != "open" or upload.parts > 1
    return {
        "id": upload.id,
        "owner": upload.owner,
        "filename": upload.filename,
        "content_type": upload.content_type,
        "size": upload.size,
        "sha256": upload.sha256,
        "state": upload.state,
        "created": moment(upload.created),
        "expires": moment(upload.expires),
        "parts": {
            "size": upload.part_size,
            "count": upload.parts,
            "arrived": arrived,
            "send": None if sent else _sending(writing, upload, 1),
        },
        "links": {
            "self": f"/v1/uploads/{upload.id}",
            "parts": f"/v1/uploads/{upload.id}/parts",
            "complete": f"/v1/uploads/{upload.id}/complete",
        },
    }


def _sending(writing: Writing, upload: Upload, number: int) -> dict[str, Any]:
    one = writing.staging.sending(upload, number)
    return {
        "number": one.number,
        "size": one.size,
        "method": one.method,
        "url": one.url,
        "headers": dict(one.headers),
    }


HANDLERS: Final = (
    *(announce_upload, upload_limits, show_upload, part_addresses),
    *(receive_part, complete_upload, delete_upload),
)
