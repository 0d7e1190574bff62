"""A store with real packages, one of them in two revisions, and a sandbox over it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspending.analytics.adhoc import tables
from openspending.analytics.adhoc.bounds import Bounds
from openspending.analytics.adhoc.question import Answer
from openspending.analytics.adhoc.sandbox import Sandbox
from openspending.analytics.livecubes import LiveCubes
from openspending.datastore.store import open_datastore
from openspending.publishing import publish

EXAMPLES = Path(__file__).parents[3] / "examples" / "packages"
BOUNDS = Bounds(memory=256_000_000, seconds=2, rows=20_000)

Ask = Callable[[str], Answer]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secret-folder")


@pytest.fixture(scope="session")
def cubes(folder: Path) -> Iterator[LiveCubes]:
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    publish(str(EXAMPLES / "suginami-2013"), owner="demo", store=store)
    publish(str(EXAMPLES / "moldova-boost-2014"), owner="demo", store=store, name="moldova")
    second = folder / "second"
    shutil.copytree(EXAMPLES / "suginami-2013", second)
    descriptor = json.loads((second / "datapackage.json").read_text(encoding="utf-8"))
    rows = second / descriptor["resources"][0]["path"]
    lines = rows.read_text(encoding="utf-8").splitlines(keepends=True)
    rows.write_text("".join(lines[:-1]), encoding="utf-8")
    publish(str(second), owner="demo", store=store)
    cubes = LiveCubes(store, folder / "cache")
    yield cubes
    cubes.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(BOUNDS, processes=2)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def ask(cubes: LiveCubes, sandbox: Sandbox) -> Ask:
    """Ask, and be answered."""
    return lambda query: tables.answer(sandbox, cubes, query)
