"""What would change against the newest revision; and publishing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import Draft, draft_of, request_of, step_page, tried
from openspending.client import ApiError

_STALE: Final = 412


async def plan_page(visit: Visit) -> Answer:
    """The plan, and the button."""
    draft = await draft_of(visit)
    if draft.outcome != "planned":
        return visit.sent_on(draft.href)
    return _shown(visit, draft)


async def publish(visit: Visit) -> Answer:
    """Import for good. Whoever published something meanwhile is not overruled: then it is compared anew."""
    draft = await draft_of(visit)
    if draft.outcome != "planned" or draft.result is None:
        return visit.sent_on(draft.href)
    message = visit.field("message").strip()[:2000]
    wanted: dict[str, Any] = {**request_of(draft), "message": message, "draft": draft.id}
    if visit.field("visibility") == "public":
        wanted["publish"] = True
    published = draft.result["plan"]["published"]
    try:
        job = await visit.client.change("POST", "/v1/imports", wanted, if_match=str(published or ""))
    except ApiError as error:
        if error.status == _STALE:
            return after(visit, await tried(visit, draft, "about"))
        return _shown(visit, draft, error.status, problem=error.detail, message=message)
    return visit.sent_on(f"/import/jobs/{job['id']}")


def money(plan: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The sums before and after: of each phase where there are several, for they are not to be added up."""
    found, look = plan["difference"], plan.get("preview")
    if found is None:
        return []
    if look is not None and len({one.get("phase") for one in look["totals"]}) > 1:
        phase = next((one["name"] for one in look["columns"] if str(one["kind"]).startswith("phase:")), "")
        return [
            (f"{one['measure']} · {member['label'] or member['key'] or '–'}", member)
            for one in found["totals"]
            if phase in (one["column"], one["dimension"])
            for member in one["shown"]
        ]
    return list(found["money"].items())


def _shown(visit: Visit, draft: Draft, status: int = 200, **words: Any) -> Answer:
    assert draft.result is not None
    plan = draft.result["plan"]
    owner, name = str(draft.told["owner"]), str(draft.told["name"])
    given = {"message": "", **words}
    may_publish = visit.has_role("publisher", owner, name)
    said = {"plan": plan, "money": money(plan), "may_publish": may_publish}
    return step_page(visit, draft, "publish", status, **said, **given)
