"""Routes of one's own sessions: in which browsers one is signed in, and how to end that."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, route
from litestar.params import PathParameter

from openspending.asking import asked
from openspending.identity import sessions
from openspending.identity.asking import GET, Injected, answered, moment, nothing, person
from openspending.identity.cookies import no_cookies
from openspending.identity.sessions import KnownSession
from openspending.web import AnyRequest

SessionId = Annotated[str, PathParameter(description="The id of a session.")]


@route("/v1/identity/sessions", http_method=GET, sync_to_thread=True)
def list_sessions(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """In which browsers one is signed in, what was used last first."""
    asked(request)
    actor = person(request, identity)
    found = sessions.listed(identity.engine, str(actor.account))
    return answered({"data": [_session(one, actor.token) for one in found]})


@delete("/v1/identity/sessions", status_code=200, sync_to_thread=True)
def end_others(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """End all one's sessions but the one that asks."""
    asked(request)
    actor = person(request, identity)
    ended = sessions.end_all(identity.engine, str(actor.account), but=actor.token)
    identity.endings.tell()
    return answered({"ended": ended})


@delete("/v1/identity/sessions/{session:str}", sync_to_thread=True)
def end_session(request: AnyRequest, identity: Injected, session: SessionId) -> Response[None]:
    """End one of one's sessions. The one that asks is signed out by it."""
    asked(request)
    actor = person(request, identity)
    sessions.end_one(identity.engine, str(actor.account), session)
    identity.endings.tell()
    return nothing(no_cookies(secure=identity.secure) if session == actor.token else None)


def _session(one: KnownSession, asking: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "browser": one.device.browser or None,
        "system": one.device.system or None,
        "created": moment(one.created),
        "last_used": moment(one.used),
        "expires": moment(one.expires),
        "current": one.id == asking,
    }
