"""Routes of one dataset: what is said of it, whom it is shared with, links to its files, its audit log
(docs/api/manage.md)."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, delete, patch, post, put, route
from litestar.params import RawBody

from openspending.actor import ROLES
from openspending.asking import read_body
from openspending.datastore import layout
from openspending.errors import BadQuery
from openspending.identity import collaborators
from openspending.identity.collaborators import Collaborator
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, to_json
from openspending.write_api import linking
from openspending.write_api.answers import answered, moment, nothing
from openspending.write_api.asking import DATASET, GET, AccountName, Name, Owner, asked
from openspending.write_api.auditing import told
from openspending.write_api.entering import OWN_DOOR, enter, expected_of
from openspending.write_api.importroutes import answer_with
from openspending.write_api.properties import PROPERTIES, check_properties
from openspending.write_api.service import Injected, Writing
from openspending.write_api.submitting import author_of, submit

LONGEST_LINK: Final = 3600  # seconds


@patch(DATASET, status_code=202, sync_to_thread=True, opt=OWN_DOOR)
def describe_dataset(
    request: AnyRequest, writing: Injected, owner: Owner, name: Name, body: RawBody
) -> Response[bytes]:
    """Say something else of a dataset: its title, description, licences, …; a new revision is made, by a job."""
    asked(request)
    return writing.repeats.once(request, body, lambda: _described(request, writing, (owner, name), body))


def _described(request: AnyRequest, writing: Writing, dataset: tuple[str, str], data: bytes) -> Response[bytes]:
    home = enter(request, writing, "import", *dataset)
    body = read_body(data)
    body.only(*PROPERTIES)
    check_properties(body, removable=True)
    if not body.members:
        body.wrong.append(BadQuery(said("Nothing is said."), tuple(PROPERTIES), "/"))
    body.settle()
    payload = {
        "patch": to_json(body.members).decode(),
        "message": f"Edited {', '.join(body.members)}",
        "author": author_of(actor_of(request)),
        "expected": expected_of(request, home),
    }
    job = submit(writing, request, "describe", payload, *dataset)
    told(writing, request, "describe", *dataset, job=job.id, properties=sorted(body.members))
    return answer_with(request, job)


@route(f"{DATASET}/collaborators", http_method=GET, sync_to_thread=True, opt=OWN_DOOR)
def list_collaborators(request: AnyRequest, writing: Injected, owner: Owner, name: Name) -> Response[bytes]:
    """Accounts that a dataset is shared with, beside the people of its owner."""
    asked(request)
    enter(request, writing, "administer", owner, name)
    return answered({"data": [_said(one) for one in collaborators.listed(writing.engine, owner, name)]})


@put(f"{DATASET}/collaborators/{{account:str}}", status_code=200, sync_to_thread=True, opt=OWN_DOOR)
def share_dataset(
    request: AnyRequest, writing: Injected, owner: Owner, name: Name, account: AccountName, body: RawBody
) -> Response[bytes]:
    """Share a dataset with an account, or give it another role there."""
    asked(request)
    enter(request, writing, "administer", owner, name)
    wanted = read_body(body)
    wanted.only("role")
    role = wanted.text("role", pattern="|".join(ROLES))
    wanted.settle()
    found = collaborators.put(writing.engine, owner, name, account, role)
    told(writing, request, "share", owner, name, account=found.account, role=role)
    return answered(_said(found))


@delete(f"{DATASET}/collaborators/{{account:str}}", status_code=204, sync_to_thread=True, opt=OWN_DOOR)
def unshare_dataset(
    request: AnyRequest, writing: Injected, owner: Owner, name: Name, account: AccountName
) -> Response[None]:
    """Share a dataset with an account no more."""
    asked(request)
    enter(request, writing, "administer", owner, name)
    collaborators.remove(writing.engine, owner, name, account)
    told(writing, request, "unshare", owner, name, account=account)
    return nothing()


def _said(one: Collaborator) -> dict[str, Any]:
    return {
        "account": one.account,
        "name": one.name,
        "title": one.title,
        "role": one.role,
        "since": moment(one.since),
    }


@post(f"{DATASET}/links", status_code=200, sync_to_thread=True, opt=OWN_DOOR)
def link_file(request: AnyRequest, writing: Injected, owner: Owner, name: Name, body: RawBody) -> Response[bytes]:
    """A link to a file of the dataset; of a private one on S3 it is good for some time, for whoever has it."""
    asked(request)
    home = enter(request, writing, "read", owner, name)
    wanted = read_body(body)
    wanted.only("path", "seconds")
    path, seconds = wanted.text("path", longest=1000), wanted.whole("seconds", 1, LONGEST_LINK, LONGEST_LINK)
    wanted.settle()
    found = linking.link(writing, home, layout.stored_key(owner, name, path), seconds)
    if found["signed"]:  # whoever has it, can read
        told(writing, request, "link", owner, name, path=path, seconds=seconds)
    return answered(found)


HANDLERS: Final = (describe_dataset, list_collaborators, share_dataset, unshare_dataset, link_file)
