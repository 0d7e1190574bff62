"""The script `/user/lib` in a real browser: a page of another site signs in by a token, kept in memory alone."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stack import together

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><meta charset="utf-8"><title>A page of another site</title><pre id="told">nothing</pre>
<script src="%(address)s/user/lib"></script>
<script>
const {authenticate, authorize} = OpenSpendingAuth;
const told = {};
(async () => {
  told.address = location.search + location.hash;
  told.stored = JSON.stringify([localStorage, sessionStorage, document.cookie]);
  try {
    const found = await authenticate.check('%(address)s/');
    told.idhash = found.profile.idhash;
    told.token = found.token === authenticate.getToken() && found.token !== null;
    const permitted = await authorize.check(found.token, 'os.datastore');
    told.permissions = permitted.permissions;
    const announced = await fetch('%(address)s/datastore/', {
      method: 'POST', headers: {'Auth-Token': permitted.token}, credentials: 'omit', body: JSON.stringify(%(body)s)
    }).then(answer => answer.json());
    const one = announced.filedata['a.csv'];
    const query = new URLSearchParams(Object.entries(one.upload_query).map(([name, values]) => [name, values[0]]));
    const put = await fetch(one.upload_url + '?' + query, {
      method: 'PUT', headers: {'Content-MD5': one.md5, 'Content-Type': one.type}, credentials: 'omit', body: 'abc'
    });
    told.put = put.status;
    await authenticate.logout();
    told.after = authenticate.getToken();
  } catch (providers) { told.providers = Object.keys(providers); }
  document.getElementById('told').textContent = JSON.stringify(told);
})();
</script>"""


def page(address: str) -> str:
    file = {"name": "a", "length": 3, "md5": "kAFQmDzST7DWlj99KOF/cg==", "type": "text/csv"}
    body = {"metadata": {"owner": "admin", "name": "budget"}, "filedata": {"a.csv": file}}
    return PAGE % {"address": address, "body": json.dumps(body)}


@contextmanager
def served(text: str) -> Iterator[str]:
    """A page of another site, at every path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def browsed(url: str, profile: Path) -> dict[str, Any]:
    """What the page at `url` tells in a real browser."""
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
    command = [*flags, f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom", url]
    done = subprocess.run(["chromium", *command], capture_output=True, text=True, timeout=90, check=True)
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert told is not None, done.stdout
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found


if shutil.which("chromium"):

    def test_a_page_of_another_site_signs_in_uploads_and_keeps_nothing(tmp_path: Path) -> None:
        with together(tmp_path, {"OS_TOKEN_IN_QUERY": "yes"}) as platform, served(page(platform.address)) as elsewhere:
            code = platform.identity.line("#code=").partition("#code=")[2].split()[0]
            with httpx.Client(base_url=platform.address) as http:
                csrf = http.post("/v1/identity/sign-in", json={"code": code}).json()["csrf"]
                wanted = {"title": "page", "scopes": [{"actions": ["read", "import"], "datasets": "*"}], "days": 1}
                made = http.post("/v1/identity/tokens", json=wanted, headers={"X-CSRF-Token": csrf})
                token = made.json()["secret"]

            told = browsed(f"{elsewhere}/?a=1&jwt={token}#/x?jwt={token}", tmp_path / "profile")

        assert told == {
            "address": "?a=1#/x",
            "stored": '[{},{},""]',
            "idhash": "admin",
            "token": True,
            "permissions": {"datapackage-upload": True},
            "put": 200,
            "after": None,
        }
