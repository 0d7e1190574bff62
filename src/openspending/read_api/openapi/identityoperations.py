"""The operations of Identity: signing in, one's account and tokens, organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, plain, refused
from openspending.read_api.openapi.shapes import Json, named

_PATH: Final = {
    "token": Described("The id of a token.", "5f0c6b1e0f4e4f0f9d6b7d3f2a1c8e90"),
    "session": Described("The id of a session.", "1b9d6bcd0f4e4f0f9d6b7d3f2a1c8e90"),
    "invitation": Described("The id of an invitation.", "9b2f6c1d0f4e4f0f9d6b7d3f2a1c8e90"),
    "name": Described("The name of an organisation.", "ministry"),
    "account": Described("The name of an account, or its id.", "ada"),
}
_NEXT: Final = Described("The path of this site to go to afterwards.", "/ministry/budget")
_PAGE: Final[Json] = {"text/html": {"schema": {"type": "string"}}}
_LOCATION: Final[Json] = {"Location": {"description": "Where to go.", "schema": {"type": "string"}}}


def _operation(
    id_: str,
    summary: str,
    says: str,
    answer: tuple[str, str],
    refusals: Collection[int],
    within: Collection[str] = (),
    *,
    body: tuple[str, Mapping[str, Any]] | None = None,
) -> Json:
    """An operation: `answer` are its status and schema, `within` the parts of its path, `body` schema and example."""
    status, schema = answer
    found: Json = {"description": f"{summary}: the answer.", "headers": headed(("Cache-Control",))}
    if schema:
        found["content"] = {"application/json": {"schema": named(schema)}}
    if status == "201":
        found["headers"] = {**found["headers"], **_LOCATION} if schema != "Invitation" else found["headers"]
    made: Json = {
        "operationId": id_,
        "tags": ["identity"],
        "summary": summary,
        "description": says,
        "parameters": [_PATH[one].documented(one, "path", None) for one in within],
        "responses": {status: found, **dict(refused({400, *refusals}))},
    }
    return made if body is None else {**made, "requestBody": _body(*body)}


def _body(schema: str, example: Mapping[str, Any]) -> Json:
    content = {"application/json": {"schema": named(schema), "example": dict(example)}}
    return {"description": "What is wanted.", "required": True, "content": content}


def _redirect(id_: str, summary: str, says: str, refusals: Json, parameters: list[Json]) -> Json:
    """An operation that sends the browser elsewhere."""
    found = {"description": f"{summary}: the way.", "headers": {**headed(("Cache-Control",)), **_LOCATION}}
    return {
        "operationId": id_,
        "tags": ["identity"],
        "summary": summary,
        "description": says,
        "parameters": parameters,
        "responses": {"303": found, **refusals},
    }


_TOLD: Final[Json] = {
    status: {"description": said, "headers": headed(()), "content": _PAGE}
    for status, said in (
        ("401", "What the issuer sent does not fit; the page says why."),
        ("404", "No issuer signs people in here."),
        ("503", "The issuer does not answer."),
    )
}
_SIGN_IN: Final = _operation(
    "signIn",
    "Sign in by a one-time link",
    "The browser gets a session and an access token as cookies that no script can read. A form of the page may be sent "
    "too, and is answered by the page, or by the way to `next`. Other sites cannot ask this.",
    ("200", "SignedIn"),
    (401, 403, 413, 429, 503),
    body=("SignIn", {"code": "…", "next": "/"}),
)
_SIGN_OUT: Final = _operation("signOut", "Sign out", "Ends the session of this browser.", ("204", ""), (403,))

OPERATIONS: Final[Mapping[tuple[str, str], Json]] = {
    ("post", "/v1/identity/sign-in"): _SIGN_IN,
    ("get", "/v1/identity/oidc/start"): _redirect(
        "beginSignIn",
        "Go to the issuer",
        "Sends the browser to the OpenID Connect issuer, with PKCE, a state and a nonce.",
        dict(refused({400, 404, 503})),
        [_NEXT.documented("next", "query", None)],
    ),
    ("get", "/v1/identity/oidc/callback"): _redirect(
        "completeSignIn",
        "Come back from the issuer",
        "Where the issuer sends the browser, which is signed in then. What does not fit is told on the sign-in page.",
        _TOLD,
        [
            Described("The authorisation code.", "c0de").documented("code", "query", None),
            Described("What was sent to the issuer.", "5tate").documented("state", "query", None),
        ],
    ),
    ("post", "/v1/identity/refresh"): _operation(
        "refreshSession",
        "Have a new access token",
        "A new access token for a browser that has a session, as a cookie. Other sites cannot ask this.",
        ("200", "Refreshed"),
        (401, 403, 503),
    ),
    ("post", "/sign-out"): {
        **_SIGN_OUT,
        "responses": {**_SIGN_OUT["responses"], "303": {"description": "For a browser's form: to the front page."}},
    },
    ("get", "/v1/identity/me"): _operation(
        "describeMe",
        "Who one is",
        "The account and the rights that the request's token has.",
        ("200", "Me"),
        (401, 404),
    ),
    ("patch", "/v1/identity/me"): _operation(
        "changeMe",
        "Choose one's name",
        "The name can be chosen once, since it is part of addresses; the title at any time.",
        ("200", "Account"),
        (401, 403, 409, 413),
        body=("AccountChange", {"name": "ada", "title": "Ada Lovelace"}),
    ),
    ("get", "/v1/identity/tokens"): _operation(
        "listTokens",
        "List tokens of robots",
        "The tokens that one made, expired and revoked ones too.",
        ("200", "RobotTokenList"),
        (401, 403),
    ),
    ("post", "/v1/identity/tokens"): _operation(
        "makeToken",
        "Make a token for a robot",
        "It may do what its scopes say, and never more than its account. `secret` is in this answer and in no other.",
        ("201", "NewRobotToken"),
        (401, 403, 413),
        body=(
            "WantedRobotToken",
            {"title": "nightly", "scopes": [{"actions": ["read", "import"], "datasets": "ministry/*"}], "days": 90},
        ),
    ),
    ("delete", "/v1/identity/tokens/{token}"): _operation(
        "revokeToken",
        "Revoke a token",
        "Nobody can use it any more, nor access tokens that it was exchanged for.",
        ("204", ""),
        (401, 403, 404),
        ("token",),
    ),
    ("post", "/v1/identity/token"): _operation(
        "exchangeToken",
        "Exchange a robot's token",
        "An access token for the robot's token in `Authorization: Bearer osr_…`. It holds ten minutes, everywhere.",
        ("200", "AccessToken"),
        (401, 503),
    ),
    ("get", "/v1/identity/sessions"): _operation(
        "listSessions",
        "List one's sessions",
        "In which browsers one is signed in. No address of them is kept, and nothing by which others could use them.",
        ("200", "SessionList"),
        (401, 403),
    ),
    ("delete", "/v1/identity/sessions"): _operation(
        "endOtherSessions",
        "End all other sessions",
        "Signs one out everywhere but where this is asked from; a robot that asks ends all of them.",
        ("200", "EndedSessions"),
        (401, 403),
    ),
    ("delete", "/v1/identity/sessions/{session}"): _operation(
        "endSession",
        "End a session",
        "Signs one out in that browser.",
        ("204", ""),
        (401, 403, 404),
        ("session",),
    ),
    ("get", "/v1/identity/jwks.json"): _operation(
        "listPublicKeys",
        "The public keys",
        "The keys that verify access tokens. They are in the public store as well, at `identity/jwks.json`.",
        ("200", "Jwks"),
        (503,),
    ),
    ("get", "/v1/identity/public-key"): {
        "operationId": "getPublicKey",
        "tags": ["identity"],
        "summary": "The public key as PEM",
        "description": "The public half of the key that signs now, as clients of the old OpenSpending ask for it.",
        "parameters": [],
        "responses": {
            "200": plain("The key.", {"application/x-pem-file": {"type": "string"}}, ("Cache-Control",)),
            **dict(refused({400, 503})),
        },
    },
    ("post", "/v1/organisations"): _operation(
        "makeOrganisation",
        "Make an organisation",
        "Its first admin is whoever makes it.",
        ("201", "Organisation"),
        (401, 403, 409, 413),
        body=("WantedOrganisation", {"name": "ministry", "title": "Ministry of Finance"}),
    ),
    ("get", "/v1/organisations/{name}"): _operation(
        "showOrganisation",
        "Describe an organisation",
        "For its members.",
        ("200", "Organisation"),
        (401, 403, 404),
        ("name",),
    ),
    ("get", "/v1/organisations/{name}/members"): _operation(
        "listOrgMembers",
        "List the members of an organisation",
        "For its members.",
        ("200", "MemberList"),
        (401, 403, 404),
        ("name",),
    ),
    ("put", "/v1/organisations/{name}/members/{account}"): _operation(
        "putMember",
        "Give an account a role",
        "Takes an account into the organisation, or gives it another role. One admin has to stay.",
        ("200", "Member"),
        (401, 403, 404, 409, 413),
        ("name", "account"),
        body=("WantedRole", {"role": "editor"}),
    ),
    ("delete", "/v1/organisations/{name}/members/{account}"): _operation(
        "removeMember",
        "Take an account out",
        "Members may go themselves. One admin has to stay.",
        ("204", ""),
        (401, 403, 404, 409),
        ("name", "account"),
    ),
    ("post", "/v1/organisations/{name}/invitations"): _operation(
        "inviteMember",
        "Invite somebody",
        "A link that brings whoever follows it the role: a new account, or the one that is signed in. Nothing is sent.",
        ("201", "Invitation"),
        (401, 403, 404, 413),
        ("name",),
        body=("WantedInvitation", {"email": "ada@example.org", "role": "editor"}),
    ),
    ("get", "/v1/organisations/{name}/invitations"): _operation(
        "listInvitations",
        "List open invitations",
        "For its admins: whom nobody has accepted yet. Links are in the answer that made them, and in no other.",
        ("200", "OpenInvitationList"),
        (401, 403, 404),
        ("name",),
    ),
    ("delete", "/v1/organisations/{name}/invitations/{invitation}"): _operation(
        "withdrawInvitation",
        "Withdraw an invitation",
        "Its link holds no more.",
        ("204", ""),
        (401, 403, 404),
        ("name", "invitation"),
    ),
    ("post", "/v1/organisations/{name}/invitations/{invitation}/link"): _operation(
        "renewInvitation",
        "Make a new link for an invitation",
        "It holds for two weeks; the one before holds no more.",
        ("201", "Invitation"),
        (401, 403, 404),
        ("name", "invitation"),
    ),
}
