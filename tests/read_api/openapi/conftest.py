"""A server with the demo packages, and what their models have to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import application
from openspending.settings import read_settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def examples() -> ModuleType:
    """The script docs/examples.py."""
    spec = spec_from_file_location("examples", ROOT / "docs" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application over an empty store."""
    with application(read_settings({}, data=tmp_path_factory.mktemp("empty"))) as app:
        yield app


@pytest.fixture(scope="session")
def document(empty: Any) -> dict[str, Any]:
    with TestClient(empty) as client:
        return dict(client.get("/openapi.json").json())


@pytest.fixture(scope="session")
def demo_app(packages: Path) -> Iterator[Any]:
    """The application over the demo packages."""
    with application(read_settings({}, data=packages)) as app:
        yield app


@pytest.fixture(scope="session")
def demo(demo_app: Any) -> Iterator[TestClient[Any]]:
    with TestClient(demo_app, base_url="https://openspending.example") as client:
        yield client
