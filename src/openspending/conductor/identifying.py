"""Who a request for the conductor is for, found before its route: by the token that `sent` put aside, or a cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

from litestar.concurrency import sync_to_thread

from openspending.actor import NOBODY, Actor
from openspending.conductor.permissiontokens import DATASTORE, Tokens
from openspending.conductor.sent import SENT
from openspending.errors import Unauthorised
from openspending.web import AnyRequest, actor_of, close

# what a route may say of itself, as its `opt`
SERVICE: Final = "service"  # it takes permission tokens, for that service
ASKS_WHO: Final = "asks_who"  # whether a token holds is its very question
OPEN: Final = "open"  # its answer is the same for everybody
_ACTOR: Final = "openspending.actor"

TAKES_PERMISSION: Final = {SERVICE: DATASTORE}
OPEN_TO_ALL: Final = {OPEN: True, **TAKES_PERMISSION}


def identify(tokens: Tokens) -> Callable[[AnyRequest], Awaitable[None]]:
    """A before-request hook, after which `web.actor_of` knows. Raises Unauthorised for a token that does not hold."""

    async def hook(request: AnyRequest) -> None:
        if not request.route_handler.opt.get(OPEN):
            close(request.scope)  # nobody else keeps the answer, and no log has the name of what is private
        sent = request.scope["state"].get(SENT)
        if isinstance(sent, Unauthorised):
            raise sent
        if sent is not None:
            found = await _found(tokens, request, sent)
        else:
            # a script of another site can load JSONP with this site's cookies, and read it
            found = NOBODY if _is_jsonp(request) else actor_of(request)
        request.scope[_ACTOR] = found  # type: ignore[typeddict-unknown-key]

    return hook


async def _found(tokens: Tokens, request: AnyRequest, sent: str) -> Actor:
    told = request.route_handler.opt
    try:
        if SERVICE in told:
            return await sync_to_thread(tokens.permitted, sent, told[SERVICE])
        return await sync_to_thread(tokens.user, sent)
    except Unauthorised:
        if told.get(ASKS_WHO):
            return NOBODY
        raise


def _is_jsonp(request: AnyRequest) -> bool:
    return any(name == "callback" for name, _ in parse_qsl(request.scope["query_string"].decode("latin-1")))


def known(request: AnyRequest) -> Actor:
    """Who asks. Raises Unauthorised for nobody."""
    actor = actor_of(request)
    if not actor.known:
        raise Unauthorised("Send a permission token, in the header Auth-Token.")
    return actor
