"""`openspending datastore init`: makes the two places of a DataStore ready, as the DataStore notes of OSEP-1 want them.

Anyone may read objects of the public bucket, from any web page; nothing opens the private one. Web pages may send
files to both, to where they have signed URLs for. May be run again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from openspending.datastore.addresses import ANONYMOUS, S3Access, bucket_of, folder_of, locations
from openspending.datastore.s3 import client_for, code_of
from openspending.errors import StoreError

POLICY_ID: Final = "OpenSpendingPublicRead"
CORS_ID: Final = "openspending"
CORS_RULE: Final[Mapping[str, Any]] = {
    "ID": CORS_ID,
    "AllowedOrigins": ["*"],
    "AllowedHeaders": ["*"],
    "AllowedMethods": ["GET", "PUT", "POST"],
    "ExposeHeaders": ["Content-Range", "Content-Length", "Accept-Ranges", "ETag"],
    "MaxAgeSeconds": 3600,
}
TIDY_ID: Final = "openspending-unfinished-uploads"
TIDY_DAYS: Final = 7
_NO_BLOCKS: Final = ("NoSuchPublicAccessBlockConfiguration", "NotImplemented", "MethodNotAllowed")
_NO_RULES: Final = ("NotImplemented", "MethodNotAllowed")
_EVERYBODY: Final = ("/AllUsers", "/AuthenticatedUsers")  # groups in ACLs: anyone, and anyone with an account anywhere


def init(storage: str, private: str | None = None, s3: S3Access = ANONYMOUS) -> list[str]:
    """Create the places that `locations` makes of `storage` and `private`; on S3 set policy and CORS rules too.

    Policies and rules of others in the public bucket are kept. Returns a sentence for each thing done. Raises
    BadSettings for places that cannot be, StoreError when the server refuses or the private bucket is open to all.
    """
    public_url, private_url = locations(storage, private)
    client: BaseClient | None = None
    done: list[str] = []
    for url, is_public in ((public_url, True), (private_url, False)):
        scheme = urlsplit(url).scheme
        if scheme == "file":
            done.append(_folder(url))
        elif scheme == "s3":
            client = client or client_for(s3)
            done.extend(_bucket(client, url, is_public=is_public, region=None if s3.endpoint else s3.region))
        else:
            done.append(f"{url} is in memory; there is nothing to prepare.")
    return done


def _folder(url: str) -> str:
    folder = folder_of(url)
    if folder.is_dir():
        return f"The folder {folder} is there."
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    return f"Made the folder {folder}."


def _bucket(client: BaseClient, url: str, *, is_public: bool, region: str | None) -> list[str]:
    bucket, prefix = bucket_of(url)
    try:
        done = [_create(client, bucket, region)]
        if not is_public:
            return [*done, _closed(client, bucket), _cors(client, bucket), _tidy(client, bucket)]
        _let_policies_through(client, bucket)
        return [*done, _policy(client, bucket, prefix), _cors(client, bucket), _tidy(client, bucket)]
    except ClientError as error:
        raise StoreError(f"The server refused to prepare the bucket {bucket}: {code_of(error)}.") from error
    except BotoCoreError as error:
        raise StoreError(f"The S3 server cannot be used: {type(error).__name__}.") from error


def _create(client: BaseClient, bucket: str, region: str | None) -> str:
    """Make the bucket, if there is none. `region` is None where the server decides on the place."""
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 403:
            raise StoreError(f"The bucket {bucket} belongs to somebody else, or these keys may not use it.") from error
        if status != 404:
            raise
    else:
        return f"The bucket {bucket} is there."
    # Amazon takes every region but its default as a location.
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region not in (None, "us-east-1") else {}
    client.create_bucket(Bucket=bucket, **place)
    return f"Made the bucket {bucket}."


def _let_policies_through(client: BaseClient, bucket: str) -> None:
    """Amazon blocks public policies on new buckets until told otherwise. The blocks of ACLs stay as they are: Ceph 16,
    once told to block public ACLs, refuses every put."""
    try:
        block = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if code_of(error) in _NO_BLOCKS:
            return
        raise
    if block.get("BlockPublicPolicy") or block.get("RestrictPublicBuckets"):
        allowed = {**block, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
        client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=allowed)


def _closed(client: BaseClient, bucket: str) -> str:
    """Raises StoreError when something lets people into the bucket whom nobody knows."""
    for opening in openings(client, bucket):
        raise StoreError(f"The bucket {bucket} is meant to be private, but {opening} lets anyone in; remove that.")
    return f"Nothing of {bucket} is public."


def openings(client: BaseClient, bucket: str) -> list[str]:
    """What of the bucket's policy and ACL lets people in whom nobody knows: [] when it is closed."""
    statements = [one for one in _statements(client, bucket) if _opens(one)]
    found = [f"the statement “{one['Sid']}” of its policy" if "Sid" in one else "its policy" for one in statements]
    grants = client.get_bucket_acl(Bucket=bucket).get("Grants", [])
    if any(str(one["Grantee"].get("URI", "")).endswith(_EVERYBODY) for one in grants):
        found.append("its ACL")
    return found


