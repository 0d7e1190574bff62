"""What the Write API takes and answers, as JSON Schemas."""

from __future__ import annotations

from typing import Any, Final

from openspending.read_api.openapi.shapes import Json, anything, flag, keyed, listed, maybe, named, record, text, whole

_MOMENT: Final = {"format": "date-time"}
_SHA256: Final = {"pattern": "^[0-9a-fA-F]{64}$"}
_ROLES: Final = ["viewer", "editor", "publisher", "admin"]
_OWNER: Final = text("The owner.", minLength=1, maxLength=100)
_NAME: Final = text("The name of the dataset.", minLength=1, maxLength=100)
STATES: Final = ["queued", "running", "done", "failed", "cancelled"]


def _wanted(description: str, members: dict[str, Json], optional: dict[str, Json] | None = None) -> Json:
    """An object of a request: what it does not name is refused."""
    return {**record(description, members, optional), "additionalProperties": False}


def _paged(items: str, description: str) -> Json:
    members = {
        "data": listed(named(items), description),
        "returned": whole("How many are on this page."),
        "next": maybe(text("The address of the next page.")),
    }
    return record("A page of a list.", members)


_PROPERTIES: Final[dict[str, Any]] = {
    "title": text("Its title."),
    "description": text("What it is about."),
    "homepage": text("A page about it: an http or https URL.", pattern="^https?://"),
    "image": text("A picture for it."),
    "version": text("What its publisher calls this version."),
    "keywords": listed({"type": "string", "minLength": 1}, "Words to find it by."),
    "licenses": listed({"type": "object"}, "Each with `name`, or with `path` and `title`."),
    "sources": listed({"type": "object"}, "Each with `title` or `path`."),
    "contributors": listed({"type": "object"}, "Each with `title`, and perhaps `role`, `organization`, `path`."),
    "countryCode": anything("ISO 3166-1: a code of two letters, or a list of them."),
    "regionCode": anything("ISO 3166-2: a code, or a list of them."),
    "cityCode": anything("A code, or a list of them."),
    "fiscalPeriod": anything("The fiscal period: an object with `start` and perhaps `end`, dates such as 2026-12-31."),
    "granularity": text("Whether its lines are sums or single payments.", enum=["aggregated", "transactional"]),
}

