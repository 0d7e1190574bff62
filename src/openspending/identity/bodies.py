"""JSON bodies of Identity's requests: small objects, of which every member is known or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from openspending.asking import read_body
from openspending.errors import BadQuery, TooLarge
from openspending.speaking.said import said
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
        raise BadQuery(said("The body must be JSON, with Content-Type: application/json."), parameter="/")
    found = read_body(body, LARGEST)
    found.only(*kinds)
    for name, kind in kinds.items():
        if name in needed and name not in found.members:
            found.blame(name, said("“{name}” is missing.", name=name))
        elif name in found.members and not _fits(found.members[name], kind):
            found.blame(name, said("“{name}” is not what it must be.", name=name))
    found.settle()
    return dict(found.members)


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form. Raises TooLarge."""
    if len(body) > LARGEST:
        raise TooLarge(
            said("The body has {count} bytes; at most {largest} are read.", count=len(body), largest=LARGEST)
        )
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=10))


def _fits(value: Any, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, str) and (len(value) > _LONGEST or not value.isprintable()):
        return False
    return isinstance(value, kind)
