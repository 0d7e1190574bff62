"""What is published can be found within seconds, what is hidden not even by the next request."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from openspending.datastore import moving
from openspending.datastore.store import open_datastore
from tests.read_api.homes import OWNER, put
from tests.servers import serving

pytestmark = pytest.mark.slow

ROWS = 10_000
PATIENCE = 20.0  # seconds; it takes one to three on a machine with nothing else to do


def test_published_is_searchable_and_hidden_is_not(tmp_path: Path) -> None:
    store = open_datastore(f"file://{tmp_path}/public", f"file://{tmp_path}/private")
    rows = "".join(f"2024,{number},Bridge {number} of Kestrel,{number}\n" for number in range(ROWS))
    with serving(tmp_path) as server, httpx.Client(base_url=server.address) as client:

        def total(path: str) -> int:
            answer: dict[str, Any] = client.get(path, params={"q": "kestrel"}).raise_for_status().json()
            return int(answer["total"])

        assert total("/v1/search/lines") == 0
        begun = time.monotonic()
        put(store.public, tmp_path, "bridges", rows)
        published = time.monotonic()
        while total("/v1/search/lines") < ROWS:
            assert time.monotonic() - published < PATIENCE
            time.sleep(0.05)
        found = time.monotonic()
        print(f"{ROWS:,} rows: published in {published - begun:.1f} s, found {found - published:.1f} s later")  # noqa: T201
        assert total("/v1/search") == 1
        moving.hide(store, OWNER, "bridges", event="hide", by="boss", at=datetime.now(UTC))
        assert [total(path) for path in ("/v1/search/lines", "/v1/search")] == [0, 0]
        assert client.get("/v1/suggest", params={"q": "brid"}).json()["data"] == []
        assert client.get("/health").json()["search"] == {"pending": 0}
