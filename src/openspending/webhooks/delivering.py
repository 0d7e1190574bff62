"""The handler of jobs that deliver: one attempt, noted, and then the next one later, for a day."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from openspending.database.engine import now
from openspending.errors import NotFound
from openspending.jobs import GiveUp, Postponed, Running
from openspending.webhooks.rights import may_hear
from openspending.webhooks.sending import Answer, Sender
from openspending.webhooks.signing import signed
from openspending.webhooks.subscriptions import Subscriptions
from openspending.webhooks.webhook import PING, Attempt, Delivery, Webhook

TRIED_FOR: Final = timedelta(hours=24)
FIRST_WAIT: Final = 5.0  # seconds, four times as long after each attempt
LONGEST_WAIT: Final = 6 * 3600.0
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Delivering:
    """Called with a running job of the kind `deliver`."""

    subscriptions: Subscriptions
    sender: Sender

    def __call__(self, running: Running) -> Mapping[str, Any]:
        """Try to deliver once. Raises Postponed when that is to be tried again, GiveUp when it never arrived."""
        running.progress(0, 1, "sending")
        delivery = self.subscriptions.delivery(str(running.job.payload["delivery"]))
        if delivery is None:
            return {"state": "dropped", "why": "it is forgotten"}
        if delivery.state != "waiting":
            return {"state": delivery.state}
        try:
            webhook = self.subscriptions.get(delivery.webhook)
        except NotFound:
            return {"state": "dropped", "why": "the webhook is gone"}
        why = self._refused(webhook, delivery)
        if why:
            self.subscriptions.settle(delivery, "dropped")
            return {"state": "dropped", "why": why}
        return self._ended(webhook, delivery, self._sent(webhook, delivery))

    def _refused(self, webhook: Webhook, delivery: Delivery) -> str:
        """Why nothing may be sent, "" when it may."""
        if delivery.event == PING:
            return ""
        if not webhook.active:
            return "the webhook is not active"
        engine = self.subscriptions.engine
        if delivery.private and not may_hear(engine, webhook.account, delivery.owner, delivery.name):
            return "its account may not read the dataset any more"
        return ""

    def _sent(self, webhook: Webhook, delivery: Delivery) -> Answer:
        begun = now()
        headers = signed(webhook.secret, delivery.id, int(time.time()), delivery.body)
        answer = self.sender(webhook.url, headers, delivery.body)
        number = max((one.number for one in delivery.attempts), default=0) + 1
        attempt = Attempt(number, begun, answer.status, answer.ms, answer.text, answer.error)
        self.subscriptions.record(delivery, attempt, "delivered" if answer.arrived else "waiting")
        return answer

    def _ended(self, webhook: Webhook, delivery: Delivery, answer: Answer) -> Mapping[str, Any]:
        if answer.arrived:
            self.subscriptions.works(webhook.id)
            return {"state": "delivered", "status": answer.status}
        if answer.status == _GONE and delivery.event != PING:
            self.subscriptions.stop(webhook.id, "It answered 410: it wants nothing more.")
        wait = max(wait_after(len(delivery.attempts) + 1), min(answer.retry_after, LONGEST_WAIT))
        last = now() + timedelta(seconds=wait) - delivery.created > TRIED_FOR
        if last or answer.status == _GONE or delivery.event == PING:
            self.subscriptions.settle(delivery, "failed")
            if delivery.event != PING:
                self.subscriptions.given_up(webhook.id)
            raise GiveUp(f"It did not arrive: {answer.error}")
        raise Postponed(f"It did not arrive yet: {answer.error}", wait)


def wait_after(attempts: int) -> float:
    """Seconds to wait after so many attempts: 5, 20, 80, … up to six hours, with a fifth of it by chance."""
    longest: float = min(FIRST_WAIT * 4 ** min(attempts - 1, 20), LONGEST_WAIT)
    return longest * random.uniform(0.8, 1.0)  # noqa: S311 - no secret
