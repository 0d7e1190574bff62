"""What a request to the conductor asks, and how it is answered: in the ways of the original.

Parameters stand in the query or in a form; unknown ones are left alone. Answers are JSON, or JSONP for a plain name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Response

from openspending.errors import BadQuery, OpenSpendingError
from openspending.read_api.answers import script_safe
from openspending.read_api.parameters import callback_of
from openspending.web import AnyRequest, domain_problem, to_json

FORM: Final = "application/x-www-form-urlencoded"
CLOSED: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request, each with all its values. `callback` is the name of a JSONP function, or None."""

    values: Mapping[str, list[str]]
    callback: str | None = None

    def get(self, name: str) -> str:
        """The first value of a parameter; "" where there is none."""
        return self.values.get(name, [""])[0]

    def need(self, name: str) -> str:
        """The first value of a parameter. Raises BadQuery where there is none."""
        if not self.get(name):
            raise BadQuery(f"The parameter “{name}” is missing.", parameter=name)
        return self.get(name)


def asked(request: AnyRequest, body: bytes = b"") -> Asked:
    """The parameters of the query, then those of a form. Raises BadQuery for a callback that is no plain name."""
    texts = [request.scope["query_string"].decode("latin-1")]
    if request.headers.get("content-type", "").lower().startswith(FORM):
        texts.append(body.decode("utf-8", "replace"))
    values: dict[str, list[str]] = {}
    for text in texts:
        for name, value in parse_qsl(text, keep_blank_values=True):
            values.setdefault(name, []).append(value)
    return Asked(values, callback_of({"callback": values.get("callback", [""])[0]}))


def answered(found: Asked, body: Any, status: int = 200) -> Response[bytes]:
    """`body` as JSON, or as JSONP if that was asked for."""
    data = to_json(body)
    if found.callback is None:
        return Response(data, status_code=status, media_type="application/json", headers=dict(CLOSED))
    script = b"%b(%b);" % (found.callback.encode(), script_safe(data))
    return Response(script, status_code=status, media_type="application/javascript", headers=dict(CLOSED))


def refused(request: AnyRequest, error: OpenSpendingError) -> Response[bytes]:
    """Exception handler: an error as a problem that has, beside its own members, those that old clients look for."""
    answer = domain_problem(request, error)
    told = {**json.loads(answer.content), "success": False, "error": str(error)}
    answer.content = to_json(told)
    answer.headers.update(CLOSED)
    return answer
