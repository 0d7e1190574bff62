"""JSON bodies of Identity's requests: small objects, of which every member is known or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from openspending.errors import BadQueries, BadQuery, TooLarge
from openspending.fdp import strictjson
from openspending.web import AnyRequest

LARGEST: Final = 64 * 1024  # bytes
FORM: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 2000  # characters of a text

Kinds = Mapping[str, type | tuple[type, ...]]


def read(request: AnyRequest, body: bytes, kinds: Kinds, needed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The members of a JSON object, of these kinds. Raises BadQueries with all that is wrong, TooLarge.

    A form of a page would be sent by other sites too, so what is not said to be JSON is refused.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadQuery("The body must be JSON, with Content-Type: application/json.", parameter="/")
    if len(body) > LARGEST:
        raise TooLarge(f"The body has {len(body)} bytes; at most {LARGEST} are read.")
    found, problems = strictjson.parse(body)
    if problems or not isinstance(found, dict):
        raise BadQuery("The body is no JSON object.", parameter="/")
    wrong = [_unknown(name, kinds) for name in found if name not in kinds]
    wrong += [BadQuery(f"“{name}” is missing.", parameter=f"/{name}") for name in needed if name not in found]
    wrong += [
        BadQuery(f"“{name}” is not what it must be.", parameter=f"/{name}")
        for name, kind in kinds.items()
        if name in found and not _fits(found[name], kind)
    ]
    if wrong:
        raise BadQueries(wrong)
    return found


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form. Raises TooLarge."""
    if len(body) > LARGEST:
        raise TooLarge(f"The body has {len(body)} bytes; at most {LARGEST} are read.")
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=10))


def asked(request: AnyRequest, allowed: tuple[str, ...] = ()) -> dict[str, str]:
    """The parameters of the query. Raises BadQuery for unknown and repeated ones."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    values = dict(pairs)
    unknown = [name for name in values if name not in allowed]
    if unknown:
        message = f"There is no parameter “{unknown[0][:40]}” here; there are: {', '.join(allowed) or 'none'}."
        raise BadQuery(message, allowed, unknown[0][:40])
    if len(values) < len(pairs):
        raise BadQuery("A parameter is given more than once.")
    return values


def _unknown(name: str, kinds: Kinds) -> BadQuery:
    pointer = name[:100].replace("~", "~0").replace("/", "~1")
    message = f"There is no member “{name[:40]}” here; there are: {', '.join(kinds)}."
    return BadQuery(message, tuple(kinds), f"/{pointer}")


def _fits(value: Any, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, str) and (len(value) > _LONGEST or not value.isprintable()):
        return False
    return isinstance(value, kind)
