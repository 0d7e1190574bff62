"""The Read API as one ASGI application: `/api/3`, `/data`, `/health` and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import HttpMethod, Litestar, Response, Router, route
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from openspending import __version__, web
from openspending.analytics.cubes import Cubes
from openspending.datastore.objects import ObjectStore
from openspending.read_api import babbage, discovery, files, openapi
from openspending.web import AnyRequest


@route("/health", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False)
def health() -> Response[bytes]:
    """Whether this process answers, and which version it is."""
    body = web.to_json({"status": "ok", "version": __version__})
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def routes(cubes: Cubes, public: ObjectStore | None = None) -> list[Router | ControllerRouterHandler]:
    """The route handlers of the Read API over `cubes`; with `/data` when there is a `public` store."""
    data = [] if public is None else [files.router(public)]
    return [babbage.router(cubes), *data, health, *discovery.HANDLERS]


def app(cubes: Cubes, public: ObjectStore | None = None, more: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The application; `more` are the routes of other components that it serves too."""
    return Litestar(
        [*routes(cubes, public), *more],
        exception_handlers={**web.EXCEPTION_HANDLERS, HTTPException: refused},
        before_send=[web.open_to_all, web.name_request],
        openapi_config=OpenAPIConfig(
            title="OpenSpending Read API",
            version=__version__,
            path="/openapi.json",
            render_plugins=[Completed(path="/")],
            use_handler_docstrings=True,
        ),
        # level 6 takes twice the time of level 3, and makes answers a sixth smaller
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=3, minimum_size=2048, exclude="^/data/"
        ),
        logging_config=None,
    )


class Completed(JsonRenderPlugin):
    """Answers `/openapi.json`: the framework's document of the routes, with everything that it does not know."""

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        return super().render(request, openapi.completed(openapi_schema))


def refused(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refuses before any route is reached, in the shape of the API that was asked."""
    within = request.scope["path"].startswith(f"{babbage.PREFIX}/")
    return babbage.refused(request, error) if within else web.http_problem(request, error)
