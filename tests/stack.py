"""Starts the real platform for tests, together or apart: the command line's own processes, on free ports.

Apart, each component is a process behind the rules of `deploy/Caddyfile`, with a worker and a follower beside them.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.gateway import gateway
from tests.servers import clean_environment

COMPONENTS = ("identity", "write-api", "read-api", "browse")
STARTS = 60.0  # seconds that a process may take to start
STOPS = 20.0  # … and to stop
_READY = "Ctrl-C stops it"


@dataclass
class Process:
    """One process of the platform: what it printed so far, and how it ended."""

    name: str
    popen: subprocess.Popen[str]
    errors: Path
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0  # until it was ready
    killed: bool = False
    complains: bool = False  # whether it may log errors

    @property
    def address(self) -> str:
        found = (re.search(r"answers at (http://\S+)", line) for line in self.lines)
        return next(one[1] for one in found if one).rstrip("/")

    def memory(self) -> int:
        """Bytes of memory that are the process's own, and those of its children."""
        here = psutil.Process(self.popen.pid)
        return sum(one.memory_info().rss for one in (here, *here.children(recursive=True)))

    def line(self, pattern: str, seconds: float = 10.0) -> str:
        """The first line that it printed with the pattern, waited for."""
        deadline = time.monotonic() + seconds
        while True:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            if time.monotonic() > deadline or self.popen.poll() is not None:
                message = f"{self.name} did not print {pattern}: {self.lines} {self.errors.read_text()}"
                raise AssertionError(message)
            time.sleep(0.01)

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.killed = True
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> None:
        """As an operator does; it must end soon, and well."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(timeout=STOPS)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        said = self.errors.read_text(encoding="utf-8")
        assert self.killed or self.popen.returncode == 0, f"{self.name}: {self.popen.returncode}\n{said}"
        assert self.complains or "Traceback" not in said, f"{self.name}: {said}"


@contextmanager
def running(name: str, folder: Path, environment: Mapping[str, str], *arguments: str) -> Iterator[Process]:
    """A process of the command line, from when it says that it is ready."""
    folder.mkdir(parents=True, exist_ok=True)
    errors = folder / f"{name}.errors.txt"
    command = [str(Path(sys.executable).parent / "openspending"), *arguments]
    begun = time.monotonic()
    with (
        errors.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            command, env=clean_environment(**environment), stdout=subprocess.PIPE, stderr=file, text=True
        ) as popen,
    ):
        process = Process(name, popen, errors)
        reader = threading.Thread(target=_read, args=(process,), daemon=True)
        reader.start()
        try:
            process.line(re.escape(_READY), STARTS)
            process.seconds = time.monotonic() - begun
            yield process
        finally:
            process.stop()
            reader.join()


def _read(process: Process) -> None:
    assert process.popen.stdout is not None
    process.lines.extend(iter(process.popen.stdout.readline, ""))


@dataclass(frozen=True)
class Platform:
    """The platform as its users see it: one address. `identity` is the process that prints the first link."""

    address: str
    environment: Mapping[str, str]
    processes: Sequence[Process]

    @property
    def identity(self) -> Process:
        return self.named("identity") if len(self.processes) > 1 else self.processes[0]

    def named(self, name: str) -> Process:
        return next(one for one in self.processes if one.name == name)


@contextmanager
def together(folder: Path, environment: Mapping[str, str]) -> Iterator[Platform]:
    """All in one process."""
    with running("serve", folder, {"OS_DATA": str(folder / "data"), **environment}, "serve", "--port", "0") as process:
        yield Platform(process.address, environment, [process])


@contextmanager
def apart(folder: Path, environment: Mapping[str, str]) -> Iterator[Platform]:
    """Each component in a process of its own, with folders of its own, behind one gateway."""
    with gateway() as front, ExitStack() as stack:
        shared = {**environment, "OS_BASE_URL": front.address, "OS_API_URL": front.address}

        def begin(name: str, *arguments: str) -> Process:
            own = {**shared, "OS_DATA": str(folder / name / "data")}
            return stack.enter_context(running(name, folder / name, own, *arguments))

        processes = []
        for name in COMPONENTS:
            processes.append(begin(name, "serve", name, "--port", "0"))
            front.upstreams[name] = processes[-1].address
        processes += [begin("work", "work"), begin("follow", "follow")]
        yield Platform(front.address, shared, processes)
