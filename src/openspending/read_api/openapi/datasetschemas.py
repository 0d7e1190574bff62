"""Answers that need no facts, as JSON Schemas: datasets, revisions, models, files, the changelog, problems."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi.shapes import (
    Json,
    anything,
    flag,
    keyed,
    listed,
    maybe,
    named,
    record,
    text,
    whole,
    words,
)

_HEADING: Final[Json] = {
    "revision": whole("The number of the revision, from 1."),
    "hash": text("The hash of its manifest."),
    "content": text("The hash of what the package says, whoever published it and when."),
    "created": text("When it was made.", format="date-time"),
    "author": text("Who made it."),
    "message": text("What its author says about it."),
}
_ADDRESS: Final = text("Its address in this API.")
_PAGED: Final[Json] = {
    "total": whole("How many there are on all pages."),
    "returned": whole("How many are on this page."),
    "next": maybe(text("Where the next page is; null on the last.")),
}
_VISIBILITY: Final = text("Who may read it: everybody, or its members alone.", enum=["public", "private"])
_LISTING: Final = record(
    "A dataset.",
    {
        "owner": text("Whose it is."),
        "name": text("Its name, unique to the owner."),
        "title": text("Its title for people."),
        "visibility": _VISIBILITY,
        "revision": whole("The number of its newest revision."),
        "hash": text("The hash of that revision's manifest."),
        "created": text("When that was made.", format="date-time"),
        "resources": whole("How many resources its package has."),
        "licence": maybe(text("The name of its licence.")),
        "countries": words("ISO 3166-1 codes of the countries it is about."),
        "url": _ADDRESS,
    },
)
_DATASET: Final = record(
    "One revision of a dataset.",
    {
        "dataset": text("`owner/name`."),
        "visibility": _VISIBILITY,
        "title": maybe(text("Its title for people.")),
        "description": maybe(text("What it is.")),
        **_HEADING,
        "previous": maybe(text("The hash of the revision before it.")),
        "licences": listed(named("Licence"), "Under which the data may be used."),
        "sources": listed(anything("A source, as the package names it."), "Where the data come from."),
        "countries": words("ISO 3166-1 codes."),
        "fiscalPeriod": anything("The period it covers, as the package says it."),
        "keywords": words("What it is about."),
        "shapes": listed({"type": "object"}, "Its files, as in `files`, that maps of it can be drawn with."),
        "facts": maybe(
            record(
                "What its facts come to.",
                {
                    "count": whole("How many facts."),
                    "sums": keyed({"type": ["string", "null"]}, "The exact sum of each measure."),
                    "build": text("Which rules derived them."),
                    "hash": text("The hash of all facts."),
                },
            )
        ),
        "warnings": listed({"type": "object"}, "What its check found, and was accepted (docs/problems.md)."),
        "controls": listed({"type": "object"}, "What it must come to, and does (docs/controls.md)."),
        "latest": text("The address of the newest revision."),
        "links": keyed({"type": "string"}, "Where everything else about it is."),
    },
)
_MODEL: Final = record(
    "What can be asked of a dataset.",
    {
        "measures": keyed({"type": "object"}, "The amounts of a fact, by ref."),
        "dimensions": keyed({"type": "object"}, "What facts are told apart by, with their attributes, by ref."),
        "hierarchies": keyed({"type": "object"}, "Which dimensions are levels of each other."),
        "aggregates": keyed({"type": "object"}, "What can be computed, by ref."),
        "columns": listed(named("Column"), "Everything that facts can be listed with."),
        "roles": {
            "type": "object",
            "description": "What may be added up, and what excludes each other (docs/guards.md).",
        },
        "defaults": listed(
            record(
                "A dimension that must not be added up, and the member to begin with.",
                {
                    "ref": text("The attribute to cut."),
                    "label": maybe(text("The dimension's title.")),
                    "cut": text("The cut."),
                    "reason": text("Why this member."),
                },
            ),
            "The cuts to begin with.",
        ),
    },
)
_FILE: Final = record(
    "A source file, as its publisher gave it.",
    {
        "path": text("Its path in the stored package."),
        "sha256": text("The SHA-256 of its bytes."),
        "url": text("Where its bytes are."),
    },
    {
        name: anything("As the package says it.")
        for name in ("name", "title", "format", "mediatype", "encoding", "bytes")
    },
)
_DOWNLOAD: Final = record(
    "A file with all facts of a revision.",
    {
        "format": text("What form it is of, such as `csv` or `sqlite`."),
        "title": text("The form for people."),
        "media_type": text("Its media type."),
        "rows": whole("How many facts it has."),
        "columns": whole("How many columns it has."),
    },
    {
        "path": text("Its path in the stored package."),
        "bytes": whole("Its size."),
        "sha256": text("The SHA-256 of its bytes."),
        "url": text("Where its bytes are."),
        "reason": text("Why there is no such file."),
    },
)
_CHANGE: Final = record(
    "Something that happened.",
    {
        "position": whole("Its place in the changelog, from 1."),
        "at": text("When.", format="date-time"),
        "action": text("What was done."),
        "owner": text("Whose dataset."),
        "dataset": text("Which dataset."),
        "revision": whole("Which revision."),
        "hash": text("The hash of its manifest."),
        "message": text("What its author says about it."),
        "author": text("Who did it."),
    },
    {
        "event": text("The id of what moved the dataset."),
        "gone": flag("Whether the dataset is no longer there."),
        "to": text("What it is called since: `owner/name`."),
    },
)
_PROBLEM_TYPE: Final = record(
    "A kind of problem.",
    {
        "type": text("Its address, which is the `type` of problems."),
        "title": text("What happened, in short."),
        "status": whole("The HTTP status it comes with."),
        "meaning": text("What it means."),
        "remedy": text("What to do about it."),
    },
)
_PROBLEM: Final = record(
    "Why there is no answer (RFC 9457).",
    {
        "type": text("Which kind of problem; its address explains it."),
        "title": text("What happened, in short."),
        "status": whole("The HTTP status."),
        "detail": text("What happened here, in sentences."),
    },
    {
        "errors": listed(
            record(
                "One thing that is wrong.",
                {"detail": text("In a sentence.")},
                {
                    "parameter": text("The parameter that is wrong."),
                    "pointer": text("Where in the body it is wrong: a JSON pointer."),
                    "choices": listed({}, "What could stand there."),
                },
            ),
            "Everything that is wrong with the query.",
        ),
        "choices": listed({}, "What could be asked instead."),
        "reason": text("Why the dataset was withdrawn."),
        "withdrawn": text("When it was withdrawn.", format="date-time"),
        "moved_to": text("What the dataset is called now: `owner/name`."),
        "mixed": listed({"type": "object"}, "What the sum would mix, with the choices of each (docs/guards.md)."),
    },
)

SCHEMAS: Final[Json] = {
    "Api": record(
        "Where everything begins.",
        {
            "api": text("Its name."),
            "version": text("Its version."),
            "links": keyed({"type": "string"}, "Where to go on."),
        },
    ),
    "DatasetList": record("Datasets by owner and name.", {"data": listed(_LISTING, "The page."), **_PAGED}),
    "Dataset": _DATASET,
    "RevisionList": record(
        "Revisions, the newest first.",
        {"data": listed(record("A revision.", {**_HEADING, "url": _ADDRESS}), "All up to the one that was asked.")},
    ),
    "Model": _MODEL,
    "FileList": record("Source files.", {"data": listed(_FILE, "All files of the revision.")}),
    "DownloadList": record(
        "Files with all facts.",
        {
            "ready": {"type": "boolean", "description": "Whether they are made already."},
            "data": listed(_DOWNLOAD, "One for each form."),
        },
    ),
    "Changelog": record("What happened, in order.", {"data": listed(_CHANGE, "The page."), **_PAGED}),
    "ProblemType": _PROBLEM_TYPE,
    "ProblemTypeList": record("All kinds of problems.", {"data": listed(named("ProblemType"), "By name.")}),
    "Problem": _PROBLEM,
    "Liveness": record("That the server answers.", {"status": text("`ok`."), "version": text("Its version.")}),
    "Health": record(
        "Whether the server can work.",
        {
            "status": text("`ok` or `unavailable`."),
            "version": text("Its version."),
            "components": listed({"type": "string"}, "What it serves."),
            "checks": keyed({"type": "string"}, "`ok` or `unavailable` for what it needs: `store`, `database`."),
        },
        {
            "search": record(
                "The search index, where this process has one.",
                {"pending": whole("Public datasets that are not in it yet, or not in their newest revision.")},
            )
        },
    ),
}
