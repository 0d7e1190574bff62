"""What Identity's routes ask of a request before they do anything: who it is for, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from litestar import HttpMethod, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation

from openspending.actor import Actor
from openspending.errors import Forbidden, NotFound, Unauthorised
from openspending.identity.accounts import Account
from openspending.identity.installation import Installation
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, exact_json

GET: Final = (HttpMethod.GET, HttpMethod.HEAD)
PRIVATE: Final = {"Cache-Control": "private, no-store"}

Injected = NamedDependency[SkipValidation[Installation]]
TokenId = Annotated[str, PathParameter(description="The id of a token.")]
OrganisationName = Annotated[str, PathParameter(description="The name of an organisation.")]
AccountName = Annotated[str, PathParameter(description="The name of an account, or its id.")]


def person(request: AnyRequest, identity: Installation) -> Actor:
    """Whom the request is for, with the rights as they are now. Raises Unauthorised for nobody, Forbidden for a token
    with scopes: a robot that may do little must not make itself a token that may do more."""
    actor = known(request)
    if actor.scopes is not None:
        raise Forbidden(said("A token with scopes may not change accounts, organisations or tokens."))
    return identity.actor(str(actor.account), actor.token)


def known(request: AnyRequest) -> Actor:
    """Whom the request is for. Raises Unauthorised for nobody."""
    actor = actor_of(request)
    if not actor.known:
        raise Unauthorised(said("Sign in, or send a token, to do that."))
    return actor


def require_member(actor: Actor, organisation: str) -> None:
    """Raises NotFound for whoever is no member: what others do not belong to is none of their business."""
    if not actor.administrator and organisation not in actor.roles:
        raise NotFound(said("There is no organisation “{organisation}”.", organisation=organisation[:100]))


def require_admin(actor: Actor, organisation: str) -> None:
    """Raises NotFound for whoever is no member, Forbidden for members that are no admins."""
    require_member(actor, organisation)
    if not actor.administrator and actor.roles[organisation] != "admin":
        raise Forbidden(said("That takes the role “admin” in {organisation}.", organisation=organisation))


def require_same_site(request: AnyRequest, identity: Installation) -> None:
    """Raises Forbidden for what a page of another site sends. Browsers say so themselves; programs say nothing."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        if fetched not in {"same-origin", "none"}:
            raise Forbidden(said("That is only for pages of this OpenSpending."))
        return
    origin = request.headers.get("origin")
    if origin is not None and _origin(origin) != _origin(base_url(request, identity)):
        raise Forbidden(said("That is only for pages of this OpenSpending."))


def base_url(request: AnyRequest, identity: Installation) -> str:
    """Where people reach this OpenSpending, without a slash at the end."""
    return identity.base_url or str(request.base_url).rstrip("/")


def answered(
    body: Mapping[str, Any], status: int = 200, *, cookies: list[Cookie] | None = None, location: str | None = None
) -> Response[bytes]:
    """`body` as JSON, for its asker alone."""
    headers = {**PRIVATE, **({"Location": location} if location else {})}
    kind = "application/json"
    return Response(exact_json(body), status_code=status, media_type=kind, headers=headers, cookies=cookies)


def nothing(cookies: list[Cookie] | None = None) -> Response[None]:
    """204."""
    return Response(None, status_code=204, headers=PRIVATE, cookies=cookies)


def sent_to(address: str, cookies: list[Cookie] | None = None) -> Response[bytes]:
    """303, to an address."""
    headers = {"Cache-Control": "no-store", "Location": address, "Referrer-Policy": "no-referrer"}
    return Response(b"", status_code=303, media_type="text/plain", headers=headers, cookies=cookies)


def moment(at: datetime | None) -> str | None:
    """A time as RFC 3339."""
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def described(account: Account) -> dict[str, Any]:
    """An account, as its own person sees it."""
    return {
        "account": account.id,
        "name": account.name,
        "title": account.title,
        "email": account.email,
        "administrator": account.administrator,
        "named": account.named,
        "created": moment(account.created),
    }


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()
