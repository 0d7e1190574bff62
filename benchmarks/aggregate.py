"""Aggregates over HTTP against the same SQL run directly in DuckDB, request by request in turn, in one run.

    python -m benchmarks.aggregate [ROWS] [REQUESTS]

Publishes a package of ROWS facts, serves it in a process of its own, and asks each question REQUESTS times both ways.
"Direct" is the very statement of our cube, executed and fetched in this process on a database of the same form.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import httpx

from benchmarks.package import make
from openspending.analytics import grammar, sql
from openspending.analytics.cube import Cube
from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.query import AggregateQuery
from openspending.datastore.store import open_datastore

QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "total": {},
    "by year": {"drilldown": "year"},
    "function, one year": {"drilldown": "function", "cut": "year:2016"},
    "ministry × function": {"drilldown": "ministry|function", "pagesize": "30", "order": "executed.sum:desc"},
    "top 30 suppliers": {"drilldown": "supplier", "pagesize": "30", "order": "executed.sum:desc"},
}
OPENSPENDING: Final = str(Path(sys.executable).parent / "openspending")


def main(rows: int, requests: int) -> None:
    """Publish, serve, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        package = make(Path(folder) / "package", rows)
        publish = [OPENSPENDING, "--data", str(data), "publish", str(package), "--owner", "bench", "--json"]
        subprocess.run(publish, check=True, capture_output=True)
        store = open_datastore(f"file://{data}/public", f"file://{data}/private")
        cubes = LiveCubes(store, Path(folder) / "direct")
        name = cubes.names()[0]
        with _served(data) as address, httpx.Client(base_url=f"{address}api/3/cubes/{name}/", timeout=60) as client:
            for title, asked in QUERIES.items():
                _compare(title, _direct(cubes.cube(name), asked), _over_http(client, asked), requests)


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """The address of a server on `data`."""
    command = [OPENSPENDING, "--data", str(data), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            words = (word for line in server.stdout for word in line.split())
            yield next(word for word in words if word.startswith("http://"))
        finally:
            server.terminate()


def _direct(cube: Cube, asked: Mapping[str, str]) -> Callable[[], object]:
    query = AggregateQuery(
        drilldowns=grammar.parse_refs(asked.get("drilldown"), "|"),
        cuts=grammar.parse_cuts(asked.get("cut")),
        order=grammar.parse_order(asked.get("order")),
        page=grammar.parse_page(None, asked.get("pagesize")),
    )
    statement = sql.aggregate(query, cube.checked(query.cuts), cube.model, cube.tables).statement
    cursor: duckdb.DuckDBPyConnection = cube.connection.cursor()
    return lambda: cursor.execute(statement.sql, list(statement.parameters)).fetchall()


def _over_http(client: httpx.Client, asked: Mapping[str, str]) -> Callable[[], object]:
    return lambda: client.get("aggregate/", params=dict(asked)).raise_for_status().content


def _compare(title: str, direct: Callable[[], object], http: Callable[[], object], requests: int) -> None:
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(requests + 5):
        for call, times in zip((direct, http), took, strict=True):
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1000)
    here, there = (statistics.median(times[5:]) for times in took)
    allowed = 1.5 * here + 1
    verdict = "within" if there <= allowed else "OVER"
    print(f"{title:22} direct {here:7.2f} ms   HTTP {there:7.2f} ms   {verdict} 1.5 × direct + 1 ms = {allowed:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 50)
