"""Routes that publish, hide, withdraw and rename a dataset, each by a job (docs/api/manage.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from openspending.asking import Body, read_body
from openspending.datastore import homes, layout, permissions
from openspending.datastore.permissions import Action
from openspending.errors import Conflict
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of
from openspending.write_api.asking import DATASET, Name, Owner, asked
from openspending.write_api.auditing import told
from openspending.write_api.entering import OWN_DOOR, enter, expected_of
from openspending.write_api.importroutes import answer_with
from openspending.write_api.permitted import WORK
from openspending.write_api.service import Injected, Writing
from openspending.write_api.submitting import author_of, submit

LONGEST_REASON: Final = 2000
_Read = Callable[[Body, str], Mapping[str, Any]]


def _nothing(body: Body, _: str) -> Mapping[str, Any]:
    body.only()
    return {}


def _reason(body: Body, _: str) -> Mapping[str, Any]:
    body.only("reason")
    return {"reason": body.text("reason", longest=LONGEST_REASON)}


def _address(body: Body, owner: str) -> Mapping[str, Any]:
    body.only("owner", "name")
    to = body.text("owner", otherwise=owner, longest=100) or owner, body.text("name", longest=100)
    body.checked("owner", layout.check_owner, to[0])
    if to[1]:
        body.checked("name", layout.check_name, to[1])
    return {"to": "/".join(to)}


def _moving(kind: str, says: str, read: _Read) -> HTTPRouteHandler:
    @post(f"{DATASET}/{kind}", status_code=202, sync_to_thread=True, name=f"v1-{kind}", opt=OWN_DOOR)
    def handler(request: AnyRequest, writing: Injected, owner: Owner, name: Name, body: RawBody) -> Response[bytes]:
        asked(request)
        return writing.repeats.once(request, body, lambda: _moved(request, writing, (kind, owner, name), body, read))

    handler.fn.__doc__ = says
    return handler


def _moved(
    request: AnyRequest, writing: Writing, what: tuple[str, str, str], data: bytes, read: _Read
) -> Response[bytes]:
    kind, owner, name = what
    home = enter(request, writing, WORK[kind], owner, name)
    body = read_body(data)
    wanted = dict(read(body, owner))
    body.settle()
    if kind == "rename":
        _check_free(request, writing, str(wanted["to"]), WORK[kind])
    payload = {**wanted, "author": author_of(actor_of(request)), "expected": expected_of(request, home)}
    job = submit(writing, request, kind, payload, owner, name)
    told(writing, request, kind, owner, name, job=job.id, **wanted)
    return answer_with(request, job)


def _check_free(request: AnyRequest, writing: Writing, to: str, action: Action) -> None:
    """Raise unless the new address is one that the actor may use, and nobody has or had."""
    owner, _, name = to.partition("/")
    permissions.require(actor_of(request), action, owner, name)
    if homes.look(writing.store, owner, name) is not None:
        raise Conflict(said("There is, or was, a dataset {to}; choose another name.", to=to))


HANDLERS: Final = (
    _moving("publish", "Show a private dataset to everybody.", _nothing),
    _moving("hide", "Take a public dataset back to where only its owner's people see it.", _nothing),
    _moving("withdraw", "Delete a dataset for good; its address stays, and says why.", _reason),
    _moving("rename", "Give a dataset another address; the old one leads there.", _address),
)
