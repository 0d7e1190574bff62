"""What a form says of a dataset, as properties of its descriptor, and back: nothing that was said before is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.wizard import countries

LICENCES: Final[Mapping[str, tuple[str, str]]] = {
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "ODC-PDDL-1.0": ("PDDL 1.0", "https://opendatacommons.org/licenses/pddl/"),
    "ODC-BY-1.0": ("ODC-BY 1.0", "https://opendatacommons.org/licenses/by/"),
    "ODbL-1.0": ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/"),
}
GRANULARITIES: Final = ("aggregated", "transactional")
TEXTS: Final = ("title", "description", "homepage", "version")
PLACES: Final = {"region": "regionCode", "city": "cityCode"}
ROLES: Final = ("publisher", "author")
FIELDS: Final = (
    *TEXTS, *PLACES, *ROLES, "contact", "countries", "start", "end", "granularity", "licence", "source", "path",
    "keywords",
)  # fmt: skip
_ADDRESS: Final = re.compile(r"https?://\S+")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def shown(said: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of the form have in them."""
    licence, source, period = _first(said.get("licenses")), _first(said.get("sources")), said.get("fiscalPeriod")
    period = period if isinstance(period, Mapping) else {}
    return {
        **{name: _text(said.get(name)) for name in TEXTS},
        **{name: ", ".join(_listed(said.get(key))) for name, key in PLACES.items()},
        **{role: _text(_of_role(said, role).get("title")) for role in ROLES},
        "contact": next(_contacts(_of_role(said, "publisher")), ""),
        "countries": countries.written(_listed(said.get("countryCode"))),
        "start": _text(period.get("start")),
        "end": _text(period.get("end")),
        "granularity": _text(said.get("granularity")),
        "licence": _text(licence.get("name")),
        "source": _text(source.get("title")),
        "path": _text(source.get("path")),
        "keywords": ", ".join(_listed(said.get("keywords"))),
    }


def properties(given: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says as properties; None takes away what was `said`. What the form has no field for stays."""
    found: dict[str, Any] = {name: given[name] for name in TEXTS}
    found |= {key: _codes(re.split(r"[,;\s]+", given[name])) for name, key in PLACES.items()}
    found["countryCode"] = _codes(countries.read(given["countries"])[0])
    found["keywords"] = [one.strip() for one in given["keywords"].split(",") if one.strip()]
    found["granularity"] = given["granularity"]
    found["fiscalPeriod"] = {name: given[name] for name in ("start", "end") if given[name]}
    found["licenses"] = _licences(given["licence"], said)
    found["sources"] = _sources(given, said)
    found["contributors"] = _contributors(given, said)
    kept = {name: value for name, value in found.items() if value}
    return kept | {name: None for name, value in found.items() if not value and said.get(name)}


def wrong(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the name of its field."""
    found = {}
    if not given["title"]:
        found["title"] = _("Give it a title that says whose money it is, and which.")
    unknown = countries.read(given["countries"])[1]
    if unknown:
        found["countries"] = _(
            "“{name}” is no country that is known. Write its name, or its code of two letters."
        ).format(name=unknown[0])
    for name in ("path", "homepage"):
        if given[name] and not _ADDRESS.fullmatch(given[name]):
            found[name] = _("An address begins with https:// or http://.")
    if given["contact"] and not (_ADDRESS.fullmatch(given["contact"]) or _MAIL.fullmatch(given["contact"])):
        found["contact"] = _("Write an e-mail address, or the address of a page.")
    if given["contact"] and not given["publisher"]:
        found["publisher"] = _("Say who answers there.")
    return found | _wrong_period(given)


def _wrong_period(given: Mapping[str, str]) -> dict[str, str]:
    days = {}
    for name in ("start", "end"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            return {name: _("Write the day as 2026-12-31.")}
    if days["end"] and not days["start"]:
        return {"start": _("A period that ends has begun: write its first day too.")}
    if days["start"] and days["end"] and days["end"] < days["start"]:
        return {"end": _("The last day stands before the first one.")}
    return {}


def _licences(name: str, said: Mapping[str, Any]) -> list[Any]:
    before = _records(said.get("licenses"))
    if before and before[0].get("name", "") == name:
        return before
    if name not in LICENCES:
        return before if name else []
    title, path = LICENCES[name]
    return [{"name": name, "title": title, "path": path}, *before[1:]]


def _sources(given: Mapping[str, str], said: Mapping[str, Any]) -> list[Any]:
    before = _records(said.get("sources"))
    first = {**(before[0] if before else {}), "title": given["source"], "path": given["path"]}
    kept = {name: value for name, value in first.items() if value}
    return [*([kept] if given["source"] or given["path"] else []), *before[1:]]


def _contributors(given: Mapping[str, str], said: Mapping[str, Any]) -> list[Any]:
    """The publisher and the author as the form has them; all others as they were."""
    before = _records(said.get("contributors"))
    found: list[Any] = []
    for role in ROLES:
        was = _of_role(said, role)
        if given[role]:
            one = {**was, "title": given[role], "role": role}
            found.append(_reached(one, given["contact"]) if role == "publisher" else one)
    theirs = [_of_role(said, role) for role in ROLES]
    return [*found, *(one for one in before if all(one is not each for each in theirs))]


def _reached(one: Mapping[str, Any], contact: str) -> dict[str, Any]:
    if next(_contacts(one), "") == contact:
        return dict(one)
    bare = {name: value for name, value in one.items() if name not in ("email", "path")}
    return {**bare, **({"path" if _ADDRESS.fullmatch(contact) else "email": contact} if contact else {})}


def _contacts(one: Mapping[str, Any]) -> Iterator[str]:
    yield from (_text(one[name]) for name in ("email", "path") if one.get(name))


def _of_role(said: Mapping[str, Any], role: str) -> Mapping[str, Any]:
    """The first contributor of a role; {} without one."""
    listed = _records(said.get("contributors"))
    return next((one for one in listed if one.get("role") == role or role in _listed(one.get("roles"))), {})


def _codes(parts: list[str]) -> Any:
    """Codes as a descriptor has them: one alone as a text."""
    codes = [one for one in parts if one]
    return codes[0] if len(codes) == 1 else codes


def _first(value: object) -> Mapping[str, Any]:
    return next(iter(_records(value)), {})


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _listed(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
