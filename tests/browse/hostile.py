"""Packages whose publishers test our pages."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

SCRIPT = "<script>alert('x')</script>"


def _write(folder: Path, properties: dict[str, Any], rows: list[list[str]], fields: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    resource = {"name": "data", "path": "data.csv", "schema": {"fields": fields}}
    descriptor = {**properties, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def write_hostile_package(folder: Path) -> Path:
    """A valid package with markup wherever a publisher may write, and with Hebrew."""
    properties = {
        "name": "hostile",
        "title": f'{SCRIPT}"><img src=x onerror=alert(1)> {{{{ 7 * 7 }}}}',
        "description": f"{SCRIPT}\n\n<iframe src='javascript:alert(1)'></iframe>",
        "countryCode": ["<b>"],
        "licenses": [{"name": SCRIPT, "path": "javascript:alert(1)"}],
        "sources": [
            {"title": SCRIPT, "path": "javascript:alert(1)"},
            {"title": "' onmouseover='alert(1)", "path": "https://example.org/' onmouseover='alert(1)"},
            {"title": "relative", "path": "//evil.example"},
        ],
    }
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {
            "name": "who",
            "type": "string",
            "title": f"</th>{SCRIPT}",
            "columnType": "administrative-classification:generic:code",
        },
        {"name": "amount", "type": "number", "title": f"<b>{SCRIPT}", "columnType": "value", "currency": "EUR"},
        {"name": f"unused {SCRIPT}", "type": "string"},
    ]
    rows = [
        ["year", "who", "amount", f"unused {SCRIPT}"],
        ["2025", SCRIPT, "10.10", "x"],
        ["2026", "' onload='alert(1)", "20.20", "x"],
        ["2026", "משרד החינוך", "30.30", "x"],
    ]
    return _write(folder, properties, rows, fields)


def write_signed_package(folder: Path) -> Path:
    """A valid package with negative amounts and a member that is missing."""
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "who", "type": "string", "columnType": "administrative-classification:generic:code"},
        {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
    ]
    rows = [["year", "who", "amount"], ["2025", "A", "-1200.5"], ["2025", "B", "1000.25"], ["2025", "", "1"]]
    return _write(folder, {"name": "signed", "title": "Refunds"}, rows, fields)
