"""`/v1/views/{view}`: a saved view, for whoever may read its dataset (docs/api/views.md)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Annotated

from litestar import Response, route
from litestar.params import PathParameter

from openspending.datastore import homes, savedviews
from openspending.datastore.savedviews import SavedView
from openspending.datastore.store import DataStore
from openspending.datastore.tombstones import Forwarding
from openspending.errors import NotFound, Withdrawn
from openspending.read_api.addressing import GET
from openspending.read_api.asked import asked
from openspending.read_api.door import A_WHILE, Door, keep_refusal
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, close, exact_json, names_etag, note
from openspending.webapp import Router

ViewId = Annotated[str, PathParameter(description="The id of a saved view.")]


def router(door: Door, store: DataStore) -> Router:
    """The route: which dataset a view is of, the view itself says, so that `door` is asked here."""

    @route("/views/{view:str}", http_method=GET, sync_to_thread=True)
    def saved_view(request: AnyRequest, view: ViewId) -> Response[bytes]:
        """What was saved: of which revision it is, and what it shows."""
        asked(request, ()).settle()
        keep_refusal(request.scope, "no-store")
        try:
            found = _let_in(store, door, request, _found(store, view))
        except NotFound as error:  # alike for what is not there and for what is not for the asker
            if isinstance(error, Withdrawn):
                raise
            raise NotFound(said("There is no saved view {view}.", view=view[:100])) from None
        body = exact_json(found.to_json())
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": A_WHILE}
        keep_refusal(request.scope, headers["Cache-Control"])
        if names_etag(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(b"", status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return Router("/v1", route_handlers=[saved_view], tags=["views"])


def _found(store: DataStore, view: str) -> SavedView:
    """The view of that id, in whichever store: one that was saved while its dataset was private stays there when that
    is published. Whether the asker may have it is the door's to say. Raises NotFound."""
    found = savedviews.find(store.public, view) or savedviews.find(store.private, view)
    if found is None:
        raise NotFound
    return found


def _let_in(store: DataStore, door: Door, request: AnyRequest, found: SavedView) -> SavedView:
    """The view, with the address that its dataset has now, if the asker may read that. Raises NotFound, Withdrawn."""
    actor = actor_of(request)
    try:
        api = door.enter(actor, found.owner, found.name)
    except Withdrawn:
        raise
    except NotFound:
        now = _renamed(store, found)
        if now == found:
            raise
        found = now
        api = door.enter(actor, found.owner, found.name)
    if api is door.private:
        close(request.scope)
    else:
        note(request.scope, dataset=f"{found.owner}/{found.name}")
    return found


def _renamed(store: DataStore, found: SavedView) -> SavedView:
    """The view with the address that its dataset has now, whoever asks: names that it had while it was private lead
    nobody else there."""
    for _ in range(homes.MOST_NAMES):
        at = homes.look(store, found.owner, found.name)
        if at is None or not isinstance(at.left, Forwarding):
            break
        found = replace(found, owner=at.left.owner, name=at.left.name)
    return found
