"""`datastore init` on real S3 protocol servers, and what strangers may then do there."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.exceptions import ClientError

from openspending.datastore import bucket
from openspending.datastore.addresses import S3Access
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.errors import BadSettings, StoreError
from tests.datastore.packages import a_package, commit_to
from tests.datastore.servers import Server, has_radosgw

pytestmark = pytest.mark.slow


@cache
def client(server: Server) -> Any:
    return botocore.session.Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
    )


def ask(server: Server, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of a request that nobody signed."""
    connection = HTTPConnection(urlsplit(server.endpoint).netloc, timeout=30)
    try:
        body = b"x" if method == "PUT" else None
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_preparing_twice_does_the_same(server: Server) -> None:
    first = bucket.init("twice", s3=server.access)
    assert "The server removes unfinished uploads from twice-private after 7 days." in first
    settings = [client(server).get_bucket_policy(Bucket="twice")["Policy"], rules(server, "twice")]
    again = bucket.init("twice", s3=server.access)
    assert first[0] == "Made the bucket twice."
    assert again[0] == "The bucket twice is there."
    assert first[1:3] == again[1:3]
    assert [client(server).get_bucket_policy(Bucket="twice")["Policy"], rules(server, "twice")] == settings


def rules(server: Server, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client(server).get_bucket_cors(Bucket=name)["CORSRules"]
    return found


def test_policy_and_cors_are_those_of_the_datastore_notes(server: Server) -> None:
    statements = json.loads(client(server).get_bucket_policy(Bucket="suite")["Policy"])["Statement"]
    assert [(one["Effect"], one["Action"], one["Resource"]) for one in statements] == [
        ("Allow", "s3:GetObject", "arn:aws:s3:::suite/*")
    ]
    (rule,) = rules(server, "suite")
    assert rule["AllowedOrigins"] == ["*"]
    assert rule["AllowedHeaders"] == ["*"]
    assert set(rule["AllowedMethods"]) == {"GET", "PUT", "POST"}
    assert "Content-Range" in rule["ExposeHeaders"]


def test_what_others_have_set_is_kept(server: Server) -> None:
    s3 = client(server)
    s3.create_bucket(Bucket="shared")
    other = {"Sid": "Mine", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket"}
    statement = {**other, "Resource": "arn:aws:s3:::shared"}
    s3.put_bucket_policy(Bucket="shared", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    rule = {"ID": "mine", "AllowedOrigins": ["https://example.org"], "AllowedMethods": ["DELETE"]}
    s3.put_bucket_cors(Bucket="shared", CORSConfiguration={"CORSRules": [rule]})
    life = {"ID": "mine", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket="shared", LifecycleConfiguration={"Rules": [life]})
    for _ in range(2):
        bucket.init("s3://shared/public", "other", s3=server.access)
    policy = json.loads(s3.get_bucket_policy(Bucket="shared")["Policy"])
    assert [one["Sid"] for one in policy["Statement"]] == ["Mine", bucket.POLICY_ID]
    assert policy["Statement"][1]["Resource"] == "arn:aws:s3:::shared/public/*"
    assert {one["ID"] for one in rules(server, "shared")} == {"mine", bucket.CORS_ID}
    lives = s3.get_bucket_lifecycle_configuration(Bucket="shared")["Rules"]
    assert {one["ID"]: one.get("Expiration", {}).get("Days") for one in lives} == {"mine": 30, bucket.TIDY_ID: None}


def test_a_private_bucket_that_is_open_to_all_is_refused(server: Server) -> None:
    bucket.init("opened", s3=server.access)
    with pytest.raises(StoreError, match="lets anyone in"):
        bucket.init("opened-public", "opened", s3=server.access)
    client(server).create_bucket(Bucket="acl", ACL="public-read")
    with pytest.raises(StoreError, match="lets anyone in"):
        bucket.init("opened-public", "acl", s3=server.access)


@pytest.mark.parametrize("private", ["suite", "s3://suite/private"])
def test_one_bucket_cannot_be_both(private: str) -> None:
    with pytest.raises(BadSettings):
        bucket.init("suite", private, S3Access("http://127.0.0.1:9", access_key="k", secret_key="s"))


def test_keys_are_needed_and_a_silent_server_is_named() -> None:
    with pytest.raises(BadSettings):
        bucket.init("suite", s3=S3Access("http://127.0.0.1:9"))
    with pytest.raises(StoreError) as caught:
        bucket.init("suite", s3=S3Access("http://127.0.0.1:9", access_key="MYKEY", secret_key="MYSECRET"))
    assert "MYSECRET" not in str(caught.value)


def test_a_bucket_that_was_not_made_is_told_apart_from_an_absent_object(server: Server, folder: Path) -> None:
    store = open_datastore("never-made", s3=server.access).public
    with pytest.raises(StoreError, match="datastore init"):
        commit_to(store, a_package(folder))


def test_folders_are_made_and_memory_needs_nothing(tmp_path: Path) -> None:
    public = tmp_path / "a" / "public"
    first = bucket.init(public.as_uri())
    assert first == [f"Made the folder {public}.", f"Made the folder {public}-private."]
    assert bucket.init(public.as_uri()) == [f"The folder {public} is there.", f"The folder {public}-private is there."]
    assert len(bucket.init("memory://")) == 2
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        bucket.init((tmp_path / "file").as_uri(), public.as_uri())


if has_radosgw():

    @pytest.mark.slow
    def test_strangers_read_what_is_public_and_nothing_else(radosgw: Server) -> None:
        store = open_datastore("suite", s3=radosgw.access)
        for objects in (store.public, store.private):
            objects.put("ministry/x.csv", b"a,b\n1,2\n")
        assert ask(radosgw, "GET", "/suite/ministry/x.csv")[0] == 200
        status, headers = ask(radosgw, "GET", "/suite/ministry/x.csv", Range="bytes=2-3", Origin="https://example.org")
        assert (status, headers["content-range"]) == (206, "bytes 2-3/8")
        assert headers["access-control-allow-origin"] in ("*", "https://example.org")
        assert "content-range" in headers["access-control-expose-headers"].lower()
        assert headers["content-type"] == "text/csv"
        for method, path in (
            ("PUT", "/suite/ministry/x.csv"),
            ("PUT", "/suite/new"),
            ("DELETE", "/suite/ministry/x.csv"),
            ("GET", "/suite/"),
            ("GET", "/suite-private/ministry/x.csv"),
            ("HEAD", "/suite-private/ministry/x.csv"),
            ("GET", "/suite-private/"),
            ("PUT", "/suite-private/new"),
        ):
            assert ask(radosgw, method, path)[0] == 403, (method, path)
        assert store.public.get("ministry/x.csv") == b"a,b\n1,2\n"

    @pytest.mark.slow
    @pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
    def test_browsers_may_ask_from_any_origin(radosgw: Server, method: str) -> None:
        wanted = {"Access_Control_Request_Method": method, "Access_Control_Request_Headers": "range, x-custom"}
        status, headers = ask(radosgw, "OPTIONS", "/suite/x", Origin="https://example.org", **wanted)
        assert status == 200
        assert headers["access-control-allow-origin"] in ("*", "https://example.org")
        assert method in headers["access-control-allow-methods"]
        assert "x-custom" in headers["access-control-allow-headers"]

    @pytest.mark.slow
    def test_browsers_are_not_allowed_to_delete(radosgw: Server) -> None:
        wanted = {"Access_Control_Request_Method": "DELETE"}
        assert ask(radosgw, "OPTIONS", "/suite/x", Origin="https://example.org", **wanted)[0] == 403

    @pytest.mark.slow
    def test_without_keys_a_public_bucket_can_be_read_and_not_written(radosgw: Server) -> None:
        open_datastore("suite", s3=radosgw.access).public.put("open", b"x")
        stranger = ObjectStore.open("s3://suite", S3Access(radosgw.endpoint))
        assert stranger.get("open") == b"x"
        with pytest.raises(StoreError, match="credentials"):
            stranger.put("open", b"y")

    @pytest.mark.slow
    def test_a_wrong_secret_is_refused_and_not_repeated(radosgw: Server) -> None:
        stranger = ObjectStore.open("s3://suite", replace(radosgw.access, secret_key="WRONGSECRET"))
        for attempt in (lambda: stranger.get("x"), lambda: stranger.put("x", b""), lambda: list(stranger.list())):
            with pytest.raises(StoreError) as caught:
                attempt()
            assert "WRONGSECRET" not in str(caught.value)
            assert radosgw.access_key not in str(caught.value)
        with pytest.raises(StoreError):
            bucket.init("suite", s3=replace(radosgw.access, secret_key="WRONGSECRET"))


def test_a_server_with_cors_rules_of_its_own_keeps_them() -> None:
    class Minio:
        """MinIO, as far as this goes: it knows no such request."""

        def get_bucket_cors(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "GetBucketCors")

        def put_bucket_cors(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutBucketCors")

    assert "but its own" in bucket._cors(Minio(), "datastore")
