"""`/v1`: the read API that answers exactly, with its revision and its rows (docs/http-api.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Annotated, Final

from litestar import HttpMethod, Response, Router, route
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, SkipValidation
from litestar.response import Stream

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.livecubes import Opened
from openspending.read_api import aggregate, facts, members
from openspending.read_api.asked import Address, address, asked, format_of
from openspending.read_api.respond import Api, Question, Result, answered
from openspending.web import AnyRequest

GET: Final = [HttpMethod.GET, HttpMethod.HEAD]
DATASET: Final = "/datasets/{owner:str}/{name:str}"

Injected = NamedDependency[SkipValidation[Api]]
Owner = Annotated[str, PathParameter(description="The owner of a dataset.")]
Name = Annotated[
    str,
    PathParameter(
        description="The name of a dataset, alone for its newest revision, or with a version after “@”: the number of "
        "a revision, a day (YYYY-MM-DD, UTC) or the hash of a revision (`sha256:…`)."
    ),
]


Results = Callable[[Question, Opened], Result]


def router(api: Api) -> Router:
    """All routes below `/v1` that read datasets."""
    return Router(
        "/v1",
        route_handlers=[
            *endpoint("aggregate", aggregate.PARAMETERS, aggregate.result),
            *endpoint("facts", facts.PARAMETERS, facts.result),
            _handler(f"{DATASET}/members/{{ref:str}}", "members", members.PARAMETERS, members.result),
        ],
        dependencies={"api": Provide(lambda: api, use_cache=True, sync_to_thread=False)},
        tags=["v1"],
    )


def endpoint(name: str, parameters: Collection[str], result: Results) -> Iterator[HTTPRouteHandler]:
    """The handlers of one endpoint of a dataset: its path alone, and with the extension of each format."""
    for path in (f"{DATASET}/{name}", *(f"{DATASET}/{name}.{one}" for one in FORMATS)):
        yield _handler(path, name, parameters, result)


def _handler(path: str, name: str, parameters: Collection[str], result: Results) -> HTTPRouteHandler:
    @route(path, http_method=GET, sync_to_thread=True, name=path, opt={"endpoint": name})
    def handler(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes] | Stream:
        return answer(request, api, address(owner, name), parameters, result)

    return handler


def answer(
    request: AnyRequest, api: Api, where: Address, parameters: Collection[str], result: Results
) -> Response[bytes] | Stream:
    """The answer of `result` to a request about one dataset."""
    revision = api.cubes.revision(where.owner, where.name, where.version)
    found = asked(request, parameters)
    question = Question(request, where, revision, found, format_of(request, found))
    return answered(api, question, lambda opened: result(question, opened))
