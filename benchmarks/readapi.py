"""The read API over HTTP against the same questions in DuckDB in process, on its best layout, asked in turn in one run.

    python -m benchmarks.readapi [ROWS] [--api v1|api3] [--folder FOLDER] [--requests N] [--alone]

The server is a process of its own. A question's floor is the fastest of the layouts of `layouts.py`. “uncached” is
asked with a page size that was never asked before, so that no result can have been kept; “cached” is the same request
again. With --folder, what was made is kept there and used by the next run. --alone asks the server alone: the layouts,
asked between two requests, push its pages out of the processor's caches.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from benchmarks import layouts, serving
from benchmarks.layouts import LAYOUTS, Statements
from benchmarks.questions import QUESTIONS, Question


@dataclass(slots=True)
class Ways:
    """Milliseconds of each way to ask one question."""

    floors: dict[str, list[float]] = field(default_factory=dict)
    uncached: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)


def measure(rows: int, folder: Path, api: str, requests: int, *, alone: bool = False) -> dict[str, Ways]:
    """Ask all questions in every way, in turn; `alone`: over HTTP only."""
    data = serving.published(folder, rows)
    with ExitStack() as stack:
        asked = () if alone else LAYOUTS
        opened = {one.name: stack.enter_context(_opened(one, data, rows, folder)) for one in asked}
        address, _ = stack.enter_context(serving.served(data))
        client = serving.Connection(address)
        return {one.name: _ways(one, opened, client, api, rows, requests) for one in QUESTIONS}


@contextmanager
def _opened(layout: layouts.Layout, data: Path, rows: int, folder: Path) -> Iterator[Statements]:
    path = folder / f"{layout.name}-{rows}.duckdb"
    if not path.exists():
        layouts.build(layout, serving.facts_file(data, rows), path)
    statements = Statements(layout, path)
    yield statements
    statements.close()


def _ways(
    question: Question, opened: dict[str, Statements], client: serving.Connection, api: str, rows: int, requests: int
) -> Ways:
    direct = {name: one.asked(question) for name, one in opened.items() if one.answers(question)}
    ways = Ways({name: [] for name in direct})
    sizes = count(question.size)

    def over_http(asked: Question) -> None:
        client.get(asked.path(api, serving.OWNER, serving.dataset(rows)))

    for number in range(requests + 3):  # the first ones warm up
        asked = replace(question, size=next(sizes))
        calls: list[tuple[Callable[[], object], list[float]]] = [
            *((ask, ways.floors[name]) for name, ask in direct.items()),
            (lambda asked=asked: over_http(asked), ways.uncached),  # type: ignore[misc]
            (lambda asked=asked: over_http(asked), ways.cached),  # type: ignore[misc]
        ]
        for call, times in calls:
            start = time.perf_counter()
            call()
            if number >= 3:
                times.append((time.perf_counter() - start) * 1000)
    return ways


def show(found: dict[str, Ways]) -> None:
    """Print p50 in ms of the floor, of HTTP, and whether the goals are met."""
    print("| p50 in ms | best layout, in process | uncached | 1.2 × best + 1 ms | cached |  |")
    print("|---|---|---|---|---|---|")
    for name, ways in found.items():
        if not ways.floors:
            print(
                f"| {name} | – | {statistics.median(ways.uncached):.1f} | – | {statistics.median(ways.cached):.1f} | |"
            )
            continue
        medians = {layout: statistics.median(times) for layout, times in ways.floors.items()}
        best = min(medians, key=lambda layout: medians[layout])
        allowed, uncached = 1.2 * medians[best] + 1, statistics.median(ways.uncached)
        cached = statistics.median(ways.cached)
        told = " ".join((_verdict(uncached, allowed), "cached" if cached <= 2 else "CACHED OVER 2 ms"))
        floor = f"{medians[best]:.1f} ({best.replace('_', ' ')})"
        print(f"| {name} | {floor} | {uncached:.1f} | {allowed:.1f} | {cached:.1f} | {told} |")


def _verdict(uncached: float, allowed: float) -> str:
    if uncached <= allowed:
        return "within,"
    return "OVER the layout, ≤ 5 ms;" if uncached <= 5 else "OVER;"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readapi")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--api", choices=("v1", "api3"), default="v1")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--alone", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        print(f"{given.rows:,} facts, {given.requests} requests each way, /{given.api}\n")
        show(measure(given.rows, folder, given.api, given.requests, alone=given.alone))


if __name__ == "__main__":
    main()
