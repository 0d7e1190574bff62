"""`/import`: the files, by upload or by address; and drafts to go on with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.result import result_shown
from openspending.browse.wizard.sending import files_of, letting_send, limits, send
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import draft_of, page, tried, with_jobs, write
from openspending.client import ApiError
from openspending.fdp.names import dataset_name

MOST: Final = 10_000  # datasets that one can add to
_OF_ROWS: Final = "rows:"  # answers about rows that the mended file may not have
_EDITORS: Final = ("editor", "publisher", "admin")
_ADDRESS: Final = re.compile(r"https?://\S+")


async def begin_page(visit: Visit) -> Answer:
    """The form, and the drafts."""
    into = visit.asked("into")
    owner, _slash, name = into.partition("/")
    return await _form(visit, {"owner": owner, "into": into if name else "", "url": visit.asked("url")})


async def begin(visit: Visit) -> Answer:
    """Make a draft of the files, and look what is in them."""
    into = visit.field("into")
    owner, _slash, name = into.partition("/")
    owner = owner if name else visit.field("owner")
    given = {"owner": owner, "into": into, "url": visit.field("url").strip()}
    wrong = _wrong(visit, given)
    sent = [] if wrong else await _sent(visit, owner, wrong)
    uploads = [*visit.fields("upload"), *(one["id"] for one in sent)]
    files: list[dict[str, str]] = [{"upload": one} for one in uploads if one]
    files += [{"url": one} for one in given["url"].split() if one]
    if not files and not wrong:
        wrong["file"] = _("Choose a file, or write the address of one.")
    if wrong:
        return await _form(visit, given, 400, faults=wrong)
    named = [
        *(visit.field("filename").split("\n")),
        *(one["filename"] for one in sent),
        *map(_last, given["url"].split()),
    ]
    label = next((one for one in named if one), "")
    body = {
        "owner": owner,
        "name": name or _free(owner, dataset_name(_stem(label)), await _datasets(visit)),
        "files": files,
        "add": bool(name) and visit.field("how") == "add",
        "notes": {"step": "begin", "label": label[:200], "into": into if name else ""},
    }
    try:
        draft = await with_jobs(visit, await visit.client.change("POST", "/v1/drafts", body))
        return after(visit, await tried(visit, draft, "begin"))
    except ApiError as error:
        told = {"url" if "/url" in pointer else "file": said for pointer, said in faults(error.errors).items()}
        return await _form(visit, given, error.status, problem="" if told else error.detail, faults=told)


async def mended(visit: Visit) -> Answer:
    """Take the mended file in the place of the old one; what was said of the columns stays."""
    draft = await draft_of(visit)
    try:
        sent = [one["id"] for one in await _uploaded(visit, str(draft.told["owner"]))]
    except ApiError as error:
        return await result_shown(visit, draft, error.status, problem=error.detail)
    uploads = [one for one in (*visit.fields("upload"), *sent) if one]
    if not uploads:
        return await result_shown(visit, draft, 400, problem=_("Choose the mended file."))
    answers = {key: value for key, value in draft.answers.items() if not key.startswith(_OF_ROWS)}
    changed = await write(visit, draft, files=[{"upload": one} for one in uploads], answers=answers)
    return after(visit, await tried(visit, changed, "columns"))


async def forget(visit: Visit) -> Answer:
    """Delete a draft."""
    await visit.client.change("DELETE", f"/v1/drafts/{visit.at('draft')}")
    return visit.sent_on("/import")


def _wrong(visit: Visit, given: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    if given["owner"] not in _owners(visit):
        wrong["owner"] = _("Choose for whom the dataset is.")
    if any(not _ADDRESS.fullmatch(one) for one in given["url"].split()):
        wrong["url"] = _("An address begins with https:// or http://.")
    return wrong


async def _sent(visit: Visit, owner: str, wrong: dict[str, str]) -> list[Mapping[str, Any]]:
    """The files that came with the form, uploaded; what is wrong with them is noted."""
    try:
        return await _uploaded(visit, owner)
    except ApiError as error:
        wrong["file"] = error.detail
        return []


async def _uploaded(visit: Visit, owner: str) -> list[Mapping[str, Any]]:
    return [await send(visit.client, owner, one) for one in await files_of(visit.request)]


async def _form(visit: Visit, given: Mapping[str, str], status: int = 200, **words: Any) -> Answer:
    drafts, datasets, sending = await asyncio.gather(visit.client.ask("/v1/drafts"), _datasets(visit), limits(visit))
    owners = _owners(visit)
    answer = page(
        visit,
        "begin.html",
        status,
        drafts=drafts["data"],
        owners=owners,
        pairs_of=lambda listed: [(one, one) for one in listed],
        datasets=datasets,
        given={"owner": given["owner"] or next(iter(owners), ""), **{key: given[key] for key in ("into", "url")}},
        sending=sending,
        **words,
    )
    return letting_send(answer, str(sending["origin"]))


def _owners(visit: Visit) -> list[str]:
    """For whom the visitor may import, themselves first."""
    roles: Mapping[str, str] = visit.me["roles"]
    granted = [dataset.partition("/")[0] for dataset, role in visit.me["grants"].items() if role in _EDITORS]
    own = str(visit.me["name"])
    found = dict.fromkeys([*(one for one, role in roles.items() if role in _EDITORS), *granted])
    return sorted(found, key=lambda one: (one != own, one))


async def _datasets(visit: Visit) -> list[str]:
    """The datasets that files can be imported into: `owner/name`."""
    owners = _owners(visit)
    found = []
    for owner in owners:
        listed = await visit.client.ask("/v1/datasets", {"owner": owner, "visibility": "all", "pagesize": str(MOST)})
        found += [f"{one['owner']}/{one['name']}" for one in listed["data"]]
    return [one for one in found if visit.has_role("editor", *one.split("/", 1))]


def _free(owner: str, name: str, taken: list[str]) -> str:
    """A name like this that no dataset of the owner has: who wants a new one must not change an old one."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in numbered if f"{owner}/{one}" not in taken)


def _last(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2] or urlsplit(address).netloc


def _stem(label: str) -> str:
    """A file's name without its endings."""
    return re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", label) or label
