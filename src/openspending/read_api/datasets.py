"""What belongs to one dataset beside its facts: description, revisions, model, files (OSEP-1: REST-object API)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from openspending.analytics import canonical
from openspending.analytics.downloads import listing
from openspending.analytics.downloads.listing import Download
from openspending.analytics.guards.roles import Roles, roles_of
from openspending.analytics.livecubes import Opened
from openspending.analytics.query import Cut
from openspending.analytics.statement import BUILD, Built, read_build
from openspending.datastore import layout, revisions
from openspending.datastore.manifest import content_hash, timestamp
from openspending.datastore.objects import ObjectStore
from openspending.datastore.permissions import Visibility
from openspending.datastore.revisions import Revision
from openspending.fdp.problems import told_problem
from openspending.fdp.shapes import is_shapes
from openspending.read_api.described import column_of, columns_json, licences, model_label
from openspending.read_api.respond import root

_SAID: Final = ("name", "title", "format", "mediatype", "encoding", "bytes")  # of a resource, where its files are
_PARTS: Final = (
    *("model", "aggregate", "facts", "members/{ref}", "compare"),
    *("files", "downloads", "revisions", "changelog"),
)


def described(store: ObjectStore, revision: Revision, visibility: Visibility, language: str) -> dict[str, Any]:
    """One revision of a dataset: whose it is, what it says of itself, what its facts come to, and where all is; its
    warnings in a language."""
    descriptor = revision.descriptor
    built = read_build(store, revision)
    here = root(revision)
    return {
        "dataset": f"{revision.owner}/{revision.name}",
        "visibility": visibility,
        "title": descriptor.get("title"),
        "description": descriptor.get("description"),
        **_heading(revision),
        "previous": revision.previous,
        "licences": licences(descriptor),
        "sources": descriptor.get("sources", []),
        "countries": _countries(descriptor),
        "fiscalPeriod": descriptor.get("fiscalPeriod"),
        "keywords": descriptor.get("keywords", []),
        "shapes": shapes(revision),
        "facts": None if built is None else _sums(built),
        "warnings": [told_problem(one, language) for one in revision.problems],
        "controls": revision.controls,
        "latest": latest(revision.owner, revision.name),
        "links": {part.partition("/")[0]: f"{here}/{part}" for part in _PARTS}
        | {
            "feed": f"{latest(revision.owner, revision.name)}/changelog.atom",
            "descriptor": data_url(layout.revision_key(revision.owner, revision.name, revision.number)),
            "page": f"/{quote(revision.owner, safe='@+')}/{quote(revision.name, safe='')}",
        },
    }


def _sums(built: Built) -> dict[str, Any]:
    return {"count": built.facts, "sums": dict(built.measures), "build": BUILD, "hash": built.hash}


def history(store: ObjectStore, newest: Revision) -> list[dict[str, Any]]:
    """All revisions up to `newest`, the newest first."""
    older = (revisions.read(store, newest.owner, newest.name, n) for n in range(newest.number - 1, 0, -1))
    return [_heading(one) | {"url": root(one)} for one in (newest, *older)]


def _heading(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.number,
        "hash": revision.hash,
        "content": content_hash(revision.descriptor),
        "created": timestamp(revision.created),
        "author": revision.author,
        "message": revision.message,
    }


def files(revision: Revision) -> list[dict[str, Any]]:
    """The source files of a revision, as their publisher gave them, each with where it is and its SHA-256."""
    return _files(revision.descriptor.get("resources", []), revision)


def _files(resources: Sequence[Mapping[str, Any]], revision: Revision) -> list[dict[str, Any]]:
    found = []
    for resource in resources:
        paths = resource.get("path", [])
        for path in [paths] if isinstance(paths, str) else paths:
            key = layout.stored_key(revision.owner, revision.name, path)
            said = {name: resource[name] for name in _SAID if name in resource}
            found.append({**said, "path": path, "sha256": layout.sha256_of(path), "url": data_url(key)})
    return found


def shapes(revision: Revision) -> list[dict[str, Any]]:
    """The files among them that maps can be drawn with."""
    unusable = {one.get("resource") for one in revision.problems if one["code"] == "fiscal/unusable-shapes"}
    usable = [
        one for one in revision.descriptor.get("resources", []) if is_shapes(one) and one.get("name") not in unusable
    ]
    return _files(usable, revision)


def downloads(store: ObjectStore, revision: Revision) -> dict[str, Any]:
    """Files with all facts of a revision, in the forms that people open; `ready` is false while they are made."""
    found = listing.listed(store, revision)
    return {"ready": found is not None, "data": [_download(one, revision) for one in found or ()]}


def _download(one: Download, revision: Revision) -> dict[str, Any]:
    key = None if one.path is None else layout.stored_key(revision.owner, revision.name, one.path)
    return {name: value for name, value in asdict(one).items() if value is not None} | (
        {} if key is None else {"url": data_url(key)}
    )


def model(opened: Opened) -> dict[str, Any]:
    """What can be asked of a dataset: its measures, dimensions, hierarchies and aggregates, what may be added up, and
    the cuts to begin with."""
    cube = opened.cube
    roles = roles_of(opened.stored)
    columns = [column_of(one, opened) for one in cube.model.columns()]
    shown = cube.model.to_json()
    return {
        "measures": shown["measures"],
        "dimensions": shown["dimensions"],
        "hierarchies": shown["hierarchies"],
        "aggregates": shown["aggregates"],
        "columns": columns_json(columns),
        "roles": roles.to_json(),
        "defaults": _defaults(roles, opened),
    }


def _defaults(roles: Roles, opened: Opened) -> list[dict[str, Any]]:
    """For each dimension that must not be added up, the member to begin with, and its cut."""
    found = []
    for one in roles.exclusive:
        if one.count > 1:
            cut = canonical.condition_text(Cut(one.key, (one.default.value,)), opened.cube.model)
            label = model_label(opened.cube.model, one.ref)
            found.append({"ref": one.key, "label": label, "cut": cut, "reason": one.default.reason})
    return found


def _countries(descriptor: Mapping[str, Any]) -> list[str]:
    given = descriptor.get("countryCode", [])
    return [given] if isinstance(given, str) else list(given)


def latest(owner: str, name: str) -> str:
    """The path of a dataset's newest revision."""
    return f"/v1/datasets/{quote(owner, safe='@+')}/{quote(name, safe='')}"


def data_url(key: str) -> str:
    """Where the public file `key` is served."""
    return f"/data/{quote(key, safe='/@+')}"
