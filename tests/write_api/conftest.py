"""A Write API over a folder and SQLite, asked as different actors.

The header `As` names the actor of a request; nothing else of Identity is here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from openspending import web, write_api
from openspending.actor import NOBODY, Actor
from openspending.actor import Scope as TokenScope
from openspending.database.engine import migrate, open_database
from openspending.datastore import homes
from openspending.datastore.addresses import ANONYMOUS, S3Access
from openspending.datastore.store import DataStore, open_datastore
from openspending.importing import Wish, import_files
from openspending.jobs import Jobs, Worker
from openspending.write_api import Limits, Writing, handlers

MIB = 1024 * 1024
BUDGET = b"Year;Code;Ministry;Approved\n2026;01;Health;1200\n2026;02;Education;3400\n2026;03;Transport;1125\n"
ANSWERS = {"currency": "EUR"}


def member(role: str, **more: Any) -> Actor:
    return Actor(account=f"id-{role}", name=role.capitalize(), roles={"treasury": role}, **more)


def robot(*actions: str, datasets: str = "*") -> Actor:
    return member("admin", scopes=(TokenScope(actions, datasets),), token="t1")


ACTORS: Mapping[str, Actor] = {
    "nobody": NOBODY,
    "stranger": Actor(account="id-stranger", name="Stranger", roles={"id-stranger": "admin"}),
    "viewer": member("viewer"),
    "editor": member("editor"),
    "publisher": member("publisher"),
    "admin": member("admin"),
    "root": Actor(account="id-root", name="Root", administrator=True),
    "guest": Actor(account="id-guest", name="Guest", grants={"treasury/budget": "editor"}),
    "reading robot": robot("read"),
    "importing robot": robot("read", "import"),
    "budget robot": robot("read", "import", datasets="treasury/budget*"),
    "other robot": robot("read", "import", "publish", "administer", datasets="other/*"),
}


class As:
    """Sets the actor that the header `As` names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            names = [value.decode() for name, value in scope["headers"] if name == b"as"]
            scope["openspending.actor"] = ACTORS[names[0] if names else "nobody"]  # type: ignore[typeddict-unknown-key]
        await self.app(scope, receive, send)


@dataclass
class Place:
    """A Write API, its parts, and a client."""

    client: TestClient[Any]
    writing: Writing
    s3: S3Access = field(default=ANONYMOUS)

    def ask(self, method: str, path: str, actor: str = "editor", **more: Any) -> Any:
        headers = {"As": actor, **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def announce(self, content: bytes, actor: str = "editor", **more: Any) -> Any:
        body = {"owner": "treasury", "filename": "budget.csv", "size": len(content), "sha256": sha256(content), **more}
        return self.ask("POST", "/v1/uploads", actor, json=body)

    def upload(self, content: bytes, actor: str = "editor", **more: Any) -> str:
        """The id of a complete upload."""
        found = self.announce(content, actor, **more).json()
        parts = found["parts"]
        for number in range(1, parts["count"] + 1):
            part = content[(number - 1) * parts["size"] : number * parts["size"]]
            assert self.ask("PUT", f"/v1/uploads/{found['id']}/parts/{number}", actor, content=part).status_code == 204
        done = self.ask("POST", f"/v1/uploads/{found['id']}/complete", actor)
        assert done.status_code == 200, done.text
        return str(found["id"])

    def start_import(
        self, *files: Any, actor: str = "editor", headers: Mapping[str, str] | None = None, **more: Any
    ) -> Any:
        """The answer to an import of uploads, by their ids, or of files as they stand in a body."""
        listed = [one if isinstance(one, dict) else {"upload": one} for one in files]
        body = {"owner": "treasury", "name": "budget", "files": listed, "answers": ANSWERS, **more}
        return self.ask("POST", "/v1/imports", actor, json=body, headers=headers or {})

    def imported(self, content: bytes = BUDGET, **more: Any) -> Any:
        """The finished job of an import of one file."""
        answer = self.start_import(self.upload(content), **more)
        assert answer.status_code == 202, answer.text
        return self.finished(answer)

    def finished(self, answer: Any) -> Any:
        """The job of an answer, done by the worker, as JSON."""
        assert answer.status_code == 202, answer.text
        job = answer.headers["location"].rpartition("/")[2]
        self.writing.jobs.wait(job, 20)
        return self.ask("GET", f"/v1/jobs/{job}", "root").json()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def app_of(writing: Writing) -> ASGIApp:
    return As(
        Litestar(
            [write_api.router(writing)],
            exception_handlers={**web.EXCEPTION_HANDLERS, HTTPException: web.http_problem},
            before_send=[web.open_to_all, web.name_request, web.name_language, web.keep_closed],
            openapi_config=None,
            logging_config=None,
        )
    )


def store_in(folder: Path) -> DataStore:
    return open_datastore((folder / "public").as_uri(), (folder / "private").as_uri())


@pytest.fixture
def limits() -> Limits:
    return Limits(upload_size=10 * MIB, quota=20 * MIB, part=MIB, uploads=20, waiting=20)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stores in which there is a private dataset of one revision."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "budget.csv").write_bytes(BUDGET)
    wish = Wish((str(folder / "budget.csv"),), given=ANSWERS)
    private = homes.place(store_in(folder), "treasury", "budget").objects
    import_files(wish, owner="treasury", name="budget", store=private, author="Editor")
    return folder


@pytest.fixture
def place(tmp_path: Path, limits: Limits) -> Iterator[Place]:
    """A Write API of its own for each test, in a folder."""
    engine = open_database(f"sqlite:///{tmp_path / 'writing.sqlite'}")
    migrate(engine)
    writing = Writing.over(store_in(tmp_path), engine, Jobs(engine), limits=limits, private_hosts=True)
    with TestClient(app_of(writing)) as client:
        yield Place(client, writing)
    engine.dispose()


@pytest.fixture
def budget(place: Place, template: Path, tmp_path: Path) -> Place:
    """… with a private dataset, treasury/budget, of one revision."""
    for one in ("public", "private"):
        shutil.copytree(template / one, tmp_path / one, dirs_exist_ok=True)
    return place


@pytest.fixture
def made(budget: Place, work: Place) -> Place:
    """… and a worker."""
    assert budget is work
    return work


@pytest.fixture
def work(place: Place) -> Iterator[Place]:
    """… with a worker that does its jobs."""
    worker = Worker(place.writing.jobs, handlers(place.writing), 2, poll=0.05)
    worker.start()
    yield place
    worker.stop()
