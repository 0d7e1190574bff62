"""What the operations of the conductor take and answer, in the shapes of the original."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi.shapes import Json, anything, flag, keyed, listed, maybe, record, text, whole

_FILE: Final = {
    "length": whole("Its bytes."),
    "md5": text("Its MD5, in base64."),
}
_OUTCOME: Final = {"success": flag("Whether it was done.")}
_LATER: Final = {"error": text("Why not."), "job": text("The path of the job that still does it.")}

SCHEMAS: Final[Json] = {
    "OldUser": record(
        "Who one is, or where to sign in.",
        {"authenticated": flag("Whether one is signed in.")},
        {
            "profile": record(
                "The account.",
                {
                    "id": text("Its id."),
                    "idhash": text("Its name, which owns its packages."),
                    "name": text("Its title, for people."),
                    "username": maybe(text("Its name, if that was chosen.")),
                    "email": text("Its e-mail address."),
                    "avatar_url": text("Always empty."),
                    "join_date": text("When it was made.", format="date-time"),
                },
            ),
            "providers": keyed(record("One way.", {"url": text("Where to sign in.")}), "Ways to sign in."),
        },
    ),
    "OldPermissions": record(
        "What one may do with a service, and the token that says so.",
        {"permissions": keyed({"type": "boolean"}, "What one may do; {} for nobody.")},
        {
            "userid": text("The account's name."),
            "service": text("The service."),
            "token": text("The permission token: a JWT, signed with RS256."),
        },
    ),
    "OldOutcome": record("Whether it was done.", _OUTCOME, _LATER),
    "OldPublication": record(
        "Whether it was done, and whether everybody sees the package now.",
        _OUTCOME,
        {**_LATER, "published": flag("Whether everybody sees it.")},
    ),
    "OldFiles": record(
        "The files of a package that are going to be uploaded, by their paths in it.",
        {
            "metadata": record("The package.", {"owner": text("Its owner."), "name": text("Its name.")}),
            "filedata": keyed(
                record("A file.", _FILE, {"name": text("Its name."), "type": text("Its type.")}), "By path."
            ),
        },
    ),
    "OldUploads": record(
        "Where to put each file.",
        {
            "filedata": keyed(
                record(
                    "A file, as it was announced, and where to PUT it within three days: with the headers "
                    "Content-Length, Content-MD5 and, if it was announced, Content-Type.",
                    {
                        **_FILE,
                        "upload_url": text("The address, without its query."),
                        "upload_query": keyed(listed(text("The value."), "One value."), "The query."),
                    },
                    {"name": text("As it was announced."), "type": text("As it was announced.")},
                ),
                "By path.",
            )
        },
    ),
    "OldPrefixes": record("How addresses of one's files begin.", {"prefixes": listed(text("A beginning."), "All.")}),
    "OldStatus": record(
        "How far the loading of a package is.",
        {
            "status": text("`queued`, `done`, `fail`, or a stage such as `loading-data`."),
            "progress": {"type": "number", "description": "From 0 to 1."},
        },
        {"error": text("Why it failed, each problem in a line.")},
    ),
    "OldStatistics": record(
        "Statistics of public packages.",
        {
            "num_packages": whole("Packages."),
            "num_countries": whole("Countries that they name."),
            "num_records": whole("Facts in them."),
        },
    ),
    "OldPackages": listed(
        record(
            "A package.",
            {
                "id": text("`owner:name`."),
                "model": anything("Its cube model."),
                "package": anything("Its descriptor, with `owner`, `private` and `count_of_rows`."),
                "origin_url": text("Where its descriptor is."),
                "loaded": flag("Whether it is loaded."),
                "last_update": whole("When it was committed, in seconds of Unix."),
            },
        ),
        "The packages.",
    ),
    "OldParameters": record("What viewers show at first.", {"params": text("In their own words.")}),
}
