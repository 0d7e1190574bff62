"""`/api/3`: the API that OpenSpending's clients know, compatible with babbage (OSEP-1: Read API, Aggregate API)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urljoin

from litestar import HttpMethod, Request, Response, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, PathParameter, SkipValidation
from litestar.types import Scope

from openspending import __version__
from openspending.analytics import grammar
from openspending.analytics.cubes import Cubes
from openspending.analytics.guards import guard
from openspending.analytics.query import AggregateQuery, FactsQuery, MembersQuery
from openspending.errors import BadQuery, BrokenCube, NotFound, OpenSpendingError, Renamed, Withdrawn
from openspending.read_api import answers
from openspending.read_api.door import handed_on
from openspending.read_api.parameters import callback_of, documented, first_values
from openspending.speaking.said import said
from openspending.web import AnyRequest, note, status_of, to_json
from openspending.webapp import Router

PREFIX: Final = "/api/3"
JSON: Final = "application/json"
GET: Final = [HttpMethod.GET, HttpMethod.HEAD]

Injected = NamedDependency[SkipValidation[Cubes]]
CubeName = Annotated[str, PathParameter(description="Name of a cube: `owner:dataset`.")]
MemberRef = Annotated[str, PathParameter(description="Ref of a dimension or an attribute, or several joined by “,”.")]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The body of every error, as babbage has it."""

    status: str
    message: str
    context: dict[str, Any]


REFUSALS: Final = {
    400: ResponseSpec(Refusal, description="A parameter cannot be read, or names what is not there.", media_type=JSON),
    404: ResponseSpec(Refusal, description="There is no such cube.", media_type=JSON),
}


def router(cubes: Cubes) -> Router:
    """All routes below `/api/3`, answering from what the door hands on, and else from the cubes of `cubes`."""

    def handed(scope: Scope) -> Cubes:
        api = handed_on(scope)
        return cubes if api is None else api.cubes

    return Router(
        PREFIX,
        route_handlers=[index, cube_list, model, aggregate, facts, members, package, unknown],
        dependencies={"cubes": Provide(handed, sync_to_thread=False)},
        opt={"dataset": _asked_for},
        before_request=with_slash,
        exception_handlers={OpenSpendingError: refused, HTTPException: refused},
        tags=["babbage"],
    )


@route("/", http_method=GET, operation_class=documented(), sync_to_thread=False)
def index(request: AnyRequest) -> Response[bytes]:
    """What this API is, and where the list of cubes is."""
    return _json(
        request,
        {
            "status": "ok",
            "api": "babbage",
            "message": "OpenSpending answers in the language of babbage, an OLAP-like analytical API.",
            "cubes_index_url": f"{str(request.base_url).rstrip('/')}{PREFIX}/cubes/",
            "version": __version__,
        },
    )


@route("/cubes", http_method=GET, operation_class=documented(), sync_to_thread=True)
def cube_list(request: AnyRequest, cubes: Injected) -> Response[bytes]:
    """The names of all cubes."""
    return _json(request, {"status": "ok", "data": [{"name": name} for name in cubes.names()]})


@route(
    "/cubes/{name:str}/model", http_method=GET, operation_class=documented(), responses=REFUSALS, sync_to_thread=True
)
def model(request: AnyRequest, cubes: Injected, name: CubeName) -> Response[bytes]:
    """The model of a cube: dimensions, measures, aggregates, hierarchies."""
    return _json(request, {"status": "ok", "name": name, "model": cubes.cube(name).model.to_json()})


@route(
    "/cubes/{name:str}/aggregate",
    http_method=GET,
    operation_class=documented("drilldown", "cut", "aggregates", "order", "page", "pagesize", "format"),
    responses=REFUSALS,
    sync_to_thread=True,
)
def aggregate(request: AnyRequest, cubes: Injected, name: CubeName) -> Response[bytes]:
    """Sums and counts of a cube's facts, grouped by the drilldowns."""
    asked = first_values(request.scope)
    query = AggregateQuery(
        drilldowns=grammar.parse_refs(asked.get("drilldown"), "|"),
        aggregates=grammar.parse_refs(asked.get("aggregates"), "|"),
        cuts=grammar.parse_cuts(asked.get("cut")),
        order=grammar.parse_order(asked.get("order")),
        page=grammar.parse_page(asked.get("page"), asked.get("pagesize")),
    )
    cube = cubes.cube(name)
    found = cube.aggregate(query)
    note(request.scope, rows=len(found.cells))
    if asked.get("format", "").lower() == "csv":
        headers = {"Content-Disposition": 'attachment; filename="data.csv"'}
        answer = Response(answers.cells_csv(found.cells), media_type="text/csv", headers=headers)
    else:
        answer = _json(request, answers.aggregate_body(found))
    # The original answered such sums silently. Its clients get the same bytes, and whoever looks is warned.
    if stamps := guard.judged(query, cube.roles, cube.model, allow_mixed=True):
        answer.set_header("OpenSpending-Warning", answers.warning_text(stamps))
    return answer


