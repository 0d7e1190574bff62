"""A published fiscal table and a server on it, in a process of its own whose CPU time and memory are watched."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
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


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MB: what processes have of their own, and what of files they have mapped."""

    own: float
    files: float


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

    def memory(self) -> Memory:
        """Resident memory, by what it is."""
        found = [_status(one.pid) for one in self._alive()]
        return Memory(sum(one["RssAnon"] for one in found), sum(one["RssFile"] for one in found))

    def _alive(self) -> Iterator[psutil.Process]:
        for root in self._roots:
            yield root
            yield from root.children(recursive=True)


def peak() -> float:
    """The most resident memory that this process has had, in MB."""
    return _status(os.getpid())["VmHWM"]


def _status(pid: int) -> dict[str, float]:
    """Amounts of memory of a process, in MB, by the system's names for them."""
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) * 1024 / 1e6 for words in lines if words[-1:] == ["kB"]}


class Connection:
    """One connection that is kept, with as little work on the client's side as can be: HTTP libraries take a
    millisecond for themselves, which is what some answers take."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)

    def get(self, path: str) -> bytes:
        """The answer to a request. Raises OSError or http.client.HTTPException, also for any status but 200."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(f"{answer.status} {path}: {body[:500]!r}")
        return body

    def close(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    """Return when `url` answers. Raises httpx.ConnectError when it does not in time."""
    until = time.monotonic() + seconds
    while True:
        try:
            httpx.get(url, timeout=seconds)
        except httpx.ConnectError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def served(data: Path) -> Iterator[tuple[str, Processes]]:
    """The address of a server on `data`, and its processes."""
    port = free_port()
    command = [OPENSPENDING, "--data", str(data), "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}/", Processes(server.pid)
        finally:
            server.terminate()
