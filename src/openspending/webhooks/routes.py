"""Routes of webhooks: made, looked at, tested and deleted by whoever may administer what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import HttpMethod, Response, delete, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, RawBody, SkipValidation

from openspending.actor import Actor
from openspending.database.engine import now
from openspending.datastore import homes, layout
from openspending.datastore.permissions import may
from openspending.datastore.store import DataStore
from openspending.errors import Forbidden, NotFound, TooOften, Unauthorised
from openspending.jobs import Jobs
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, exact_json
from openspending.webapp import Router
from openspending.webhooks.asking import LARGEST, PAGE, PARAMETERS, Wanted, parameters, wanted
from openspending.webhooks.dispatching import Dispatcher
from openspending.webhooks.sending import Sender
from openspending.webhooks.subscriptions import Subscriptions
from openspending.webhooks.webhook import PING, Webhook


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the routes work with."""

    store: DataStore
    subscriptions: Subscriptions
    dispatcher: Dispatcher
    sender: Sender

    @classmethod
    def over(cls, store: DataStore, jobs: Jobs, *, base_url: str = "", allow_private_hosts: bool = False) -> Hooks:
        """All of it, over the stores and the jobs."""
        sender = Sender(allow_private_hosts=allow_private_hosts)
        return cls(store, Subscriptions(jobs.engine), Dispatcher(jobs, store, base_url), sender)


Injected = NamedDependency[SkipValidation[Hooks]]
WebhookId = Annotated[str, PathParameter(description="The id of a webhook.")]
PAUSE: Final = timedelta(seconds=10)  # between two tests of a webhook
_READING: Final = (HttpMethod.GET, HttpMethod.HEAD)
_PRIVATE: Final = {"Cache-Control": "private, no-store"}


def router(hooks: Hooks) -> Router:
    """The routes below `/v1`."""
    return Router(
        "/v1",
        route_handlers=[make, index, show, remove, told, test],
        dependencies={"hooks": Provide(lambda: hooks, use_cache=True, sync_to_thread=False)},
        request_max_body_size=LARGEST,
        tags=["webhooks"],
    )


@post("/webhooks", status_code=201, sync_to_thread=True)
def make(request: AnyRequest, hooks: Injected, body: RawBody) -> Response[bytes]:
    """Make a webhook. Its secret is in this answer and never in another."""
    parameters(request)
    actor = _known(request)
    asked = wanted(body, hooks.sender)
    _permitted(hooks, actor, asked)
    values = {
        "owner": asked.owner,
        "name": asked.name,
        "account": str(actor.account),
        "url": asked.url,
        "events": list(asked.events),
    }
    made = hooks.subscriptions.create(hooks.store, values)
    answer = _answered({**made.to_dict(), "secret": made.secret}, 201)
    answer.set_header("Location", f"/v1/webhooks/{made.id}")
    return answer


@route("/webhooks", http_method=_READING, sync_to_thread=True)
def index(request: AnyRequest, hooks: Injected) -> Response[bytes]:
    """The webhooks that you may administer."""
    asked = parameters(request, PARAMETERS)
    actor = _known(request)
    owners = None if actor.administrator else {*actor.roles, *(one.partition("/")[0] for one in actor.grants)}
    if "owner" in asked:
        layout.check_owner(asked["owner"])
        owners = {asked["owner"]} if owners is None else owners & {asked["owner"]}
    size = int(asked["pagesize"])
    page = hooks.subscriptions.listed(owners, asked.get("cursor", ""), size + 1)
    seen = [one.to_dict() for one in page[:size] if _may_administer(actor, one.owner, one.name)]
    return _answered({"data": seen, "next": _next(request, asked, page[size - 1].id if len(page) > size else "")})


@route("/webhooks/{webhook:str}", http_method=_READING, sync_to_thread=True)
def show(request: AnyRequest, hooks: Injected, webhook: WebhookId) -> Response[bytes]:
    """A webhook."""
    parameters(request)
    return _answered(_own(request, hooks, webhook).to_dict())


