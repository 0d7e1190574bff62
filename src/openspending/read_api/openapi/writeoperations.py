"""The operations of the Write API."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, refused
from openspending.read_api.openapi.shapes import Json, named
from openspending.read_api.openapi.writeexamples import ANSWERS, REQUESTS
from openspending.read_api.openapi.writeschemas import SCHEMAS, STATES

__all__ = ["OPERATIONS", "SCHEMAS"]

_DATASET: Final = "/v1/datasets/{owner}/{name}"
_PAGE: Final = {
    "pagesize": Described("How many at most.", "100", {"type": "integer", "minimum": 0, "maximum": 1000}),
    "cursor": Described("Where the page begins; take it from `next`.", "WyJhIl0"),
}
_JOBS: Final = {
    "owner": Described("Only those on datasets of this owner.", "treasury"),
    "name": Described("Only those on datasets of this name.", "budget"),
    "state": Described("Only those in this state.", "failed", {"type": "string", "enum": STATES}),
    "kind": Described("Only those of this kind.", "import"),
    **_PAGE,
}
_AUDIT: Final = {
    "since": Described("From this day on (UTC); the last 90 days unless it is said.", "2026-11-01"),
    "until": Described("Up to the end of this day (UTC).", "2026-11-30"),
    **_PAGE,
}
_LOG: Final = {
    "after": Described("Without so many lines.", "0", {"type": "integer", "minimum": 0, "maximum": 999_999_999})
}
_PATH: Final = {
    "owner": parameters.PATH["owner"],
    "name": Described("The name of a dataset.", "suginami-2013"),
    "upload": Described("The id of an upload.", "8f14e45fceea467a9f2c3b1d5e6a7b8c"),
    "number": Described("The number of a part.", "1", {"type": "integer", "minimum": 1}),
    "job": Described("The id of a job.", "06612f67aff2ce8151b2f3b92a7e21"),
    "filename": Described("The name of a file.", "marked.xlsx"),
    "account": Described("The name of an account, or its id.", "anna"),
}
_KEY: Final = Described(
    "Makes the request safe to repeat: within a day the same key with the same request gets the same answer.",
    "7f9c2ba4-e88f-4c2b-8d2e-3a6f1c9b5d10",
)
_MATCH: Final = Described(
    "The revision that this follows: its number, its hash, or `*`. If it is not the newest, 412.", '"3"'
)
_OF_DATASET: Final = frozenset({308, 403, 404, 410})


def _operation(
    id_: str,
    tag: str,
    summary: str,
    says: str,
    answer: tuple[str, str],
    refusals: Collection[int],
    *,
    path: str,
    queries: Mapping[str, Described] | None = None,
    body: str = "",
    headers: Mapping[str, Described] | None = None,
) -> Json:
    """An operation: `answer` are its status and schema, `body` the schema of what is sent."""
    status, schema = answer
    within = [name for name in _PATH if f"{{{name}}}" in path]
    headers = headers or {}
    found: Json = {
        "operationId": id_,
        "tags": [tag],
        "summary": summary,
        "description": says,
        "parameters": [
            *(_PATH[name].documented(name, "path", None) for name in within),
            *(one.documented(name, "query", None) for name, one in (queries or {}).items()),
            *(one.documented(name, "header", None) for name, one in headers.items()),
        ],
    }
    if body:
        content = {"schema": named(body), "example": REQUESTS[id_]}
        found["requestBody"] = {"description": f"{summary}.", "required": True, "content": {_JSON: content}}
    answered = _answer(id_, summary, schema, located=status in {"201", "202"})
    further = {400, 401, 503, *refusals, *({409, 422} if headers else ()), *({412} if "If-Match" in headers else ())}
    return {**found, "responses": {status: answered, **dict(refused(further))}}


_JSON: Final = "application/json"


def _answer(id_: str, summary: str, schema: str, *, located: bool) -> Json:
    location = {"description": "The address of what was made.", "required": True, "schema": {"type": "string"}}
    found: Json = {"description": f"{summary}: the answer.", "headers": headed(("Cache-Control",))}
    if located:
        found["headers"] = {**found["headers"], "Location": location}
    if schema == _FILE:
        found["content"] = {"*/*": {"schema": {}}}
    elif schema:
        example = {"example": ANSWERS[id_]} if id_ in ANSWERS else {}
        found["content"] = {_JSON: {"schema": named(schema), **example}}
    return found


_FILE: Final = "file"
_Made = tuple[tuple[str, str], Json]


def _upload(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"/v1/uploads{rest}"
    id_, summary, says, answer, refusals = what
    return (method, path), _operation(id_, "uploads", summary, says, answer, refusals, path=path, **more)


def _job(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"/v1/jobs{rest}"
    id_, summary, says, answer, refusals = what
    return (method, path), _operation(id_, "jobs", summary, says, answer, refusals, path=path, **more)


def _managed(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"{_DATASET}{rest}"
    id_, summary, says, answer, refusals = what
    refusals = {*_OF_DATASET, *refusals}
    return (method, path), _operation(id_, "managing", summary, says, answer, refusals, path=path, **more)


_ONCE: Final = {"Idempotency-Key": _KEY}
_BY_JOB: Final = {**_ONCE, "If-Match": _MATCH}
_A_JOB: Final = ("202", "Job")

OPERATIONS: Final[Mapping[tuple[str, str], Json]] = dict(
    (
        _upload(
            *("post", "", "announceUpload", "Announce a file"),
            "Say which file is coming, and learn how to send it: by one PUT, or in parts.",
            *(("201", "Upload"), (403, 413, 429, 507)),
            body="NewUpload",
            headers=_ONCE,
        ),
        _upload(
            *("get", "/{upload}", "showUpload", "Look at an upload"),
            "Which of its parts have arrived: whoever was interrupted goes on from there.",
            *(("200", "Upload"), (404,)),
        ),
        _upload(
            *("delete", "/{upload}", "deleteUpload", "Delete an upload", "Forgets an upload and its bytes."),
            *(("204", ""), (404,)),
        ),
        _upload(
            *("post", "/{upload}/parts", "addressParts", "Learn where to send parts"),
            "A request for each number, good for an hour.",
            *(("200", "SendingList"), (404, 409, 413)),
            body="PartNumbers",
        ),
        _upload(
            *("put", "/{upload}/parts/{number}", "sendPart", "Send a part through this API"),
            "Where the store is a folder. `Content-MD5`, `Repr-Digest` and `Content-Digest` are checked.",
            *(("204", ""), (404, 409, 413, 422)),
        ),
        _upload(
            *("post", "/{upload}/complete", "completeUpload", "Complete an upload"),
            "All bytes are read back. If size or SHA-256 is not what was announced, the upload is deleted.",
            *(("200", "Upload"), (404, 409, 413, 422)),
            headers=_ONCE,
        ),
        (
            ("post", "/v1/imports"),
            _operation(
                *("startImport", "jobs", "Import files"),
                "A job makes a revision of them, or ends with questions or problems. New datasets are private.",
                *(_A_JOB, (403, 404, 410, 413, 429, 507)),
                path="/v1/imports",
                body="NewImport",
                headers=_BY_JOB,
            ),
        ),
        _job(
            *("get", "", "listJobs", "List jobs", "Your own, and those on datasets that you may import into."),
            *(("200", "JobList"), ()),
            queries=_JOBS,
        ),
        _job(
            *("get", "/{job}", "showJob", "Look at a job", "Its state, progress, result or problems."),
            ("200", "Job"),
            (404,),
        ),
        _job(
            *("get", "/{job}/log", "showJobLog", "What a job said", "Line by line, at most 1000 of them."),
            *(("200", "JobLog"), (404,)),
            queries=_LOG,
        ),
        _job(
            *("get", "/{job}/marked/{filename}", "getMarkedFile", "A file of the marked copy"),
            *("The publisher's tables, every problem marked.", ("200", _FILE), (404,)),
        ),
        _job(
            *("post", "/{job}/cancel", "cancelJob", "Cancel a job"),
            *("What waits ends at once, what runs at its next step.", ("200", "Job"), (403, 404, 413)),
            headers=_ONCE,
        ),
        _job(
            *("post", "/{job}/retry", "retryJob", "Try a job again", "One that failed or was cancelled."),
            *(_A_JOB, (403, 404, 409, 413)),
            headers=_ONCE,
        ),
        _managed(
            *("patch", "", "editDataset", "Edit what is said of a dataset"),
            *("Title, description, licences and the like: a job makes a new revision.", _A_JOB, (413, 429)),
            body="DatasetPatch",
            headers=_BY_JOB,
        ),
        _managed(
            *("post", "/publish", "publishDataset", "Publish a dataset", "Shows a private dataset to everybody."),
            *(_A_JOB, (413, 429)),
            headers=_BY_JOB,
        ),
        _managed(
            *("post", "/hide", "hideDataset", "Hide a dataset"),
            *("Takes a public dataset back to where only its owner's people see it.", _A_JOB, (413, 429)),
            headers=_BY_JOB,
        ),
        _managed(
            *("post", "/withdraw", "withdrawDataset", "Withdraw a dataset"),
            *("Deletes it for good. Its address stays, and says why.", _A_JOB, (413, 429)),
            body="Reason",
            headers=_BY_JOB,
        ),
        _managed(
            *("post", "/rename", "renameDataset", "Give a dataset another address"),
            *("The old address leads to the new one.", _A_JOB, (413, 429)),
            body="NewAddress",
            headers=_BY_JOB,
        ),
        _managed(
            *("get", "/collaborators", "listCollaborators", "List collaborators"),
            *(
                "Accounts that a dataset is shared with, beside the people of its owner.",
                ("200", "CollaboratorList"),
                (),
            ),
        ),
        _managed(
            *("put", "/collaborators/{account}", "shareDataset", "Share a dataset"),
            *("With an account, in a role that holds for this dataset alone.", ("200", "Collaborator"), (413,)),
            body="Role",
        ),
        _managed(
            *("delete", "/collaborators/{account}", "unshareDataset", "Share a dataset no more"),
            *("The account keeps what other roles give it.", ("204", ""), ()),
        ),
        _managed(
            *("get", "/audit", "readAuditLog", "Read the audit log of a dataset", "Who did what, when."),
            *(("200", "AuditLog"), ()),
            queries=_AUDIT,
        ),
        _managed(
            *("post", "/links", "linkFile", "Make a link to a file"),
            *("Of a private dataset on S3 it is good for some time, for whoever has it.", ("200", "Link"), (413,)),
            body="WantedLink",
        ),
    )
)
