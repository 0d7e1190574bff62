"""All routes of the Write API as one router, which stands below `/v1` with those of other components."""

from __future__ import annotations

from typing import Final

from litestar.di import Provide

from openspending.asking import LARGEST
from openspending.webapp import Router
from openspending.write_api import (
    auditing,
    datasetroutes,
    draftroutes,
    importroutes,
    jobroutes,
    movingroutes,
    typeroutes,
    uploadroutes,
    viewroutes,
)
from openspending.write_api.service import Writing

HANDLERS: Final = (
    *uploadroutes.HANDLERS,
    *draftroutes.HANDLERS,
    *typeroutes.HANDLERS,
    *importroutes.HANDLERS,
    *jobroutes.HANDLERS,
    *movingroutes.HANDLERS,
    *datasetroutes.HANDLERS,
    *auditing.HANDLERS,
    *viewroutes.HANDLERS,
)


def router(writing: Writing) -> Router:
    """The routes, over the parts that they work with."""
    return Router(
        "/v1",
        route_handlers=list(HANDLERS),
        dependencies={"writing": Provide(lambda: writing, use_cache=True, sync_to_thread=False)},
        request_max_body_size=LARGEST,
        tags=["writing"],
    )
