"""`/datastore`: where old clients ask for upload URLs, and send files to where no S3 takes them."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from litestar import HttpMethod, Response, post, put, route
from litestar.concurrency import sync_to_thread
from litestar.params import PathParameter, RawBody

from openspending.conductor.addresses import prefixes, split_address
from openspending.conductor.asking import answered, asked
from openspending.conductor.filedata import Announced, Wanted, read_wanted
from openspending.conductor.identifying import TAKES_PERMISSION, known
from openspending.conductor.putsignatures import SECONDS, check, sign
from openspending.conductor.service import Conductor, Injected
from openspending.conductor.staged import Place
from openspending.datastore.permissions import may
from openspending.errors import Forbidden, OverQuota, StoreError, TooLarge
from openspending.web import AnyRequest
from openspending.write_api.auditing import told
from openspending.write_api.permitted import may_send
from openspending.write_api.receiving import announced, receive

Path = Annotated[str, PathParameter(description="Owner, name and folder of a package, and the path of a file in it.")]


@post("/datastore", status_code=200, opt=TAKES_PERMISSION, sync_to_thread=True)
def announce_files(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Say which files of a package are coming, and learn where to put each, with which signature."""
    return _announced(request, conductor, body)


@post("/datastore/authorize", status_code=200, opt=TAKES_PERMISSION, sync_to_thread=True)
def authorize_files(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """The same as `POST /datastore/`."""
    return _announced(request, conductor, body)


def _announced(request: AnyRequest, conductor: Conductor, body: bytes) -> Response[bytes]:
    found, actor = asked(request), known(request)
    wanted = read_wanted(body)
    if not may(actor, "import", wanted.owner, wanted.name):
        raise Forbidden(f"You may not upload files for {wanted.owner}.")
    _check_room(conductor, wanted)
    place = conductor.staged.make(wanted.owner, wanted.name)
    address = conductor.address(request)
    files = {one.path: {**one.said, **_sending(conductor, address, place, one)} for one in wanted.files}
    told(conductor.writing, request, "upload", wanted.owner, wanted.name, files=len(files), size=wanted.size)
    return answered(found, {"filedata": files})


def _check_room(conductor: Conductor, wanted: Wanted) -> None:
    """Raises TooLarge for a file that is larger than one may be, OverQuota for more than the owner may keep."""
    limits = conductor.writing.limits
    for one in wanted.files:
        if one.length > limits.upload_size:
            raise TooLarge(f"A file may have {limits.upload_size:,} bytes; “{one.path}” has {one.length:,}.")
    check_quota(conductor, wanted.owner, wanted.size)


def check_quota(conductor: Conductor, owner: str, more: int = 0) -> None:
    """Raises OverQuota where the owner has no room for so many bytes `more`."""
    writing = conductor.writing
    writing.quota.check(owner)
    held = writing.quota.stored(owner) + writing.uploads.reserved(owner)[1] + conductor.staged.size(owner)
    if held + more > writing.limits.quota:
        raise OverQuota(f"{owner} may keep {writing.limits.quota:,} bytes, and has {held:,}; {more:,} do not fit.")


def _sending(conductor: Conductor, address: str, place: Place, one: Announced) -> dict[str, Any]:
    """Where the file is to be put, and the signature for it."""
    signer = conductor.staged.signer
    if signer is None:
        signed = sign(place.secret, place.key(one.path), one.headers(), int(time.time()) + SECONDS)
        return {"upload_url": conductor.staged.url(address, place, one.path), "upload_query": signed.query()}
    key, kind = place.key(one.path), one.type or ""
    url, query = signer.put(key, size=one.length, md5=one.md5, content_type=kind, seconds=SECONDS).apart()
    return {"upload_url": url, "upload_query": query}


@route("/datastore/info", http_method=(HttpMethod.GET, HttpMethod.HEAD), opt=TAKES_PERMISSION, sync_to_thread=True)
def datastore_info(request: AnyRequest, conductor: Injected) -> Response[bytes]:
    """How addresses of one's own files begin."""
    found, actor = asked(request), known(request)
    owners = dict.fromkeys([actor.name, *sorted(one for one in actor.roles if may_send(actor, one))])
    address = conductor.address(request)
    begun = [prefix for owner in owners for prefix in prefixes(conductor.staged, address, owner)]
    return answered(found, {"prefixes": begun})


@put("/datastore/files/{path:path}", status_code=200, opt=TAKES_PERMISSION, request_max_body_size=None)
async def receive_file(request: AnyRequest, conductor: Injected, path: Path) -> Response[bytes]:
    """The bytes of a file, where no S3 takes them: with exactly the length, MD5 and type that were announced."""
    place, within = await sync_to_thread(_signed_for, conductor, request, path)
    size = int(request.headers["content-length"])
    said = announced(request.headers, size)
    try:
        received = await receive(request.stream(), size, said)
    except OSError as error:
        raise StoreError(f"The bytes cannot be kept here: {error.strerror or error}.") from error
    try:
        await sync_to_thread(
            conductor.writing.store.private.put,
            place.key(within),
            received,
            content_type=request.headers.get("content-type"),
        )
    finally:
        await sync_to_thread(received.unlink, missing_ok=True)
    return Response(b"", status_code=200, headers={"ETag": f'"{said.digests["md5"].hex()}"'})


def _signed_for(conductor: Conductor, request: AnyRequest, path: str) -> tuple[Place, str]:
    """The place, and the path in it, that the request has a signature for. Raises Forbidden for any other."""
    owner, name, folder, within = split_address(path.lstrip("/"))
    place = conductor.staged.find(owner, name)
    if conductor.staged.signer is not None or place is None or place.folder != folder:
        raise Forbidden("Nothing was announced for this address.")
    given = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    headers = {name: request.headers.get(name, "") for name in ("content-length", "content-md5", "content-type")}
    check(place.secret, place.key(within), headers, given, int(time.time()))
    return place, within


HANDLERS: Final = (announce_files, authorize_files, datastore_info, receive_file)
