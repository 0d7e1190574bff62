"""An OpenSpending with accounts, datasets and a worker, and browsers that are signed in: for tests of `/manage`."""

from __future__ import annotations

import re
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

    def signed_in(self, name: str) -> Browser:
        """A browser of that person."""
        browser = TestClient(self.application, base_url=BASE)
        with self.parts.engine.connect() as connection:
            code = links.sign_in(self.parts.engine, accounts.named(connection, name).id)
        assert browser.post("/v1/identity/sign-in", json={"code": code}).status_code == 200
        return browser


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """All of it; the dataset is `ministry/budget`, which is private, and `ministry/open`, which is public."""
    (package,) = [one for one in packages() if one.name == "suginami-2013"]
    with Parts(read_settings({}, data=folder / "data")) as parts:
        publish(str(package), owner="ministry", name="budget", store=parts.store.private, message="The first figures")
        publish(str(package), owner="ministry", name="open", store=parts.store.public)
        rules = NameRules(lambda _: None, lambda _: False)
        with alone(parts.installation.engine, 1) as connection:
            ada = accounts.create(connection, "ada", title="Ada <b>Lovelace</b>", named=True)
            bob = accounts.create(connection, "bob", named=True)
            made = organisations.create(connection, "ministry", "Ministry", ada, rules)
            organisations.put_member(connection, made.id, bob.id, "viewer")
        application = composed(parts)
        with TestClient(application, base_url=BASE), working(parts, 1):
            yield Desk(parts, application)


def send(browser: Browser, path: str, fields: Mapping[str, Any], form: str = "") -> Any:
    """What is answered to the form of the page at `path` (which is sent to `form`, else there), filled with `fields`."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get(path).text)
    assert found, browser.get(path).text
    return browser.post(form or path, data={"csrf": found[1], **fields}, follow_redirects=False)
