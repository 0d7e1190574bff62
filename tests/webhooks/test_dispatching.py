from __future__ import annotations

import threading

from sqlalchemy import update

from openspending.database.engine import now
from openspending.identity import accounts
from openspending.jobs import Jobs
from openspending.webhooks.routes import Hooks
from openspending.webhooks.schema import FOLLOWED
from openspending.webhooks.webhook import Webhook
from tests.webhooks.conftest import Deliver, MakeWebhook, happened
from tests.webhooks.receiver import Receiver


def told(hooks: Hooks, webhook: Webhook) -> list[tuple[str, str]]:
    return [(one.event, one.name) for one in reversed(hooks.subscriptions.deliveries(webhook.id))]


def test_a_webhook_hears_of_what_happens_from_its_beginning_on(hooks: Hooks, webhook: MakeWebhook) -> None:
    assert hooks.dispatcher.dispatch() == 0
    happened(hooks.store.public)
    made = webhook()
    happened(hooks.store.public, dataset="later")
    assert hooks.dispatcher.dispatch() == 1
    late = webhook()
    happened(hooks.store.public, dataset="last")
    assert hooks.dispatcher.dispatch() == 2
    assert told(hooks, made) == [("commit", "later"), ("commit", "last")]
    assert told(hooks, late) == [("commit", "last")]


def test_it_hears_only_of_its_owner_its_dataset_and_its_events(hooks: Hooks, webhook: MakeWebhook) -> None:
    wide, narrow, choosy = webhook(), webhook("budget"), webhook(events=("withdraw",))
    happened(hooks.store.public, owner="bob")
    happened(hooks.store.public, dataset="other")
    happened(hooks.store.public)
    happened(hooks.store.public, "withdraw", event="e1", gone=True)
    hooks.dispatcher.dispatch()
    assert told(hooks, wide) == [("commit", "other"), ("commit", "budget"), ("withdraw", "budget")]
    assert told(hooks, narrow) == [("commit", "budget"), ("withdraw", "budget")]
    assert told(hooks, choosy) == [("withdraw", "budget")]


def test_one_event_is_one_delivery_and_one_job_however_often_it_is_looked_at(
    hooks: Hooks, webhook: MakeWebhook, jobs: Jobs
) -> None:
    made = webhook()
    happened(hooks.store.public)
    threads = [threading.Thread(target=hooks.dispatcher.dispatch) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with jobs.engine.begin() as connection:  # as if it had been killed before the position was noted
        connection.execute(update(FOLLOWED).values(position=0))
    assert hooks.dispatcher.dispatch() == 0
    assert len(told(hooks, made)) == 1
    assert sum(jobs.counts().values()) == 1


def test_an_event_that_both_changelogs_tell_of_is_told_once(hooks: Hooks, webhook: MakeWebhook) -> None:
    made = webhook()
    happened(hooks.store.private, "publish", event="e1", gone=True)
    happened(hooks.store.public, "publish", event="e1")
    assert hooks.dispatcher.dispatch() == 1
    assert told(hooks, made) == [("publish", "budget")]


def test_private_events_are_told_to_those_who_may_read_and_to_no_others(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, jobs: Jobs, receiver: Receiver
) -> None:
    with jobs.engine.begin() as connection:
        stranger = accounts.create(connection, "eve").id
    made, spying, unknown = webhook(), webhook(account=stranger), webhook(account="nobody")
    happened(hooks.store.private)
    assert [one.private for one in deliver(made)] == [True]
    assert (told(hooks, spying), told(hooks, unknown)) == ([], [])
    (got,) = receiver.got
    assert b'"position"' not in got.body  # it would count what happens to everybody
    happened(hooks.store.public)
    deliver(made)
    assert told(hooks, spying) == [("commit", "budget")]


def test_whoever_may_read_no_more_when_it_is_sent_hears_nothing(
    hooks: Hooks, webhook: MakeWebhook, jobs: Jobs, ann: str, receiver: Receiver, deliver: Deliver
) -> None:
    made = webhook()
    happened(hooks.store.private)
    assert hooks.dispatcher.dispatch() == 1
    with jobs.engine.begin() as connection:
        accounts.change(connection, ann, disabled=now())
    assert [one.state for one in deliver(made)] == ["dropped"]
    assert receiver.got == []


def test_a_renaming_is_told_to_the_subscribers_of_both_names_and_followed(hooks: Hooks, webhook: MakeWebhook) -> None:
    old, new = webhook("budget"), webhook("accounts")
    happened(hooks.store.private, "rename", event="e1", to="ann/accounts", gone=True)
    hooks.dispatcher.dispatch()
    assert (len(told(hooks, old)), len(told(hooks, new))) == (1, 1)
    assert hooks.subscriptions.get(old.id).name == "accounts"


def test_a_damaged_entry_keeps_nobody_waiting(hooks: Hooks, webhook: MakeWebhook) -> None:
    made = webhook()
    hooks.store.public.put("changelog/1.json", b"{", create=True)
    happened(hooks.store.public)
    hooks.dispatcher.dispatch()
    assert told(hooks, made) == [("commit", "budget")]
