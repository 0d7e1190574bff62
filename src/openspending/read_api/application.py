"""Routes as one ASGI application with its OpenAPI document: the Read API's, and those of what is served with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from litestar import HttpMethod, Litestar, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from openspending import __version__, web
from openspending.analytics.cubes import Cubes
from openspending.datastore.objects import ObjectStore
from openspending.read_api import babbage, discovery, files, openapi
from openspending.read_api.door import Door, say_how_long
from openspending.web import AnyRequest


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
    handlers: Sequence[ControllerRouterHandler], apart: Collection[str] = (), door: Door | None = None
) -> Litestar:
    """The application of these routes, those of datasets behind the `door`; without one none may know of private ones.
    Its document says when they are only those of the components `apart`."""
    for one in handlers:
        if isinstance(one, Router):
            _leave_options_to_the_application(one)
    return Litestar(
        [Router("/", route_handlers=handlers)],  # so that it registers a path once, whoever has routes there
        middleware=[] if door is None else [door.before],
        exception_handlers={**web.EXCEPTION_HANDLERS, HTTPException: refused},
        before_send=[web.open_to_all, web.name_request, say_how_long, web.keep_closed],
        openapi_config=OpenAPIConfig(
            title="OpenSpending",
            version=__version__,
            path="/openapi.json",
            render_plugins=[Completed(apart)],
            use_handler_docstrings=True,
        ),
        # level 6 takes twice the time of level 3, and makes answers a sixth smaller
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=3, minimum_size=2048, exclude="^/data/"
        ),
        logging_config=None,
    )


def _leave_options_to_the_application(router: Router) -> None:
    """Take from a router the handlers of OPTIONS that Litestar 2.25 gave it: of two routers that share a path it would
    refuse the second. The application gets one for each path all the same. What it registers twice, it would also take
    to a thread twice over, and answer with a coroutine."""
    for one in router.routes:
        if isinstance(one, HTTPRoute):
            one.route_handlers = [each for each in one.route_handlers if each.http_methods != {HttpMethod.OPTIONS}]


class Completed(JsonRenderPlugin):
    """Answers `/openapi.json`: the framework's document of the routes, with everything that it does not know."""

    def __init__(self, apart: Collection[str] = ()) -> None:
        super().__init__(path="/")
        self._apart = sorted(apart)

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        found = openapi.completed(openapi_schema)
        if self._apart:
            found["info"]["description"] += (
                f" This process serves {', '.join(self._apart)} alone; so does this document."
            )
        return super().render(request, found)


def refused(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refuses before any route is reached, in the shape of the API that was asked."""
    within = request.scope["path"].startswith(f"{babbage.PREFIX}/")
    return babbage.refused(request, error) if within else web.http_problem(request, error)
