"""Which path below `/manage` is which page, and which form comes to which function."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from litestar.handlers import HTTPRouteHandler

from openspending.browse.manage import (
    about,
    account,
    dataset,
    hooks,
    invitations,
    jobs,
    listing,
    moving,
    organisations,
    people,
    sessions,
    usage,
)
from openspending.browse.manage.record import record_page
from openspending.browse.sheets import sheet
from openspending.browse.signedin.visit import Shows, shown, taken, upwards
from openspending.client import Client

_ACCOUNT: Final = "/manage/account"
_ORGANISATION: Final = "/manage/account/organisations/{organisation:str}"
_DATASET: Final = "/manage/{owner:str}/{name:str}"
_STYLE: Final = files("openspending.browse") / "static" / "manage.css"

SHOWN: Final[dict[str, Shows]] = {
    "/manage": listing.datasets_page,
    "/manage/usage": usage.usage_page,
    "/manage/jobs": jobs.jobs_page,
    "/manage/jobs/{job:str}": jobs.job_page,
    _ACCOUNT: account.account_page,
    f"{_ACCOUNT}/tokens/{{token:str}}/revoke": account.asking_to_revoke,
    _ORGANISATION: organisations.organisation_page,
    f"{_ORGANISATION}/members/{{account:str}}/remove": organisations.asking_to_remove,
    _DATASET: dataset.dataset_page,
    **{f"{_DATASET}/{kind}": moving.move_page for kind in moving.NEEDED},
    f"{_DATASET}/about": about.about_page,
    f"{_DATASET}/people": people.people_page,
    f"{_DATASET}/people/{{account:str}}/remove": people.asking_to_unshare,
    f"{_DATASET}/webhooks": hooks.hooks_page,
    f"{_DATASET}/webhooks/{{hook:str}}": hooks.hook_page,
    f"{_DATASET}/webhooks/{{hook:str}}/delete": hooks.asking_to_unhook,
    f"{_DATASET}/audit": record_page,
}
TAKEN: Final[dict[str, Shows]] = {
    "/manage/jobs/{job:str}/cancel": jobs.cancel,
    "/manage/jobs/{job:str}/retry": jobs.retry,
    _ACCOUNT: account.change_account,
    f"{_ACCOUNT}/tokens": account.make_token,
    f"{_ACCOUNT}/tokens/{{token:str}}/revoke": account.revoke,
    f"{_ACCOUNT}/sessions/{{session:str}}/end": sessions.end,
    f"{_ACCOUNT}/sessions": sessions.end_others,
    f"{_ACCOUNT}/organisations": account.make_organisation,
    f"{_ORGANISATION}/members": organisations.change_member,
    f"{_ORGANISATION}/members/{{account:str}}/remove": organisations.remove_member,
    f"{_ORGANISATION}/invitations": invitations.invite,
    f"{_ORGANISATION}/invitations/{{invitation:str}}/link": invitations.renew,
    f"{_ORGANISATION}/invitations/{{invitation:str}}/withdraw": invitations.withdraw,
    **{f"{_DATASET}/{kind}": moving.move for kind in moving.NEEDED},
    f"{_DATASET}/about": about.describe,
    f"{_DATASET}/people": people.share,
    f"{_DATASET}/people/{{account:str}}/remove": people.unshare,
    f"{_DATASET}/webhooks": hooks.hook,
    f"{_DATASET}/webhooks/{{hook:str}}/test": hooks.ping,
    f"{_DATASET}/webhooks/{{hook:str}}/delete": hooks.unhook,
}


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The route handlers of all pages below `/manage`."""
    pages = [shown(client, path, one) for path, one in SHOWN.items()]
    forms = [taken(client, path, one) for path, one in TAKEN.items()]
    return [*pages, *forms, *(upwards(path, _steps(path)) for path in TAKEN.keys() - SHOWN.keys()), sheet(_STYLE)]


def _steps(path: str) -> int:
    """How far above the address of a form the page is that has it."""
    parts = path.split("/")
    return next(steps for steps in range(1, len(parts)) if "/".join(parts[:-steps]) in SHOWN)
