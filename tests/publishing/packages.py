"""Small packages for tests, written to a folder from what differs between them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

YEAR = {"name": "year", "type": "integer", "columnType": "date:fiscal-year"}
CODE = {"name": "code", "type": "string", "columnType": "functional-classification:generic:level1:code"}
LABEL = {"name": "label", "type": "string", "columnType": "functional-classification:generic:level1:label"}
AMOUNT = {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"}
FIELDS: Sequence[Mapping[str, Any]] = (YEAR, CODE, LABEL, AMOUNT)


def write_package(
    folder: Path,
    text: str,
    *,
    fields: Sequence[Mapping[str, Any]] = FIELDS,
    schema: Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
    others: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
    **properties: Any,
) -> Path:
    """A package of one fact resource `lines` with the rows of `text`, and of `others` (name → text, schema)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lines.csv").write_text(text, encoding="utf-8")
    lines = {"name": "lines", "path": "lines.csv", "schema": {"fields": list(fields), **(schema or {})}}
    resources = [{**lines, **(resource or {})}]
    for name, (rows, other) in (others or {}).items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        resources.append({"name": name, "path": f"{name}.csv", "schema": dict(other)})
    descriptor = {"name": "budget", "title": "Budget", "resources": resources, **properties}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return folder
