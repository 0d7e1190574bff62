"""The Read API as one ASGI application, with whatever is served beside it."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Litestar, Response, Router
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap

from openspending import web
from openspending.analytics.cubes import Cubes
from openspending.datastore.objects import ObjectStore
from openspending.read_api import babbage, discovery, files, openapi
from openspending.read_api.door import Door, say_how_long
from openspending.web import AnyRequest
from openspending.webapp import Complete, webapp


def routes(cubes: Cubes, public: ObjectStore | None = None) -> list[Router | ControllerRouterHandler]:
    """The route handlers of the Read API over `cubes`; with `/data` when there is a `public` store."""
    data = [] if public is None else [files.router(public)]
    return [babbage.router(cubes), *data, *discovery.HANDLERS]


def app(
    cubes: Cubes,
    public: ObjectStore | None = None,
    more: Sequence[ControllerRouterHandler] = (),
    door: Door | None = None,
) -> Litestar:
    """The Read API as an application; `more` are further routes that it serves too."""
    return composed([*routes(cubes, public), *more], door=door)


def composed(
    handlers: Sequence[ControllerRouterHandler],
    complete: Complete = openapi.completed,
    door: Door | None = None,
    exception_handlers: ExceptionHandlersMap | None = None,
) -> Litestar:
    """The application of these routes, those of datasets behind the `door`; without one none may know of private
    ones. `exception_handlers` tell of errors in place of its own."""
    return webapp(
        handlers,
        complete,
        middleware=[] if door is None else [door.before],
        exception_handlers={HTTPException: refused, **(exception_handlers or {})},
        before_send=[say_how_long],
    )


def refused(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refuses before any route is reached, in the shape of the API that was asked."""
    within = request.scope["path"].startswith(f"{babbage.PREFIX}/")
    return babbage.refused(request, error) if within else web.http_problem(request, error)
