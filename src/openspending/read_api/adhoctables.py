"""`/v1/sql/tables`: which tables SQL can ask, and what their columns are."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from openspending.analytics.adhoc import tables
from openspending.analytics.adhoc.tables import Datasets
from openspending.read_api.asked import address, asked
from openspending.read_api.respond import A_MINUTE
from openspending.web import AnyRequest, note, to_json

PATH: Final = "/v1/sql/tables"
GET: Final = [HttpMethod.GET, HttpMethod.HEAD]
Owner = Annotated[str, PathParameter(description="The owner of a dataset.")]
Name = Annotated[str, PathParameter(description="The name of a dataset, alone or with a version after “@”.")]


def handlers(datasets: Datasets) -> list[HTTPRouteHandler]:
    """The route handlers, answering from `datasets`."""

    @route(PATH, http_method=GET, opt={"endpoint": PATH}, sync_to_thread=True)
    def all_tables(request: AnyRequest) -> Response[bytes]:
        """The tables that SQL can ask: one for each public dataset, and where its columns are told."""
        asked(request, ()).settle()
        named = [one.partition(":")[::2] for one in datasets.names()]
        note(request.scope, rows=len(named))
        listed = [
            {
                "table": tables.table_name(owner, name),
                "dataset": f"{owner}/{name}",
                "columns": f"{PATH}/{quote(owner, safe='@+')}/{quote(name)}",
            }
            for owner, name in named
        ]
        return _json({"data": listed, "meta": {"rows": len(listed)}})

    @route(f"{PATH}/{{owner:str}}/{{name:str}}", http_method=GET, opt={"endpoint": PATH}, sync_to_thread=True)
    def one_table(request: AnyRequest, owner: Owner, name: Name) -> Response[bytes]:
        """The columns of one table, as SQL names and types them."""
        asked(request, ()).settle()
        where = address(owner, name)
        opened = datasets.at(where.owner, where.name, where.version)
        found = tables.columns(opened)
        note(request.scope, rows=len(found))
        revision = opened.revision
        meta = {
            "table": tables.table_name(owner, name),
            "dataset": where.dataset,
            "revision": revision.number,
            "hash": revision.hash,
            "facts": opened.built.facts,
        }
        return _json({"data": [{"name": one.name, "type": one.type} for one in found], "meta": meta})

    return [all_tables, one_table]


def _json(body: dict[str, object]) -> Response[bytes]:
    return Response(to_json(body), media_type="application/json", headers={"Cache-Control": A_MINUTE})
