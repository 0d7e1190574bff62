"""`/user`: who one is, what one may do with a service, and the name one goes by."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from litestar import HttpMethod, Response, post, route
from litestar.params import RawBody

from openspending.conductor.asking import CLOSED, answered, asked
from openspending.conductor.identifying import ASKS_WHO, OPEN_TO_ALL
from openspending.conductor.oauthroutes import sign_in_addresses
from openspending.conductor.permissiontokens import permissions_for
from openspending.conductor.service import Conductor, Injected
from openspending.database.engine import alone
from openspending.errors import BadQuery, Conflict, Forbidden, NotFound, Unauthorised
from openspending.identity import accounts
from openspending.identity.accounts import Account
from openspending.identity.secretcodes import NAMING
from openspending.web import AnyRequest, actor_of

GET: Final = (HttpMethod.GET, HttpMethod.HEAD)
ALREADY_SET: Final = "Cannot modify username, already set"


@route("/user/check", http_method=GET, opt={ASKS_WHO: True}, sync_to_thread=True)
def check_user(request: AnyRequest, conductor: Injected) -> Response[bytes]:
    """Whether one is signed in, and as whom; else where to sign in. `next` is where to come back to."""
    found, actor = asked(request), actor_of(request)
    account = _account(conductor, actor.account) if actor.account is not None else None
    if account is not None:
        return answered(found, {"authenticated": True, "profile": _profile(account)})
    addresses = sign_in_addresses(conductor, conductor.address(request), found.get("next"))
    providers = {one: {"url": address} for one, address in addresses.items()}
    return answered(found, {"authenticated": False, "providers": providers})


def _account(conductor: Conductor, id_: str) -> Account | None:
    with conductor.installation.engine.connect() as connection:
        try:
            return accounts.get(connection, id_)
        except NotFound:
            return None


def _profile(account: Account) -> dict[str, Any]:
    """An account as old clients know users. They take `idhash` for the owner of their packages."""
    return {
        "id": f"openspending:{account.id}",
        "idhash": account.name,
        "name": account.title,
        "username": account.name if account.named else None,
        "email": account.email or "",
        "avatar_url": "",
        "join_date": account.created.isoformat(timespec="seconds"),
    }


@route("/user/authorize", http_method=GET, sync_to_thread=True)
def authorize_user(request: AnyRequest, conductor: Injected) -> Response[bytes]:
    """A permission token for a service, and what it permits."""
    found, actor = asked(request), actor_of(request)
    service = found.get("service")
    if not actor.known or not service:
        return answered(found, {"permissions": {}})
    if len(service) > 100:
        raise BadQuery("There is no such service.", parameter="service")
    permissions = permissions_for(actor, service)
    token = conductor.tokens.permission(actor, service, permissions)
    body = {"userid": actor.name, "permissions": permissions, "service": service, "token": token}
    return answered(found, body)


@post("/user/update", status_code=200, sync_to_thread=True)
def update_user(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Choose the name one goes by, which can be done once."""
    found, actor = asked(request, body), actor_of(request)
    if not actor.known:
        raise Unauthorised("No token")
    if actor.scopes is not None:
        raise Forbidden("A token with scopes may not change its account.")
    engine, rules = conductor.installation.engine, conductor.installation.names
    with alone(engine, NAMING) as connection:
        account = accounts.get(connection, str(actor.account))
        if account.named:
            return answered(found, {"success": False, "error": ALREADY_SET})
        try:
            accounts.rename(connection, account, found.need("username"), rules)
        except (BadQuery, Conflict) as error:
            return answered(found, {"success": False, "error": str(error)})
    return answered(found, {"success": True})


@route("/user/public-key", http_method=GET, opt=OPEN_TO_ALL, sync_to_thread=True)
def public_key(conductor: Injected) -> Response[bytes]:
    """The public key that permission tokens are signed with now, as PEM."""
    pem = conductor.installation.keys.current().public_pem()
    return Response(pem.encode(), media_type="text/plain", headers={"Cache-Control": "public, max-age=60"})


@route("/user/lib", http_method=GET, opt=OPEN_TO_ALL, sync_to_thread=False)
def browser_library() -> Response[bytes]:
    """A script with which pages sign people in and out."""
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": CLOSED["X-Content-Type-Options"]}
    return Response(_script(), media_type="application/javascript", headers=headers)


@cache
def _script() -> bytes:
    return (files("openspending.conductor") / "lib.js").read_bytes()


HANDLERS: Final = (check_user, authorize_user, update_user, public_key, browser_library)
