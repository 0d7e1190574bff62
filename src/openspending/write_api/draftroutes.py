"""Routes of drafts (docs/api/drafts.md): imports that somebody writes step by step, and goes on with another day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from litestar import Response, delete, patch, post, route
from litestar.params import PathParameter, RawBody

from openspending.actor import Actor
from openspending.asking import Body, read_body
from openspending.datastore import layout
from openspending.datastore.permissions import may
from openspending.errors import NotFound, TooOften
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of
from openspending.write_api.answers import answered, created, moment, nothing
from openspending.write_api.asking import GET, asked
from openspending.write_api.drafts import Draft
from openspending.write_api.importwish import MOST_CONTROLS, read_files
from openspending.write_api.permitted import require_known, require_sending, sees_upload
from openspending.write_api.service import Injected, Writing

MOST: Final = 100  # that are listed
_CONTENT: Final = ("files", "answers", "properties", "controls", "add", "message", "notes")

DraftId = Annotated[str, PathParameter(description="The id of a draft.")]


@post("/drafts", status_code=201, sync_to_thread=True)
def begin_draft(request: AnyRequest, writing: Injected, body: RawBody) -> Response[bytes]:
    """Begin an import that is finished later; its uploads are kept as long as it is."""
    asked(request)
    require_known(actor_of(request))
    return writing.repeats.once(request, body, lambda: _begun(request, writing, body))


def _begun(request: AnyRequest, writing: Writing, data: bytes) -> Response[bytes]:
    body, actor = read_body(data), actor_of(request)
    body.only("owner", "name", *_CONTENT)
    owner = body.text("owner", longest=100)
    if owner:
        body.checked("owner", layout.check_owner, owner)
    name, content = _name(body, ""), _content(body, {})
    body.settle()
    require_sending(actor, owner)
    if len(writing.drafts.listed(str(actor.account), [owner], MOST)) >= MOST:
        raise TooOften(said("There are {most} drafts already; delete some, or finish them.", most=MOST), 3600)
    draft = writing.drafts.add(str(actor.account), owner, name, content)
    _keep_uploads(writing, actor, draft)
    return created(described(draft), f"/v1/drafts/{draft.id}")


@route("/drafts", http_method=GET, sync_to_thread=True)
def list_drafts(request: AnyRequest, writing: Injected) -> Response[bytes]:
    """One's own drafts and those of one's organisations, the one changed last first."""
    asked(request)
    actor = actor_of(request)
    require_known(actor)
    owners = [one for one in actor.roles if may(actor, "import", one, "")]
    found = writing.drafts.listed(str(actor.account), owners, MOST)
    return answered({"data": [described(one) for one in found if _sees(actor, one)]})


@route("/drafts/{draft:str}", http_method=GET, sync_to_thread=True)
def show_draft(request: AnyRequest, writing: Injected, draft: DraftId) -> Response[bytes]:
    """A draft, as it was left."""
    asked(request)
    return answered(described(seen(request, writing, draft)))


@patch("/drafts/{draft:str}", status_code=200, sync_to_thread=True)
def write_draft(request: AnyRequest, writing: Injected, draft: DraftId, body: RawBody) -> Response[bytes]:
    """Go on with a draft: members that are there take the place of the old ones."""
    asked(request)
    found = seen(request, writing, draft)
    wanted = read_body(body)
    wanted.only("name", *_CONTENT)
    name, content = _name(wanted, found.name), _content(wanted, found.content)
    wanted.settle()
    changed = writing.drafts.change(found, name, content)
    _keep_uploads(writing, actor_of(request), changed)
    return answered(described(changed))


@delete("/drafts/{draft:str}", status_code=204, sync_to_thread=True)
def delete_draft(request: AnyRequest, writing: Injected, draft: DraftId) -> Response[None]:
    """Forget a draft; its uploads go a little later."""
    asked(request)
    found = seen(request, writing, draft)
    writing.drafts.remove(found.id, found.owner)
    writing.uploads.spent(_own(writing, actor_of(request), found))
    return nothing()


def seen(request: AnyRequest, writing: Writing, draft: str) -> Draft:
    """The draft, if the actor may see it. Raises Unauthorised for nobody, NotFound."""
    actor = actor_of(request)
    require_known(actor)
    found = writing.drafts.get(draft)
    if not _sees(actor, found):
        raise NotFound(said("There is no such draft, or it has expired."))
    return found


def _sees(actor: Actor, draft: Draft) -> bool:
    return sees_upload(actor, draft.owner, draft.account)


def _keep_uploads(writing: Writing, actor: Actor, draft: Draft) -> None:
    writing.uploads.until(_own(writing, actor, draft), draft.expires)


def _own(writing: Writing, actor: Actor, draft: Draft) -> list[str]:
    """Uploads of the draft that are there, its owner's, and the actor's to use: nobody's else live longer, or less."""
    found = []
    for one in draft.uploads:
        try:
            upload = writing.uploads.get(one)
        except NotFound:
            continue
        if upload.owner == draft.owner and sees_upload(actor, upload.owner, upload.account):
            found.append(one)
    return found


def _name(body: Body, otherwise: str) -> str:
    """The name of the dataset; it may be missing as yet."""
    name = body.text("name", otherwise=otherwise, longest=100)
    if name:
        body.checked("name", layout.check_name, name)
    return name


def _content(body: Body, before: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft has. It is checked as far as it is kept: what it means is told when it is tried."""
    found = dict(before)
    if "files" in body.members:
        files = read_files(body) if body.members["files"] else ()
        found["files"] = [{"upload": one.upload} if one.upload else {"url": one.url} for one in files]
    for name in ("answers", "notes"):
        if name in body.members:
            found[name] = body.texts(name)
    if "properties" in body.members:
        found["properties"] = dict(body.object("properties"))
    if "controls" in body.members:
        found["controls"] = body.listed("controls", MOST_CONTROLS) if body.members["controls"] else []
    if "add" in body.members:
        found["add"] = body.flag("add")
    if "message" in body.members:
        found["message"] = body.text("message", otherwise="")
    return found


def described(draft: Draft) -> dict[str, Any]:
    """A draft as JSON."""
    content = draft.content
    return {
        "id": draft.id,
        "owner": draft.owner,
        "name": draft.name,
        "account": draft.account,
        "created": moment(draft.created),
        "changed": moment(draft.changed),
        "expires": moment(draft.expires),
        "files": content.get("files", []),
        "answers": content.get("answers", {}),
        "properties": content.get("properties", {}),
        "controls": content.get("controls", []),
        "add": content.get("add", False),
        "message": content.get("message", ""),
        "notes": content.get("notes", {}),
    }


HANDLERS: Final = (begin_draft, list_drafts, show_draft, write_draft, delete_draft)
