"""Publish against `frictionless validate`: the same package, whole processes, in turn, in one run.

    python -m benchmarks.publish [ROWS] [RUNS]

Prints rows per second of wall and of CPU time for both, their ratio, and the peak memory of publish.
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
from collections.abc import Sequence
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


def main(rows: int, runs: int) -> None:
    """Time both commands `runs` times in turn and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        package = make(Path(folder) / "package", rows)
        data = Path(folder) / "data"
        tools = Path(sys.executable).parent
        ours = [str(tools / "openspending"), "--data", str(data), "publish", str(package), "--owner", "bench", "--json"]
        theirs = [str(tools / "frictionless"), "validate", str(package), "--json"]
        pairs = []
        for _ in range(runs):
            shutil.rmtree(data, ignore_errors=True)
            pairs.append((run(ours), run(theirs)))
    _print(rows, pairs)


def _print(rows: int, pairs: Sequence[tuple[Run, Run]]) -> None:
    for number, name in ((0, "openspending publish"), (1, "frictionless validate")):
        wall = statistics.median(pair[number].wall for pair in pairs)
        cpu = statistics.median(pair[number].cpu for pair in pairs)
        peak = max(pair[number].megabytes for pair in pairs)
        print(f"{name:22} {wall:7.2f} s wall {cpu:7.2f} s cpu {rows / wall:12,.0f} rows/s {peak:8,.0f} MB peak")
    wall_ratio = statistics.median(theirs.wall / ours.wall for ours, theirs in pairs)
    cpu_ratio = statistics.median(theirs.cpu / ours.cpu for ours, theirs in pairs)
    print(f"ratio of rows/s: {wall_ratio:.1f} by wall time, {cpu_ratio:.1f} by CPU time ({rows:,} rows)")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
