"""`/v1/usage`: how much is asked for, of which datasets, in every format that results can be had in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.exports.negotiation import negotiated
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Column, Kind, Table
from openspending.asking import asked
from openspending.usage.recorded import Recorded
from openspending.usage.summary import Question, Summary, read_question, summarise
from openspending.web import AnyRequest, note

PATH: Final = "/v1/usage"
DESCRIPTIONS: Final = {
    "from": "The first day (UTC), such as `2026-11-01`; 30 days are told unless it is given.",
    "to": "The last day; today unless it is given.",
    "dataset": "Only requests about this dataset, `owner/name`.",
    "by": "What to add up by, joined by “|”: `day`, `dataset`, `endpoint`, `format`, `agents`, `status`.",
    "agents": "Only these: `person`, `program`, `bot`, joined by “|”. Unless given, bots are in a column of their own.",
    "format": f"One of {', '.join(FORMATS)}; an extension of the path or the header Accept says it too.",
}
_KINDS: Final[dict[str, Kind]] = {**dict.fromkeys(("calls", "rows", "bytes", "bots"), "integer"), "seconds": "decimal"}
_MICROSECONDS: Final = 6  # digits after the point


def handlers(recorded: Recorded) -> list[HTTPRouteHandler]:
    """The route handlers of `/v1/usage` and of its extensions, answering from `recorded`."""
    return [_handler(recorded, extension) for extension in ("", *FORMATS)]


def _handler(recorded: Recorded, extension: str) -> HTTPRouteHandler:
    # one for each path: of a handler with several, Litestar 2.25 takes the function to a thread several times over
    @route(
        f"{PATH}.{extension}" if extension else PATH,
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        opt={"endpoint": PATH},
        include_in_schema=not extension,
        operation_class=_Documented,
        tags=["usage"],
        sync_to_thread=True,
    )
    def usage(request: AnyRequest) -> Response[bytes]:
        """Calls, rows, bytes and seconds, by day unless told otherwise; bots apart. Nothing is known of who asked."""
        given = asked(request, DESCRIPTIONS)
        form = negotiated(extension, given.pop("format", None), request.headers.get("accept"))
        question = read_question(given)
        found = summarise(recorded, question)
        note(request.scope, rows=len(found.rows), format=form.name)
        options = Options(numbers="number", meta=_meta(question, found))
        headers = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}
        if form.name != "json":
            headers["Content-Disposition"] = f'attachment; filename="usage.{form.name}"'
        body = b"".join(form.stream(_table(found), options))
        # as a header: of a text's media type Litestar would say the charset once more
        return Response(body, headers={**headers, "Content-Type": form.content_type})

    return usage


def _table(found: Summary) -> Table:
    columns = [
        Column(name, _KINDS.get(name, "text"), scale=_MICROSECONDS if name == "seconds" else None)
        for name in found.columns
    ]
    return Table.from_rows(columns, [dict(zip(found.columns, row, strict=True)) for row in found.rows])


def _meta(question: Question, found: Summary) -> dict[str, Any]:
    return {
        "from": question.first.isoformat(),
        "to": question.last.isoformat(),
        "by": list(question.by),
        "dataset": question.dataset,
        "agents": list(question.agents) or None,
        "returned": len(found.rows),
        "delay": "Other processes write their counts once a minute.",
        "damaged": list(found.damaged),
    }


@dataclass
class _Documented(Operation):
    """The operation with its query parameters, which are read from the query itself: unknown ones are refused."""

    def __post_init__(self) -> None:
        self.parameters = [
            *(self.parameters or []),
            *(
                Parameter(
                    name=name,
                    param_in="query",
                    description=DESCRIPTIONS[name],
                    schema=Schema(type=OpenAPIType.STRING),
                )
                for name in DESCRIPTIONS
            ),
        ]
