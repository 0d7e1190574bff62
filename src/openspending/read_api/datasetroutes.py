"""The routes of `/v1` that need no facts: the list of datasets, and what belongs to one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending import httpproblems
from openspending.analytics.exports.formats import FORMATS
from openspending.datastore.revisions import Revision
from openspending.errors import NotFound
from openspending.read_api import datasets, listing
from openspending.read_api.addressing import DATASET, GET, Injected, Kind, Name, Owner
from openspending.read_api.api import Api
from openspending.read_api.asked import address, asked
from openspending.read_api.respond import A_MINUTE, Question, told, told_now
from openspending.speaking import ENGLISH, Said, said
from openspending.web import AnyRequest, actor_of, close, exact_json, note, speak

_JSON: Final = FORMATS["json"]


def handlers(private: Api) -> list[HTTPRouteHandler]:
    """All of them; the list of datasets has those of `private` too that its asker may read, when asked for them."""
    return [
        index,
        _dataset_list(private),
        _description(),
        _one("/revisions", _revisions),
        _one("/files", _files),
        _one("/downloads", _downloads, stays=False),
        _one("/model", _model),
        problem_list,
        problem_type,
    ]


@route("/", http_method=GET, sync_to_thread=False)
def index(request: AnyRequest) -> Response[bytes]:
    """Where everything begins."""
    asked(request, ()).settle()
    links = {
        "datasets": "/v1/datasets",
        "search": "/v1/search",
        "changelog": "/v1/changelog",
        "sql": "/v1/sql",
        "usage": "/v1/usage",
        "problems": "/v1/problems",
        "openapi": "/openapi.json",
    }
    answer = _json({"api": "openspending", "version": "v1", "links": links})
    answer.set_header("Link", f'<{links["openapi"]}>; rel="service-desc"')
    return answer


def _dataset_list(private: Api) -> HTTPRouteHandler:
    @route("/datasets", http_method=GET, sync_to_thread=True)
    def dataset_list(request: AnyRequest, api: Injected) -> Response[bytes]:
        """The datasets by owner and name: the public ones; with `visibility` those private ones that one may read."""
        wanted = asked(request, listing.PARAMETERS)
        if listing.asks_for_private(wanted):
            close(request.scope)
        found = listing.listed(wanted, api.cubes.store, private.cubes.store, actor_of(request))
        note(request.scope, rows=found["returned"])
        return _json(found)

    return dataset_list


def _one(path: str, make: Callable[[Api, Revision], Any], *, stays: bool = True) -> HTTPRouteHandler:
    """The handler of what `make` finds for one revision; whether that `stays` for ever."""

    @route(f"{DATASET}{path}", http_method=GET, sync_to_thread=True, name=f"v1{path}")
    def handler(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes]:
        return _answer(request, api, owner, name, make, stays=stays)

    handler.fn.__doc__ = make.__doc__
    return handler


def _answer(
    request: AnyRequest, api: Api, owner: str, name: str, make: Callable[[Api, Revision], Any], *, stays: bool
) -> Response[bytes]:
    where, found = address(owner, name), asked(request, ())
    found.settle()
    revision = api.cubes.revision(where.owner, where.name, where.version)
    question = Question(request, where, revision, found, _JSON)
    if stays:
        return told(question, lambda: make(api, revision))
    return told_now(question, make(api, revision), changing=f"{datasets.latest(where.owner, where.name)}/changelog")


def _description() -> HTTPRouteHandler:
    @route(DATASET, http_method=GET, sync_to_thread=True, name="v1")
    def handler(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes]:
        """A dataset: whose it is, what it says of itself, what its facts come to, and where all else is."""
        return _answer(request, api, owner, name, partial(_described, speak(request.scope)), stays=False)

    return handler


def _described(language: str, api: Api, revision: Revision) -> Any:
    return datasets.described(api.cubes.store, revision, api.visibility, language)


def _revisions(api: Api, revision: Revision) -> Any:
    """All revisions up to this one, the newest first."""
    return {"data": datasets.history(api.cubes.store, revision)}


def _files(_: Api, revision: Revision) -> Any:
    """The source files, as their publisher gave them, with their hashes."""
    return {"data": datasets.files(revision)}


def _downloads(api: Api, revision: Revision) -> Any:
    """Files with all facts, made when the revision was published, each with its bytes and SHA-256."""
    return datasets.downloads(api.cubes.store, revision)


def _model(api: Api, revision: Revision) -> Any:
    """Measures, dimensions, hierarchies, aggregates; what may be added up; the cuts to begin with."""
    return datasets.model(api.cubes.opened(revision))


@route("/problems", http_method=GET, sync_to_thread=False)
def problem_list(request: AnyRequest) -> Response[bytes]:
    """The kinds of problems that answers may have as their `type`."""
    asked(request, ()).settle()
    return _json({"data": [_explained(one) for one in httpproblems.by_name().values()]}, speak(request.scope))


@route("/problems/{kind:str}", http_method=GET, sync_to_thread=False)
def problem_type(request: AnyRequest, kind: Kind) -> Response[bytes]:
    """What a kind of problem means, and what to do about it."""
    asked(request, ()).settle()
    found = httpproblems.by_name().get(kind)
    if found is None:
        raise NotFound(said("There is no kind of problem called “{kind}”.", kind=kind[:40]))
    return _json(_explained(found), speak(request.scope))


def _explained(one: httpproblems.ProblemType) -> dict[str, Any]:
    return {
        "type": one.address,
        "title": Said(one.title, {}),
        "status": int(one.status),
        "meaning": Said(one.meaning, {}),
        "remedy": Said(one.remedy, {}),
    }


def _json(body: Any, language: str = ENGLISH) -> Response[bytes]:
    return Response(
        exact_json(body, language=language), media_type="application/json", headers={"Cache-Control": A_MINUTE}
    )
