"""The one door to every dataset: who asks for one passes it before any route answers (docs/privacy.md).

It stands before every route of the application. A route whose path names a dataset, by `{owner}` and `{name}` or in
words of its own (`opt={"dataset": …}`), cannot be reached without it, and what it hands on is all that a route
can answer from. What the asker may not read ends with the answer of what does not exist; what was withdrawn with 410;
and what has another address with 308, to the same question there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from litestar.concurrency import sync_to_thread
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from openspending.actor import NOBODY, Actor
from openspending.analytics.livecubes import Opened
from openspending.datastore.homes import open_home
from openspending.datastore.store import DataStore
from openspending.errors import BadQuery, NotFound, Renamed, Withdrawn
from openspending.read_api.api import Api
from openspending.speaking.said import said
from openspending.web import CLOSED, AnyRequest, actor_in, close, note

Dataset = tuple[str, str]
NamesDataset = Callable[[Mapping[str, Any]], Dataset | None]  # from the parts of a path

A_WHILE: Final = "public, max-age=60"  # a dataset may come back, or move on
_API: Final = "api"  # where the state of a request has what the door handed on
_REFUSED: Final = "refused"  # … or how long its refusal may be kept


class Door:
    """Lets askers in to the datasets that they may read. Safe to share between threads.

    Public datasets are looked for first, and found among what is known: they cost no request to a store.
    """

    def __init__(self, store: DataStore, public: Api, private: Api) -> None:
        self._store = store
        self.public = public
        self.private = private

    def before(self, app: ASGIApp) -> ASGIApp:
        """A route, reached by those alone whom the door lets in: a middleware, since a guard takes 10 µs more."""

        async def behind(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                await self._open(scope)
            await app(scope, receive, send)

        return behind

    async def _open(self, scope: HTTPScope) -> None:
        """Let a request in. Raises NotFound, Withdrawn, Renamed, StoreError."""
        wanted = dataset_asked(scope)
        if wanted is None or scope["method"] == "OPTIONS":  # whether other sites may ask is no question of whom
            return
        owner, name = wanted
        if self.public.cubes.has_at_hand(owner, name):
            api = self.public
        else:
            api = await self._let_in(scope, owner, name)
        scope["state"][_API] = api
        note(scope, dataset=f"{owner}/{name}")
        if api is self.private:
            close(scope)

    async def _let_in(self, scope: HTTPScope, owner: str, name: str) -> Api:
        actor, state = actor_in(scope), scope["state"]
        try:
            return await sync_to_thread(self.enter, actor, owner, name)
        except Renamed as error:
            state[_REFUSED] = CLOSED if actor.known else A_WHILE
            error.location = moved(scope, (owner, name), (error.owner, error.name))
            raise
        except Withdrawn:
            state[_REFUSED] = CLOSED if actor.known else A_WHILE
            raise
        except NotFound:  # alike for what is not there and for what is not for the asker
            state[_REFUSED] = "no-store"
            raise

    def enter(self, actor: Actor, owner: str, name: str) -> Api:
        """What answers for the dataset, if `actor` may read it. Raises NotFound, Withdrawn, Renamed, StoreError."""
        if self.public.cubes.has(owner, name):
            return self.public
        home = open_home(self._store, actor, "read", owner, name)
        if home.visibility == "public":
            return self.public
        self.private.cubes.follow()
        return self.private

    def beside(self, request: AnyRequest, owner: str, name: str) -> Api:
        """What answers for a dataset that a request names beside the one of its path. Raises as `enter` does, but for
        the old name of a dataset BadQuery: the request can be sent nowhere else."""
        api = self._known_as(actor_in(request.scope), owner, name)
        if api is self.private:
            close(request.scope)
        return api

    def _known_as(self, actor: Actor, owner: str, name: str) -> Api:
        try:
            return self.enter(actor, owner, name)
        except Renamed as error:
            found = f"{error.owner}/{error.name}"
            raise BadQuery(
                said("{owner}/{name} is now called {found}.", owner=owner, name=name, found=found), (found,)
            ) from error

    # What SQL asks: it is for everybody alike, so that it sees the public datasets alone.

    def names(self) -> list[str]:
        """`owner:name` of every public dataset."""
        return self.public.cubes.names()

    def at(self, owner: str, name: str, version: str | None = None) -> Opened:
        """A revision of a public dataset, opened. Raises as `beside` does, and StoreError."""
        return self._known_as(NOBODY, owner, name).cubes.at(owner, name, version)


def handed_on(scope: Scope) -> Api | None:
    """What the door handed on for the dataset of a request; None where its path names none."""
    found: Api | None = scope["state"].get(_API)
    return found


async def say_how_long(message: Message, scope: Scope) -> None:
    """Before-send hook: how long the refusals of the door may be kept."""
    kept = scope["state"].get(_REFUSED)
    if kept is not None and message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)["Cache-Control"] = kept


def keep_refusal(scope: Scope, kept: str) -> None:
    """Say how long a refusal may be kept that a route makes itself, of what the door knows nothing of."""
    scope["state"][_REFUSED] = kept


def dataset_asked(scope: HTTPScope) -> Dataset | None:
    """The dataset that a request is about, as its route says; None for routes about no single dataset."""
    words: NamesDataset = scope["route_handler"].opt.get("dataset", _in_path)
    return words(scope["path_params"])


def _in_path(parts: Mapping[str, Any]) -> Dataset | None:
    if "owner" not in parts or "name" not in parts:
        return None
    return str(parts["owner"]), str(parts["name"]).partition("@")[0]


def moved(scope: Scope, old: Dataset, new: Dataset) -> str:
    """The path and query of a request with the new address of its dataset in place of the old one."""
    raw = scope["raw_path"].decode("latin-1").partition("?")[0]
    parts = raw.split("/")
    plain = [unquote(one) for one in parts]
    for at, part in enumerate(plain):
        whole, mark, version = (plain[at + 1] if at + 1 < len(plain) else "").partition("@")
        if (part, whole) == old:
            written = quote(new[1], safe="") + (f"@{quote(version, safe=':')}" if mark else "")
            parts[at : at + 2] = [quote(new[0], safe="@+"), written]
            break
        if part == ":".join(old):
            parts[at] = quote(":".join(new), safe=":@+")
            break
    query = scope["query_string"].decode("latin-1")
    return "/".join(parts) + (f"?{query}" if query else "")
