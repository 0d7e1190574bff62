"""The components of a process as one ASGI application, behind what all of them share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openspending.assembly import checking
from openspending.assembly.components import ALL, COMPONENTS
from openspending.assembly.identifying import recognised
from openspending.assembly.parts import Parts
from openspending.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.types import ASGIApp, ControllerRouterHandler, ExceptionHandlersMap, Receive, Scope, Send


@contextmanager
def application(settings: Settings, components: frozenset[str] = ALL) -> Iterator[ASGIApp]:
    """The application of these components over the settings' stores and database, measured.

    Raises BadSettings and StoreError when a component lacks what it needs.
    """
    with Parts(settings) as parts:
        yield composed(parts, components)


def composed(parts: Parts, components: frozenset[str] = ALL) -> ASGIApp:
    """The application of these components over `parts`, which have to stay open as long as it answers.

    From the outside in: requests are measured, then whoever asks is recognised, then a route answers. Pages come in at
    the second step again, as any client would; a page is one request.
    """
    from openspending.assembly.health import Health
    from openspending.read_api.measuring import Measured
    from openspending.read_api.metrics import MEMORY, OPEN, PENDING, Metrics

    async def itself(scope: Scope, receive: Receive, send: Send) -> None:
        await known(scope, receive, send)

    apart = components != ALL
    reads = "read-api" in components
    health = Health(components, checking.checks(parts, components), parts.search.public.waiting if reads else None)
    parts.closing.callback(health.close)
    handlers = [
        handler
        for name, routes in COMPONENTS.items()
        if name in components
        for handler in routes(parts, None if apart and not reads else itself)
    ]
    metrics = Metrics(
        {MEMORY: parts.cubes.memory, OPEN: parts.cubes.count, PENDING: parts.search.public.waiting} if reads else {}
    )
    known = recognised(
        _litestar(parts, components, [*handlers, *health.handlers(), metrics.handler()]), parts, components
    )
    if components == {"browse"}:  # it has no store; the APIs that it asks count what pages are made of
        return Measured(known, None, metrics)
    if reads:
        parts.search.start()
    parts.ledger.start()
    return Measured(known, parts.ledger, metrics)


def _litestar(parts: Parts, components: frozenset[str], handlers: list[ControllerRouterHandler]) -> Litestar:
    """The routes as an application. Only a process that reads datasets imports what that takes."""

    def complete(found: Mapping[str, Any]) -> dict[str, Any]:
        from openspending.read_api import openapi

        document = openapi.completed(found)
        if components != ALL:
            names = ", ".join(sorted(components))
            document["info"]["description"] += f" This process serves {names} alone; so does this document."
        return document

    if "read-api" not in components:  # pages alone ask those who have a door
        from openspending.webapp import webapp

        return webapp(handlers, complete, exception_handlers=_told(components))
    from openspending import read_api

    return read_api.composed(handlers, complete, parts.door, _told(components))


def _told(components: frozenset[str]) -> ExceptionHandlersMap:
    """How errors are told before any route is reached: to people on a page, where pages are served."""
    if "browse" not in components:
        return {}
    from litestar.exceptions import HTTPException

    from openspending.browse.failing import HANDLERS, page_of

    if "read-api" not in components:
        return dict(HANDLERS)
    from openspending.read_api import refused

    return {**HANDLERS, HTTPException: page_of(refused)}
