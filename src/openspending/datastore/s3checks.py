"""What the keys of this OpenSpending must be able to do with each of its buckets.

Each check cleans up behind itself. Where puts are allowed and deletes are not, one probe stays, and it is told which.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from openspending.datastore.addresses import S3Access, bucket_of
from openspending.datastore.bucket import public_statement
from openspending.datastore.findings import Check, Wrong, as_json
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.s3 import client_for, code_of
from openspending.datastore.signing import Signer
from openspending.datastore.transfers import copy
from openspending.errors import NotFound, StoreError

INIT: Final = "openspending datastore init"
BYTES: Final = b"OpenSpending looks whether this works.\n"
SKEW: Final = 60  # seconds that clocks may differ; S3 refuses signatures that are 15 minutes off
_UNKNOWN_KEYS: Final = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidClientTokenId", "AuthFailure")


@dataclass(frozen=True, slots=True)
class Place:
    """One of the two buckets, and what it takes to ask it. `other` is the store that objects are copied to."""

    objects: ObjectStore
    other: ObjectStore
    public: bool
    client: BaseClient
    signer: Signer

    @classmethod
    def at(cls, url: str, other: str, s3: S3Access, *, public: bool) -> Place:
        """The place at `url`. No server is asked. Raises BadSettings when there are no keys."""
        client = client_for(s3, attempts=2)
        signer = Signer(
            *bucket_of(url), client, client_for(s3, attempts=2, public=True) if s3.public_endpoint else client
        )
        return cls(ObjectStore.open(url, s3), ObjectStore.open(other, s3), public, client, signer)

    @property
    def resource(self) -> str:
        """What policies call its objects."""
        return public_statement(self.signer.bucket, self.signer.prefix)["Resource"]

    def url_of(self, key: str) -> str:
        """Where strangers would ask for an object."""
        return self.signer.get(key, seconds=60).url.partition("?")[0]


@contextmanager
def probe(place: Place, *, there: bool = True) -> Iterator[str]:
    """A key that nobody else has, with an object if it is to be `there`; in the end there is none."""
    key = f"doctor-{secrets.token_hex(8)}/probe.csv"
    try:
        if there:
            place.objects.put(key, BYTES)
        yield key
    finally:
        with contextlib.suppress(StoreError):
            place.objects.delete(key)


def allowing(*actions: str, whole: bool = False) -> Callable[[Place], str]:
    """A remedy: the statement that the policy of our keys lacks, on the objects or on the `whole` bucket."""

    def remedy(place: Place) -> str:
        resource = f"arn:aws:s3:::{place.signer.bucket}" if whole else place.resource
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        return f"Allow it to these keys, and see that no policy denies it: {as_json(statement)}"

    return remedy


def _is_there(place: Place) -> None:
    bucket = place.signer.bucket
    try:
        place.client.list_objects_v2(Bucket=bucket, MaxKeys=1, Prefix=place.signer.prefix)
    except ClientError as error:
        code = code_of(error)
        if code == "NoSuchBucket":
            raise Wrong(f"There is no bucket {bucket}.", INIT) from error
        if code in _UNKNOWN_KEYS:
            remedy = "Set OS_ACCESS_KEY_ID and OS_SECRET_ACCESS_KEY to keys that this server knows."
            raise Wrong(f"The server does not know these keys ({code}).", remedy) from error
        if code == "RequestTimeTooSkewed":
            remedy = "Let NTP set the clock of this machine."
            raise Wrong("The clock of this machine is too far from the server's.", remedy) from error
        if code != "AccessDenied":  # which `_lists` tells of
            raise Wrong(f"The server answers {code}.") from error
    except BotoCoreError as error:
        remedy = "See that OS_S3_HOSTNAME is right, and that this machine reaches it."
        raise Wrong(f"The S3 server does not answer ({type(error).__name__}).", remedy) from error


def _tells_time(place: Place) -> None:
    try:
        answer = place.client.head_bucket(Bucket=place.signer.bucket)
    except ClientError as error:
        answer = error.response
    said = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    off = abs((datetime.now(UTC) - parsedate_to_datetime(said)).total_seconds()) if said else 0
    if off > SKEW:
        raise Wrong(f"The clock of this machine and the server's differ by {off:.0f} seconds.")


def _puts_and_deletes(place: Place) -> None:
    key = f"doctor-{secrets.token_hex(8)}/probe.csv"
    place.objects.put(key, BYTES)
    try:
        place.objects.delete(key)
    except StoreError as error:
        remedy = allowing("s3:DeleteObject")(place)
        raise Wrong(
            f"These keys may put objects and not delete them; {key} is left in {place.objects.root}.", remedy
        ) from error


def _gets(place: Place) -> None:
    with probe(place) as key:
        if place.objects.get(key) != BYTES:
            raise Wrong("An object came back with other bytes.")
        try:
            place.objects.head(f"{key}.absent")
        except NotFound:
            return
        raise Wrong("The server says that there are objects where there are none.")


def _lists(place: Place) -> None:
    with probe(place) as key:
        if list(place.objects.list(key.partition("/")[0])) != [key]:
            raise Wrong("A listing does not show what was just put there.")
        place.objects.exists(f"{key}.absent")  # without the permission to list, Amazon answers 403


def _creates_once(place: Place) -> None:
    with probe(place, there=False) as key:
        place.objects.put(key, BYTES, create=True)
        try:
            place.objects.put(key, b"other", create=True)
        except AlreadyExists:
            return
        raise Wrong("Two puts that may only create (If-None-Match: *) were both accepted: commits could get lost.")


def _takes_parts(place: Place) -> None:
    signer = place.signer
    with probe(place, there=False) as key:
        upload = signer.start(key)
        try:
            place.client.upload_part(**signer.place(key), UploadId=upload, PartNumber=1, Body=BYTES)
            signer.complete(key, upload, signer.parts(key, upload))
            if place.objects.get(key) != BYTES:
                raise Wrong("An upload in parts came together wrong.")
        except ClientError as error:
            raise Wrong(f"A part was refused ({code_of(error)}).") from error
        finally:
            signer.abort(key, signer.start(key))  # as an upload that nobody completes
            signer.abort(key, upload)


def _copies(place: Place) -> None:
    with probe(place) as key:
        copy(place.objects, key, place.other, key)
        try:
            same = place.other.get(key) == BYTES
        finally:
            try:
                place.other.delete(key)
            except StoreError as error:
                left = f"The copy could not be deleted; {key} is left in {place.other.root}."
                raise Wrong(left, "See what is said of that bucket.") from error
        if not same:
            raise Wrong("A copy has other bytes.")


THERE: Final = Check("bucket", "It is there, and the server knows these keys.", _is_there, stops=True)
CLOCK: Final = Check(
    "clock", f"It differs from the server's by less than {SKEW} s.", _tells_time, lambda _: "Let NTP set the clock."
)
KEYS: Final = (
    Check("put, delete", "These keys may.", _puts_and_deletes, allowing("s3:PutObject", "s3:DeleteObject"), stops=True),
    Check("get", "These keys may.", _gets, allowing("s3:GetObject")),
    Check("list", "These keys may.", _lists, allowing("s3:ListBucket", whole=True)),
    Check(
        "create-only put",
        "It is refused where there is an object.",
        _creates_once,
        lambda _: (
            "Use an S3 server that honours If-None-Match: * on PUT, such as Amazon S3, Ceph (16 or newer) or MinIO."
        ),
    ),
    Check(
        "upload in parts",
        "These keys may begin, list, complete and abandon it.",
        _takes_parts,
        allowing("s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
    ),
    Check("copy to the other bucket", "The server does it itself.", _copies, allowing("s3:GetObject", "s3:PutObject")),
)
