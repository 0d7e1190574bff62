"""A real browser sends a file straight to S3 from a page of another origin, and is stopped where the rules say so."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from openspending.datastore.objects import ObjectStore
from openspending.datastore.s3 import client_for
from openspending.datastore.signing import SMALLEST_PART, Signed, Signer
from tests.datastore.servers import Server, has_radosgw
from tests.datastore.test_signing import md5

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><meta charset="utf-8"><title>A page of another origin</title><pre id="told">nothing</pre>
<script>
const plan = %s, told = [];
const body = one => one.repeat ? new Uint8Array(one.repeat).fill(120) : one.body;
(async () => {
  for (const one of plan) {
    try {
      const answer = await fetch(one.url, {method: one.method, headers: one.headers, body: body(one)});
      const text = one.method === "GET" ? await answer.text() : "";
      const [etag, range] = ["ETag", "Content-Range"].map(name => answer.headers.get(name));
      told.push({status: answer.status, etag, range, text});
    } catch (error) { told.push({status: "blocked"}); }
  }
  document.getElementById("told").textContent = JSON.stringify(told);
})();
</script>"""


@dataclass
class Request:
    """What the page does: a signed request, as a browser sends it."""

    signed: Signed
    body: str | None = None
    repeat: int = 0
    extra: dict[str, str] | None = None

    def plan(self) -> dict[str, Any]:
        headers = {**self.signed.headers, **(self.extra or {})}
        headers.pop("Content-Length", None)  # the browser sets it, and lets no script do so
        return {
            "url": self.signed.url,
            "method": self.signed.method,
            "headers": headers,
            "body": self.body,
            "repeat": self.repeat,
        }


@contextmanager
def served(page: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode() if self.path == "/" else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def browse(requests: Sequence[Request], profile: Path) -> list[dict[str, Any]]:
    """What a page is told that makes these requests, one after another."""
    program = shutil.which("chromium")
    assert program is not None
    plan = json.dumps([one.plan() for one in requests]).replace("<", "\\u003c")
    with served(PAGE % plan) as url:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
        command = [program, *flags, f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom", url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert told is not None
    found: list[dict[str, Any]] = json.loads(html.unescape(told[1]))
    return found


if has_radosgw() and shutil.which("chromium"):

    def test_a_page_puts_what_was_signed_and_nothing_else(radosgw: Server, tmp_path: Path) -> None:
        objects = ObjectStore.open(f"s3://suite-private/browser-{os.urandom(4).hex()}", radosgw.access)
        client_for(radosgw.access).create_bucket(Bucket="no-cors")
        signer = Signer.for_store(objects, radosgw.access)
        elsewhere = Signer.for_store(ObjectStore.open("s3://no-cors", radosgw.access), radosgw.access)
        assert signer is not None
        assert elsewhere is not None
        data = "code,amount\nÄ,1\n"
        raw = data.encode()
        put = signer.put("a.csv", size=len(raw), md5=md5(raw), content_type="text/csv", seconds=60)
        other = signer.put("b.csv", size=len(raw), md5=md5(raw), content_type="text/csv", seconds=60)
        longer = signer.put("c.csv", size=3, content_type="text/csv", seconds=60)
        blocked = elsewhere.put("d.csv", size=len(raw), content_type="text/csv", seconds=60)
        upload = signer.start("big.csv")
        first = signer.part("big.csv", upload, 1, size=SMALLEST_PART, seconds=60)
        last = signer.part("big.csv", upload, 2, size=len(raw), md5=md5(raw), seconds=60)
        told = browse(
            [
                Request(put, data),
                Request(signer.get("a.csv", seconds=60), extra={"Range": "bytes=0-3"}),
                Request(other, data.replace("1", "2")),
                Request(longer, data),
                Request(blocked, data),
                Request(first, repeat=SMALLEST_PART),
                Request(last, data),
            ],
            tmp_path / "profile",
        )
        # Ceph says nothing of CORS when a signature does not fit, so the page sees that as a broken connection
        assert [one["status"] for one in told] == [200, 206, 400, "blocked", "blocked", 200, 200]
        assert told[1]["text"] == "code"
        assert told[1]["range"] == f"bytes 0-3/{len(raw)}"
        assert told[5]["etag"]
        assert objects.get("a.csv") == raw
        signer.complete("big.csv", upload, signer.parts("big.csv", upload))
        assert objects.get("big.csv") == b"x" * SMALLEST_PART + raw
        assert sorted(objects.list()) == ["a.csv", "big.csv"]
        assert list(ObjectStore.open("s3://no-cors", radosgw.access).list()) == []
