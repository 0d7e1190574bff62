"""The operations of the Write API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.shapes import Json
from openspending.read_api.openapi.writeoperation import FILE, KEY, MATCH, operation
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
_TYPES: Final = {"q": Described("Only those that all of these words describe.", "ministry code")}
_LOG: Final = {
    "after": Described("Without so many lines.", "0", {"type": "integer", "minimum": 0, "maximum": 999_999_999})
}
_OF_DATASET: Final = frozenset({308, 403, 404, 410})


_Made = tuple[tuple[str, str], Json]


def _upload(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"/v1/uploads{rest}"
    id_, summary, says, answer, refusals = what
    return (method, path), operation(id_, "uploads", summary, says, answer, refusals, path=path, **more)


def _job(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"/v1/jobs{rest}"
    id_, summary, says, answer, refusals = what
    return (method, path), operation(id_, "jobs", summary, says, answer, refusals, path=path, **more)


def _draft(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"/v1/drafts{rest}"
    id_, summary, says, answer, refusals = what
    return (method, path), operation(id_, "jobs", summary, says, answer, refusals, path=path, **more)


def _managed(method: str, rest: str, *what: Any, **more: Any) -> _Made:
    path = f"{_DATASET}{rest}"
    id_, summary, says, answer, refusals = what
    refusals = {*_OF_DATASET, *refusals}
    return (method, path), operation(id_, "managing", summary, says, answer, refusals, path=path, **more)


_ONCE: Final = {"Idempotency-Key": KEY}
_BY_JOB: Final = {**_ONCE, "If-Match": MATCH}
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
            *("get", "/limits", "showUploadLimits", "Learn how large a file may be"),
            "And where its bytes go: a page says so beforehand, and lets its scripts send there.",
            *(("200", "UploadLimits"), ()),
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
            operation(
                *("startImport", "jobs", "Import files"),
                "A job makes a revision of them, or ends with questions or problems. New datasets are private.",
                *(_A_JOB, (403, 404, 410, 413, 429, 507)),
                path="/v1/imports",
                body="NewImport",
                headers=_BY_JOB,
            ),
        ),
        _draft(
            *("post", "", "beginDraft", "Begin an import", "To be gone on with another day: kept for 30 days."),
            *(("201", "Draft"), (403, 413, 429)),
            body="NewDraft",
            headers=_ONCE,
        ),
        _draft(
            *("get", "", "listDrafts", "List drafts", "Your own, and those of owners that you may import into."),
            *(("200", "DraftList"), ()),
        ),
        _draft(*("get", "/{draft}", "showDraft", "Look at a draft", "As it was left."), ("200", "Draft"), (404,)),
        _draft(
            *(
                "patch",
                "/{draft}",
                "writeDraft",
                "Go on with a draft",
                "What is sent takes the place of the old.",
            ),
            *(("200", "Draft"), (404, 413)),
            body="DraftPatch",
        ),
        _draft(
            *("delete", "/{draft}", "deleteDraft", "Delete a draft", "Forgets it; its uploads go an hour later."),
            *(("204", ""), (404,)),
        ),
        (
            ("get", "/v1/column-types"),
            operation(
                *("listColumnTypes", "jobs", "What columns can mean", "All ColumnTypes in words, or those that fit."),
                *(("200", "TypeList"), ()),
                path="/v1/column-types",
                queries=_TYPES,
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
            *("The publisher's tables, every problem marked.", ("200", FILE), (404,)),
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
