"""The doctor names exactly what is wrong with a store, and how to mend it; and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from openspending.datastore import bucket
from openspending.datastore.addresses import S3Access
from openspending.datastore.doctor import examine_stores
from openspending.datastore.findings import Finding
from openspending.datastore.objects import ObjectStore
from openspending.datastore.s3 import client_for
from tests import faultproxy
from tests.datastore.servers import Server, has_radosgw

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"

pytestmark = pytest.mark.slow


def wrong(found: list[Finding]) -> dict[tuple[str, str], Finding]:
    """What is not right, by store and check."""
    return {("private" if "-private" in one.where else "public", one.check): one for one in found if not one.right}


def examined(name: str, s3: S3Access) -> list[Finding]:
    return list(examine_stores(f"s3://{name}", f"s3://{name}-private", s3))


def test_folders_are_examined_too(tmp_path: Path) -> None:
    public, private = (tmp_path / one for one in ("store", "store-private"))
    public.mkdir()
    found = list(examine_stores(public.as_uri(), private.as_uri(), S3Access()))
    assert [one.right for one in found] == [True, True, False]
    assert wrong(found)["private", "folder"].remedy == "openspending datastore init"
    assert list(public.iterdir()) == []
    assert not private.exists()


def test_without_keys_and_without_a_server() -> None:
    found = examined("x", S3Access("http://127.0.0.1:9"))
    assert {one.check for one in found} == {"keys"}
    found = examined("x", S3Access("http://127.0.0.1:9", access_key="MYKEY", secret_key="MYSECRET"))
    assert {one.check for one in found} == {"bucket"}
    assert "MYSECRET" not in str(found)


def test_a_server_that_checks_no_signatures_is_seen_through(moto: Server) -> None:
    bucket.init("lax", s3=moto.access)
    assert {check for _, check in wrong(examined("lax", moto.access))} >= {"strangers write", "signed put"}
    assert list(ObjectStore.open("s3://lax", moto.access).list()) == []


def test_a_server_that_replaces_what_should_only_be_created(moto: Server) -> None:
    bucket.init("lax", s3=moto.access)
    with faultproxy.before(moto.endpoint, faultproxy.Listed([])) as proxy:
        proxy.dropped = ("if-none-match",)
        proxy.answered = {"date": "Sat, 29 Feb 2020 12:00:00 GMT"}
        found = wrong(examined("lax", replace(moto.access, endpoint=proxy.endpoint)))
    assert "If-None-Match" in found["public", "create-only put"].remedy
    assert "NTP" in found["public", "clock"].remedy


Break = Callable[[str, Server], object]


def deny(action: str, *, private: bool = False) -> Break:
    """Take one permission from the keys, as an administrator's policy may."""

    def breaking(name: str, server: Server) -> None:
        name = f"{name}-private" if private else name
        client = client_for(server.access)
        statement = {
            "Sid": "Deny",
            "Effect": "Deny",
            "Principal": {"AWS": ["arn:aws:iam:::user/test"]},
            "Action": action,
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        }
        statements = [statement] if private else [statement, bucket.public_statement(name, "")]
        policy = {"Version": "2012-10-17", "Statement": statements}
        client.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))

    return breaking


def opened(action: str) -> Break:
    def breaking(name: str, server: Server) -> None:
        statement = {**bucket.public_statement(f"{name}-private", ""), "Sid": "Oops", "Action": action}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        client_for(server.access).put_bucket_policy(Bucket=f"{name}-private", Policy=json.dumps(policy))

    return breaking


def acl(kind: str) -> Break:
    return lambda name, server: client_for(server.access).put_bucket_acl(Bucket=f"{name}-private", ACL=kind)


def no_policy(name: str, server: Server) -> None:
    client_for(server.access).delete_bucket_policy(Bucket=name)


def no_cors(name: str, server: Server) -> None:
    client_for(server.access).delete_bucket_cors(Bucket=name)


def little_cors(name: str, server: Server) -> None:
    rule = {
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
    }
    client_for(server.access).put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})


def no_bucket(name: str, server: Server) -> None:
    client_for(server.access).delete_bucket(Bucket=f"{name}-private")


