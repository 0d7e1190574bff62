"""The operations of the Atom feeds, which are the changelogs in another form."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from openspending.read_api import atom, feed
from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.responses import headed, plain, refused
from openspending.read_api.openapi.shapes import Json

_HEADERS: Final = ("ETag", "Cache-Control", "Link")


def _feed(id_: str, of: str, within: Collection[str], statuses: Collection[int]) -> Json:
    """The feed `of` some datasets, whose path has the parts `within`."""
    return {
        "operationId": id_,
        "tags": ["datasets"],
        "summary": f"What happened to {of}, as an Atom feed",
        "description": f"What happened to {of}, the newest first, as RFC 4287 and RFC 5005 have it.",
        "parameters": [
            *(parameters.PATH[one].documented(one, "path", "demo" if one == "owner" else None) for one in within),
            *(parameters.QUERY[one].documented(one, "query", None) for one in feed.ATOM_PARAMETERS),
        ],
        "responses": {
            "200": plain("The feed.", {atom.MEDIA_TYPE: {"type": "string"}}, _HEADERS),
            "304": {"description": "The asker has it already.", "headers": headed(_HEADERS)},
            **dict(refused(statuses)),
        },
    }


PATHS: Final[Json] = {
    "/v1/changelog.atom": _feed("followChanges", "all datasets", (), {400}),
    "/v1/owners/{owner}/changelog.atom": _feed("followOwner", "the datasets of an owner", ("owner",), {400, 404}),
    "/v1/datasets/{owner}/{name}/changelog.atom": _feed(
        "followDataset", "a dataset", ("owner", "name"), {308, 400, 404, 410, 503}
    ),
}
