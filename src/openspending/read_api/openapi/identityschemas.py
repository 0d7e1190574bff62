"""Accounts, tokens and organisations as JSON Schemas."""

from __future__ import annotations

from typing import Any, Final

from openspending.actor import ACTIONS, ROLES
from openspending.read_api.openapi.shapes import Json, flag, keyed, listed, maybe, named, record, text, whole

_MOMENT: Final = {"format": "date-time"}
_ROLE: Final = text("The role.", enum=list(ROLES))
_ACCOUNT: Final[Json] = {
    "account": text("Its id, which never changes."),
    "name": text("Its name: the owner of its datasets."),
    "title": text("Its name for people."),
    "email": maybe(text("Its e-mail address, where the issuer verified it or an invitation named it.")),
    "administrator": flag("Whether it may do everything in this installation."),
    "named": flag("Whether its name was chosen already."),
    "created": text("When it was made.", **_MOMENT),
}
_TOKEN: Final[Json] = {
    "id": text("Its id."),
    "prefix": text("How it begins, to know it again by."),
    "title": text("What it is for."),
    "scopes": maybe(listed(named("Scope"), "What it is limited to; null: all that its account may do with datasets.")),
    "created": text("When it was made.", **_MOMENT),
    "expires": text("Until when it holds.", **_MOMENT),
    "last_used": maybe(text("When it was used last, to the minute.", **_MOMENT)),
    "revoked": maybe(text("When it was revoked.", **_MOMENT)),
}


def _wanted(description: str, members: Json, optional: Json | None = None) -> Json:
    """A body, which has no members beside these."""
    return {**record(description, members, optional), "additionalProperties": False}


SCHEMAS: Final[dict[str, Any]] = {
    "Scope": _wanted(
        "Some actions on some datasets.",
        {"actions": listed(text("An action.", enum=list(ACTIONS)), "Which actions.", minItems=1)},
        {"datasets": text("`owner/name`, in which `*` stands for any characters; `*` without it.")},
    ),
    "Account": record("An account.", _ACCOUNT),
    "Me": record(
        "Whom a token makes one.",
        {
            **_ACCOUNT,
            "roles": keyed(_ROLE, "The role in each owner: one's own name, and one's organisations."),
            "grants": keyed(_ROLE, "The role in each single dataset that others share, by `owner/name`."),
            "scopes": maybe(listed(named("Scope"), "What the token is limited to; null: nothing.")),
            "token": text("The id of the token, or of the browser's session."),
            "csrf": maybe(text("What unsafe requests of a browser repeat in X-CSRF-Token; null for others.")),
        },
    ),
    "AccountChange": _wanted(
        "What to change of an account.",
        {},
        {"name": text("Its name; it can be chosen once."), "title": text("Its name for people.", maxLength=200)},
    ),
    "RobotToken": record("A token of a robot, but for the token itself.", _TOKEN),
    "RobotTokenList": record("Tokens of robots.", {"data": listed(named("RobotToken"), "The newest first.")}),
    "NewRobotToken": record(
        "A new token of a robot.", {**_TOKEN, "secret": text("The token itself, which is shown this once.")}
    ),
    "WantedRobotToken": _wanted(
        "A token to be made.",
        {"title": text("What it is for.", minLength=1)},
        {
            "scopes": maybe(listed(named("Scope"), "What to limit it to.", minItems=1, maxItems=20)),
            "days": {"type": "integer", "minimum": 1, "maximum": 366, "description": "How long it lasts; 90 days."},
        },
    ),
    "AccessToken": record(
        "An access token.",
        {
            "access_token": text("The token, for `Authorization: Bearer …`."),
            "token_type": text("`Bearer`."),
            "expires_in": whole("For how many seconds it holds."),
        },
    ),
    "SignIn": _wanted(
        "How to sign in.",
        {"code": text("The code of a one-time link.")},
        {"next": text("The path of this site to go to afterwards.")},
    ),
    "SignedIn": record(
        "A browser that is signed in.",
        {
            "account": text("The id of the account."),
            "csrf": text("What unsafe requests repeat in X-CSRF-Token."),
            "next": text("The path to go to."),
        },
    ),
    "Refreshed": record("A session that goes on.", {"csrf": text("What unsafe requests repeat in X-CSRF-Token.")}),
    "Jwks": record(
        "Public keys (RFC 7517).", {"keys": listed({"type": "object"}, "The keys; `kid` in a token names its key.")}
    ),
    "Organisation": record(
        "An organisation.",
        {
            "name": text("Its name: the owner of its datasets."),
            "title": text("Its name for people."),
            "created": text("When it was made.", **_MOMENT),
            "members": whole("How many accounts are in it."),
        },
    ),
    "WantedOrganisation": _wanted(
        "An organisation to be made.", {"name": text("Its name.")}, {"title": text("Its name for people.")}
    ),
    "Member": record(
        "An account in an organisation.",
        {
            "account": text("The account's id."),
            "name": text("The account's name."),
            "title": text("Its name for people."),
            "role": _ROLE,
            "since": text("Since when.", **_MOMENT),
        },
    ),
    "MemberList": record("Members.", {"data": listed(named("Member"), "By their names.")}),
    "WantedRole": _wanted("A role.", {"role": _ROLE}),
    "Invitation": record(
        "An invitation, and the link to send.",
        {
            "email": maybe(text("Whom it is for.")),
            "role": _ROLE,
            "link": text("The link, which works once."),
            "expires_in": whole("For how many seconds it works."),
        },
    ),
    "WantedInvitation": _wanted(
        "An invitation to be made.", {"role": _ROLE}, {"email": maybe(text("Whom it is for."))}
    ),
    "OpenInvitation": record(
        "An invitation that nobody has accepted yet.",
        {
            "id": text("Its id."),
            "email": maybe(text("Whom it is for.")),
            "role": _ROLE,
            "made_by": maybe(text("The name of who made it; null where an operator did.")),
            "created": text("When it was made.", **_MOMENT),
            "expires": text("Until when its link works.", **_MOMENT),
        },
    ),
    "OpenInvitationList": record("Open invitations.", {"data": listed(named("OpenInvitation"), "The newest first.")}),
    "Session": record(
        "A browser in which one is signed in.",
        {
            "id": text("Its id."),
            "browser": maybe(text("Which browser it is, such as Firefox; null for one that is not known.")),
            "system": maybe(text("On which system, such as Windows.")),
            "created": text("When one signed in.", **_MOMENT),
            "last_used": text("When it last had an access token, which holds ten minutes.", **_MOMENT),
            "expires": text("When it ends by itself.", **_MOMENT),
            "current": flag("Whether it is the one that asks."),
        },
    ),
    "SessionList": record("Sessions.", {"data": listed(named("Session"), "What was used last first.")}),
    "EndedSessions": record("What was ended.", {"ended": whole("How many sessions.")}),
}
