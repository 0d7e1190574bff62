"""An installation over a new database, and the application of its routes behind the recognition of actors."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine, insert

from openspending.database.engine import alone, migrate, now, open_database
from openspending.datastore.layout import check_owner
from openspending.identity import accounts, links
from openspending.identity.authentication import Authenticated
from openspending.identity.ended import Ended, listed
from openspending.identity.endings import Endings
from openspending.identity.installation import Installation
from openspending.identity.keys import Keys
from openspending.identity.names import NameRules
from openspending.identity.routes import router
from openspending.identity.schema import SIGNING_KEYS
from openspending.identity.tokens import PublicKeys, SigningKey, Verifier, published
from openspending.web import EXCEPTION_HANDLERS, name_request, open_to_all

KEY = SigningKey.new()
BASE = "http://testserver.local"


@dataclass
class Published:
    """The public store, as far as Identity sees it."""

    content: bytes = field(default_factory=lambda: published([KEY]))
    ended: bytes = b""  # as the private store has it
    owners: set[str] = field(default_factory=set)  # that have datasets

    def put(self, content: bytes) -> None:
        self.content = content

    def get(self) -> bytes:
        return self.content

    def put_ended(self, content: bytes) -> None:
        self.ended = content


def installed(engine: Engine, store: Published, **more: Any) -> Installation:
    rules = NameRules(check_owner, lambda name: name in store.owners)
    endings = Endings(engine, store.put_ended)
    return Installation(engine, Keys(engine, store.put, "openspending"), rules, endings, **more)


def application(identity: Installation, store: Published) -> Any:
    """As the assembly composes it without a database: verified by what is published."""
    app = Litestar(
        [router(identity)],
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[open_to_all, name_request],
        openapi_config=None,
        logging_config=None,
    )
    ended = Ended(lambda: listed(lambda: store.ended), count().__next__)  # seconds go by with each question
    return Authenticated(
        app,
        Verifier(PublicKeys(store.get), "openspending", ended),
        identity.robot,
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in the newest form, to be copied: that is quicker than to make one."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    with engine.begin() as connection:  # making one takes a tenth of a second
        row = {"kid": KEY.kid, "private_pem": KEY.private_pem(), "created": now(), "signs_from": now()}
        connection.execute(insert(SIGNING_KEYS).values(**row))
    yield engine
    engine.dispose()


@pytest.fixture
def store() -> Published:
    return Published()


@pytest.fixture
def identity(engine: Engine, store: Published) -> Installation:
    return installed(engine, store)


@pytest.fixture
def app(identity: Installation, store: Published) -> Any:
    return application(identity, store)


@pytest.fixture
def browser(app: Any) -> Iterator[TestClient[Any]]:
    """A browser without a session; its cookies are kept."""
    with TestClient(app, base_url=BASE) as client:
        yield client


Join = Callable[..., str]


@pytest.fixture
def join(identity: Installation) -> Join:
    """Makes an account, and returns its id."""

    def join(name: str, **more: Any) -> str:
        with alone(identity.engine, 1) as connection:
            return accounts.create(connection, name, named=True, **more).id

    return join


SignIn = Callable[[str], dict[str, str]]


@pytest.fixture
def sign_in(identity: Installation, browser: TestClient[Any]) -> SignIn:
    """Signs the browser in as an account; returns the headers that its unsafe requests need."""

    def sign_in(account: str) -> dict[str, str]:
        code = links.sign_in(identity.engine, account)
        answer = browser.post("/v1/identity/sign-in", json={"code": code})
        assert answer.status_code == 200, answer.text
        return {"X-CSRF-Token": answer.json()["csrf"]}

    return sign_in