_DRAFTED: Final[Json] = {
    "name": text("The name of the dataset; empty while it has none.", maxLength=100),
    "files": listed(named("NewImportFile"), "The files.", maxItems=500),
    "answers": keyed({"type": "string"}, "Answers to questions, by their ids."),
    "properties": {"type": "object", "description": "What is said of the dataset."},
    "controls": listed({"type": "object"}, "Control totals, as in a descriptor.", maxItems=500),
    "add": flag("Add the files to those of the dataset."),
    "message": text("What is new."),
    "notes": keyed({"type": "string"}, "What the client wants to keep of it, such as the ids of jobs."),
}
SCHEMAS: Final[Json] = {
    "NewUpload": _wanted(
        "A file that is coming.",
        {
            "owner": text("Whose dataset it is for.", minLength=1, maxLength=100),
            "filename": text("What it is called; what is unsafe in it becomes “_”.", minLength=1, maxLength=1000),
            "size": whole("Its bytes."),
            "sha256": text("The SHA-256 of its bytes, in hex.", **_SHA256),
        },
        {"content_type": text("Its media type; `application/octet-stream` unless it is said.")},
    ),
    "Sending": record(
        "A request that sends a part, to be made just like this.",
        {
            "number": whole("The number of the part, from 1."),
            "size": whole("The bytes of the part."),
            "method": text("The method.", enum=["PUT"]),
            "url": text("The URL, good for an hour; one that begins with “/” is of this API, and needs your token."),
            "headers": keyed({"type": "string"}, "The headers; others may spoil the signature."),
        },
    ),
    "UploadParts": record(
        "How the file is divided: all parts have `size` bytes, the last one the rest.",
        {
            "size": whole("The bytes of a part."),
            "count": whole("How many parts there are."),
            "arrived": listed(whole("The number of a part."), "Which parts have arrived in full."),
            "send": maybe(named("Sending", "How to send the only part; of several, POST their numbers to `parts`.")),
        },
    ),
    "UploadLimits": record(
        "How large a file may be, and where its bytes go.",
        {
            "size": whole("The most bytes of one file."),
            "part": whole("Files of more bytes than these are sent in parts."),
            "origin": maybe(text("The origin of the URLs that bytes are sent to; null where it is this API.")),
        },
    ),
    "Upload": record(
        "A file that was announced.",
        {
            "id": text("Its id."),
            "owner": _OWNER,
            "filename": text("What it is called."),
            "content_type": text("Its media type."),
            "size": whole("Its bytes."),
            "sha256": text("The SHA-256 of its bytes."),
            "state": text("`open` until all bytes are there and are what was announced.", enum=["open", "complete"]),
            "created": text("When it was announced.", **_MOMENT),
            "expires": text("When it is forgotten.", **_MOMENT),
            "parts": named("UploadParts"),
            "links": keyed({"type": "string"}, "`self`, `parts` and `complete`."),
        },
    ),
    "PartNumbers": _wanted(
        "Which parts are to be sent.",
        {"numbers": listed(whole("From 1."), "The numbers.", minItems=1, maxItems=1000)},
    ),
    "SendingList": record("Requests.", {"data": listed(named("Sending"), "One for each number.")}),
    "NewImport": _wanted(
        "Files to be imported.",
        {
            "owner": _OWNER,
            "name": _NAME,
            "files": listed(named("NewImportFile"), "The files.", minItems=1, maxItems=500),
        },
        {
            "answers": keyed({"type": "string"}, "Answers to questions, by their ids."),
            "recipe": {"type": "object", "description": "A package whose decisions are to be followed."},
            "properties": named("DatasetProperties"),
            "add": flag("Add the files to those of the dataset, instead of taking their place."),
            "package": flag("The files are a Fiscal Data Package: a zip, or a `datapackage.json` with its files."),
            "message": text("What is new."),
            "commit": flag("False: only say what would change. True unless it is said."),
            "publish": flag("Show the dataset to everybody afterwards."),
            "marked": text("The format of the marked copy; `xlsx` unless it is said.", enum=["xlsx", "csv"]),
            "controls": listed({"type": "object"}, "Control totals, as in a descriptor.", maxItems=500),
            "dry": flag("Go as far as it comes, say all that is found, and store nothing."),
            "draft": text("The id of the draft that this is; it is forgotten once a revision is made."),
        },
    ),
    "NewDraft": _wanted("An import that is begun.", {"owner": _OWNER}, _DRAFTED),
    "DraftPatch": _wanted("What has changed; a member that is there takes the place of the old one.", {}, _DRAFTED),
    "Draft": record(
        "An import that somebody is writing.",
        {
            "id": text("Its id."),
            "owner": _OWNER,
            "name": text("The name of the dataset; empty while it has none."),
            "account": text("Who began it."),
            "created": text("When it was begun.", **_MOMENT),
            "changed": text("When it was changed last.", **_MOMENT),
            "expires": text("When it is forgotten, unless it is changed.", **_MOMENT),
            "files": listed({"type": "object"}, "The files: `upload` or `url`."),
            "answers": keyed({"type": "string"}, "Answers to questions."),
            "properties": {
                "type": "object",
                "description": "What is said of the dataset.",
                "additionalProperties": True,
            },
            "controls": listed({"type": "object"}, "Control totals."),
            "add": flag("Whether the files are added to those of the dataset."),
            "message": text("What is new."),
            "notes": keyed({"type": "string"}, "What the client keeps of it."),
        },
    ),
    "DraftList": record("Drafts.", {"data": listed(named("Draft"), "The one changed last first.")}),
    "DescribedType": record(
        "A ColumnType in words.",
        {
            "name": text("The ColumnType."),
            "title": text("What people call it."),
            "group": text("What it is one of."),
            "about": text("What it is for."),
            "dataType": maybe(text("The type of its values; null where any will do.")),
        },
    ),
    "TypeList": record("ColumnTypes.", {"data": listed(named("DescribedType"), "The likeliest first.")}),
    "NewImportFile": _wanted(
        "A file: an upload, or what is at a URL.",
        {},
        {
            "upload": text("The id of a complete upload."),
            "url": text("An http or https URL on the public internet."),
            "path": text("Where a package has the file."),
        },
    ),
    "DatasetProperties": {
        "type": "object",
        "description": "What is said of a dataset; null takes away what was said.",
        "properties": {name: maybe(schema) if "type" in schema else schema for name, schema in _PROPERTIES.items()},
        "additionalProperties": False,
    },
    "DatasetPatch": {
        "type": "object",
        "description": "What is to be said of a dataset; null takes a property away (RFC 7396).",
        "properties": {name: maybe(schema) if "type" in schema else schema for name, schema in _PROPERTIES.items()},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "JobProgress": record(
        "How far a job is.",
        {
            "done": whole("How much is done."),
            "total": maybe(whole("Of how much; null where that is not known.")),
            "stage": text("What is being done."),
        },
    ),
    "MarkedFile": record(
        "A file of the marked copy.",
        {"name": text("Its name."), "bytes": whole("Its size."), "url": text("Where it is, for seven days.")},
    ),
    "Job": record(
        "Work that was asked for.",
        {
            "id": text("Its id."),
            "kind": text("What it does: `import`, `describe`, `publish`, `hide`, `withdraw`, `rename`, …"),
            "state": text("What has become of it.", enum=STATES),
            "owner": text("The owner of the dataset."),
            "name": text("The name of the dataset."),
            "account": maybe(text("The account that asked for it.")),
            "created": text("When it was asked for.", **_MOMENT),
            "started": maybe(text("When it was begun.", **_MOMENT)),
            "finished": maybe(text("When it ended.", **_MOMENT)),
            "attempts": whole("How often it was begun."),
            "progress": named("JobProgress"),
            "result": {
                "type": ["object", "null"],
                "description": "What it did, once it is done: `outcome` says which members there are.",
                "additionalProperties": True,
            },
            "error": maybe(text("Why it failed, or why it is to be tried again.")),
            "problems": listed({"type": "object"}, "What is wrong, each with its place and a fix."),
            "marked": listed(named("MarkedFile"), "The tables with all problems marked."),
            "links": keyed({"type": "string"}, "`self`, `log`, `dataset`; `cancel` or `retry` where that can be done."),
        },
    ),
    "JobList": _paged("Job", "The jobs, the newest first."),
    "JobLine": record(
        "What a job said.",
        {
            "at": text("When.", **_MOMENT),
            "attempt": whole("In which attempt."),
            "text": text("The words."),
        },
    ),
    "JobLog": record(
        "What a job said.",
        {
            "data": listed(named("JobLine"), "The lines."),
            "after": whole("The parameter `after` for what it says next."),
            "state": text("The state of the job.", enum=STATES),
        },
    ),
    "Reason": _wanted("Why.", {"reason": text("A sentence that everybody is told.", minLength=1, maxLength=2000)}),
    "NewAddress": _wanted("The new address.", {"name": _NAME}, {"owner": _OWNER}),
    "Role": _wanted("A role.", {"role": text("What the account may do.", enum=_ROLES)}),
    "Collaborator": record(
        "An account that a dataset is shared with.",
        {
            "account": text("Its id."),
            "name": text("Its name."),
            "title": text("What people call it."),
            "role": text("What it may do.", enum=_ROLES),
            "since": text("Since when.", **_MOMENT),
        },
    ),
    "CollaboratorList": record("Accounts.", {"data": listed(named("Collaborator"), "By their names.")}),
    "AuditEvent": record(
        "Something that was done.",
        {
            "at": text("When.", **_MOMENT),
            "account": text("Who did it."),
            "token": text("The id of the token that it came with, if any."),
            "action": text("What was done."),
            "owner": text("The owner."),
            "name": text("The name of the dataset."),
            "request": text("The id of the request."),
            "detail": {"type": "object", "description": "More of it.", "additionalProperties": True},
        },
    ),
    "AuditLog": _paged("AuditEvent", "What was done, in order."),
    "WantedLink": _wanted(
        "A file of the dataset.",
        {"path": text("Its path, as `files` or the descriptor says it.", minLength=1, maxLength=1000)},
        {"seconds": whole("For how long the link is good: 3600 at most.", minimum=1, maximum=3600)},
    ),
    "Link": record(
        "A link to a file.",
        {
            "url": text("Where it is."),
            "signed": flag("Whether anybody who has the link can follow it; if not, this API asks who is asking."),
            "expires": maybe(text("Until when it is good.", **_MOMENT)),
            "bytes": whole("The size of the file."),
        },
    ),
}