def _policy(client: BaseClient, bucket: str, prefix: str) -> str:
    """Let anyone read objects: only that, and only below the prefix."""
    statement = public_statement(bucket, prefix)
    others = [one for one in _statements(client, bucket) if one.get("Sid") != POLICY_ID]
    policy = {"Version": "2012-10-17", "Statement": [*others, statement]}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    return f"Anyone may read (s3:GetObject) {statement['Resource']}."


def public_statement(bucket: str, prefix: str) -> dict[str, str]:
    """The statement of a policy by which anyone may read what is below the prefix."""
    return {
        "Sid": POLICY_ID,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}/*" if prefix else f"arn:aws:s3:::{bucket}/*",
    }


def _cors(client: BaseClient, bucket: str) -> str:
    others: list[dict[str, Any]] = []
    try:
        others = [one for one in client.get_bucket_cors(Bucket=bucket)["CORSRules"] if one.get("ID") != CORS_ID]
    except ClientError as error:
        if code_of(error) not in {"NoSuchCORSConfiguration", *_NO_RULES}:
            raise
    try:
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [*others, dict(CORS_RULE)]})
    except ClientError as error:
        if code_of(error) not in _NO_RULES:
            raise
        return f"The server has no CORS rules for {bucket} alone, but its own; “openspending doctor” tries them."
    return f"Web pages of any origin may GET, PUT and POST in {bucket}, and see Content-Range."


def _tidy(client: BaseClient, bucket: str) -> str:
    """Let the server forget uploads in parts that nobody completes: nobody sees them, and they are paid for."""
    others: list[dict[str, Any]] = []
    try:
        found = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        others = [one for one in found if one.get("ID") != TIDY_ID]
    except ClientError as error:
        if code_of(error) in _NO_RULES:
            return f"The server cannot remove unfinished uploads from {bucket} by itself."
        if code_of(error) != "NoSuchLifecycleConfiguration":
            raise
    rule = {
        "ID": TIDY_ID,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": TIDY_DAYS},
    }
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [*others, rule]})
    return f"The server removes unfinished uploads from {bucket} after {TIDY_DAYS} days."


def _statements(client: BaseClient, bucket: str) -> list[dict[str, Any]]:
    """The statements of the bucket's policy; [] when it has none."""
    try:
        policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        if code_of(error) == "NoSuchBucketPolicy":
            return []
        raise
    found = policy.get("Statement", [])
    return found if isinstance(found, list) else [found]


def _opens(statement: Mapping[str, Any]) -> bool:
    """Whether a statement allows something to everybody, without a condition."""
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, Mapping) and "*" in _listed(principal.get("AWS")))
    return statement.get("Effect") == "Allow" and everybody and not statement.get("Condition")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
