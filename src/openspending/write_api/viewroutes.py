"""The route that saves a view of a dataset under a short address (docs/api/views.md). Whoever may read it, may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from litestar import Response, post
from litestar.params import RawBody

from openspending.analytics import viewing
from openspending.asking import Body, read_body
from openspending.datastore import homes, savedviews, versions
from openspending.datastore.homes import Home
from openspending.datastore.revisions import Revision
from openspending.datastore.savedviews import SavedView
from openspending.errors import BadQueries, BadQuery, Renamed
from openspending.speaking.said import said
from openspending.view import View
from openspending.web import AnyRequest, actor_of
from openspending.write_api.answers import answered
from openspending.write_api.asking import asked
from openspending.write_api.clients import client_of
from openspending.write_api.service import Injected, Writing

LARGEST: Final = 16 * 1024  # bytes of a body


@post("/views", status_code=200, sync_to_thread=True)
def save_view(request: AnyRequest, writing: Injected, body: RawBody) -> Response[bytes]:
    """Save a view of a revision under a short address that stays; the same view has the same one."""
    asked(request)
    wanted = read_body(body, LARGEST)
    wanted.only("dataset", "version", "view")
    dataset = wanted.text("dataset", longest=202, pattern=r"[^/@\s]+/[^/@\s]+")
    version = wanted.text("version", longest=80, otherwise="")
    view = _view(wanted)
    wanted.settle()
    home = _home(request, writing, *dataset.split("/"))
    revision = versions.resolve(home.objects, home.owner, home.name, version or None)
    found, made = _saved(request, writing, home, _of(home, revision, view))
    return answered(found.to_json(), 201 if made else 200, {"Location": f"/v1/views/{found.id}"})


def _view(body: Body) -> View:
    """The member `view`: a query string, or an object of its parameters."""
    given = body.members.get("view", "")
    text = given if isinstance(given, str) else ""
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True)
    pairs += [] if isinstance(given, str) else body.texts("view").items()
    try:
        return viewing.asked(pairs)
    except BadQuery as error:
        body.wrong += _blamed(error)
    return View()


def _blamed(error: BadQuery) -> list[BadQuery]:
    """What is wrong with a view, as the fault of the member that has it."""
    return [BadQuery(str(one), one.choices, "/view") for one in getattr(error, "errors", (error,))]


def _home(request: AnyRequest, writing: Writing, owner: str, name: str) -> Home:
    """Raises as `open_home` does, but BadQuery for an old name: there is no other place to ask the same."""
    try:
        return homes.open_home(writing.store, actor_of(request), "read", owner, name)
    except Renamed as error:
        now = f"{error.owner}/{error.name}"
        raise BadQuery(
            said("{owner}/{name} is now called {now}.", owner=owner, name=name, now=now), (now,), "/dataset"
        ) from error


def _of(home: Home, revision: Revision, view: View) -> SavedView:
    try:
        settled = viewing.settled(view, viewing.model_of(home.objects, revision))
    except BadQuery as error:
        raise BadQueries(_blamed(error)) from error
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    id_ = savedviews.id_of(f"{home.owner}/{home.name}", revision.hash, settled.query())
    return SavedView(id_, home.owner, home.name, revision.number, revision.hash, settled.query(), now)


def _saved(request: AnyRequest, writing: Writing, home: Home, view: SavedView) -> tuple[SavedView, bool]:
    """The view as it is stored, and whether it is new; only new ones are counted. Raises TooOften."""
    new = savedviews.find(home.objects, view.id) is None
    if new:
        writing.views.step(client_of(request))
    return savedviews.save(home.objects, view), new


HANDLERS: Final = (save_view,)
