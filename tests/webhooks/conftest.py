"""Webhooks over stores in memory and a database of either kind; each test has them empty."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from openspending.database.engine import metadata, migrate, open_database
from openspending.datastore import changelog
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore, open_datastore
from openspending.identity import accounts
from openspending.jobs import Jobs, Worker
from openspending.webhooks import delivering
from openspending.webhooks.delivering import Delivering
from openspending.webhooks.dispatching import KIND
from openspending.webhooks.routes import Hooks
from openspending.webhooks.webhook import Delivery, Webhook
from tests.webhooks.receiver import Receiver, receiving

ENTRY = Entry(1, "2026-11-26T12:00:00Z", "commit", "ann", "budget", 1, "0" * 64, "first", "ann")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("webhooks")
    url = f"sqlite:///{folder / 'test.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres")()
    engine = open_database(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def jobs(engine: Engine) -> Iterator[Jobs]:
    yield Jobs(engine)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))


@pytest.fixture
def store(jobs: Jobs) -> DataStore:
    del jobs
    name = uuid.uuid4().hex
    return open_datastore(f"memory://{name}", f"memory://{name}-private")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def ann(jobs: Jobs) -> str:
    """The id of an account called ann."""
    with jobs.engine.begin() as connection:
        return accounts.create(connection, "ann").id


@pytest.fixture
def hooks(store: DataStore, jobs: Jobs) -> Hooks:
    return Hooks.over(store, jobs, base_url="https://os.example", allow_private_hosts=True)


MakeWebhook = Callable[..., Webhook]


@pytest.fixture
def webhook(hooks: Hooks, ann: str, receiver: Receiver) -> MakeWebhook:
    """Makes a webhook of ann's, about all her datasets unless told otherwise."""

    def make(name: str = "", events: tuple[str, ...] = (), account: str = ann) -> Webhook:
        wanted = {"owner": "ann", "name": name, "account": account, "url": receiver.url, "events": list(events)}
        return hooks.subscriptions.create(hooks.store, wanted)

    return make


def happened(store: ObjectStore, action: str = "commit", **more: object) -> int:
    """The position of a new entry."""
    entry = replace(ENTRY, action=action, position=changelog.end(store) + 1, **more)  # type: ignore[arg-type]
    return changelog.tell(store, replace(entry, revision=entry.position))


Deliver = Callable[[Webhook], list[Delivery]]


@pytest.fixture
def deliver(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deliver]:
    """Follows the changelogs, waits until all that is to be sent was sent, and returns what a webhook was told."""
    monkeypatch.setattr(delivering, "FIRST_WAIT", 0.0)
    jobs = hooks.dispatcher.jobs
    begun: list[bool] = []
    worker = Worker(jobs, {KIND: Delivering(hooks.subscriptions, hooks.sender)}, 2, poll=0.05)

    def work(webhook: Webhook) -> list[Delivery]:
        if not begun:
            worker.start()
            begun.append(True)
        hooks.dispatcher.dispatch()
        for job in jobs.listed(states=["queued", "running"]):
            assert jobs.wait(job.id, 10).finished is not None
        return hooks.subscriptions.deliveries(webhook.id)[::-1]

    yield work
    assert worker.stop()
