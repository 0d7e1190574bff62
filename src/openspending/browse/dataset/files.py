"""What can be downloaded of a dataset: all facts as one file, the publisher's own files, the APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.viewer.place import Place
from openspending.browse.words import size, text
from openspending.client import cube_path, dataset_path


@dataclass(frozen=True, slots=True)
class File:
    """Something to download; without `href` the note says why there is none."""

    title: str
    href: str
    note: str = ""


def downloads(listed: Mapping[str, Any]) -> tuple[File, ...]:
    """All facts as one file in each form, as far as these are made already."""
    return tuple(
        File(
            text(one.get("title"), 100),
            text(one.get("url"), 1000),
            text(one.get("reason"), 500) or _("all facts, %(size)s") % {"size": size(one.get("bytes"))},
        )
        for one in listed.get("data") or ()
    )


def originals(descriptor: Mapping[str, Any], place: Place, number: int) -> tuple[File, ...]:
    """The descriptor, and the files as they were published."""
    root = f"/data{Place(place.owner, place.name).page}/"
    own = f"r{number}.datapackage.json" if place.version else "datapackage.json"
    found = [File("datapackage.json", root + own, _("the descriptor, for every Data Package tool"))]
    for resource in descriptor.get("resources") or ():
        paths = resource.get("path") if isinstance(resource, Mapping) else None
        for path in [paths] if isinstance(paths, str) else paths or ():
            shown = size(resource.get("bytes")) if isinstance(paths, str) else ""
            note = ", ".join(one for one in (_("as published"), shown) if one)
            found.append(File(str(path).rpartition("/")[2], root + quote(str(path)), note))
    return tuple(found)


def queries(place: Place) -> tuple[File, ...]:
    """Where programs ask."""
    asked = (
        (_("Model"), "model", _("measures, dimensions and hierarchies")),
        (_("Facts"), "facts", _("single facts, page by page")),
    )
    found = [File(title, dataset_path(place.owner, place.versioned, path), note) for title, path, note in asked]
    old = File(_("Aggregate"), cube_path(place.owner, place.name, "aggregate"), _("sums, as the original API has them"))
    return (*found, old, File("OpenAPI", "/openapi.json", _("the description of the API")))
