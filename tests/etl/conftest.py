"""Small packages written to a folder, and what the check says about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked, check
from openspending.etl.sources import open_package
from openspending.etl.workspace import Workspace
from openspending.fdp.problems import PackageRejected, Problem

Write = Callable[..., Path]
Problems = Callable[..., list[Problem]]

FIELDS: list[dict[str, Any]] = [
    {"name": "year", "type": "integer"},
    {"name": "code", "type": "string"},
    {"name": "amount", "type": "number"},
]
MODEL: dict[str, Any] = {
    "measures": {"amount": {"source": "amount", "currency": "EUR"}},
    "dimensions": {
        "date": {"dimensionType": "datetime", "attributes": {"year": {"source": "year"}}, "primaryKey": "year"},
        "function": {
            "dimensionType": "classification",
            "classificationType": "functional",
            "attributes": {"code": {"source": "code"}},
            "primaryKey": "code",
        },
    },
}
GOOD = "year,code,amount\n2015,01,1.50\n2016,02,-2\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a package of one resource `budget` (and others given whole) and returns its folder."""

    def write(
        data: str | bytes = GOOD,
        /,
        *,
        fields: list[dict[str, Any]] | None = None,
        model: dict[str, Any] | None = None,
        schema: dict[str, Any] | None = None,
        others: list[dict[str, Any]] | None = None,
        files: dict[str, str | bytes] | None = None,
        **resource: Any,
    ) -> Path:
        folder = tmp_path / "package"
        folder.mkdir(exist_ok=True)
        for name, content in {"budget.csv": data, **(files or {})}.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        table = {"name": "budget", "path": "budget.csv", "schema": {"fields": fields or FIELDS, **(schema or {})}}
        table |= resource
        if "data" in resource:
            del table["path"]
        descriptor = {"name": "test", "resources": [table, *(others or [])], "model": model or MODEL}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "work") as opened:
        yield opened


@pytest.fixture
def checked(workspace: Workspace, tmp_path: Path) -> Callable[[Path], Checked]:
    """Opens and checks the package in a folder; PackageRejected when it cannot even be opened."""

    def run(folder: Path) -> Checked:
        opened = open_package(str(folder), tmp_path / "opened", None)
        return check(workspace.connection, opened.package, opened.model, opened.files)

    return run


@pytest.fixture
def problems(write: Write, checked: Callable[[Path], Checked]) -> Problems:
    """Writes a package, and returns what is found about its data (or about opening it)."""

    def run(*args: Any, **options: Any) -> list[Problem]:
        folder = write(*args, **options)
        try:
            return list(checked(folder).report)
        except PackageRejected as refusal:
            return refusal.report.errors

    return run
