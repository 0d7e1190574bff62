"""The operations of saved views, with their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, refused
from openspending.read_api.openapi.shapes import Json, named, record, text, whole
from openspending.view import CHARTS

_ID: Final = Described("The id of a saved view.", "f5ys7ncfuz", {"type": "string", "pattern": "^[a-z2-7]{10}$"})
_VIEW: Final = "chart=treemap&measure=amount.sum&group=category_2"
_EXAMPLE: Final[Mapping[str, Any]] = {
    "id": "f5ys7ncfuz",
    "url": "/q/f5ys7ncfuz",
    "dataset": "demo/suginami-2013",
    "revision": 1,
    "hash": "sha256:ad4deff946dd81371d41b90cdf3549d77cb45dea9494dbb6b47e32335a679ec1",
    "view": _VIEW,
    "created": "2026-11-26T15:00:00Z",
}
_LOCATION: Final[Json] = {"Location": {"description": "The address of the view.", "schema": {"type": "string"}}}

SCHEMAS: Final[Json] = {
    "SavedView": record(
        "What a chart shows of one revision of a dataset, under an address that stays.",
        {
            "id": text("Its id: the same for the same view of the same revision.", pattern="^[a-z2-7]{10}$"),
            "url": text("The page that shows it."),
            "dataset": text("`owner/name`."),
            "revision": whole("The number of the revision."),
            "hash": text("The hash of the revision."),
            "view": text("What is shown, as the parameters of an address in their canonical form."),
            "created": text("When it was saved first.", format="date-time"),
        },
    ),
    "WantedView": {
        **record(
            "A view to be saved.",
            {"dataset": text("`owner/name`.", minLength=3, maxLength=202)},
            {
                "version": text("Which revision: its number, a day or its hash; the newest unless it is said."),
                "view": {
                    "description": "What is shown: the parameters of a viewer's address, as they stand there or as an "
                    f"object. `chart` is one of {', '.join(CHARTS)}.",
                    "oneOf": [
                        {"type": "string", "maxLength": 4000},
                        {"type": "object", "additionalProperties": {"type": "string"}},
                    ],
                },
            },
        ),
        "additionalProperties": False,
    },
}


def _answer(description: str, headers: Json) -> Json:
    content = {"application/json": {"schema": named("SavedView"), "example": dict(_EXAMPLE)}}
    return {"description": description, "headers": {**headed(("Cache-Control",)), **headers}, "content": content}


OPERATIONS: Final[Mapping[tuple[str, str], Json]] = {
    ("post", "/v1/views"): {
        "operationId": "saveView",
        "tags": ["views"],
        "summary": "Save a view",
        "description": "Whoever may read a dataset can save what a chart shows of one of its revisions. The same view "
        "has the same id, and is stored once.",
        "parameters": [],
        "requestBody": {
            "description": "The view.",
            "required": True,
            "content": {
                "application/json": {
                    "schema": named("WantedView"),
                    "example": {"dataset": "demo/suginami-2013", "version": "1", "view": _VIEW},
                }
            },
        },
        "responses": {
            "200": _answer("The view, which was saved before.", _LOCATION),
            "201": _answer("The view.", _LOCATION),
            **dict(refused({400, 401, 404, 410, 413, 429, 503})),
        },
    },
    ("get", "/v1/views/{view}"): {
        "operationId": "getView",
        "tags": ["views"],
        "summary": "A saved view",
        "description": "Which dataset and revision it is of, and what it shows. Of a private dataset it is for those "
        "who may read that.",
        "parameters": [_ID.documented("view", "path", None)],
        "responses": {
            "200": _answer("The view.", headed(("ETag",))),
            "304": {"description": "The asker has it already.", "headers": headed(("ETag", "Cache-Control"))},
            **dict(refused({400, 401, 404, 410, 503})),
        },
    },
}
