"""Copies of objects from one store to another: by the server itself where both are on one S3 server, else through here.

Copying again is harmless: a copy is whole, or it is not there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from botocore.client import BaseClient

from openspending.datastore.addresses import bucket_of
from openspending.datastore.keys import check_key
from openspending.datastore.objects import CHUNK, ObjectStore
from openspending.datastore.s3 import client_for, plainly
from openspending.errors import StoreError

WHOLE: Final = 1024**3  # bytes that are copied by one request; S3 takes 5 GiB, but that may last longer than a time-out
PART: Final = 512 * 1024**2  # bytes, so that 10,000 parts hold S3's largest object
AT_ONCE: Final = 4


def copy(
    source: ObjectStore, key: str, target: ObjectStore, target_key: str, *, whole: int = WHOLE, part: int = PART
) -> None:
    """Make `target_key` in `target` a copy of `key` in `source`, with its content type; what was there is replaced.

    On S3 what has more than `whole` bytes is copied in parts of `part` bytes. Raises NotFound when there is no such
    object, StoreError when a server refuses or the copy has another size.
    """
    size = source.head(key).size
    if not _together(source, target):
        _stream(source, key, size, target, target_key)
    elif size <= whole:
        _whole(source, key, target, target_key)
    else:
        _by_parts(source, key, size, target, target_key, part)
    copied = target.head(target_key).size
    if copied != size:
        raise StoreError(f"The copy of “{key}” in {target.root} has {copied} bytes instead of {size}.")


def _together(source: ObjectStore, target: ObjectStore) -> bool:
    """Whether one S3 server, asked with one pair of keys, has both."""
    both_s3 = all(one.root.startswith("s3://") for one in (source, target))
    return both_s3 and source.s3 == target.s3 and source.s3.access_key is not None


def _stream(source: ObjectStore, key: str, size: int, target: ObjectStore, target_key: str) -> None:
    kind = source.content_type(key)
    if size <= CHUNK:
        target.put(target_key, source.get(key), content_type=kind)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "object")
        source.download(key, path)
        target.put(target_key, path, content_type=kind)


def _whole(source: ObjectStore, key: str, target: ObjectStore, target_key: str) -> None:
    with plainly(f"copy “{key}” from {source.root} to {target.root}"):
        client_for(target.s3).copy_object(**_place(target, target_key), CopySource=_place(source, key))


def _by_parts(source: ObjectStore, key: str, size: int, target: ObjectStore, target_key: str, part: int) -> None:
    client, place, origin = client_for(target.s3), _place(target, target_key), _place(source, key)
    with plainly(f"copy “{key}” from {source.root} to {target.root}"):
        kind = client.head_object(**origin)["ContentType"]
        upload = {**place, "UploadId": client.create_multipart_upload(**place, ContentType=kind)["UploadId"]}
        with ExitStack() as undoing:  # unfinished parts are paid for, and nobody sees them
            undoing.callback(client.abort_multipart_upload, **upload)
            with ThreadPoolExecutor(AT_ONCE) as threads:
                starts = enumerate(range(0, size, part), start=1)
                done = threads.map(lambda one: _part(client, origin, upload, one, size=size, part=part), starts)
                parts = list(done)
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            undoing.pop_all()


def _part(
    client: BaseClient,
    origin: Mapping[str, str],
    upload: Mapping[str, str],
    numbered: tuple[int, int],
    *,
    size: int,
    part: int,
) -> dict[str, Any]:
    number, start = numbered
    last = min(start + part, size) - 1
    answer = client.upload_part_copy(
        **upload, PartNumber=number, CopySource=dict(origin), CopySourceRange=f"bytes={start}-{last}"
    )
    return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}


def _place(objects: ObjectStore, key: str) -> dict[str, str]:
    check_key(key)
    bucket, prefix = bucket_of(objects.root)
    return {"Bucket": bucket, "Key": f"{prefix}/{key}" if prefix else key}
