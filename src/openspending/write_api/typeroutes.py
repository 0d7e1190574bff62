"""The route of ColumnTypes: what a column can mean, in words, for whoever picks one."""

from __future__ import annotations

from typing import Final

from litestar import Response, route

from openspending import asking
from openspending.fdp.typewords import described
from openspending.web import AnyRequest, exact_json, speak
from openspending.write_api.asking import GET


@route("/column-types", http_method=GET, sync_to_thread=False)
def list_column_types(request: AnyRequest) -> Response[bytes]:
    """What columns can mean; with `q`, those that these words describe, in any language."""
    wanted = asking.asked(request, ("q",)).get("q", "")[:200].casefold().split()
    found = [one.to_dict() for one in described() if all(word in one.text for word in wanted)]
    headers = {"Cache-Control": "public, max-age=3600"}
    body = exact_json({"data": found}, language=speak(request.scope))
    return Response(body, media_type="application/json", headers=headers)


HANDLERS: Final = (list_column_types,)
