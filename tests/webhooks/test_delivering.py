from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import timedelta

import pytest

from openspending.jobs import Jobs
from openspending.webhooks import delivering
from openspending.webhooks.delivering import wait_after
from openspending.webhooks.routes import Hooks
from tests.webhooks.conftest import Deliver, MakeWebhook, happened
from tests.webhooks.receiver import Got, Receiver


def verified(got: Got, secret: str) -> bool:
    """Whether a message is signed, as a receiver checks it that knows nothing but standardwebhooks.com."""
    key = base64.b64decode(secret.split("_", 1)[1])
    told = got.headers
    content = told["webhook-id"].encode() + b"." + told["webhook-timestamp"].encode() + b"." + got.body
    expected = base64.standard_b64encode(hmac.new(key, content, hashlib.sha256).digest())
    versions = dict(one.split(",", 1) for one in told["webhook-signature"].split(" "))
    return versions["v1"].encode() == expected and abs(time.time() - int(told["webhook-timestamp"])) < 60


def test_a_receiver_can_verify_what_it_is_told(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver
) -> None:
    made = webhook()
    happened(hooks.store.public)
    (told,) = deliver(made)
    (got,) = receiver.got
    assert verified(got, made.secret)
    assert not verified(Got(got.path, got.headers, got.body + b" "), made.secret)
    assert (got.headers["content-type"], got.headers["host"]) == ("application/json", receiver.url.split("/")[2])
    assert json.loads(got.body) == {
        "type": "commit",
        "timestamp": "2026-11-26T12:00:00Z",
        "data": {
            "position": 1,
            "at": "2026-11-26T12:00:00Z",
            "action": "commit",
            "owner": "ann",
            "dataset": "budget",
            "revision": 1,
            "hash": "0" * 64,
            "message": "first",
            "author": "ann",
            "private": False,
        },
        "links": {
            "dataset": "https://os.example/v1/datasets/ann/budget",
            "revision": "https://os.example/v1/datasets/ann/budget@1",
            "changelog": "https://os.example/v1/datasets/ann/budget/changelog",
        },
    }
    assert (told.state, told.id) == ("delivered", got.headers["webhook-id"])


def test_what_does_not_arrive_is_sent_again_with_the_same_id_and_body(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver
) -> None:
    receiver.answers = [500, 503, 204]
    made = webhook()
    happened(hooks.store.public)
    (told,) = deliver(made)
    assert [(one.number, one.status, one.error) for one in told.attempts] == [
        (1, 500, "It answered 500."),
        (2, 503, "It answered 503."),
        (3, 204, ""),
    ]
    assert len(set(receiver.ids)) == 1
    assert len({one.body for one in receiver.got}) == 1
    assert all(verified(one, made.secret) for one in receiver.got)
    assert told.state == "delivered"


def test_after_a_day_it_is_given_up_and_after_several_of_these_nothing_more_is_sent(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "TRIED_FOR", timedelta(0))
    receiver.answers = [500]
    made = webhook()
    for _ in range(4):
        happened(hooks.store.public)
        told = deliver(made)
    assert [one.state for one in told] == ["failed"] * 3
    assert len(receiver.got) == 3
    found = hooks.subscriptions.get(made.id)
    assert not found.active
    assert "in a row" in found.stopped


def test_one_that_arrives_begins_the_count_anew(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "TRIED_FOR", timedelta(0))
    receiver.answers = [500, 500, 200, 500, 500]
    made = webhook()
    for _ in range(5):
        happened(hooks.store.public)
        deliver(made)
    assert hooks.subscriptions.get(made.id).active


def test_whoever_answers_that_it_is_gone_hears_no_more_until_a_test_arrives(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver
) -> None:
    receiver.answers = [410, 200]
    made = webhook()
    happened(hooks.store.public)
    (told,) = deliver(made)
    assert (told.state, hooks.subscriptions.get(made.id).active) == ("failed", False)
    happened(hooks.store.public)
    assert len(deliver(made)) == 1
    hooks.dispatcher.ping(hooks.subscriptions.get(made.id))
    assert [one.state for one in deliver(made)] == ["failed", "delivered"]
    assert json.loads(receiver.got[-1].body)["type"] == "ping"
    assert hooks.subscriptions.get(made.id).active


def test_a_test_is_tried_once(hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver) -> None:
    receiver.answers = [500]
    made = webhook()
    hooks.dispatcher.ping(made)
    (told,) = deliver(made)
    assert (told.state, len(told.attempts), hooks.subscriptions.get(made.id).failures) == ("failed", 1, 0)


def test_of_the_answer_the_beginning_is_kept_and_no_more_is_read(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver
) -> None:
    receiver.body = b"\x00\xff" + b"x" * 5_000_000
    happened_before = webhook()
    happened(hooks.store.public)
    (told,) = deliver(happened_before)
    assert told.attempts[0].answer == "��" + "x" * 498


def test_a_webhook_that_is_deleted_hears_nothing(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, receiver: Receiver, jobs: Jobs
) -> None:
    made = webhook()
    happened(hooks.store.public)
    hooks.dispatcher.dispatch()
    hooks.subscriptions.remove(made.id)
    assert deliver(made) == []
    assert [one.result for one in jobs.listed()] == [{"state": "dropped", "why": "it is forgotten"}]
    assert receiver.got == []


def test_the_secret_is_nowhere_but_in_its_column(
    hooks: Hooks, webhook: MakeWebhook, deliver: Deliver, jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = webhook()
    happened(hooks.store.public)
    (told,) = deliver(made)
    secret = made.secret.removeprefix("whsec_")
    seen = f"{caplog.text}{made!r}{made.to_dict()}{told!r}{jobs.listed()!r}{[one.payload for one in jobs.listed()]}"
    assert secret not in seen
    assert "/hook" not in caplog.text  # some receivers know their senders by the path alone


def test_waits_grow_to_six_hours_so_that_a_day_has_a_dozen_attempts() -> None:
    waits = [wait_after(number) for number in range(1, 30)]
    assert waits[0] <= 5
    assert all(one <= 6 * 3600 for one in waits)
    attempts, passed = 1, 0.0
    while passed < 24 * 3600:
        passed += waits[attempts - 1]
        attempts += 1
    assert 10 <= attempts <= 14
