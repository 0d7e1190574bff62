"""The operations of webhooks, with their schemas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, refused
from openspending.read_api.openapi.shapes import Json, flag, listed, maybe, named, record, text, whole

_ID: Final = Described("The id of a webhook.", "wh_k4xq2c7m5zjv3n6wy2ab7rtd")
_QUERY: Final = {
    "owner": Described("Only webhooks of this owner.", "ministry"),
    "pagesize": Described(
        "How many to list at most.", "100", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    ),
    "cursor": Described(
        "Where a page begins; take it from `next`.",
        "wh_k4xq2c7m5zjv3n6wy2ab7rtd",
        {"type": "string", "pattern": "^[a-z0-9_]{1,40}$"},
    ),
}
_EVENTS: Final = ("commit", "publish", "hide", "withdraw", "rename")
_MOMENT: Final = {"format": "date-time"}

SCHEMAS: Final[Json] = {
    "Webhook": record(
        "An address that is told of what happens to datasets.",
        {
            "id": text("Its id."),
            "owner": text("Whose datasets it is told of."),
            "dataset": maybe(text("Of which of them; null: of all.")),
            "url": text("Where messages are sent."),
            "events": listed(text("An event.", enum=list(_EVENTS)), "Of which events it is told."),
            "account": text("Who made it: it is told of private datasets that this account may read."),
            "active": flag("Whether messages are sent."),
            "stopped": maybe(text("Why none are sent.")),
            "created": text("When it was made.", **_MOMENT),
        },
        {"secret": text("Signs messages; only in the answer to the request that makes the webhook.")},
    ),
    "WebhookList": record(
        "Webhooks.",
        {"data": listed(named("Webhook"), "The webhooks."), "next": maybe(text("The address of the next page."))},
    ),
    "WantedWebhook": {
        **record(
            "A webhook to be made.",
            {"owner": text("Whose datasets."), "url": text("Where to send messages: https, or http.", maxLength=2000)},
            {
                "dataset": maybe(text("The name of one dataset; without it all of the owner's.")),
                "events": listed(text("An event.", enum=list(_EVENTS)), "Which events; without them all."),
            },
        ),
        "additionalProperties": False,
    },
    "WebhookAttempt": record(
        "An attempt to deliver a message.",
        {
            "attempt": whole("Its number, from 1."),
            "at": text("When it was made.", **_MOMENT),
            "status": maybe(whole("The HTTP status that was answered; null where there was no answer.")),
            "ms": whole("Milliseconds until the answer, or until there was none."),
            "answer": text("The first 500 bytes of the answer."),
            "error": maybe(text("Why it did not arrive.")),
        },
    ),
    "WebhookMessage": record(
        "A message that waits to be sent.",
        {"id": text("Its id: the header webhook-id."), "event": text("What happened."), "state": text("`waiting`.")},
    ),
    "WebhookDelivery": record(
        "A message, and every attempt to deliver it.",
        {
            "id": text("Its id: the header webhook-id, the same in every attempt."),
            "event": text("What happened: the member `type` of the message.", enum=[*_EVENTS, "ping"]),
            "owner": text("The owner of the dataset."),
            "dataset": maybe(text("The dataset's name.")),
            "state": text("What has become of it.", enum=["waiting", "delivered", "failed", "dropped"]),
            "created": text("Since when it waits, or did.", **_MOMENT),
            "attempts": listed(named("WebhookAttempt"), "The attempts, the first one first."),
        },
    ),
    "WebhookDeliveryList": record(
        "Messages.",
        {
            "data": listed(named("WebhookDelivery"), "The messages, the newest first."),
            "next": maybe(text("The address of the next page.")),
        },
    ),
}


def _operation(
    id_: str,
    summary: str,
    says: str,
    answer: tuple[str, str],
    refusals: Collection[int],
    queries: Mapping[str, Described] | None = None,
    *,
    made: str = "",
    of_one: bool = True,
) -> Json:
    """An operation: `answer` are its status and schema, `made` is what its header Location is the address of."""
    status, schema = answer
    location = {"Location": {"description": made, "schema": {"type": "string"}}} if made else {}
    found: Json = {"description": f"{summary}: the answer.", "headers": {**headed(("Cache-Control",)), **location}}
    if schema:
        found["content"] = {"application/json": {"schema": named(schema)}}
    return {
        "operationId": id_,
        "tags": ["webhooks"],
        "summary": summary,
        "description": says,
        "parameters": [
            *([_ID.documented("webhook", "path", None)] if of_one else []),
            *(one.documented(name, "query", None) for name, one in (queries or {}).items()),
        ],
        "responses": {status: found, **dict(refused({400, 401, *refusals}))},
    }


_LIST: Final = _operation(
    "listWebhooks",
    "List webhooks",
    "The webhooks that you may administer, by their ids.",
    ("200", "WebhookList"),
    (503,),
    _QUERY,
    of_one=False,
)
_MAKE: Final = {
    **_operation(
        "makeWebhook",
        "Make a webhook",
        "It is told of what happens from now on: of public datasets, and of private ones as long as you may read "
        "them. Its secret is in this answer and never in another.",
        ("201", "Webhook"),
        (308, 403, 404, 410, 413, 503, 507),
        made="The address of the webhook.",
        of_one=False,
    ),
    "requestBody": {
        "description": "The webhook.",
        "required": True,
        "content": {
            "application/json": {
                "schema": named("WantedWebhook"),
                "example": {"owner": "ministry", "url": "https://example.org/hook", "events": ["publish", "withdraw"]},
            }
        },
    },
}

OPERATIONS: Final[Mapping[tuple[str, str], Json]] = {
    ("get", "/v1/webhooks"): _LIST,
    ("post", "/v1/webhooks"): _MAKE,
    ("get", "/v1/webhooks/{webhook}"): _operation(
        "describeWebhook",
        "Describe a webhook",
        "What it is told of, and whether it is active.",
        ("200", "Webhook"),
        (404, 503),
    ),
    ("delete", "/v1/webhooks/{webhook}"): _operation(
        "deleteWebhook",
        "Delete a webhook",
        "It is told nothing more, and the log of its deliveries is forgotten.",
        ("204", ""),
        (404, 503),
    ),
    ("get", "/v1/webhooks/{webhook}/deliveries"): _operation(
        "listDeliveries",
        "List what a webhook was told",
        "What a webhook was told in the last thirty days, the newest first, with every attempt and its answer.",
        ("200", "WebhookDeliveryList"),
        (404, 503),
        {name: _QUERY[name] for name in ("pagesize", "cursor")},
    ),
    ("post", "/v1/webhooks/{webhook}/test"): _operation(
        "testWebhook",
        "Test a webhook",
        "Sends a message of the type `ping`, once. When it arrives, a webhook that was stopped is active again.",
        ("202", "WebhookMessage"),
        (404, 429, 503),
        made="The address of the log, in which the message appears.",
    ),
}
