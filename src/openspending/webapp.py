"""Routes of any components as one ASGI application, with its OpenAPI document: what every process has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import litestar
from litestar import HttpMethod, Litestar
from litestar.config.compression import CompressionConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute
from litestar.types import BeforeMessageSendHookHandler, ControllerRouterHandler, ExceptionHandlersMap, Middleware

from openspending import __version__, web
from openspending.web import AnyRequest

Complete = Callable[[Mapping[str, Any]], dict[str, Any]]


class Router(litestar.Router):
    """A router of one application, made for it, which takes it as it is. Of others, Litestar would copy all that their
    routes hold, at each level anew: half the time that an application takes to be made."""

    def __deepcopy__(self, memo: object) -> Self:
        """The same."""
        return self


def webapp(
    handlers: Sequence[ControllerRouterHandler],
    complete: Complete,
    *,
    middleware: Sequence[Middleware] = (),
    exception_handlers: ExceptionHandlersMap | None = None,
    before_send: Sequence[BeforeMessageSendHookHandler] = (),
) -> Litestar:
    """The application of these routes; `complete` makes its OpenAPI document of the framework's own. The others are
    what some of the routes need of the whole application."""
    for one in handlers:
        if isinstance(one, litestar.Router):
            _leave_options_to_the_application(one)
    return Litestar(
        [Router("/", route_handlers=handlers)],  # so that it registers a path once, whoever has routes there
        middleware=list(middleware),
        exception_handlers={**web.EXCEPTION_HANDLERS, **(exception_handlers or {})},
        before_send=[web.open_to_all, web.name_request, web.name_language, *before_send, web.keep_closed],
        openapi_config=OpenAPIConfig(
            title="OpenSpending",
            version=__version__,
            path="/openapi.json",
            render_plugins=[_Completed(complete)],
            use_handler_docstrings=True,
        ),
        # level 6 takes twice the time of level 3, and makes answers a sixth smaller
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=3, minimum_size=2048, exclude="^/data/"
        ),
        logging_config=None,
    )


def _leave_options_to_the_application(router: litestar.Router) -> None:
    """Take from a router the handlers of OPTIONS that Litestar 2.25 gave it: of two routers that share a path it would
    refuse the second. The application gets one for each path all the same. What it registers twice, it would also take
    to a thread twice over, and answer with a coroutine."""
    for one in router.routes:
        if isinstance(one, HTTPRoute):
            one.route_handlers = [each for each in one.route_handlers if each.http_methods != {HttpMethod.OPTIONS}]


class _Completed(JsonRenderPlugin):
    """Answers `/openapi.json`: the framework's document of the routes, with everything that it does not know."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(path="/")
        self._complete = complete

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        return super().render(request, self._complete(openapi_schema))
