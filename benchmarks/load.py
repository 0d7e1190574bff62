"""The server under a mixed load of 16 clients: requests per second, waiting times, errors, and what its memory does.

    python -m benchmarks.load [SECONDS] [--rows ROWS] [--api v1|api3] [--folder FOLDER] [--clients N]

Each client asks one question after the other, over one connection: a question of `questions.py`, with a year, ministry
or supplier and a page size drawn anew, so that some answers were given before and most were not.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from benchmarks import serving
from benchmarks.questions import QUESTIONS, Question, supplier

SAMPLE: Final = 0.5  # seconds between looks at the memory


@dataclass(slots=True)
class Client:
    """What one client saw: milliseconds of each answered request, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, address: str, api: str, rows: int, until: float, seed: int) -> None:
        """Ask until the time is over."""
        chance = random.Random(seed)
        connection = serving.Connection(address)
        while time.monotonic() < until:
            path = drawn(chance).path(api, serving.OWNER, serving.dataset(rows))
            start = time.perf_counter()
            try:
                connection.get(path)
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(f"{error!r} {path}")
                connection.close()
            self.took.append((time.perf_counter() - start) * 1000)
        connection.close()


def drawn(chance: random.Random) -> Question:
    """One of the questions, with other cuts and another page size."""
    question = chance.choice(QUESTIONS)
    others: dict[str, str | int] = {
        "year": 2010 + chance.randrange(15),
        "ministry": f"{chance.randrange(30):02d}",
        "supplier": supplier(int(100_000 ** chance.random())),
    }
    cut = {ref: others.get(ref, value) for ref, value in question.cut.items()}
    return replace(question, cut=cut, size=question.size + chance.randrange(20))


def main(seconds: float, rows: int, api: str, folder: Path, clients: int) -> None:
    """Publish, serve, let the clients ask, and print."""
    data = serving.published(folder, rows)
    with serving.served(data) as (address, processes):
        first = QUESTIONS[0].path(api, serving.OWNER, serving.dataset(rows))
        serving.wait_for(address.rstrip("/") + first)  # the first question waits until the fact database is made
        until = time.monotonic() + seconds
        seen = [Client() for _ in range(clients)]
        threads = [
            threading.Thread(target=one.ask, args=(address, api, rows, until, number))
            for number, one in enumerate(seen)
        ]
        before = processes.cpu()
        for thread in threads:
            thread.start()
        memory = []
        while time.monotonic() < until:
            memory.append(processes.megabytes())
            time.sleep(SAMPLE)
        for thread in threads:
            thread.join()
        cpu = processes.cpu() - before
    show(seconds, clients, seen, memory, cpu)


def show(seconds: float, clients: int, seen: Sequence[Client], memory: Sequence[float], cpu: float) -> None:
    took = sorted(one for client in seen for one in client.took)
    errors = [one for client in seen for one in client.errors]
    tenth = max(len(memory) // 10, 1)
    early, late = statistics.median(memory[tenth : 2 * tenth] or memory), statistics.median(memory[-tenth:])
    print(f"{clients} clients, {seconds:g} s: {len(took):,} requests, {len(took) / seconds:.1f} a second")
    print(f"CPU of the server per request {cpu / len(took) * 1000:.1f} ms")
    print(f"p50 {took[len(took) // 2]:.0f} ms, p99 {took[len(took) * 99 // 100]:.0f} ms, longest {took[-1]:.0f} ms")
    print(
        f"memory: {early:.0f} MB in the second tenth of the time, {late:.0f} MB in the last, peak {max(memory):.0f} MB"
    )
    print(f"errors: {len(errors)}")
    for one in errors[:5]:
        print(f"  {one}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("seconds", nargs="?", type=float, default=60)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--api", choices=("v1", "api3"), default="v1")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--clients", type=int, default=16)
    given = parser.parse_args()
    with ExitStack() as stack:
        place = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        main(given.seconds, given.rows, given.api, place, given.clients)
