"""What would change against the newest revision; and publishing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.about import before_of
from openspending.browse.wizard.measures import labels
from openspending.browse.wizard.period import moved_on
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import Draft, draft_of, request_of, step_page, tried
from openspending.browse.words import period
from openspending.client import ApiError

_STALE: Final = 412


async def plan_page(visit: Visit) -> Answer:
    """The plan, and the button."""
    draft = await draft_of(visit)
    if draft.outcome != "planned":
        return visit.sent_on(draft.href)
    return await _shown(visit, draft)


async def publish(visit: Visit) -> Answer:
    """Import for good. Whoever published something meanwhile is not overruled: then it is compared anew."""
    draft = await draft_of(visit)
    if draft.outcome != "planned" or draft.result is None:
        return visit.sent_on(draft.href)
    message = visit.field("message").strip()[:2000]
    wanted: dict[str, Any] = {**request_of(draft), "message": message, "draft": draft.id}
    covered = await _covered(visit, draft)
    if covered.get("then"):
        wanted["properties"] = {**draft.told["properties"], "fiscalPeriod": covered["then"]}
    if visit.field("visibility") == "public":
        wanted["publish"] = True
    published = draft.result["plan"]["published"]
    try:
        job = await visit.client.change("POST", "/v1/imports", wanted, if_match=str(published or ""))
    except ApiError as error:
        if error.status == _STALE:
            return after(visit, await tried(visit, draft, "about"))
        return await _shown(visit, draft, error.status, problem=error.detail, message=message)
    return visit.sent_on(f"/import/jobs/{job['id']}")


def money(plan: Mapping[str, Any], called: Mapping[str, str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The sums before and after: of each phase where there are several, for they are not to be added up."""
    found, look = plan["difference"], plan.get("preview")
    if found is None:
        return []
    if look is not None and len({one.get("phase") for one in look["totals"]}) > 1:
        phase = next((one["name"] for one in look["columns"] if str(one["kind"]).startswith("phase:")), "")
        return [
            (f"{called.get(one['measure'], one['measure'])} · {member['label'] or member['key'] or '–'}", member)
            for one in found["totals"]
            if phase in (one["column"], one["dimension"])
            for member in one["shown"]
        ]
    return list(found["money"].items())


async def _covered(visit: Visit, draft: Draft) -> dict[str, Mapping[str, Any]]:
    """The period that the dataset says it covers `now`, and what it says `then`, if its years move it on and nobody
    said it; {} where it says none, or somebody did."""
    assert draft.result is not None
    if draft.result["plan"]["published"] is None or "fiscalPeriod" in draft.told["properties"]:
        return {}
    before = await before_of(visit, draft)
    if not isinstance(before.get("fiscalPeriod"), Mapping):
        return {}
    return {"now": before, "then": moved_on(before, draft.result)}


async def _shown(visit: Visit, draft: Draft, status: int = 200, **words: Any) -> Answer:
    assert draft.result is not None
    plan = draft.result["plan"]
    owner, name = str(draft.told["owner"]), str(draft.told["name"])
    given = {"message": "", **words}
    may_publish = visit.has_role("publisher", owner, name)
    covered = await _covered(visit, draft)
    periods = {when: period({"fiscalPeriod": one} if when == "then" else one) for when, one in covered.items()}
    said = {"plan": plan, "money": money(plan, labels(draft.result)), "may_publish": may_publish, "periods": periods}
    return step_page(visit, draft, "publish", status, **said, **given)
