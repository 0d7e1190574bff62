"""Signed URLs on real S3 servers: what they let strangers do, and nothing else.

moto checks no signatures; what must be refused is asked of radosgw only.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest

from openspending.datastore.addresses import S3Access
from openspending.datastore.objects import ObjectStore
from openspending.datastore.signing import SMALLEST_PART, Signed, Signer
from openspending.datastore.store import open_datastore
from openspending.errors import BadQuery, NotFound
from tests.datastore.servers import Server, has_radosgw

pytestmark = pytest.mark.slow

BODY = b"code,amount\n1,2\n"
OFFLINE = S3Access("http://s3.internal:9000", access_key="k", secret_key="s", public_endpoint="https://s3.example.org")


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def send(signed: Signed, data: bytes = b"", **changed: str) -> tuple[int, bytes, dict[str, str]]:
    """What a stranger gets who does what `signed` says, but for the headers `changed`."""
    parts = urlsplit(signed.url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    headers = {**signed.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
    try:
        connection.request(signed.method, f"{parts.path}?{parts.query}", data or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def signer_for(server: Server, name: str = "suite") -> tuple[Signer, ObjectStore]:
    objects = ObjectStore.open(f"s3://{name}/signed-{os.urandom(4).hex()}", server.access)
    signer = Signer.for_store(objects, server.access)
    assert signer is not None
    return signer, objects


def test_folders_memory_and_strangers_have_nothing_to_sign_with() -> None:
    assert Signer.for_store(ObjectStore.open("memory://"), OFFLINE) is None
    assert Signer.for_store(ObjectStore.open("s3://bucket"), S3Access("http://127.0.0.1:9")) is None


def test_length_hash_and_type_are_signed_and_the_name_is_the_public_one() -> None:
    signer = Signer.for_store(ObjectStore.open("s3://bucket/prefix", OFFLINE), OFFLINE)
    assert signer is not None
    signed = signer.put("a/b c.csv", size=3, md5=md5(b"abc"), content_type="text/csv", seconds=60)
    assert signed.url.startswith("https://s3.example.org/bucket/prefix/a/b%20c.csv?")
    assert signed.headers == {"Content-Length": "3", "Content-MD5": md5(b"abc"), "Content-Type": "text/csv"}
    (names,) = parse_qs(urlsplit(signed.url).query)["X-Amz-SignedHeaders"]
    assert names.split(";") == ["content-length", "content-md5", "content-type", "host"]
    url, query = signed.apart()
    assert url == "https://s3.example.org/bucket/prefix/a/b%20c.csv"
    assert query["X-Amz-Expires"] == ["60"]
    assert all(len(values) == 1 for values in query.values())
    assert "content-length" in signer.part("k", "id", 1, size=5, seconds=60).url
    wrong: list[Callable[[], Signed]] = [
        lambda: signer.put("a/../b", size=1, seconds=60),
        lambda: signer.put("a", size=5 * 1024**3 + 1, seconds=60),
        lambda: signer.put("a", size=1, seconds=0),
        lambda: signer.get("a", seconds=8 * 24 * 3600),
        lambda: signer.part("a", "id", 10_001, size=1, seconds=60),
    ]
    for attempt in wrong:
        with pytest.raises(BadQuery):
            attempt()


def test_where_no_type_is_wanted_none_is_signed() -> None:
    signer = Signer.for_store(ObjectStore.open("s3://bucket", OFFLINE), OFFLINE)
    assert signer is not None
    for kind, headers in (
        ("", "content-length;content-md5;host"),
        (None, "content-length;content-md5;content-type;host"),
    ):
        signed = signer.put("a", size=1, md5=md5(b"x"), content_type=kind, seconds=60)
        assert signed.apart()[1]["X-Amz-SignedHeaders"] == [headers]
        assert ("Content-Type" in signed.headers) is (kind is None)


def test_a_stranger_puts_and_gets_one_object(server: Server) -> None:
    signer, objects = signer_for(server, "suite-private")
    put = signer.put("a.csv", size=len(BODY), md5=md5(BODY), content_type="text/csv", seconds=60)
    assert send(put, BODY)[0] == 200
    assert objects.get("a.csv") == BODY
    status, body, headers = send(signer.get("a.csv", seconds=60, filename="Dépenses, 2026.csv"))
    assert (status, body, headers["content-type"]) == (200, BODY, "text/csv")
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''D%C3%A9penses%2C%202026.csv"
    assert send(signer.get("a.csv", seconds=60), Range="bytes=1-2")[:2] == (206, BODY[1:3])


def test_an_upload_in_parts_goes_on_where_it_stopped(server: Server) -> None:
    signer, objects = signer_for(server)
    first, last = os.urandom(SMALLEST_PART), b"the rest"
    upload = signer.start("big.csv", "text/csv")
    assert signer.parts("big.csv", upload) == []
    for number, data in ((2, last), (1, b"x" * 10), (1, first)):  # in any order, and again
        assert send(signer.part("big.csv", upload, number, size=len(data), md5=md5(data), seconds=60), data)[0] == 200
    assert not objects.exists("big.csv")
    parts = signer.parts("big.csv", upload)
    assert [(one.number, one.size) for one in parts] == [(1, len(first)), (2, len(last))]
    signer.complete("big.csv", upload, parts)
    assert objects.get("big.csv") == first + last
    signer.complete("big.csv", upload, parts)  # the first answer may have been lost
    signer.abort("big.csv", upload)
    assert objects.exists("big.csv")


def test_an_abandoned_upload_is_gone(server: Server) -> None:
    signer, objects = signer_for(server)
    upload = signer.start("never.csv")
    assert send(signer.part("never.csv", upload, 1, size=4, seconds=60), b"data")[0] == 200
    parts = signer.parts("never.csv", upload)
    signer.abort("never.csv", upload)
    signer.abort("never.csv", upload)
    with pytest.raises(NotFound):
        signer.parts("never.csv", upload)
    with pytest.raises(NotFound):
        signer.complete("never.csv", upload, parts)
    assert not objects.exists("never.csv")


if has_radosgw():

    @pytest.fixture
    def strict(radosgw: Server) -> tuple[Signer, ObjectStore]:
        return signer_for(radosgw)

    def test_other_bytes_than_the_signed_ones_are_refused(strict: tuple[Signer, ObjectStore]) -> None:
        signer, objects = strict
        put = signer.put("a.csv", size=len(BODY), md5=md5(BODY), content_type="text/csv", seconds=60)
        other = bytes(reversed(BODY))
        attempts = {
            "other bytes": send(put, other),
            "other bytes and their MD5": send(put, other, Content_MD5=md5(other)),
            "more bytes": send(replace(put, headers={**put.headers, "Content-Length": "17"}), BODY + b"x"),
            "another type": send(put, BODY, Content_Type="text/html"),
            "no MD5": send(replace(put, headers={k: v for k, v in put.headers.items() if k != "Content-MD5"}), BODY),
            "another key": send(replace(put, url=put.url.replace("a.csv", "b.csv")), BODY),
            "another method": send(replace(put, method="DELETE", headers={}), b""),
            "a wrong secret": send(replace(put, url=put.url[:-1] + ("0" if put.url[-1] != "0" else "1")), BODY),
        }
        assert {name: answer[0] for name, answer in attempts.items() if answer[0] not in (400, 403)} == {}
        assert list(objects.list()) == []

    def test_a_part_of_other_bytes_is_refused(strict: tuple[Signer, ObjectStore]) -> None:
        signer, _ = strict
        upload = signer.start("big.csv")
        part = signer.part("big.csv", upload, 1, size=4, md5=md5(b"data"), seconds=60)
        assert send(part, b"atad")[0] == 400
        assert send(replace(part, headers={**part.headers, "Content-Length": "5"}), b"data!")[0] == 403
        assert send(replace(part, url=part.url.replace("partNumber=1", "partNumber=2")), b"data")[0] == 403
        assert signer.parts("big.csv", upload) == []
        signer.abort("big.csv", upload)

    def test_a_signature_expires(strict: tuple[Signer, ObjectStore]) -> None:
        signer, objects = strict
        put, get = signer.put("a.csv", size=len(BODY), seconds=1), signer.get("a.csv", seconds=1)
        time.sleep(2.1)
        assert send(put, BODY)[0] == 403
        assert send(get)[0] == 403
        assert not objects.exists("a.csv")

    def test_signed_for_one_bucket_is_not_signed_for_the_other(radosgw: Server) -> None:
        open_datastore("suite", s3=radosgw.access).private.put("secret.csv", BODY)
        signer = Signer.for_store(ObjectStore.open("s3://suite", radosgw.access), radosgw.access)
        assert signer is not None
        get = signer.get("secret.csv", seconds=60)
        assert send(replace(get, url=get.url.replace("/suite/", "/suite-private/")))[0] == 403
