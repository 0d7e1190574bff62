"""Search over many lines: building the index, then questions with two filters and all facets, in process and over HTTP.

    python -m benchmarks.search [ROWS] [--peers] [--draws N] [--limit SECONDS] [--folder FOLDER]

The lines are those of `fiscal.py`, in 20 datasets, one of each country. The index is built by a process of its own; a
second one asks all questions of `searchquestions.py` in process, then `openspending serve` is asked over HTTP by one
client and by 16. Filters are drawn anew for every request, so that no answer can have been kept. With --peers, SQLite
and PostgreSQL are filled with the same lines and asked the same (`searchpeers.py`); a statement of theirs that takes
longer than the limit is given up. With --folder, the published datasets are kept there for the next run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from benchmarks import fiscal, searchpeers, serving
from benchmarks.searchquestions import COUNTRIES, QUESTIONS, Asked, Question, drawn
from benchmarks.serving import Memory
from openspending.actor import NOBODY
from openspending.analytics.search.linesearch import LineQuestion, find_lines
from openspending.assembly import Parts
from openspending.publishing import publish
from openspending.settings import Settings, read_settings

CLIENTS: Final = 16
WARM: Final = 2  # questions of a kind that are not counted
GOAL: Final = 50.0  # milliseconds

Took = dict[str, list[float]]  # milliseconds of each question, by its name
Clock = Callable[[], float]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Built:
    """What building the index took: seconds, seconds of CPU time, and the most memory of the process, in MB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Loaded:
    """What clients that ask at once saw, and the server's memory after it."""

    took: Sequence[float]
    seconds: float
    memory: Memory


