"""What is said of the dataset: title, address, people, places, period, licence, source; and its control totals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.browse.wizard import countries, period, said, totals
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import Draft, draft_of, step_page, tried, write
from openspending.client import ApiError
from openspending.errors import NotFound, Renamed, StoreError, Withdrawn

_FIELDS: Final[Mapping[str, str]] = {
    "countryCode": "countries",
    "licenses": "licence",
    "sources": "source",
    "contributors": "publisher",
    "fiscalPeriod": "start",
    **{key: name for name, key in said.PLACES.items()},
}
_OF_TABLES: Final = ("name", "profile", "resources", "controls")  # nothing that the form says
_OF_OWNER: Final = ("countryCode", "regionCode", "cityCode", "licenses")  # the same for most of an owner's datasets


async def about_page(visit: Visit) -> Answer:
    """The form, with what was said before, or what is likely."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    before = await before_of(visit, draft)
    likely = {} if draft.notes.get("into") or draft.told["properties"] else await _likely(visit, draft)
    covered = {} if "fiscalPeriod" in draft.told["properties"] else period.moved_on(before, draft.result)
    words = said.shown(likely | _merged(before, draft) | ({"fiscalPeriod": covered} if covered else {}))
    proposed = [name for name, value in said.shown(likely).items() if value and words[name] == value]
    return await _form(visit, draft, words, draft.told["controls"], proposed=proposed)


async def describe(visit: Visit) -> Answer:
    """Keep what the form says, and try the import with it."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    given = {name: visit.field(name).replace("\r\n", "\n").strip() for name in said.FIELDS}
    controls = totals.totals(visit, draft.result)
    wrong = await _wrong(visit, draft, given, controls)
    if not wrong:
        try:
            return await _kept(visit, draft, given, controls)
        except ApiError as error:
            wrong = _by_field(error)
            if not wrong:
                return await _form(visit, draft, given, controls, error.status, problem=error.detail)
    return await _form(visit, draft, given, controls, 400, faults=wrong)


async def _kept(visit: Visit, draft: Draft, given: Mapping[str, str], controls: list[dict[str, Any]]) -> Answer:
    """Where it goes on from what is kept. Raises ApiError."""
    before = await before_of(visit, draft)
    others = {name: value for name, value in draft.told["properties"].items() if value is not None}
    properties = others | said.properties(given, _merged(before, draft))
    written = await write(visit, draft, name=_name(visit, draft), properties=properties, controls=controls)
    if _same(draft, written) and draft.outcome == "planned":
        return visit.sent_on(f"{draft.href}/publish")
    return after(visit, await tried(visit, written, "about"))


def _name(visit: Visit, draft: Draft) -> str:
    """The name of the dataset: its own, or the one that a new one is given."""
    return str(draft.told["name"]) if draft.notes.get("into") else visit.field("name").strip()


async def _wrong(
    visit: Visit, draft: Draft, given: Mapping[str, str], controls: list[dict[str, Any]]
) -> dict[str, str]:
    wrong = said.wrong(given)
    told = totals.wrong(controls)
    if told:
        wrong["controls"] = told
    if not draft.notes.get("into") and await _taken(visit, str(draft.told["owner"]), _name(visit, draft)):
        wrong["name"] = _("There is such a dataset already. To add to it, begin again and choose it.")
    return wrong


async def _taken(visit: Visit, owner: str, name: str) -> bool:
    """Whether the address is somebody's, or was."""
    try:
        await visit.client.ask(api_path(owner, name))
    except (Renamed, Withdrawn):
        return True
    except (NotFound, ApiError):
        return False
    return True


def _same(draft: Draft, written: Draft) -> bool:
    """Whether the plan is still true: of a new dataset, what is said of it changes none of its facts."""
    result = draft.result or {}
    new = result.get("outcome") == "planned" and result["plan"]["published"] is None
    members = ("name", "controls") if new else ("name", "properties", "controls")
    return all(draft.told[one] == written.told[one] for one in members)


async def before_of(visit: Visit, draft: Draft) -> Mapping[str, Any]:
    """The descriptor of the dataset's newest revision; of a new one what its file says, if that is a package."""
    try:
        return await visit.client.descriptor(draft.told["owner"], draft.told["name"])
    except NotFound:
        said_in_file = (draft.result or {}).get("package", {})
        return {name: value for name, value in said_in_file.items() if name not in _OF_TABLES}


def _merged(before: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """What was said of the dataset, with what the draft says otherwise."""
    merged = {**before, **draft.told["properties"]}
    return {name: value for name, value in merged.items() if value is not None}


async def _likely(visit: Visit, draft: Draft) -> dict[str, Any]:
    """What may be true of a new dataset: its title by its file, its period by its years, and what is said of another
    one of the same owner: places, licence, publisher."""
    assert draft.result is not None
    found: dict[str, Any] = {"title": _readable(draft.notes.get("label", ""))}
    covered = period.proposed(draft.result)
    if covered:
        found["fiscalPeriod"] = covered
    other = await _another(visit, str(draft.told["owner"]))
    found |= {name: other[name] for name in _OF_OWNER if other.get(name)}
    people = other.get("contributors")
    theirs = [one for one in people or () if isinstance(one, Mapping) and one.get("role") == "publisher"]
    return found | ({"contributors": theirs[:1]} if theirs else {})


async def _another(visit: Visit, owner: str) -> Mapping[str, Any]:
    """The descriptor of the dataset of an owner that was changed last; {} without one."""
    try:
        listed = await visit.client.ask("/v1/datasets", {"owner": owner, "visibility": "all", "pagesize": "200"})
        newest = max(listed["data"], key=lambda one: str(one["created"]), default=None)
        return {} if newest is None else await visit.client.descriptor(owner, newest["name"])
    except (NotFound, ApiError, StoreError):  # it is only a help
        return {}


def _readable(label: str) -> str:
    """A file's name as a title."""
    stem = re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", label)
    return re.sub(r"[\s_]+", " ", stem if " " in stem or "_" in stem else stem.replace("-", " ")).strip()


def _by_field(error: ApiError) -> dict[str, str]:
    """What the API found wrong, by the field of the form."""
    found = {}
    for pointer, told in faults(error.errors).items():
        last = pointer.strip("/").split("/")
        name = last[1] if last[0] == "properties" and len(last) > 1 else last[0]
        found[_FIELDS.get(name, name)] = told
    return found


async def _form(
    visit: Visit,
    draft: Draft,
    given: Mapping[str, str],
    controls: list[dict[str, Any]],
    status: int = 200,
    **words: Any,
) -> Answer:
    filled = {
        "shown": {**given, "name": _name(visit, draft) if visit.form else draft.told["name"]},
        "controls": totals.rows(controls),
        "dated": bool(totals.year_column(draft.result or {})),
        "licences": {name: title for name, (title, _path) in said.LICENCES.items()},
        "granularities": said.GRANULARITIES,
        "countries": countries.names(),
        "proposed": (),
    }
    return step_page(visit, draft, "about", status, **{**filled, **words})
