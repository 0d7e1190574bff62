"""One OpenSpending for all tests of charts elsewhere: a budget of three revisions, a hostile one, a private one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly.composed import composed
from openspending.assembly.parts import Parts
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.browse.hostile import write_hostile_package
from tests.publishing.packages import write_package

ADDRESS = "https://spending.example"
ROWS = "year,code,label,amount\n2026,1,Health,{health}\n2026,2,教育,200.25\n2026,3,Roads & bridges,-5\n"
HEALTH = ("1000.50", "1000.50", "1200.75", "1200.75")  # by revision, of which the labels differ at least


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    folder = tmp_path_factory.mktemp("viz")
    with Parts(read_settings({"OS_BASE_URL": ADDRESS}, data=folder / "data")) as parts:
        for number, health in enumerate(HEALTH):
            package = write_package(folder / f"budget-{number}", ROWS.format(health=health), title=f"Budget {number}")
            publish(str(package), owner="gov", name="budget", store=parts.store.public, message="Figures")
        hostile = write_hostile_package(folder / "hostile")
        publish(str(hostile), owner="eve@example.org", store=parts.store.public)
        secret = write_package(folder / "secret", ROWS.format(health="7"), title="Secret")
        publish(str(secret), owner="gov", name="secret", store=parts.store.private)
        with TestClient(composed(parts), base_url="http://testserver.local") as found:
            yield found


@pytest.fixture
def without_api(tmp_path: Path) -> Iterator[TestClient[Any]]:
    """Pages that are served alone, whose API does not answer."""
    settings = read_settings({"OS_API_URL": "http://127.0.0.1:9"}, data=tmp_path)
    with Parts(settings) as parts, TestClient(composed(parts, frozenset({"browse"}))) as found:
        yield found
