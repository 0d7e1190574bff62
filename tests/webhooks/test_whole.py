"""What an installation does as a whole: something happens to a dataset, and a message arrives."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from openspending import assembly
from openspending.identity import accounts
from openspending.settings import read_settings
from tests.webhooks.conftest import happened
from tests.webhooks.receiver import receiving

pytestmark = pytest.mark.slow


def test_whoever_subscribed_is_told(tmp_path: Path) -> None:
    settings = read_settings({"OS_ALLOW_PRIVATE_HOSTS": "yes"}, data=tmp_path / "data")
    with receiving() as receiver, assembly.Parts(settings) as parts:
        with parts.engine.begin() as connection:
            account = accounts.create(connection, "tokyo").id
        wanted = {"owner": "tokyo", "name": "", "account": account, "url": receiver.url, "events": []}
        parts.hooks.subscriptions.create(parts.store, wanted)
        with assembly.working(parts, 1), assembly.following(assembly.tasks(parts)):
            happened(parts.store.public, owner="tokyo")
            deadline = time.monotonic() + 10
            while not receiver.got and time.monotonic() < deadline:
                time.sleep(0.02)
        told = json.loads(receiver.got[0].body)
    assert (told["type"], told["data"]["dataset"], told["data"]["revision"]) == ("commit", "budget", 1)
