"""Writes the answers to the example requests of the OpenAPI document, as a server with the demo packages gives them.

python docs/examples.py
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from litestar.testing import TestClient

from openspending.assembly import application, open_store
from openspending.publishing import publish
from openspending.read_api.openapi.document import KNOWN
from openspending.read_api.openapi.operations import Operation
from openspending.settings import Settings, read_settings

ROOT: Final = Path(__file__).resolve().parent.parent
FILE: Final = ROOT / "src" / "openspending" / "read_api" / "openapi" / "examples.json"

Client = TestClient[Any]

# What differs between any two servers: when packages were published, and what follows from it.
CHANGING: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|(sha256:)?\b[0-9a-f]{16,64}\b|(?<=cursor=)[\w-]+|https?://[^/\"]+"
    r"|(?<=\"bytes\": )\d+"
)


@contextmanager
def demo(folder: Path) -> Iterator[Client]:
    """A client of a server that has the demo packages, in `folder`."""
    settings = published(folder)
    with application(settings) as app, TestClient(app, base_url="https://openspending.example") as client:
        yield client


def published(folder: Path) -> Settings:
    """Settings over the demo packages, as `openspending demo` publishes them."""
    settings = read_settings({}, data=folder)
    for package in sorted((ROOT / "examples" / "packages").iterdir()):
        publish(str(package), owner="demo", store=open_store(settings).public, message="Demo data")
    return settings


def request(method: str, path: str, operation: Operation) -> tuple[str, str, Any]:
    """The example request: method, address and body."""
    given = dict(operation.example)
    address = re.sub(r"\{(\w+)\}", lambda found: quote(given.pop(found[1]), safe="@:"), path)
    query = "&".join(f"{name}={quote(value, safe=':|,;./@')}" for name, value in given.items())
    return method.upper(), f"{address}?{query}" if query else address, operation.body


def steady(value: Any) -> str:
    """`value` as JSON without what differs between any two servers."""
    return CHANGING.sub("…", json.dumps(value, ensure_ascii=False))


def answers(client: Client) -> Iterator[tuple[str, Any]]:
    """The id of each operation, and the answer to its example."""
    for (method, path), operation in KNOWN.items():
        verb, address, body = request(method, path, operation)
        answer = client.request(verb, address, json=body)
        if answer.status_code != 200:
            raise SystemExit(f"{verb} {address}: {answer.text}")
        yield operation.id, answer.json()


def write() -> None:
    """Write the file anew; answers that differ in nothing but what changes anyway stay as they are."""
    known: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as client:
        found = dict(answers(client))
    kept = {
        name: known[name] if name in known and steady(known[name]) == steady(one) else one
        for name, one in sorted(found.items())
    }
    FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
