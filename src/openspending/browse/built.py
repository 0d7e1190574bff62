"""What the front end is built into: scripts, at addresses that change with their content."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse.visitors import READ
from openspending.errors import NotFound
from openspending.web import AnyRequest

FOLDER: Final = files("openspending.browse") / "static" / "built"
_KINDS: Final = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
_HASHED: Final = re.compile(r"[a-z]+-[\w-]{8}\.js")  # a part, whose name is another whenever its content is
_IMPORTED: Final = re.compile(rb"""(?:\bfrom|\bimport)\s*["']\./([\w-]+\.js)["']""")
_FOREVER: Final = "public, max-age=31536000, immutable"
_A_WHILE: Final = "public, max-age=300, stale-while-revalidate=86400"


def address(name: str) -> str:
    """Where a built file is, such as `chart.js`: another address whenever its content is another."""
    return f"/static/built/{name}?{_digest(name)}"


@cache
def parts(name: str) -> tuple[str, ...]:
    """The addresses of all scripts that a built one loads before it runs, so that a browser can ask for them at "
    "once."""
    found: dict[str, None] = {}
    left = [name]
    while left:
        imported = [one.decode() for one in _IMPORTED.findall(_content(left.pop()))]
        left += [one for one in imported if one not in found]
        found |= dict.fromkeys(imported)
    return tuple(f"/static/built/{one}" for one in found)


def handler() -> HTTPRouteHandler:
    """The built files. Other sites may load them: embeds are made of one."""

    @route("/static/built/{name:str}", http_method=READ, include_in_schema=False, sync_to_thread=True)
    def built(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
        content, kind = _content(name), _KINDS[name.rpartition(".")[2]]
        digest = _digest(name)
        asked = request.scope["query_string"].decode("latin-1")
        headers = {
            "Cache-Control": _FOREVER if asked == digest or _HASHED.fullmatch(name) else _A_WHILE,
            "ETag": f'"{digest}"',
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(content, media_type=kind, headers=headers)

    return built


@cache
def _content(name: str) -> bytes:
    """Raises NotFound."""
    path = FOLDER / name
    if "/" in name or name.startswith(".") or name.rpartition(".")[2] not in _KINDS or not path.is_file():
        raise NotFound("There is no such file.")
    return path.read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]
