"""Signed URLs, with which a browser or an old client sends a file straight to S3, and fetches one, without our keys.

What is signed is one object, one method and one time; a put moreover has its length, MD5 and type signed, so that S3
itself refuses other bytes. Large files go in parts: whoever was interrupted asks which parts are there, and sends the
rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from botocore.client import BaseClient

from openspending.datastore.addresses import S3Access, bucket_of
from openspending.datastore.keys import check_key
from openspending.datastore.objects import ObjectStore
from openspending.datastore.s3 import client_for, plainly
from openspending.errors import BadQuery, NotFound, StoreError

SMALLEST_PART: Final = 5 * 1024**2  # bytes; S3 refuses smaller ones, but for the last
LARGEST_PUT: Final = 5 * 1024**3  # bytes that S3 takes in one request
MOST_PARTS: Final = 10_000
LONGEST: Final = 7 * 24 * 3600  # seconds that a signature of version 4 can hold
DEFAULT_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Signed:
    """One request that anyone may make who has this: with exactly these headers, before it expires. Browsers send
    Content-Length by themselves, and let no script set it."""

    url: str
    method: str
    headers: Mapping[str, str]

    def apart(self) -> tuple[str, dict[str, list[str]]]:
        """The URL without its query, and the query as lists of one value each: how clients of the conductor want it."""
        return self.url.partition("?")[0], parse_qs(urlsplit(self.url).query, keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file that has arrived. `number` counts from 1; `size` is in bytes."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one bucket. Every method raises BadQuery for an unsafe key, StoreError when the server refuses.

    The URLs have the server's public name; what is asked here and now goes to its internal one.
    """

    bucket: str
    prefix: str
    inside: BaseClient
    outside: BaseClient

    @classmethod
    def for_store(cls, objects: ObjectStore, s3: S3Access) -> Signer | None:
        """The signer for `objects`; None for folders, memory, and where there are no keys to sign with."""
        if not objects.root.startswith("s3://") or not s3.access_key:
            return None
        bucket, prefix = bucket_of(objects.root)
        inside = client_for(s3)
        return cls(bucket, prefix, inside, client_for(s3, public=True) if s3.public_endpoint else inside)

    def put(
        self, key: str, *, size: int, md5: str | None = None, content_type: str | None = None, seconds: int
    ) -> Signed:
        """A PUT of exactly `size` bytes, with this MD5 (in base64) if one is given, and this content type; "" is any.

        Raises BadQuery for more than S3 takes in one request.
        """
        if not 0 <= size <= LARGEST_PUT:
            raise BadQuery(f"One request can have at most {LARGEST_PUT} bytes; send larger files in parts.")
        kind = DEFAULT_TYPE if content_type is None else content_type
        headers = _headers(size, md5) | ({"Content-Type": kind} if kind else {})
        wanted = {**self.place(key), **({"ContentType": kind} if kind else {}), **_body(size, md5)}
        return Signed(self._sign("put_object", wanted, seconds), "PUT", headers)

    def get(self, key: str, *, seconds: int, filename: str | None = None) -> Signed:
        """A GET, also of ranges; a browser saves it as `filename`."""
        wanted: dict[str, Any] = self.place(key)
        if filename is not None:
            wanted["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        return Signed(self._sign("get_object", wanted, seconds), "GET", {})

    def start(self, key: str, content_type: str | None = None) -> str:
        """Begin an upload in parts; its id. Nothing is seen of it under `key` until it is complete."""
        with plainly(f"begin an upload of “{key}”"):
            begun = self.inside.create_multipart_upload(**self.place(key), ContentType=content_type or DEFAULT_TYPE)
        return str(begun["UploadId"])

    def part(self, key: str, upload_id: str, number: int, *, size: int, md5: str | None = None, seconds: int) -> Signed:
        """A PUT of part `number`, which replaces a part of that number. Parts may be sent at once, in any order."""
        if not 1 <= number <= MOST_PARTS or not 0 <= size <= LARGEST_PUT:
            raise BadQuery(f"Parts are numbered from 1 to {MOST_PARTS}, and have at most {LARGEST_PUT} bytes.")
        wanted = {**self.place(key), "UploadId": upload_id, "PartNumber": number, **_body(size, md5)}
        return Signed(self._sign("upload_part", wanted, seconds), "PUT", _headers(size, md5))

    def parts(self, key: str, upload_id: str) -> list[Part]:
        """The parts that have arrived, by number. Raises NotFound for an upload that is over, or never was."""
        with plainly(f"list the parts of “{key}”"):
            pages = self.inside.get_paginator("list_parts").paginate(**self.place(key), UploadId=upload_id)
            return [
                Part(int(one["PartNumber"]), int(one["Size"]), str(one["ETag"]))
                for page in pages
                for one in page.get("Parts", [])
            ]

    def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make one object of `parts`. Raises NotFound for an upload that is over, unless just this object came of it:
        then an answer was lost, and there is nothing left to do."""
        listed = [{"PartNumber": one.number, "ETag": one.etag} for one in parts]
        try:
            with plainly(f"put “{key}” together"):
                self.inside.complete_multipart_upload(
                    **self.place(key), UploadId=upload_id, MultipartUpload={"Parts": listed}
                )
        except (NotFound, StoreError):
            if self._came_of(key, parts):
                return
            self.parts(key, upload_id)  # Ceph answers 500 where others say that there is no such upload
            raise

    def abort(self, key: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens when it is over."""
        try:
            with plainly(f"abandon the upload of “{key}”"):
                self.inside.abort_multipart_upload(**self.place(key), UploadId=upload_id)
        except NotFound:
            return

    def _came_of(self, key: str, parts: Sequence[Part]) -> bool:
        """Whether the object is the one that `parts` make: its ETag is the MD5 of theirs, on every server we know."""
        try:
            with plainly(f"read “{key}”"):
                found = str(self.inside.head_object(**self.place(key))["ETag"])
        except NotFound:
            return False
        digests = b"".join(bytes.fromhex(one.etag.strip('"')) for one in parts)
        return found.strip('"') == f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"

    def place(self, key: str) -> dict[str, Any]:
        """Bucket and key, as botocore names them."""
        check_key(key)
        return {"Bucket": self.bucket, "Key": f"{self.prefix}/{key}" if self.prefix else key}

    def _sign(self, operation: str, wanted: dict[str, Any], seconds: int) -> str:
        if not 1 <= seconds <= LONGEST:
            raise BadQuery(f"A signed URL can hold from 1 to {LONGEST} seconds.")
        with plainly("sign"):
            return str(self.outside.generate_presigned_url(operation, Params=wanted, ExpiresIn=seconds))


def _body(size: int, md5: str | None) -> dict[str, Any]:
    return {"ContentLength": size} | ({"ContentMD5": md5} if md5 else {})


def _headers(size: int, md5: str | None) -> dict[str, str]:
    return {"Content-Length": str(size)} | ({"Content-MD5": md5} if md5 else {})
