"""`/v1/sql`: anybody's SELECT over the public datasets, in every format (docs/sql.md)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler

from openspending import __version__
from openspending.analytics.adhoc import tables
from openspending.analytics.adhoc.question import Answer, Cancelled, Question
from openspending.analytics.adhoc.sandbox import Sandbox
from openspending.analytics.adhoc.tables import Datasets, Table
from openspending.analytics.exports.formats import FORMATS, Format
from openspending.analytics.statement import BUILD
from openspending.errors import BadQuery
from openspending.read_api import adhocdocs, adhoctables
from openspending.read_api.adhocdocs import PARAMETERS
from openspending.read_api.asked import Asked, asked, asked_in_body, fingerprint, format_of, options_of
from openspending.read_api.described import licences
from openspending.read_api.respond import A_MINUTE, FOREVER
from openspending.speaking.said import said
from openspending.web import AnyRequest, names_etag, note
from openspending.webapp import Router

PATH: Final = "/v1/sql"
GET: Final = [HttpMethod.GET, HttpMethod.HEAD]
NOBODY_WAITS: Final = 499  # as servers note a request whose asker has gone; nobody reads it
BINARY: Final = ("DOUBLE", "FLOAT")


@dataclass(frozen=True, slots=True)
class Service:
    """What SQL is answered with: the datasets, the sandbox, and threads that wait for it, apart from all others'."""

    datasets: Datasets
    sandbox: Sandbox
    threads: ThreadPoolExecutor

    @classmethod
    def over(cls, datasets: Datasets, sandbox: Sandbox) -> Service:
        """One thread for each question that may wait, and some to tell the others that they may not."""
        return cls(datasets, sandbox, ThreadPoolExecutor(sandbox.places + 4, thread_name_prefix="sql"))

    def close(self) -> None:
        """End all processes and threads."""
        self.sandbox.close()
        self.threads.shutdown()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request: the SQL, the parameters, the format, and which answers the asker has already (If-None-Match)."""

    query: str
    asked: Asked
    format: Format
    known: str | None
    posted: bool

    @classmethod
    def by(cls, request: AnyRequest, found: Asked) -> Wanted:
        """Raises BadQuery for every parameter that is wrong."""
        form = format_of(request, found)
        options_of(found)
        found.settle()
        known, posted = request.headers.get("if-none-match"), request.method == HttpMethod.POST
        return cls(found.values.get("query", ""), found, form, known, posted)


def router(service: Service) -> Router:
    """All routes of `/v1/sql`."""
    handlers = adhoctables.handlers(service.datasets)
    for extension in ("", *FORMATS):
        path = f"{PATH}.{extension}" if extension else PATH
        handlers += [one(service, path, documented=not extension) for one in (_by_address, _by_body)]
    return Router("/", route_handlers=handlers, tags=["sql"])


def _by_address(service: Service, path: str, *, documented: bool) -> HTTPRouteHandler:
    @route(
        path, http_method=GET, opt={"endpoint": PATH}, include_in_schema=documented, operation_class=adhocdocs.Written
    )
    async def ask(request: AnyRequest) -> Response[bytes]:
        """The answer to one SELECT over the public datasets, whole or not at all."""
        await request.body()
        return await _answered(service, request, Wanted.by(request, asked(request, PARAMETERS)))

    return ask


def _by_body(service: Service, path: str, *, documented: bool) -> HTTPRouteHandler:
    @route(
        path,
        http_method=HttpMethod.POST,
        status_code=HTTPStatus.OK,
        opt={"endpoint": PATH},
        include_in_schema=documented,
        operation_class=adhocdocs.Posted,
    )
    async def post(request: AnyRequest) -> Response[bytes]:
        """The same for SQL that is too long for an address: as JSON, or as text."""
        return await _answered(service, request, Wanted.by(request, await _posted(request)))

    return post


async def _posted(request: AnyRequest) -> Asked:
    """The parameters of the address and of the body. Raises BadQuery."""
    body = await request.body()
    found = asked(request, [name for name in PARAMETERS if name != "query"])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        inner = asked_in_body(body, PARAMETERS)
        return Asked({**found.values, **inner.values}, [*found.wrong, *inner.wrong])
    if kind not in {"application/sql", "text/plain"}:
        raise BadQuery(said("SQL is posted as application/json, {{“query”: …}}, as application/sql or as text/plain."))
    try:
        return Asked({**found.values, "query": body.decode()}, found.wrong)
    except UnicodeDecodeError:
        raise BadQuery(said("SQL is text in UTF-8; this is not.")) from None


async def _answered(service: Service, request: AnyRequest, wanted: Wanted) -> Response[bytes]:
    """The answer, computed in a thread of its own; its process is killed as soon as the asker has gone."""
    question = service.sandbox.question(wanted.query)
    note(request.scope, format=wanted.format.name)
    work = asyncio.get_running_loop().run_in_executor(
        service.threads, partial(_in_turn, service, request, question, wanted)
    )
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            service.sandbox.cancel(question)
        return await work
    except Cancelled:
        return Response(b"", status_code=NOBODY_WAITS)
    finally:
        leaving.cancel()
        service.sandbox.cancel(question)


async def _left(request: AnyRequest) -> None:
    """Returns once the asker has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _in_turn(service: Service, request: AnyRequest, question: Question, wanted: Wanted) -> Response[bytes]:
    with service.sandbox.turn(question):
        names, identity = question.names()
        found = tables.resolve(service.datasets, names)
        headers = _headers(wanted, found, identity)
        if len(found) == 1:
            note(request.scope, dataset=f"{found[0].opened.revision.owner}/{found[0].opened.revision.name}")
        if names_etag(wanted.known, headers["ETag"]) and not wanted.posted:
            return Response(b"", status_code=304, headers=headers)
        answer = question.answer([(one.owner, one.name, one.opened.path) for one in found])
    note(request.scope, rows=answer.values.num_rows)
    options = replace(options_of(wanted.asked), meta=_meta(service, wanted, found, answer))
    body = b"".join(wanted.format.stream(answer.table(), options))
    # as a header: of a text's media type Litestar would say the charset once more
    return Response(body, headers={**headers, "Content-Type": wanted.format.content_type})


