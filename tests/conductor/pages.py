"""A page of another site, which uses the script `/user/lib` in a real browser."""

from __future__ import annotations

import html
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

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