def published(folder: Path, rows: int) -> Path:
    """The data folder in `folder` with the 20 datasets, published unless they are there already."""
    data = folder / f"search-{rows}"
    with Parts(read_settings({}, data=data)) as parts:
        for seed, country in enumerate(COUNTRIES, 1):
            name = f"budget-{country.lower()}"
            if (data / "public" / serving.OWNER / name / "datapackage.json").exists():
                continue
            package = fiscal.make(folder / "package", rows // len(COUNTRIES), seed)
            described = json.loads(package.read_text()) | {"name": name, "countryCode": country}
            package.write_text(json.dumps(described | {"title": f"Budget of {country}, made for measurements"}))
            publish(str(package), owner=serving.OWNER, store=parts.store.public)
            shutil.rmtree(package.parent)
    return data


def facts_files(data: Path) -> list[tuple[str, Path]]:
    """The fact table of each country."""
    home = data / "public" / serving.OWNER
    return [(one, next(home.glob(f"budget-{one.lower()}/derived/*/facts.parquet"))) for one in COUNTRIES]


def apart(work: Callable[..., _T], *given: object) -> _T:
    """What `work` returns, done in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def build(data: Path) -> Built:
    """Build the index."""
    start, before = time.perf_counter(), time.process_time()
    with Parts(_settings(data)) as parts:
        parts.search.catch_up()
    return Built(time.perf_counter() - start, time.process_time() - before, serving.peak())


def _settings(data: Path) -> Settings:
    return read_settings({}, data=data)


def in_process(data: Path, draws: int) -> tuple[Took, Took, Memory]:
    """Ask all questions by the function that the API calls; also the CPU time of each."""
    with Parts(_settings(data)) as parts:

        def ask(asked: Asked) -> None:
            filters = {name: frozenset({value}) for name, value in asked.filters.items()}
            find_lines(parts.search, NOBODY, LineQuestion(asked.question.text, filters))

        took = timed(ask, draws, QUESTIONS)
        return took, timed(ask, draws, QUESTIONS, time.process_time), serving.Processes(os.getpid()).memory()


def timed(
    ask: Callable[[Asked], object], draws: int, questions: Sequence[Question], clock: Clock = time.perf_counter
) -> Took:
    """Ask each question so many times, in turn, one kind after the other."""
    chance = random.Random(1)
    took: Took = {one.name: [] for one in questions}
    for number in range(draws + WARM):
        for question in questions:
            asked = drawn(question, chance)
            start = clock()
            with suppress(TimeoutError):  # it took at least so long
                ask(asked)
            if number >= WARM:
                took[question.name].append((clock() - start) * 1000)
    return took


def over_http(data: Path, draws: int) -> tuple[Took, Loaded]:
    """Ask a server, as one client and as many."""
    with serving.served(data) as (address, processes):
        client = serving.Connection(address)
        alone = timed(lambda asked: client.get(asked.path), draws, QUESTIONS)
        took: list[float] = []
        threads = [
            threading.Thread(target=_client, args=(address, max(draws // 4, 1), seed, took)) for seed in range(CLIENTS)
        ]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return alone, Loaded(took, time.perf_counter() - start, processes.memory())


def _client(address: str, draws: int, seed: int, took: list[float]) -> None:
    chance, connection = random.Random(seed + 100), serving.Connection(address)
    for _ in range(draws):
        for question in chance.sample(QUESTIONS, len(QUESTIONS)):
            path = drawn(question, chance).path
            start = time.perf_counter()
            connection.get(path)
            took.append((time.perf_counter() - start) * 1000)
    connection.close()


def peers(data: Path, folder: Path, draws: int, limit: float) -> dict[str, tuple[Took, searchpeers.Filled]]:
    """Fill SQLite and PostgreSQL, and ask them what they can be asked."""
    known = [one for one in QUESTIONS if one.fts5]
    values = [f'"{name}"' for name, type_, *_ in fiscal.COLUMNS if type_ != "number"]
    found = {}
    opening: Mapping[str, Callable[..., AbstractContextManager[Any]]] = {
        "SQLite FTS5": searchpeers.sqlite,
        "PostgreSQL": searchpeers.postgres,
    }
    for name, opened in opening.items():
        with opened(folder, facts_files(data), values, limit) as (peer, filled):
            found[name] = (timed(peer.ask, draws, known), filled)
    return found


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def p50(took: Sequence[float]) -> float:
    """The median."""
    return statistics.median(took)


def p95(took: Sequence[float]) -> float:
    """What 95 of a hundred stay under."""
    return sorted(took)[len(took) * 95 // 100]


def all_of(took: Took) -> list[float]:
    """The times of all questions."""
    return [one for times in took.values() for one in times]


def main(rows: int, folder: Path, draws: int, limit: float, *, with_peers: bool) -> None:
    """Measure all, and print it."""
    data = published(folder, rows)
    shutil.rmtree(data / "cache" / "search", ignore_errors=True)
    built = apart(build, data)
    inside, cpu, own = apart(in_process, data, draws)
    outside, loaded = over_http(data, draws)
    others = {}
    if with_peers:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            others = peers(data, Path(place), max(draws // 4, 2), limit)
    parquet = sum(path.stat().st_size for _, path in facts_files(data))
    show_built(rows, built, size(data / "cache" / "search"), parquet, {name: one[1] for name, one in others.items()})
    show_asked(inside, cpu, outside, {name: one[0] for name, one in others.items()}, limit)
    show_loaded(own, loaded)


def show_built(rows: int, built: Built, index: int, parquet: int, others: Mapping[str, searchpeers.Filled]) -> None:
    """Print what building took."""
    print(f"| {rows:,} lines, {len(COUNTRIES)} datasets | built in | lines/s | size | of the Parquet |")
    print("|---|---|---|---|---|")
    print(
        f"| search | {built.wall:.1f} s, {built.cpu:.1f} s of CPU, peak {built.peak:.0f} MB "
        f"| {rows / built.wall:,.0f}, {rows / built.cpu:,.0f} per s of CPU "
        f"| {index / 1e6:,.0f} MB | {index / parquet:.2f} |"
    )
    for name, one in others.items():
        print(
            f"| {name} | {one.seconds:.1f} s | {rows / one.seconds:,.0f} | {one.size / 1e6:,.0f} MB "
            f"| {one.size / parquet:.2f} |"
        )


def show_asked(inside: Took, cpu: Took, outside: Took, others: Mapping[str, Took], limit: float) -> None:
    """Print p50 and p95 of each question, and of all."""
    names = "".join(f" {name} | times |" for name in others)
    print(f"\n| p50 / p95 in ms | in process | its CPU | HTTP, one client |{names}")
    print(f"|---|---|---|---|{'---|---|' * len(others)}")

    def line(name: str, mine: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> None:
        cells = [f"{p50(one):.1f} / {p95(one):.1f}" for one in mine]
        for one in theirs:
            told = f"{_told(p50(one), limit)} / {_told(p95(one), limit)}" if one else "–"
            cells += [told, f"{p50(one) / p50(mine[0]):,.1f}" if one else "–"]
        print(f"| {name} | {' | '.join(cells)} |")

    for question in QUESTIONS:
        name = question.name
        told = f"{name}: {question.text}"
        line(told, (inside[name], cpu[name], outside[name]), [took.get(name, []) for took in others.values()])
    line("all of them", (all_of(inside), all_of(cpu), all_of(outside)), [all_of(took) for took in others.values()])
    for name, took in (("in process", inside), ("over HTTP", outside)):
        over = p95(all_of(took))
        print(f"\np95 {name} {over:.0f} ms: {'within' if over <= GOAL else 'OVER'} the goal of {GOAL:.0f} ms", end="")
    print()


def _told(took: float, limit: float) -> str:
    return f"> {limit * 1000:,.0f}" if took >= limit * 1000 else f"{took:,.1f}"


def show_loaded(own: Memory, loaded: Loaded) -> None:
    """Print what many clients saw, and memory."""
    count = len(loaded.took)
    print(
        f"\n{CLIENTS} clients: {count:,} requests in {loaded.seconds:.0f} s, {count / loaded.seconds:.0f} a second; "
        f"p50 {p50(loaded.took):.0f} ms, p95 {p95(loaded.took):.0f} ms, longest {max(loaded.took):.0f} ms"
    )
    for what, one in (("a process that searches", own), ("the server after it", loaded.memory)):
        print(f"memory of {what}: {one.own:.0f} MB of its own, {one.files:.0f} MB of files")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--limit", type=float, default=10)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        where = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        main(given.rows, where, given.draws, given.limit, with_peers=given.peers)
