"""All routes of what is shown elsewhere."""

from __future__ import annotations

from openspending.browse import languages
from openspending.client import Client
from openspending.viz import embedding, oembed, picture, script
from openspending.webapp import Router


def router(client: Client) -> Router:
    """The routes over the API."""
    return Router(
        "/",
        route_handlers=[
            *embedding.handlers(client),
            *oembed.handlers(client),
            *picture.handlers(client),
            script.handler(),
        ],
        before_request=languages.listen,
        include_in_schema=False,
    )
