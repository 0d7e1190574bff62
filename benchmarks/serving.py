"""A published fiscal table and a server on it, in a process of its own whose CPU time and memory are watched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from benchmarks import fiscal

OPENSPENDING: Final = str(Path(sys.executable).parent / "openspending")
OWNER: Final = "bench"


def dataset(rows: int) -> str:
    """The name of the dataset of `rows` facts."""
    return f"fiscal-{rows}"


def published(folder: Path, rows: int) -> Path:
    """The data folder in `folder` with a published table of `rows` facts, made unless it is there already."""
    data = folder / "data"
    if not (data / "public" / OWNER / dataset(rows) / "datapackage.json").exists():
        package = fiscal.make(folder / dataset(rows), rows)
        command = [OPENSPENDING, "--data", str(data), "publish", str(package), "--owner", OWNER, "--json"]
        subprocess.run(command, check=True, capture_output=True)
    return data


def facts_file(data: Path, rows: int) -> Path:
    """The derived fact file of the table of `rows` facts, of its newest build."""
    files = (data / "public" / OWNER / dataset(rows) / "derived").glob("*/facts.parquet")
    return max(files, key=lambda path: path.stat().st_mtime)


class Processes:
    """Processes with all their descendants, as one account."""

    def __init__(self, *pids: int) -> None:
        self._roots = [psutil.Process(pid) for pid in pids]

    def cpu(self) -> float:
        """Seconds of CPU time that those alive have used, and their ended children."""
        return float(sum(sum(one.cpu_times()[:4]) for one in self._alive()))

    def megabytes(self) -> float:
        """Resident memory."""
        return float(sum(one.memory_info().rss for one in self._alive())) / 1e6

    def _alive(self) -> Iterator[psutil.Process]:
        for root in self._roots:
            yield root
            yield from root.children(recursive=True)


@contextmanager
def served(data: Path) -> Iterator[tuple[str, Processes]]:
    """The address of a server on `data`, and its processes."""
    command = [OPENSPENDING, "--data", str(data), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            words = (word for line in server.stdout for word in line.split())
            yield next(word for word in words if word.startswith("http://")), Processes(server.pid)
        finally:
            server.terminate()
