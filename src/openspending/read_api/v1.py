"""`/v1`: the read API that answers exactly, with its revision and its rows (docs/http-api.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from litestar import HttpMethod, Response, route
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody
from litestar.response import Stream
from litestar.types import Scope

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.livecubes import Opened
from openspending.read_api import aggregate, changes, compare, datasetroutes, facts, lineage, members, receipts
from openspending.read_api.addressing import DATASET, GET, Injected, Name, Owner, Ref
from openspending.read_api.api import Api
from openspending.read_api.asked import Address, Asked, address, asked, asked_in_body, format_of
from openspending.read_api.door import Door, handed_on
from openspending.read_api.respond import Named, Question, Result, answered
from openspending.web import AnyRequest
from openspending.webapp import Router

Results = Callable[[Question, Opened], Result]
Beside = Callable[[AnyRequest, Address, Asked], tuple[Named, ...]]  # which revisions it names beside that of its path


def router(door: Door, base: str = "") -> Router:
    """All routes below `/v1` that read datasets: what `door` hands on, and of many at once the public ones.

    `base` is the address of this OpenSpending, where that is known."""

    def api(scope: Scope) -> Api:
        return handed_on(scope) or door.public

    return Router(
        "/v1",
        route_handlers=[
            *datasetroutes.handlers(door.private),
            *changes.handlers(base),
            *endpoint("aggregate", aggregate.PARAMETERS, aggregate.result),
            *endpoint("facts", facts.PARAMETERS, facts.result),
            *endpoint("compare", compare.PARAMETERS, compare.result, compare.beside_of(door)),
            member_list,
            receipts.receipt_of_aggregate,
            lineage.one_fact,
            lineage.source_of_fact,
            lineage.revisions_of_fact,
        ],
        dependencies={"api": Provide(api, sync_to_thread=False)},
        tags=["v1"],
    )


def nothing_beside(_: AnyRequest, __: Address, ___: Asked) -> tuple[Named, ...]:
    """What most questions name beside the revision of their path."""
    return ()


def endpoint(
    name: str, parameters: Collection[str], result: Results, beside: Beside = nothing_beside
) -> Iterator[HTTPRouteHandler]:
    """The handlers of one endpoint of a dataset: its path alone, also for queries in a body, and with the extension of
    each format. Each has a handler of its own: Litestar 2.25 sends one with several paths through several threads."""
    for suffix in ("", *(f".{one}" for one in FORMATS)):
        yield _getting(f"{DATASET}/{name}{suffix}", name, parameters, result, beside)
    yield _posting(name, parameters, result, beside)


def _getting(path: str, name: str, parameters: Collection[str], result: Results, beside: Beside) -> HTTPRouteHandler:
    @route(path, http_method=GET, sync_to_thread=True, opt=counted_as(name))
    def handler(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes] | Stream:
        return answer(request, api, address(owner, name), asked(request, parameters), result, beside)

    return handler


def _posting(name: str, parameters: Collection[str], result: Results, beside: Beside) -> HTTPRouteHandler:
    path = f"{DATASET}/{name}"

    @route(path, http_method=HttpMethod.POST, status_code=200, sync_to_thread=True, opt=counted_as(name))
    def handler(
        request: AnyRequest, api: Injected, owner: Owner, name: Name, body: RawBody
    ) -> Response[bytes] | Stream:
        asked(request, ()).settle()
        return answer(request, api, address(owner, name), asked_in_body(body, parameters), result, beside)

    return handler


def counted_as(name: str) -> dict[str, str]:
    """Under which name usage is counted, whatever the extension."""
    return {"endpoint": f"/v1/datasets/{{owner}}/{{name}}/{name}"}


@route(f"{DATASET}/members/{{ref:str}}", http_method=GET, sync_to_thread=True, opt=counted_as("members/{ref}"))
def member_list(request: AnyRequest, api: Injected, owner: Owner, name: Name, ref: Ref) -> Response[bytes] | Stream:
    """The members of a dimension, or the values of an attribute, each with the number of its facts."""
    found = asked(request, members.PARAMETERS)
    return answer(request, api, address(owner, name), found, members.result_of(ref))


def answer(
    request: AnyRequest, api: Api, where: Address, found: Asked, result: Results, beside: Beside = nothing_beside
) -> Response[bytes] | Stream:
    """The answer of `result` to what was asked about one dataset."""
    revision = api.cubes.revision(where.owner, where.name, where.version)
    question = Question(request, where, revision, found, format_of(request, found), beside(request, where, found))
    return answered(api, question, lambda opened: result(question, opened))
