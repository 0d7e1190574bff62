"""Small packages for the ObjectStore's tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Committed, commit
from openspending.datastore.sources import Source

NOW: Final = datetime(2020, 2, 29, 12, 30, 15, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    path: Path
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Made:
    descriptor: dict[str, Any]
    files: Mapping[str, Source]


def a_file(folder: Path, name: str, content: bytes) -> File:
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return File(path, name, len(content), sha256)


def a_package(folder: Path, amount: object = "10.50", **properties: object) -> Made:
    """A budget of one row; another `amount` makes another content."""
    content = f"code,amount\n0101,{amount}\n".encode()
    fields = [{"name": "code", "type": "string"}, {"name": "amount", "type": "number"}]
    resource = {"name": "budget", "path": "data/budget.csv", "schema": {"fields": fields}, "hash": "0" * 32}
    descriptor = {"name": "budget", "title": "A budget", "resources": [resource], "factor": Decimal("1.10")}
    return Made({**descriptor, **properties}, {"data/budget.csv": a_file(folder, "budget.csv", content)})


def commit_to(
    store: ObjectStore, made: Made, owner: str = "ministry", name: str = "budget", expected: int | None = None
) -> Committed:
    return commit(
        store, owner, name, made.descriptor, made.files, message="as planned", author="anna", now=NOW, expected=expected
    )
