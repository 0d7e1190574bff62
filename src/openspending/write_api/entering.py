"""How the routes of one dataset are entered: by the permission that their own action needs."""

from __future__ import annotations

from typing import Any, Final

from openspending.datastore import homes, revisions
from openspending.datastore.homes import Home
from openspending.datastore.permissions import Action
from openspending.errors import Renamed
from openspending.web import AnyRequest, actor_of
from openspending.write_api.asking import dataset_path
from openspending.write_api.preconditions import expected
from openspending.write_api.service import Writing


def _none(_: Any) -> None:
    return None


# Routes of the Read API are let in by whether one may read; a robot that may publish need not be one that may read.
OWN_DOOR: Final = {"dataset": _none}


def enter(request: AnyRequest, writing: Writing, action: Action, owner: str, name: str) -> Home:
    """The home of the dataset, if the actor may do `action` there. Raises as `open_home` does; Renamed tells where the
    same request is answered."""
    try:
        return homes.open_home(writing.store, actor_of(request), action, owner, name)
    except Renamed as error:
        path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
        rest = "/".join(["", *path.split("/")[5:]]) if path.count("/") > 4 else ""
        error.location = dataset_path(error.owner, error.name) + rest
        raise


def expected_of(request: AnyRequest, home: Home) -> int | None:
    """What If-Match says of the dataset's newest revision. Raises Stale, BadQuery."""
    if "if-match" not in request.headers and "if-none-match" not in request.headers:
        return None
    return expected(request, revisions.latest(home.objects, home.owner, home.name))
