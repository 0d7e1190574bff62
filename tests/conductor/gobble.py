"""The protocol of gobble, the original's client for Python, written anew from its description.

It knows one HTTP session, a browser on the same machine in which somebody signs in, and where the server's files are.
Its tokens go into addresses, and it asks for the status of a package with none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

LISTENS_AT = "http://127.0.0.1:8001/"
POLL = 0.2  # seconds; 5 in the original

Browser = Callable[[str], str]  # follows an address, and tells where it is sent in the end


@dataclass
class User:
    """Somebody who uses gobble with a server."""

    http: httpx.Client
    browser: Browser
    token: str = ""
    profile: dict[str, Any] = field(default_factory=dict)
    permission: str = ""

    def sign_in(self) -> None:
        """Ask who one is; if nobody, have the browser sign in, and listen for the token."""
        told = self.get("/user/check", next=LISTENS_AT)
        if not told["authenticated"]:
            sent_to = self.browser(told["providers"]["google"]["url"])
            assert sent_to.startswith(LISTENS_AT)
            (self.token,) = parse_qs(urlsplit(sent_to).query)["jwt"]
            told = self.get("/user/check", jwt=self.token)
        assert told["authenticated"] is True
        self.profile = told["profile"]
        self.permission = self.get("/user/authorize", jwt=self.token, service="os.datastore")["token"]

    @property
    def id(self) -> str:
        return str(self.profile["idhash"])

    def get(self, path: str, **query: str) -> Any:
        return handled(self.http.get(path, params=query))

    def post(self, path: str, body: Any = None, **query: str) -> Any:
        return handled(self.http.post(path, params=query, json=body))

    def search(self, words: str = "", **keys: str) -> list[dict[str, Any]]:
        """Packages with these words, and these values of their members; private ones too."""
        query = {f"package.{name}": json.dumps(value) for name, value in keys.items()}
        query |= {"q": json.dumps(words)} if words else {}
        return list(self.get("/search/package", jwt=self.token, size="100", **query))


@dataclass
class Package:
    """A data package on disk, which is uploaded for a user."""

    descriptor: Path
    user: User
    store: str  # the URL under which the folders of owners are

    @property
    def name(self) -> str:
        return str(json.loads(self.descriptor.read_bytes())["name"])

    @property
    def id(self) -> str:
        return f"{self.user.id}:{self.name}"

    @property
    def url(self) -> str:
        """Of the uploaded descriptor, as gobble makes it up."""
        return f"{self.store}/{self.user.id}/{self.name}/{self.descriptor.name}"

    def upload(self) -> None:
        """Send all files, and have them loaded."""
        files = [one for one in self.descriptor.parent.iterdir() if one.is_file()]
        filedata = {one.name: announced(one) for one in files}
        body = {"metadata": {"owner": self.user.id, "name": self.name}, "filedata": filedata}
        told = self.user.post("/datastore/", body, jwt=self.user.permission)["filedata"]
        for one in files:
            self._put(one, told[one.name])
        told = self.user.post("/package/upload", jwt=self.user.permission, datapackage=self.url)
        assert told == {"progress": 0, "status": "queued"}
        deadline = time.monotonic() + 60
        while (found := self.status())["status"] != "done":
            assert found["status"] != "fail", found
            assert time.monotonic() < deadline, found
            time.sleep(POLL)

    def _put(self, file: Path, told: dict[str, Any]) -> None:
        query = {name: values[0] for name, values in told["upload_query"].items()}
        headers = {"Content-Length": str(told["length"]), "Content-MD5": told["md5"], "Content-Type": told["type"]}
        sent = httpx.put(told["upload_url"], params=query, headers=headers, content=file.read_bytes())
        assert sent.status_code == 200, sent.text

    def status(self) -> dict[str, Any]:
        return dict(self.user.get("/package/status", datapackage=self.url))

    def toggle(self, *, public: bool) -> None:
        told = self.user.post("/package/publish", jwt=self.user.permission, id=self.id, publish=str(public))
        assert told == {"success": True, "published": public}


def announced(file: Path) -> dict[str, Any]:
    content = file.read_bytes()
    md5 = base64.b64encode(hashlib.md5(content).digest()).decode()
    kind = "text/csv" if file.suffix == ".csv" else "application/octet-stream"
    return {"name": file.stem, "length": len(content), "md5": md5, "type": kind}


def handled(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path} {answer.status_code} {answer.text}"
    return answer.json()


def address_of(package: Package) -> str:
    """The path of the package's cube in the Read API."""
    return f"/api/3/cubes/{quote(package.id, safe='')}"
