"""An OpenSpending with accounts, datasets and a worker, and browsers that are signed in: for tests of `/manage`."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from openspending.assembly.composed import composed
from openspending.assembly.parts import Parts
from openspending.assembly.working import working
from openspending.cli.demo import packages
from openspending.database.engine import alone
from openspending.identity import accounts, links, organisations
from openspending.identity.names import NameRules
from openspending.publishing import publish
from openspending.settings import read_settings

Browser = TestClient[Any]
BASE = "http://testserver.local"


@dataclass
class Desk:
    """What tests work with. `ada` is an account, and an admin of the organisation `ministry`; `bob` reads there."""

    parts: Parts
    application: Any

    def nobody(self) -> Browser:
        """A browser of nobody."""
        return TestClient(self.application, base_url=BASE)

    def signed_in(self, name: str, agent: str = "") -> Browser:
        """A browser of that person, which says that it is `agent`."""
        browser = self.nobody()
        browser.headers["User-Agent"] = agent
        with self.parts.engine.connect() as connection:
            code = links.sign_in(self.parts.engine, accounts.named(connection, name).id)
        assert browser.post("/v1/identity/sign-in", json={"code": code}).status_code == 200
        return browser

    def dataset(self, name: str, *, public: bool = False) -> str:
        """A new dataset `ministry/{name}`; the path on which it is managed."""
        store = self.parts.store.public if public else self.parts.store.private
        publish(str(_package()), owner="ministry", name=name, store=store, message="The first figures")
        return f"/manage/ministry/{name}"


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """All of it, with the dataset `ministry/budget`, which is private and stays so."""
    with Parts(read_settings({}, data=folder / "data")) as parts:
        rules = NameRules(lambda _: None, lambda _: False)
        with alone(parts.installation.engine, 1) as connection:
            ada = accounts.create(connection, "ada", title="Ada <b>Lovelace</b>", named=True)
            bob = accounts.create(connection, "bob", named=True)
            made = organisations.create(connection, "ministry", "Ministry", ada, rules)
            organisations.put_member(connection, made.id, bob.id, "viewer")
        application = composed(parts)
        with TestClient(application, base_url=BASE), working(parts, 1):
            found = Desk(parts, application)
            found.dataset("budget")
            yield found


def _package() -> Path:
    (package,) = [one for one in packages() if one.name == "suginami-2013"]
    return package


def word(page: str) -> str:
    """The word in the forms of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def send(browser: Browser, path: str, fields: Mapping[str, Any] | None = None, form: str = "") -> Any:
    """What is answered to the form of the page at `path` (it is sent to `form`, else there), filled with `fields`."""
    data = {"csrf": word(browser.get(path).text), **(fields or {})}
    return browser.post(form or path, data=data, follow_redirects=False)


def start_import(browser: Browser, name: str, content: bytes, **more: Any) -> str:
    """Begin to import a file into `ministry/{name}`; the id of the job."""
    headers = {"X-CSRF-Token": browser.get("/v1/identity/me").json()["csrf"]}
    digest = hashlib.sha256(content).hexdigest()
    body = {"owner": "ministry", "filename": f"{name}.csv", "size": len(content), "sha256": digest}
    upload = browser.post("/v1/uploads", json=body, headers=headers).json()
    browser.put(upload["parts"]["send"]["url"], content=content, headers=headers)
    browser.post(upload["links"]["complete"], headers=headers)
    wanted = {"owner": "ministry", "name": name, "files": [{"upload": upload["id"]}], **more}
    return str(browser.post("/v1/imports", json=wanted, headers=headers).json()["id"])


def ended(browser: Browser, job: str) -> dict[str, Any]:
    """The job, when it has ended."""
    deadline = time.monotonic() + 20
    while True:
        found: dict[str, Any] = browser.get(f"/v1/jobs/{job}").json()
        if found["state"] not in {"queued", "running"} or time.monotonic() > deadline:
            return found
        time.sleep(0.02)
