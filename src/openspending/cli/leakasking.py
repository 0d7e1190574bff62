"""Asking an application in this process: one request, its whole answer, and which routes there are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

_APART: Final = frozenset({"date", "x-request-id"})  # headers that differ between two answers to one request


@dataclass(frozen=True, slots=True)
class Request:
    """A request of one of the actors, and the template of the route that it is for."""

    template: str
    method: str
    address: str
    who: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, without the headers that differ each time."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def all(self) -> bytes:
        """Everything that an asker sees of it."""
        told = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{self.status}\n{told}\n\n".encode() + self.body


async def ask(app: Any, request: Request, token: str | None) -> Answer:
    """The answer of `app`, an ASGI application."""
    scope = _scope(request, token)
    return await _answered(app, scope, request.body)


async def routes(app: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Template and methods of every route of `app`: those that the framework knows, also undocumented ones."""
    scope = _scope(Request("", "GET", "/health/live", "nobody"), None)
    await _answered(app, scope, b"")
    return sorted((one.path_format, tuple(sorted(one.methods))) for one in scope["litestar_app"].routes)


async def _answered(app: Any, scope: MutableMapping[str, Any], body: bytes) -> Answer:
    told: list[MutableMapping[str, Any]] = []
    answered = asyncio.Event()
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if not waiting:
            await answered.wait()  # the asker does not go away before
            return {"type": "http.disconnect"}
        return waiting.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await app(scope, receive, send)
    named = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in told[0]["headers"]]
    headers = {name: value for name, value in sorted(named) if name not in _APART}
    return Answer(told[0]["status"], headers, b"".join(one.get("body", b"") for one in told[1:]))


def _scope(request: Request, token: str | None) -> dict[str, Any]:
    path, _, query = request.address.partition("?")
    headers = {**request.headers, "host": "open.example.org"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    if request.body:
        headers |= {"content-type": "application/json", "content-length": str(len(request.body))}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.1", 1024),
        "server": ("open.example.org", 443),
    }