def _headers(wanted: Wanted, found: list[Table], identity: str) -> dict[str, str]:
    """The ETag is of all that decides about the answer: what is asked, which revisions, which build, how written."""
    written = Asked({name: value for name, value in wanted.asked.values.items() if name != "query"})
    revisions = [f"{one.owner}.{one.name}={one.opened.revision.hash}" for one in found]
    parts = (identity, *sorted(revisions), BUILD, __version__, wanted.format.name, fingerprint(written))
    pinned = all(one.name.partition("@")[2] == str(one.opened.revision.number) for one in found)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": FOREVER if pinned else A_MINUTE,
        "Vary": "Accept",
    }
    if wanted.format.name != "json":
        headers["Content-Disposition"] = f'inline; filename="sql.{wanted.format.name}"'
    if wanted.posted:
        headers["Content-Location"] = f"{PATH}?{urlencode(wanted.asked.values)}"
    return headers


def _meta(service: Service, wanted: Wanted, found: list[Table], answer: Answer) -> Mapping[str, Any]:
    """What the answer says of itself: where every number comes from, and which are not exact."""
    bounds = service.sandbox.bounds
    return {
        "query": wanted.query,
        "rows": answer.values.num_rows,
        "columns": [{"name": one.name, "type": one.type} for one in answer.columns],
        "sources": [_source(one) for one in found],
        "build": BUILD,
        "limits": {"rows": bounds.rows, "seconds": bounds.seconds, "memory": bounds.memory},
        "warnings": [
            said(
                "The column {name} is binary floating point ({type}) and not exact, as all that avg and division give; "
                "sums of amounts are exact.",
                name=one.name,
                type=one.type,
            )
            for one in answer.columns
            if one.type in BINARY
        ],
    }


def _source(table: Table) -> dict[str, Any]:
    revision = table.opened.revision
    return {
        "table": tables.table_name(table.owner, table.name),
        "dataset": f"{revision.owner}/{revision.name}",
        "revision": revision.number,
        "hash": revision.hash,
        "licences": licences(revision.descriptor),
    }
