"""The operations of the original conductor, for its old clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, refused
from openspending.read_api.openapi.shapes import Json, named

_URL: Final = "https://openspending.example.org/datastore/files/ada/budget/0f343b0931126a20f133d67c2b018a3b"
_CALLBACK: Final = Described("The name of a JavaScript function to wrap the answer in (JSONP).", "callback")
_ID: Final = Described("The id of a package: owner and name.", "ada:budget")
_DATAPACKAGE: Final = Described("The URL of a descriptor that was uploaded here.", f"{_URL}/datapackage.json")
_QUERIES: Final = {
    "next": Described("Where to come back to after signing in.", "https://openspending.example.org/admin/"),
    "service": Described("What to have a token for.", "os.datastore"),
    "username": Described("The name to go by.", "ada"),
    "state": Described("What `/user/check` put into the address.", "5tate"),
    "datapackage": _DATAPACKAGE,
    "id": _ID,
    "publish": Described("`true`, `false` or `toggle`.", "true"),
    "pipeline": Described("Left alone.", "https://example.org/hook"),
    "q": Described("Words, as a text in JSON; one of them is enough.", '"health"'),
    "size": Described("How many at most.", "100", {"type": "integer", "minimum": 0, "default": 100}),
    "package.owner": Described("The owner, as a text in JSON. Any member of the answer can be named so.", '"ada"'),
    "callback": _CALLBACK,
}
_PATH: Final = {
    "callback": Described("`google_callback` or `openspending_callback`.", "google_callback"),
    "kind": Described("`package`.", "package"),
    "path": Described("Owner, name and folder of a package, and the path of a file.", "ada/budget/0f34/data.csv"),
}


def _operation(
    id_: str,
    summary: str,
    says: str,
    schema: str,
    refusals: Collection[int],
    queries: Collection[str] = (),
    within: Collection[str] = (),
    body: tuple[str, Mapping[str, Any]] | None = None,
) -> Json:
    """An operation: `within` are the parts of its path, `body` schema and example."""
    content = {
        "application/json": {"schema": named(schema)},
        "application/javascript": {"schema": {"type": "string"}},
    }
    asked = [_PATH[one].documented(one, "path", None) for one in within]
    asked += [_QUERIES[one].documented(one, "query", None) for one in (*queries, "callback")]
    found: Json = {
        "operationId": id_,
        "tags": ["conductor"],
        "summary": summary,
        "description": says,
        "parameters": asked,
        "responses": {
            "200": {
                "description": f"{summary}: the answer.",
                "headers": headed(("Cache-Control",)),
                "content": content,
            },
            **dict(refused({400, 401, 503, *refusals})),
        },
    }
    if body is not None:
        told = {"application/json": {"schema": named(body[0]), "example": dict(body[1])}}
        found["requestBody"] = {"description": "What is sent.", "required": True, "content": told}
    return found


def _plain(id_: str, summary: str, says: str, media_type: str) -> Json:
    """An operation whose answer is one text."""
    content = {media_type: {"schema": {"type": "string"}}}
    return {
        "operationId": id_,
        "tags": ["conductor"],
        "summary": summary,
        "description": says,
        "responses": {
            "200": {"description": f"{summary}.", "headers": headed(("Cache-Control",)), "content": content},
            **dict(refused({401, 503})),
        },
    }


def _also_later(made: Json) -> Json:
    """An operation whose work may take longer than its answer."""
    later = {**made["responses"]["200"], "description": "It is being done; `job` says how far that is."}
    return {**made, "responses": {**made["responses"], "202": later}}


_ANNOUNCED: Final = (
    "OldFiles",
    {
        "metadata": {"owner": "ada", "name": "budget"},
        "filedata": {
            "datapackage.json": {
                "name": "budget",
                "length": 1024,
                "md5": "vcTIcVh43cl1KKhmYXh2LA==",
                "type": "text/json",
            }
        },
    },
)
_CHANGING: Final = (403, 413, 429)
_UPLOADING: Final = (403, 413, 507)


def _announcing(id_: str, says: str) -> Json:
    return _operation(id_, "Announce files", says, "OldUploads", _UPLOADING, body=_ANNOUNCED)


OPERATIONS: Final[Mapping[tuple[str, str], Json]] = {
    ("get", "/user/check"): _operation(
        "oldCheck",
        "Whether one is signed in",
        "Who the token makes one; else where to sign in. A token that does not hold is none, here and nowhere else.",
        "OldUser",
        (),
        ("next",),
    ),
    ("get", "/user/authorize"): _operation(
        "oldAuthorize",
        "Have a permission token",
        "A token for the service, good for a day where a robot's token asks, for an hour where a person does; it ends "
        "with what is behind it.",
        "OldPermissions",
        (403,),
        ("service",),
    ),
    ("post", "/user/update"): _operation(
        "oldUpdate", "Choose one's name", "It can be chosen once.", "OldOutcome", (403, 413), ("username",)
    ),
    ("get", "/user/public-key"): _plain(
        "oldPublicKey", "The key that signs", "The public key of permission tokens, as PEM.", "text/plain"
    ),
    ("get", "/user/lib"): _plain(
        "oldLibrary", "A script for pages", "Signs in and out, and gets permission tokens.", "application/javascript"
    ),
    ("get", "/oauth/{callback}"): {
        **_operation(
            "oldCallback",
            "Come back from signing in",
            "Sends the browser on, to `next`.",
            "",
            (),
            ("state",),
            ("callback",),
        ),
        "responses": {
            "303": {"description": "Where to go is in the header Location.", "headers": headed(())},
            **dict(refused({400, 401, 404, 429, 503})),
        },
    },
    ("post", "/datastore"): _announcing("oldAnnounce", "Where to put the files of a package, each with a signature."),
    ("post", "/datastore/authorize"): _announcing("oldAnnounceToo", "The same as `POST /datastore/`."),
    ("get", "/datastore/info"): _operation(
        "oldPrefixes", "Where one's files are", "How the addresses of one's own files begin.", "OldPrefixes", ()
    ),
    ("put", "/datastore/files/{path}"): {
        "operationId": "oldPut",
        "tags": ["conductor"],
        "summary": "Send a file",
        "description": "Where no S3 takes files; with exactly the query and headers that were told. The path may have "
        "slashes in it.",
        "parameters": [_PATH["path"].documented("path", "path", None)],
        "requestBody": {"description": "The bytes.", "required": True, "content": {"*/*": {"schema": {}}}},
        "responses": {
            "200": {"description": "They are kept.", "headers": headed(("ETag",))},
            **dict(refused({400, 401, 403, 404, 422, 503})),
        },
    },
    ("post", "/package/upload"): _operation(
        "oldLoad",
        "Load a package",
        "As a job, into a private dataset, or as the next revision of the one that there is.",
        "OldStatus",
        (*_CHANGING, 404, 507),
        ("datapackage",),
    ),
    ("get", "/package/status"): _operation(
        "oldStatus",
        "How far the loading is",
        "For its owner; without a token for whoever has the `upload_url` of the descriptor, or loaded it just now.",
        "OldStatus",
        (404,),
        ("datapackage",),
    ),
    ("post", "/package/publish"): _also_later(
        _operation(
            "oldPublish",
            "Publish or hide",
            "Shows a package to everybody, or hides it.",
            "OldPublication",
            _CHANGING,
            ("id", "publish"),
        )
    ),
    ("post", "/package/delete"): _also_later(
        _operation(
            "oldDelete",
            "Delete a package",
            "With its files and figures. Its name stays taken; where it was public, a note says that it was.",
            "OldOutcome",
            _CHANGING,
            ("id",),
        )
    ),
    ("post", "/package/update_params"): _also_later(
        _operation(
            "oldParameters",
            "Say what viewers show at first",
            "Kept with the package, as a new revision.",
            "OldOutcome",
            _CHANGING,
            ("id",),
            body=("OldParameters", {"params": "treemap"}),
        )
    ),
    ("post", "/package/run-hooks"): {
        **_operation(
            "oldHooks",
            "Gone",
            "This server sends nothing to addresses that a request names.",
            "OldOutcome",
            (),
            ("id", "pipeline"),
        ),
    },
    ("get", "/package/stats"): _operation(
        "oldStatistics", "Statistics", "Of all public packages.", "OldStatistics", ()
    ),
    ("get", "/search/{kind}"): _operation(
        "oldSearch",
        "Find packages",
        "Public ones, and one's own. Values are in JSON; a parameter that is repeated asks for one of its values.",
        "OldPackages",
        (),
        ("q", "size", "package.owner"),
        ("kind",),
    ),
}
_GONE: Final = OPERATIONS["post", "/package/run-hooks"]["responses"]
_GONE["410"] = {**_GONE.pop("200"), "description": "Register a webhook instead."}
