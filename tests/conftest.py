"""What holds for all tests: those that draw their cases draw the same ones each time.

So the suite says the same of the same commit. `make fuzz` draws others, and more.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.postgres import database_url, new_postgres, postgres_server, postgres_url

__all__ = ["database_url", "new_postgres", "postgres_server", "postgres_url"]

settings.register_profile("steady", derandomize=True)
settings.register_profile("fuzz", derandomize=False, print_blob=True)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one slow server are done by one process, so that it starts once (pytest -n 2 --dist loadgroup)."""
    for item in items:
        values = (
            item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
        )
        if "radosgw" in getattr(item, "fixturenames", ()) or "radosgw" in values:
            item.add_marker(pytest.mark.xdist_group("radosgw"))
