"""The conductor over a folder and SQLite, with the recognition of actors, a worker, and clients that hold tokens."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.testing import TestClient
from sqlalchemy import insert

from openspending import web
from openspending.actor import Scope
from openspending.conductor import Conductor, Sent, router, with_staged
from openspending.database.engine import alone, migrate, now, open_database
from openspending.datastore.layout import check_owner
from openspending.datastore.store import DataStore, open_datastore
from openspending.identity import accounts, robots, sessions
from openspending.identity.authentication import ACCESS_COOKIES, Authenticated
from openspending.identity.endings import Endings
from openspending.identity.installation import Installation
from openspending.identity.keys import Keys
from openspending.identity.names import NameRules
from openspending.identity.schema import SIGNING_KEYS
from openspending.identity.tokens import SigningKey
from openspending.jobs import Jobs, Worker
from openspending.write_api import Limits, Writing, handlers

BASE = "http://testserver.local"
KEY = SigningKey.new()


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


@dataclass
class Place:
    """A conductor, its parts, and a client without cookies."""

    client: TestClient[Any]
    conductor: Conductor
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> DataStore:
        return self.conductor.writing.store

    def join(self, name: str, **more: Any) -> str:
        """A new account with a robot's token, which is its user token."""
        engine = self.conductor.installation.engine
        with alone(engine, 1) as connection:
            self.ids[name] = accounts.create(connection, name, **{"named": True, "title": name.title(), **more}).id
        _, self.tokens[name] = robots.create(engine, self.ids[name], title="test", scopes=None)
        return self.tokens[name]

    def robot(self, name: str, *actions: str) -> str:
        engine = self.conductor.installation.engine
        return robots.create(engine, self.ids[name], title="test", scopes=[Scope(actions)])[1]

    def permission(self, name: str, service: str = "os.datastore") -> str:
        headers = {"Auth-Token": self.tokens[name]}
        answer = self.client.get("/user/authorize", params={"service": service}, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def ask(self, method: str, path: str, name: str | None = None, **more: Any) -> Any:
        """As the account of this name, by its permission token."""
        headers = {**more.pop("headers", {}), **({"Auth-Token": self.permission(name)} if name else {})}
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    def announce(self, files: Mapping[str, bytes], name: str, owner: str, package: str = "budget") -> Any:
        filedata = {
            path: {"name": path, "length": len(content), "md5": md5(content), "type": "application/octet-stream"}
            for path, content in files.items()
        }
        body = {"metadata": {"owner": owner, "name": package}, "filedata": filedata}
        return self.ask("POST", "/datastore/", name, json=body)

    def put(self, told: Mapping[str, Any], content: bytes, **headers: str) -> Any:
        """Send a file as an old client does, to the URL and with the query that it was told."""
        said = {"Content-MD5": md5(content), "Content-Type": "application/octet-stream", **headers}
        url = told["upload_url"].removeprefix(BASE)
        return self.client.put(url, params=told["upload_query"], content=content, headers=said)

    def upload(self, files: Mapping[str, bytes], name: str, package: str = "budget") -> str:
        """Announce and send all files; the URL of the descriptor."""
        answer = self.announce(files, name, name, package)
        assert answer.status_code == 200, answer.text
        told = answer.json()["filedata"]
        for path, content in files.items():
            assert self.put(told[path], content).status_code == 200
        return str(told["datapackage.json"]["upload_url"])

    def cookies(self, name: str) -> dict[str, str]:
        """The header Cookie of a signed-in browser."""
        installation = self.conductor.installation
        session, secret = sessions.start(installation.engine, self.ids[name])
        token = installation.access_token(session)
        return {"Cookie": f"os_session={secret}; {ACCESS_COOKIES[0]}={token}"}


def composed(conductor: Conductor) -> Any:
    """As the assembly composes it."""
    app = Litestar(
        [router(conductor)],
        exception_handlers={**web.EXCEPTION_HANDLERS, HTTPException: web.http_problem},
        before_send=[web.open_to_all, web.name_request, web.keep_closed],
        openapi_config=None,
        logging_config=None,
    )
    installation = conductor.installation
    known = Authenticated(app, conductor.tokens.verifier, installation.robot)
    return Sent(known, in_parameter=conductor.in_parameter)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    with engine.begin() as connection:
        row = {"kid": KEY.kid, "private_pem": KEY.private_pem(), "created": now(), "signs_from": now()}
        connection.execute(insert(SIGNING_KEYS).values(**row))
    engine.dispose()
    return path


def place_in(
    folder: Path, database: Path, *, in_parameter: bool = False, limits: Limits | None = None
) -> Iterator[Place]:
    engine = open_database(f"sqlite:///{shutil.copy(database, folder)}")
    store = open_datastore((folder / "public").as_uri(), (folder / "private").as_uri())
    rules = NameRules(check_owner, lambda _: False)
    installation = Installation(
        engine, Keys(engine, lambda _: None, "openspending"), rules, Endings(engine, lambda _: None), BASE
    )
    jobs = Jobs(engine)
    writing = Writing.over(store, engine, jobs, limits=limits or Limits())
    conductor = Conductor.over(writing, installation, in_parameter=in_parameter)
    does = handlers(writing)
    worker = Worker(jobs, {**does, "import": with_staged(writing, does["import"])}, 1, poll=0.05)
    worker.start()
    try:
        with TestClient(composed(conductor), base_url=BASE, raise_server_exceptions=False) as client:
            yield Place(client, conductor)
    finally:
        worker.stop()
        engine.dispose()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Place]:
    """A conductor for the tests of one file, with the accounts ada and bob."""
    for one in place_in(tmp_path_factory.mktemp("place"), empty_database):
        one.join("ada", email="ada@example.org")
        one.join("bob")
        yield one


@pytest.fixture(scope="module")
def lenient(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Place]:
    """… one that takes tokens as the parameter `jwt`."""
    for one in place_in(tmp_path_factory.mktemp("lenient"), empty_database, in_parameter=True):
        one.join("ada")
        one.join("bob")
        yield one