BROKEN: dict[str, tuple[Break, set[tuple[str, str]], str]] = {
    "nothing": (lambda *_: None, set(), ""),
    "no public policy": (no_policy, {("public", "strangers read")}, "OpenSpendingPublicRead"),
    "private bucket open": (opened("s3:GetObject"), {("private", "strangers read")}, "policy"),
    "private bucket open by ACL": (acl("public-read"), {("private", "strangers read")}, "--acl private"),
    "no CORS": (no_cors, {("public", "CORS")}, "put-bucket-cors"),
    "CORS without Content-Range": (little_cors, {("public", "CORS")}, "Content-Range"),
    "no delete": (
        deny("s3:DeleteObject"),
        {("public", "put, delete"), ("private", "copy to the other bucket")},
        "s3:DeleteObject",
    ),
    "no put": (
        deny("s3:PutObject", private=True),
        {("private", "put, delete"), ("public", "copy to the other bucket")},
        "s3:PutObject",
    ),
    "no list": (deny("s3:ListBucket"), {("public", "list")}, "s3:ListBucket"),
    "no parts": (deny("s3:ListMultipartUploadParts"), {("public", "upload in parts")}, "s3:ListMultipartUploadParts"),
    "no abort": (
        deny("s3:AbortMultipartUpload", private=True),
        {("private", "upload in parts")},
        "s3:AbortMultipartUpload",
    ),
    "no private bucket": (no_bucket, {("private", "bucket"), ("public", "copy to the other bucket")}, "datastore init"),
}

if has_radosgw():

    @pytest.mark.parametrize("what", BROKEN)
    def test_what_is_broken_is_named_and_nothing_else(radosgw: Server, what: str) -> None:
        breaking, expected, remedy = BROKEN[what]
        name = f"doctor{os.urandom(4).hex()}"
        bucket.init(name, s3=radosgw.access)
        breaking(name, radosgw)
        found = wrong(examined(name, radosgw.access))
        assert found.keys() == expected, [(one.check, one.said) for one in found.values()]
        assert not expected or any(remedy in one.remedy for one in found.values())
        stores = [f"s3://{name}", *([f"s3://{name}-private"] if what != "no private bucket" else [])]
        left = [key for url in stores if what != "no list" for key in ObjectStore.open(url, radosgw.access).list()]
        assert len(left) == (2 if what == "no delete" else 0)
        assert all(key in str(found) for key in left)

    def test_browsers_may_call_the_server_by_another_name(radosgw: Server) -> None:
        with faultproxy.before(radosgw.endpoint, faultproxy.Listed([])) as gateway:
            s3 = replace(radosgw.access, public_endpoint=gateway.endpoint)
            assert wrong(examined("suite", s3)) == {}
            assert "OPTIONS" in {method for method, _, _ in gateway.requests}
        gone = wrong(examined("suite", s3))
        assert {check for _, check in gone} == {"strangers read", "strangers write", "signed put", "CORS"}
        assert all(gateway.endpoint in one.said for one in gone.values())

    def test_wrong_keys_are_named(radosgw: Server) -> None:
        found = examined("suite", replace(radosgw.access, secret_key="WRONGSECRET"))
        assert [one.check for one in found] == ["bucket", "bucket"]
        assert "OS_SECRET_ACCESS_KEY" in found[0].remedy
        assert "WRONGSECRET" not in str(found)

    def test_the_policy_in_the_documents_is_enough_and_less_is_not(radosgw: Server) -> None:
        name = f"least{os.urandom(4).hex()}"
        bucket.init(name, s3=radosgw.access)
        (text,) = re.findall(r"```text\n(\{.*?)```", OPERATING.read_text(encoding="utf-8"), flags=re.DOTALL)
        allowed = json.loads(text.replace("datastore", name))["Statement"]
        # on Ceph, who has put an object, or begun an upload, may read it and list its parts anyway
        for lacking in (None, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket"):
            for store in (name, f"{name}-private"):
                statements = [{**one, "Principal": {"AWS": ["arn:aws:iam:::user/limited"]}} for one in allowed]
                for one in statements:
                    one["Action"] = [action for action in one["Action"] if action != lacking]
                    one["Resource"] = [arn for arn in one["Resource"] if arn.split("/")[0].endswith(f":{store}")]
                public = [bucket.public_statement(name, "")] if store == name else []
                policy = {
                    "Version": "2012-10-17",
                    "Statement": [*public, *(one for one in statements if one["Action"])],
                }
                client_for(radosgw.access).put_bucket_policy(Bucket=store, Policy=json.dumps(policy))
            found = wrong(examined(name, radosgw.limited.access))
            assert bool(found) == (lacking is not None), (lacking, [(one.check, one.said) for one in found.values()])
            assert lacking is None or lacking in str([one.remedy for one in found.values()])