@route(
    "/cubes/{name:str}/facts",
    http_method=GET,
    operation_class=documented("fields", "cut", "order", "page", "pagesize"),
    responses=REFUSALS,
    sync_to_thread=True,
)
def facts(request: AnyRequest, cubes: Injected, name: CubeName) -> Response[bytes]:
    """Single facts of a cube."""
    asked = first_values(request.scope)
    query = FactsQuery(
        fields=grammar.parse_refs(asked.get("fields"), ","),
        cuts=grammar.parse_cuts(asked.get("cut")),
        order=grammar.parse_order(asked.get("order")),
        page=grammar.parse_page(asked.get("page"), asked.get("pagesize")),
    )
    found = cubes.cube(name).facts(query)
    note(request.scope, rows=len(found.data))
    return _json(request, answers.facts_body(found, asked.get("cut") or None))


@route(
    "/cubes/{name:str}/members/{ref:str}",
    http_method=GET,
    operation_class=documented("cut", "order", "page", "pagesize"),
    responses=REFUSALS,
    sync_to_thread=True,
)
def members(request: AnyRequest, cubes: Injected, name: CubeName, ref: MemberRef) -> Response[bytes]:
    """The members of a dimension."""
    asked = first_values(request.scope)
    query = MembersQuery(
        fields=grammar.parse_refs(ref, ","),
        cuts=grammar.parse_cuts(asked.get("cut")),
        order=grammar.parse_order(asked.get("order")),
        page=grammar.parse_page(asked.get("page"), asked.get("pagesize")),
    )
    found = cubes.cube(name).members(query)
    note(request.scope, rows=len(found.data))
    return _json(request, answers.members_body(found))


@route(
    "/info/{name:str}/package", http_method=GET, operation_class=documented(), opt={"slash": False}, sync_to_thread=True
)
def package(request: AnyRequest, cubes: Injected, name: CubeName) -> Response[bytes]:
    """The stored descriptor of a cube's package, with `__origin_url`: where it is stored."""
    descriptor, where = cubes.package(name)
    data = to_json({**descriptor, "__origin_url": urljoin(f"{request.base_url}data/", where)})
    callback = callback_of(first_values(request.scope))
    if callback is None:
        return Response(data, media_type=JSON)
    script = b"%b(%b);" % (callback.encode(), answers.script_safe(data))
    return Response(script, media_type="application/javascript")


@route(
    ["/{path:path}", "/cubes/{name:str}/{path:path}", "/cubes/{name:str}/members/{ref:str}/{path:path}"],
    http_method=GET,
    opt={"slash": False},
    include_in_schema=False,
    sync_to_thread=False,
)
def unknown(path: FromPath[str]) -> Response[bytes]:
    """Every other path."""
    raise NotFound(said("There is no {path} in this API", path=path))


def with_slash(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """Before-request hook: a path without its final slash moves there for good, query included, as in the original."""
    callback_of(first_values(request.scope))
    path = request.scope["raw_path"].partition(b"?")[0].decode("latin-1")
    if not request.route_handler.opt.get("slash", True) or path.endswith("/"):
        return None
    query = request.scope["query_string"].decode("latin-1")
    target = f"{path}/?{query}" if query else f"{path}/"
    return Response(b"", status_code=308, headers={"Location": target})


def refused(request: AnyRequest, error: OpenSpendingError | HTTPException) -> Response[bytes]:
    """Exception handler: errors in babbage's shape, wrapped for JSONP unless the callback is what is
    wrong."""
    context: dict[str, Any] = {}
    if isinstance(error, BrokenCube):
        context = {"table": error.table, "column": error.column}
    if isinstance(error, Withdrawn):
        context = {"reason": error.reason, "withdrawn": error.at}
    if isinstance(error, HTTPException):
        body, status, headers = answers.error_body(error.detail, context), error.status_code, error.headers or {}
    else:
        body, status, headers = answers.error_body(str(error), context), int(status_of(error)), _address(error)
    try:
        answer = _json(request, body, status)
    except BadQuery:
        answer = Response(to_json(body), status_code=status, media_type=JSON)
    answer.headers.update(headers)
    return answer


def _address(error: OpenSpendingError) -> dict[str, str]:
    """The header that says where a renamed cube answers."""
    return {"Location": error.location} if isinstance(error, Renamed) and error.location else {}


def _asked_for(parts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The dataset whose cube is asked."""
    owner, colon, name = str(parts.get("name", "")).partition(":")
    return (owner, name) if colon else None


def _json(request: AnyRequest, body: dict[str, Any], status: int = 200) -> Response[bytes]:
    callback = callback_of(first_values(request.scope))
    data = answers.json_bytes(body, callback)
    # JSONP is typed as JSON (contract 1.10), and no browser runs that as a script where it may not look inside
    headers = {"X-Content-Type-Options": "nosniff"} if callback is None else {}
    return Response(data, status_code=status, media_type=JSON, headers=headers)
