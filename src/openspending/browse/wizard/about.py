"""What is said of the dataset: title, address, description, countries, licence, source; and its control totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import Draft, draft_of, step_page, tried, write
from openspending.client import ApiError
from openspending.errors import NotFound, Renamed, Withdrawn

LICENCES: Final[Mapping[str, tuple[str, str]]] = {
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "ODC-PDDL-1.0": ("PDDL 1.0", "https://opendatacommons.org/licenses/pddl/"),
    "ODC-BY-1.0": ("ODC-BY 1.0", "https://opendatacommons.org/licenses/by/"),
    "ODbL-1.0": ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/"),
}
CONTROLS: Final = 3  # empty rows of the form
_TEXTS: Final = ("title", "description")


async def about_page(visit: Visit) -> Answer:
    """The form, with what was said before."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    before = await _before(visit, draft)
    return await _form(visit, draft, _written(draft, before), draft.told["controls"])


async def describe(visit: Visit) -> Answer:
    """Keep what the form says, and try the import with it."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    shown = {name: visit.field(name).strip() for name in (*_TEXTS, "name", "countries", "licence", "source", "path")}
    controls = _controls(visit, draft.result)
    wrong = _wrong(shown, controls)
    name = draft.told["name"] if draft.notes.get("into") else shown["name"]
    if not draft.notes.get("into") and await _taken(visit, str(draft.told["owner"]), name):
        wrong["name"] = _("There is such a dataset already. To add to it, begin again and choose it.")
    if not wrong:
        try:
            before = await _before(visit, draft)
            properties = _properties(draft, shown, before)
            written = await write(visit, draft, name=name, properties=properties, controls=controls)
            if _same(draft, written) and draft.outcome == "planned":
                return visit.sent_on(f"{draft.href}/publish")
            return after(visit, await tried(visit, written, "about"))
        except ApiError as error:
            wrong = _by_field(error)
            if not wrong:
                return await _form(visit, draft, shown, controls, error.status, problem=error.detail)
    return await _form(visit, draft, shown, controls, 400, faults=wrong)


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


async def _before(visit: Visit, draft: Draft) -> Mapping[str, Any]:
    """The descriptor of the dataset's newest revision; nothing for a new one."""
    try:
        return await visit.client.descriptor(draft.told["owner"], draft.told["name"])
    except NotFound:
        return {}


def _written(draft: Draft, before: Mapping[str, Any]) -> dict[str, str]:
    """What the fields have in them."""
    said = {**before, **draft.told["properties"]}
    licences, sources = said.get("licenses") or [{}], said.get("sources") or [{}]
    countries = said.get("countryCode") or []
    return {
        **{name: str(said.get(name) or "") for name in _TEXTS},
        "name": draft.told["name"],
        "countries": " ".join([countries] if isinstance(countries, str) else countries),
        "licence": str(licences[0].get("name") or ""),
        "source": str(sources[0].get("title") or ""),
        "path": str(sources[0].get("path") or ""),
    }


def _properties(draft: Draft, shown: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says as properties of a descriptor; what was said of the last revision stays."""
    kept = ("homepage", "image", "version", "keywords", "contributors", "regionCode", "cityCode")
    found: dict[str, Any] = {name: before[name] for name in kept if before.get(name)}
    found |= {name: value for name, value in draft.told["properties"].items() if name in kept}
    found |= {name: shown[name] for name in _TEXTS if shown[name]}
    codes = shown["countries"].replace(",", " ").upper().split()
    if codes:
        found["countryCode"] = codes[0] if len(codes) == 1 else codes
    if shown["licence"] in LICENCES:
        title, path = LICENCES[shown["licence"]]
        found["licenses"] = [{"name": shown["licence"], "title": title, "path": path}]
    elif shown["licence"] and before.get("licenses"):
        found["licenses"] = before["licenses"]
    source = {"title": shown["source"], "path": shown["path"]}
    if any(source.values()):
        found["sources"] = [{name: value for name, value in source.items() if value}]
    return found


def _controls(visit: Visit, result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The control totals of the form: rows with an amount."""
    year = _year_column(result)
    columns = [visit.fields(f"control.{part}") for part in ("title", "equals", "year", "source")]
    found = []
    for title, equals, of_year, source in zip(*columns, strict=False):
        if not any(one.strip() for one in (title, equals, of_year, source)):
            continue
        where = {"where": {year: of_year.strip()}} if of_year.strip() and year else {}
        said = {
            "title": title.strip(),
            "equals": equals.strip().replace(",", "").replace(" ", ""),
            "source": source.strip(),
        }
        found.append({**{name: value for name, value in said.items() if value}, **where})
    return found


def _year_column(result: Mapping[str, Any]) -> str:
    """The column of the year; "" without one."""
    schemas = [one.get("schema", {}) for one in result["package"]["resources"]]
    fields = [field for one in schemas for name in ("fields", "extraFields") for field in one.get(name) or ()]
    return next((str(one["name"]) for one in fields if one.get("columnType") == "date:fiscal-year"), "")


def _wrong(shown: Mapping[str, str], controls: list[dict[str, Any]]) -> dict[str, str]:
    wrong = {}
    if not shown["title"]:
        wrong["title"] = _("Give it a title that says whose money it is, and which.")
    if any(len(one) != 2 or not one.isalpha() for one in shown["countries"].replace(",", " ").split()):
        wrong["countries"] = _("Countries are written as codes of two letters, such as GH or MX.")
    if shown["path"] and not shown["path"].startswith(("https://", "http://")):
        wrong["path"] = _("An address begins with https:// or http://.")
    if any(not one.get("equals") for one in controls):
        wrong["controls"] = _("A control total needs its amount.")
    return wrong


def _by_field(error: ApiError) -> dict[str, str]:
    """What the API found wrong, by the field of the form."""
    names = {"countryCode": "countries", "licenses": "licence", "sources": "source"}
    found = {}
    for pointer, said in faults(error.errors).items():
        last = pointer.strip("/").split("/")
        name = last[1] if last[0] == "properties" and len(last) > 1 else last[0]
        found[names.get(name, name)] = said
    return found


async def _form(
    visit: Visit,
    draft: Draft,
    shown: Mapping[str, str],
    controls: list[dict[str, Any]],
    status: int = 200,
    **words: Any,
) -> Answer:
    rows = [{**one, "year": next(iter(one["where"].values()), "") if one.get("where") else ""} for one in controls]
    rows += [{}] * max(1, CONTROLS - len(rows))
    dated = bool(_year_column(draft.result or {}))
    licences = {name: title for name, (title, _path) in LICENCES.items()}
    return step_page(visit, draft, "about", status, shown=shown, controls=rows, dated=dated, licences=licences, **words)
