"""The sign-in page in a real browser: its script may run, and does what it says."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest

from tests.servers import openspending, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no browser here"),
]

# A person in a window: opens the link, presses the button, comes back, opens the link again.
PERSON = """<!doctype html><meta charset="utf-8"><title>A person</title>
<script>
const link = %s, told = {};
const wait = async found => { for (let i = 0; i < 200 && !found(); i++) await new Promise(go => setTimeout(go, 50)); };
const told_by = async (address, more) => { const answer = await fetch(address, more); return answer.status; };
(async () => {
  const page = open(link);
  await wait(() => page.document.querySelector("button") && page.document.forms[0].elements.code.value);
  told.address = page.location.pathname + page.location.search + page.location.hash;
  page.document.querySelector("button").click();
  await wait(() => page.location.pathname === "/v1/identity/jwks.json");
  told.then = page.location.pathname;
  const me = await (await fetch("/v1/identity/me")).json();
  told.name = me.name;
  told.cookie = document.cookie;
  told.without = await told_by("/v1/identity/tokens", {method: "POST", body: "{}"});
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": me.csrf};
  told.with = await told_by("/v1/identity/tokens", {method: "POST", headers, body: '{"title": "x"}'});
  const again = open(link);
  await wait(() => again.document.querySelector("button") && again.document.forms[0].elements.code.value);
  again.document.querySelector("button").click();
  await wait(() => again.document.querySelector(".said").textContent);
  told.again = again.document.querySelector(".said").textContent;
  told.out = await told_by("/sign-out", {method: "POST"});
  told.gone = await told_by("/v1/identity/me");
})().catch(error => { told.error = String(error); })
  .then(() => fetch("/told", {method: "POST", body: JSON.stringify(told)}));
</script>"""


@contextmanager
def beside(server: str, page: str, told: Queue[dict[str, Any]]) -> Iterator[str]:
    """The server with one page more, of the same origin, which puts what it found into `told`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/person":
                self._send(200, [("Content-Type", "text/html")], page.encode())
                return
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.path == "/told":
                told.put(json.loads(body))
                self._send(204, [], b"")
                return
            headers = [(name, value) for name, value in self.headers.items() if name.lower() != "accept-encoding"]
            headers.append(("Accept-Encoding", "identity"))
            found = httpx.request(self.command, server + self.path, headers=headers, content=body)
            kept = [(name, value) for name, value in found.headers.multi_items() if name != "content-length"]
            self._send(found.status_code, kept, found.content)

        do_POST = do_GET  # noqa: N815 - the parent's name

        def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as front:
        thread = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{front.server_port}"
        finally:
            front.shutdown()
            thread.join()


@contextmanager
def browsing(address: str, profile: Path) -> Iterator[None]:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-popup-blocking"]
    command = ["chromium", *flags, f"--user-data-dir={profile}", "--remote-debugging-port=0", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
        try:
            yield
        finally:
            browser.terminate()


def test_a_person_signs_in_by_a_link(tmp_path: Path) -> None:
    data = tmp_path / "data"
    invited = openspending("--data", str(data), "accounts", "invite", "ada@example.org")
    code = invited.stdout.strip().partition("#code=")[2]
    link = f"/sign-in?next=/v1/identity/jwks.json#code={code}"
    answers: Queue[dict[str, Any]] = Queue()
    with (
        serving(data) as server,
        beside(server.address, PERSON % json.dumps(link), answers) as address,
        browsing(f"{address}/person", tmp_path / "profile"),
    ):
        told = answers.get(timeout=60)
    assert told.pop("again").startswith("The link does not hold")
    assert told == {
        "address": "/sign-in?next=/v1/identity/jwks.json",  # the code is in no history
        "then": "/v1/identity/jwks.json",
        "name": "ada",
        "cookie": "",  # no script can read them
        "without": 403,
        "with": 201,
        "out": 204,
        "gone": 401,
    }
