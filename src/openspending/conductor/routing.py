"""All routes of the conductor as one router."""

from __future__ import annotations

from typing import Final

from litestar.di import Provide

from openspending.conductor import changeroutes, datastoreroutes, oauthroutes, packageroutes, searchroutes, userroutes
from openspending.conductor.asking import refused
from openspending.conductor.identifying import identify
from openspending.conductor.service import Conductor
from openspending.errors import OpenSpendingError
from openspending.webapp import Router

LARGEST: Final = 1024 * 1024  # bytes of a body that is no file
HANDLERS: Final = (
    *userroutes.HANDLERS,
    *oauthroutes.HANDLERS,
    *datastoreroutes.HANDLERS,
    *packageroutes.HANDLERS,
    *changeroutes.HANDLERS,
    *searchroutes.HANDLERS,
)


def router(conductor: Conductor) -> Router:
    """The routes, over the parts that they work with. `sent.Sent` has to stand before the whole application."""
    return Router(
        "/",
        route_handlers=list(HANDLERS),
        dependencies={"conductor": Provide(lambda: conductor, use_cache=True, sync_to_thread=False)},
        before_request=identify(conductor.tokens),
        exception_handlers={OpenSpendingError: refused},
        request_max_body_size=LARGEST,
        tags=["conductor"],
    )
