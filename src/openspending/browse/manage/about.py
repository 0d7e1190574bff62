"""What is said of a dataset: a form of its title, description, licences and so on, which makes a new revision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.manage import jobs
from openspending.browse.manage.dataset import Found, find
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.client import ApiError

TEXTS: Final = ("title", "description", "homepage", "image", "version")
WORDS: Final = ("keywords", "countryCode", "regionCode", "cityCode")  # lists of texts, written on one line
RECORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "licenses": ("name", "title", "path"),
    "sources": ("title", "path"),
    "contributors": ("title", "email", "role"),
}
EMPTY: Final = 2  # further rows of a form
_MOST: Final = 200  # rows
_STALE: Final = 412


async def about_page(visit: Visit) -> Answer:
    """The form, with what is said now."""
    found = await find(visit)
    descriptor = await visit.client.descriptor(found.owner, found.name)
    return _form(visit, found, written(descriptor), int(found.told["revision"]))


async def describe(visit: Visit) -> Answer:
    """Say what the form says, by a job; or the form again, with what is wrong beside its fields."""
    found = await find(visit)
    descriptor = await visit.client.descriptor(found.owner, found.name)
    patch = difference(descriptor, typed(visit, descriptor))
    base = visit.field("revision")
    if not patch:
        return visit.sent_on(found.href, "unchanged")
    try:
        path = api_path(found.owner, found.name)
        job = await visit.client.change("PATCH", path, patch, if_match=base)
    except ApiError as error:
        wrong = {pointer.split("/")[1]: said for pointer, said in faults(error.errors).items() if "/" in pointer}
        problem = error.detail
        if error.status == _STALE:
            problem = _(
                "Somebody made another revision while you were writing. What you wrote is kept here; look at the "
                "dataset, then save again."
            )
        shown = written(typed(visit, descriptor))
        return _form(visit, found, shown, int(found.told["revision"]), error.status, problem=problem, faults=wrong)
    return await jobs.after(visit, job)


def written(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of the form have in them: texts, and for lists of records a list of rows."""
    shown: dict[str, Any] = {name: _text(descriptor.get(name)) for name in TEXTS}
    shown |= {name: ", ".join(_listed(descriptor.get(name))) for name in WORDS}
    for name, columns in RECORDS.items():
        rows = [{column: _text(one.get(column)) for column in columns} for one in _records(descriptor.get(name))]
        shown[name] = [*rows, *(dict.fromkeys(columns, "") for _row in range(EMPTY))]
    return shown


def typed(visit: Visit, descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says, in the shape of a descriptor. What a record has beside the fields of the form stays."""
    given: dict[str, Any] = {name: visit.field(name).replace("\r\n", "\n").strip() for name in TEXTS}
    for name in WORDS:
        parts = [one.strip() for one in re.split(r"[,;\n]" if name == "keywords" else r"[,;\s]", visit.field(name))]
        words = [one for one in parts if one]
        alone = isinstance(descriptor.get(name), str) or (name != "keywords" and name not in descriptor)
        given[name] = words[0] if alone and len(words) == 1 else words
    for name, columns in RECORDS.items():
        kept = _records(descriptor.get(name))
        given[name] = _rows(visit, name, columns, kept)
    return given


def difference(descriptor: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The merge patch that makes of the descriptor what was given; {} where that says the same."""
    patch: dict[str, Any] = {}
    for name, value in given.items():
        if value:
            if value != descriptor.get(name):
                patch[name] = value
        elif descriptor.get(name):
            patch[name] = None
    return patch


def _rows(visit: Visit, name: str, columns: tuple[str, ...], kept: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    given = [visit.fields(f"{name}.{column}")[:_MOST] for column in columns]
    for number, values in enumerate(zip(*given, strict=False)):
        said = {column: value.strip() for column, value in zip(columns, values, strict=True)}
        if any(said.values()):
            before = kept[number] if number < len(kept) else {}
            row = {key: one for key, one in before.items() if key not in columns}
            found.append({**row, **{column: value for column, value in said.items() if value}})
    return found


def _form(visit: Visit, found: Found, shown: Mapping[str, Any], base: int, status: int = 200, **words: Any) -> Answer:
    may = visit.has_role("editor", found.owner, found.name)
    said = {"found": found, "shown": shown, "base": base, "allowed": may, "tab": "about"}
    return visit.page("about.html", status, **said, **words)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str) and one]


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
