"""Routes of one's own account, and of the tokens that it makes for robots."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, delete, patch, post, route
from litestar.params import RawBody

from openspending.actor import Scope
from openspending.asking import asked
from openspending.database.engine import alone
from openspending.errors import BadQuery, Unauthorised
from openspending.identity import accounts, robots, tokens
from openspending.identity.asking import GET, Injected, TokenId, answered, described, known, moment, nothing, person
from openspending.identity.authentication import CSRF, ROBOT_PREFIX
from openspending.identity.bodies import read
from openspending.identity.robots import RobotToken
from openspending.identity.secretcodes import NAMING
from openspending.speaking.said import said
from openspending.web import AnyRequest

_TITLE: Final = 200


@route("/v1/identity/me", http_method=GET, sync_to_thread=True)
def me(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """Whom one's token makes one: the account, its roles, and the scopes of the token."""
    asked(request)
    actor = known(request)
    with identity.engine.connect() as connection:
        found = accounts.get(connection, str(actor.account))
    scopes = None if actor.scopes is None else [_scope(one) for one in actor.scopes]
    stated = {"roles": dict(actor.roles), "grants": dict(actor.grants), "scopes": scopes, "token": actor.token}
    csrf = request.scope.get(CSRF) or None
    return answered({**described(found), **stated, "csrf": csrf})


@patch("/v1/identity/me", sync_to_thread=True)
def change_me(request: AnyRequest, identity: Injected, body: RawBody) -> Response[bytes]:
    """Choose the name, which can be done once, or change the title. The name reaches tokens with the next one."""
    asked(request)
    actor = person(request, identity)
    given = read(request, body, {"name": str, "title": str})
    title = given.get("title", "-").strip()
    if not title or len(title) > _TITLE:
        raise BadQuery(said("A title has from 1 to {title} characters.", title=_TITLE), parameter="/title")
    with alone(identity.engine, NAMING) as connection:
        account = accounts.get(connection, str(actor.account))
        if "name" in given:
            accounts.rename(connection, account, given["name"], identity.names)
        if "title" in given:
            accounts.change(connection, account.id, title=title)
        account = accounts.get(connection, account.id)
    return answered(described(account))


@route("/v1/identity/tokens", http_method=GET, sync_to_thread=True)
def list_tokens(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """The tokens that one made for robots, the newest first."""
    asked(request)
    actor = person(request, identity)
    return answered({"data": [_token(one) for one in robots.listed(identity.engine, str(actor.account))]})


@post("/v1/identity/tokens", sync_to_thread=True)
def make_token(request: AnyRequest, identity: Injected, body: RawBody) -> Response[bytes]:
    """Make a token for a robot. The answer has the token itself, which is shown this once and not kept."""
    asked(request)
    actor = person(request, identity)
    given = read(request, body, {"title": str, "scopes": (list, type(None)), "days": int}, ("title",))
    if not given["title"].strip():
        raise BadQuery(said("A token has a title, by which one knows it again."), parameter="/title")
    made, secret = robots.create(
        identity.engine,
        str(actor.account),
        title=given["title"].strip(),
        scopes=_scopes(given.get("scopes")),
        days=given.get("days", robots.DAYS),
    )
    return answered({**_token(made), "secret": secret}, 201, location=f"/v1/identity/tokens/{made.id}")


@delete("/v1/identity/tokens/{token:str}", sync_to_thread=True)
def revoke_token(request: AnyRequest, identity: Injected, token: TokenId) -> Response[None]:
    """Revoke a token, and the access tokens that it was exchanged for."""
    asked(request)
    actor = person(request, identity)
    robots.revoke(identity.engine, str(actor.account), token)
    identity.endings.tell()
    return nothing()


@post("/v1/identity/token", status_code=200, sync_to_thread=True)
def exchange(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """Exchange a robot's token, in `Authorization: Bearer osr_…`, for an access token, which every process takes."""
    asked(request)
    scheme, _, secret = request.headers.get("authorization", "").strip().partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.startswith(ROBOT_PREFIX):
        raise Unauthorised(
            said("Send a robot's token here: Authorization: Bearer {robot_prefix}…", robot_prefix=ROBOT_PREFIX)
        )
    token = identity.keys.access_token(identity.robot(secret))
    return answered({"access_token": token, "token_type": "Bearer", "expires_in": tokens.LIFETIME})


def _scopes(given: list[Any] | None) -> tuple[Scope, ...] | None:
    """The scopes of a body. Raises BadQuery where they are of another form."""
    return None if given is None else tuple(_read_scope(number, one) for number, one in enumerate(given))


def _read_scope(number: int, given: Any) -> Scope:
    place = f"/scopes/{number}"
    if not isinstance(given, dict) or not set(given) <= {"actions", "datasets"}:
        raise BadQuery(said("A scope is an object of “actions” and “datasets”."), ("actions", "datasets"), place)
    actions, datasets = given.get("actions"), given.get("datasets", "*")
    if not isinstance(actions, list) or not all(isinstance(one, str) for one in actions):
        raise BadQuery(said("“actions” must be a list of texts."), parameter=f"{place}/actions")
    if not isinstance(datasets, str):
        raise BadQuery(said("“datasets” must be a text such as ministry/*."), parameter=f"{place}/datasets")
    return Scope(tuple(actions), datasets)


def _scope(one: Scope) -> dict[str, Any]:
    return {"actions": list(one.actions), "datasets": one.datasets}


def _token(one: RobotToken) -> dict[str, Any]:
    return {
        "id": one.id,
        "prefix": one.prefix,
        "title": one.title,
        "scopes": None if one.scopes is None else [_scope(scope) for scope in one.scopes],
        "created": moment(one.created),
        "expires": moment(one.expires),
        "last_used": moment(one.last_used),
        "revoked": moment(one.revoked),
    }