@delete("/webhooks/{webhook:str}", status_code=204, sync_to_thread=True)
def remove(request: AnyRequest, hooks: Injected, webhook: WebhookId) -> Response[None]:
    """Delete a webhook, and the log of its deliveries."""
    parameters(request)
    hooks.subscriptions.remove(_own(request, hooks, webhook).id)
    return Response(None, status_code=204, headers=_PRIVATE)


@route("/webhooks/{webhook:str}/deliveries", http_method=_READING, sync_to_thread=True)
def told(request: AnyRequest, hooks: Injected, webhook: WebhookId) -> Response[bytes]:
    """What a webhook was told in the last thirty days, the newest first, with every attempt and its answer."""
    asked = parameters(request, PAGE)
    found = _own(request, hooks, webhook)
    size = int(asked["pagesize"])
    page = hooks.subscriptions.deliveries(found.id, asked.get("cursor"), size + 1)
    following = _next(request, asked, page[size - 1].id if len(page) > size else "")
    return _answered({"data": [one.to_dict() for one in page[:size]], "next": following})


@post("/webhooks/{webhook:str}/test", status_code=202, sync_to_thread=True)
def test(request: AnyRequest, hooks: Injected, webhook: WebhookId) -> Response[bytes]:
    """Send a message of the type `ping`, once. When it arrives, a webhook that was stopped is active again."""
    parameters(request)
    found = _own(request, hooks, webhook)
    if any(
        one.event == PING and now() - one.created < PAUSE for one in hooks.subscriptions.deliveries(found.id, limit=1)
    ):
        raise TooOften(said("A webhook is tested once in ten seconds."), PAUSE.seconds)
    delivery = hooks.dispatcher.ping(found)
    answer = _answered({"id": delivery, "event": "ping", "state": "waiting"}, 202)
    answer.set_header("Location", f"/v1/webhooks/{found.id}/deliveries")
    return answer


def _known(request: AnyRequest) -> Actor:
    actor = actor_of(request)
    if not actor.known:
        raise Unauthorised(said("Sign in, or send a token, to work with webhooks."))
    return actor


def _permitted(hooks: Hooks, actor: Actor, asked: Wanted) -> None:
    """Raise unless the actor may administer what the webhook is to be about."""
    if asked.name:
        homes.open_home(hooks.store, actor, "administer", asked.owner, asked.name)
    elif not _may_administer(actor, asked.owner, ""):
        raise Forbidden(
            said(
                "To be told of all datasets of {owner} takes the role “admin” there, and a token whose scopes "
                "include it.",
                owner=asked.owner,
            )
        )


def _may_administer(actor: Actor, owner: str, name: str) -> bool:
    """Whether the actor may administer the dataset, or without a name all of the owner's."""
    if name:
        return may(actor, "administer", owner, name)
    wide = actor.scopes is None or any(
        "administer" in one.actions and one.datasets in {"*", f"{owner}/*"} for one in actor.scopes
    )
    return wide and may(actor, "administer", owner, "*")


def _own(request: AnyRequest, hooks: Hooks, webhook: str) -> Webhook:
    """The webhook, for whoever may administer it; for others there is none."""
    actor = _known(request)
    found = hooks.subscriptions.get(webhook)
    if not _may_administer(actor, found.owner, found.name):
        raise NotFound(said("There is no webhook {webhook}.", webhook=webhook[:60]))
    return found


def _next(request: AnyRequest, asked: Mapping[str, str], place: str) -> str | None:
    """The address of the next page, which begins after `place`."""
    if not place:
        return None
    path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    return f"{path}?{urlencode({**asked, 'cursor': place})}"


def _answered(body: Mapping[str, Any], status: int = 200) -> Response[bytes]:
    return Response(exact_json(body), status_code=status, media_type="application/json", headers=_PRIVATE)
