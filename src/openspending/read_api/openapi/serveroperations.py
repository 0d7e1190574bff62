"""The operations that are no part of an API: files, the server's health and figures."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.responses import headed, plain, refused
from openspending.read_api.openapi.shapes import Json, named

_BYTES: Final[Json] = {"*/*": {"schema": {}}}
_FILE: Final = ("ETag", "Cache-Control", "Accept-Ranges")
_RANGE: Final[Json] = {
    "name": "Range",
    "in": "header",
    "description": "Which bytes.",
    "schema": {"type": "string", "examples": ["bytes=0-99"]},
}

PATHS: Final[Json] = {
    "/data/{path}": {
        "operationId": "getFile",
        "tags": ["files"],
        "summary": "A file of the DataStore",
        "description": "The bytes of a stored file, or those that Range names. The path may have slashes in it.",
        "parameters": [
            parameters.FILE_PATH["path"].documented("path", "path", parameters.FILE_PATH["path"].example),
            _RANGE,
        ],
        "responses": {
            "200": {"description": "The file.", "headers": headed(_FILE), "content": _BYTES},
            "206": {"description": "The bytes.", "headers": headed((*_FILE, "Content-Range")), "content": _BYTES},
            "304": {"description": "The asker has it already.", "headers": headed(_FILE)},
            **dict(refused({308, 404, 410, 503})),
            "416": {"description": "The file has no such bytes.", "headers": headed((*_FILE, "Content-Range"))},
        },
    },
    "/health": {
        "operationId": "getHealth",
        "tags": ["server"],
        "summary": "Whether the server can work",
        "description": "Whether this process can work: what it needs, such as the store, was asked some seconds ago.",
        "responses": {
            "200": plain("It can.", {"application/json": named("Health")}),
            "503": plain("Something that it needs is not there.", {"application/json": named("Health")}),
        },
    },
    "/health/live": {
        "operationId": "getLiveness",
        "tags": ["server"],
        "summary": "Whether the server answers at all",
        "description": "Whether this process answers; what it needs is not asked.",
        "responses": {"200": plain("It does.", {"application/json": named("Liveness")})},
    },
    "/metrics": {
        "operationId": "getMetrics",
        "tags": ["server"],
        "summary": "Figures for Prometheus",
        "description": "Figures of this process, in the text format of Prometheus or in OpenMetrics.",
        "responses": {
            "200": plain(
                "The figures.", {"text/plain": {"type": "string"}, "application/openmetrics-text": {"type": "string"}}
            )
        },
    },
}
