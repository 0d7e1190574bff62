"""Publish against a peer, `frictionless validate`, and a floor, DuckDB's bare copy of the CSV file into Parquet.

    python -m benchmarks.publish [ROWS] [RUNS]

The same package, whole processes, in turn, in one run. Prints the medians of wall and CPU time, rows per second, peak
memory, and the ratios of publish to the others.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.package import make


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds and peak memory of one finished process."""

    wall: float
    cpu: float
    megabytes: float


def run(command: Sequence[str]) -> Run:
    """Run `command` to its end and account for it; raises when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


COPY = (
    "import duckdb, sys; duckdb.execute("
    "f\"COPY (SELECT * FROM read_csv('{sys.argv[1]}', all_varchar = true)) TO '{sys.argv[2]}' (FORMAT parquet)\")"
)


def main(rows: int, runs: int) -> None:
    """Time the commands `runs` times in turn and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        package = make(Path(folder) / "package", rows)
        data, copied = Path(folder) / "data", Path(folder) / "copied.parquet"
        tools = Path(sys.executable).parent
        commands = {
            "openspending publish": [
                *(str(tools / "openspending"), "--data", str(data), "publish", str(package)),
                *("--owner", "bench", "--json"),
            ],
            "frictionless validate": [str(tools / "frictionless"), "validate", str(package), "--json"],
            "bare copy to Parquet": [sys.executable, "-c", COPY, str(package.with_name("lines.csv")), str(copied)],
        }
        took: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(runs):
            shutil.rmtree(data, ignore_errors=True)
            for name, command in commands.items():
                took[name].append(run(command))
    show(rows, took)


def show(rows: int, took: Mapping[str, Sequence[Run]]) -> None:
    """Print medians, and the ratios of the first command to the others."""
    for name, runs in took.items():
        wall, cpu = statistics.median(one.wall for one in runs), statistics.median(one.cpu for one in runs)
        peak = max(one.megabytes for one in runs)
        print(f"{name:22} {wall:7.2f} s wall {cpu:7.2f} s cpu {rows / wall:12,.0f} rows/s {peak:8,.0f} MB peak")
    ours, *others = took
    name = ours.removeprefix("openspending ")
    for other in others:
        wall = statistics.median(b.wall / a.wall for a, b in zip(took[ours], took[other], strict=True))
        cpu = statistics.median(b.cpu / a.cpu for a, b in zip(took[ours], took[other], strict=True))
        print(f"rows/s of {name} over those of {other}: {wall:.2f} by wall time, {cpu:.2f} by CPU time")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
