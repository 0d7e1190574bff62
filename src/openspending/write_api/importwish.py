"""What a request wants imported: read from its body, all faults told at once, and kept as the payload of a job."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.asking import Body
from openspending.datastore import layout
from openspending.errors import BadQuery
from openspending.fdp import strictjson
from openspending.fdp.paths import check_path, is_url, normal_path
from openspending.speaking.languages import ENGLISH
from openspending.speaking.said import said
from openspending.web import to_json
from openspending.write_api.properties import PROPERTIES, check_properties

MOST_FILES: Final = 500
MOST_CONTROLS: Final = 500
MARKED: Final = ("xlsx", "csv")
_MEMBERS: Final = (
    *("owner", "name", "files", "answers", "recipe", "properties", "add", "package"),
    *("message", "commit", "publish", "marked", "controls", "dry", "draft"),
)


@dataclass(frozen=True, slots=True)
class WantedFile:
    """One file: an upload by its id, or a URL. `path` is where a package has it."""

    upload: str | None = None
    url: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be imported, and by whom (`author`). `recipe` and `properties` are JSON texts, in which numbers keep
    their digits; `expected` is the number that the newest revision must have. A `dry` one goes as far as it can, and
    stores nothing; `draft` is what it was written in, if anything; `language`
    is that of the marked copy."""

    files: tuple[WantedFile, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    recipe: str | None = None
    properties: str = "{}"
    add: bool = False
    package: bool = False
    message: str = ""
    commit: bool = True
    publish: bool = False
    marked: str = MARKED[0]
    author: str = ""
    expected: int | None = None
    dry: bool = False
    draft: str | None = None
    language: str = ENGLISH

    @property
    def uploads(self) -> list[str]:
        """The ids of the uploads."""
        return [one.upload for one in self.files if one.upload is not None]

    def payload(self) -> dict[str, Any]:
        """As a job keeps it."""
        return dataclasses.asdict(self)


def import_of(payload: Mapping[str, Any]) -> Import:
    """The import that `payload` was made of."""
    return Import(**{**payload, "files": tuple(WantedFile(**one) for one in payload["files"])})


def read_import(body: Body) -> tuple[str, str, Import]:
    """Owner, name and what is wanted. What is wrong is noted in `body`."""
    body.only(*_MEMBERS)
    owner, name = body.text("owner", longest=100), body.text("name", longest=100)
    if owner:
        body.checked("owner", layout.check_owner, owner)
    if name:
        body.checked("name", layout.check_name, name)
    wanted = Import(
        files=read_files(body),
        answers=body.texts("answers"),
        recipe=_recipe(body),
        properties=to_json(_properties(body)).decode(),
        add=body.flag("add"),
        package=body.flag("package"),
        message=body.text("message", otherwise=""),
        commit=body.flag("commit", otherwise=True),
        publish=body.flag("publish"),
        marked=body.text("marked", otherwise=MARKED[0], pattern="|".join(MARKED)) or MARKED[0],
        dry=body.flag("dry"),
        draft=body.text("draft", otherwise="", longest=64) or None,
    )
    _check_together(body, wanted)
    return owner, name, wanted


def read_files(body: Body) -> tuple[WantedFile, ...]:
    """The files. What is wrong is noted in `body`."""
    return tuple(_file(one) for one in body.objects("files", MOST_FILES))


def _file(body: Body) -> WantedFile:
    body.only("upload", "url", "path")
    found = WantedFile(
        body.text("upload", otherwise="", longest=64) or None,
        normal_path(body.text("url", otherwise="", longest=4000)) or None,
        body.text("path", otherwise="", longest=1000) or None,
    )
    if (found.upload is None) == (found.url is None):
        body.blame("upload", said("A file is either an upload, by its id, or a URL."))
    reason = check_path(found.url) if found.url and is_url(found.url) else said("is no http or https URL")
    if found.url is not None and reason is not None:
        body.blame("url", said("It {reason}.", reason=reason))
    if found.path is not None and (is_url(found.path) or check_path(found.path) is not None):
        body.blame("path", said("It must be a relative path that stays within the package."))
    return found


def _recipe(body: Body) -> str | None:
    if body.members.get("recipe") is None:
        return None
    return to_json(body.object("recipe")).decode()


def _properties(body: Body) -> Mapping[str, Any]:
    found = body.object("properties")
    inner = Body(found, f"{body.pointer}/properties", body.wrong)
    inner.only(*PROPERTIES)
    check_properties(inner, removable=True)
    return {**found, **_controls(body)}


def _controls(body: Body) -> dict[str, Any]:
    """The control totals as a property of the descriptor; what they mean is checked with the facts."""
    if not body.members.get("controls"):
        return {}
    found = body.listed("controls", MOST_CONTROLS)
    if not all(isinstance(one, dict) for one in found):
        body.blame("controls", said("“controls” must be a list of objects."))
    return {"controls": found}


def _check_together(body: Body, wanted: Import) -> None:
    """Note what contradicts each other."""
    if wanted.dry and (wanted.publish or wanted.package):
        body.blame("dry", said("What is only tried is no package, and is not published."))
    if wanted.publish and not wanted.commit:
        body.blame("publish", said("What is not committed cannot be published."))
    stated = [one for one in ("answers", "recipe", "properties", "add", "controls") if body.members.get(one)]
    if wanted.package and stated:
        body.blame(
            "package",
            said("A package says all of itself; {stated} cannot be said beside it.", stated=", ".join(stated)),
        )
    if not wanted.package:
        for number, one in enumerate(wanted.files):
            if one.path is not None:
                body.wrong.append(BadQuery(said("Only files of a package have paths."), (), f"/files/{number}/path"))


def exactly(text: str) -> dict[str, Any]:
    """The JSON object that was kept as `text`, its numbers exact."""
    found, _ = strictjson.parse(text.encode())
    assert isinstance(found, dict)
    return found
