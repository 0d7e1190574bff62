"""Starts the real platform for tests: the command line's own `serve`, on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running server: its address without a slash at the end, and its process."""

    address: str
    process: subprocess.Popen[str]


def clean_environment(**further: str) -> dict[str, str]:
    """The environment without our settings, plus `further`."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
    return {**known, "NO_COLOR": "1", "COLUMNS": "120", **further}


def openspending(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [str(Path(sys.executable).parent / "openspending"), *arguments]
    return subprocess.run(
        command, env=clean_environment(**environment), capture_output=True, text=True, timeout=300, check=False
    )


@contextmanager
def serving(data: Path, *, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """`openspending serve` on the folder `data`; stopped like by Ctrl-C, which must be clean."""
    command = [str(Path(sys.executable).parent / "openspending"), "--data", str(data), "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=clean_environment(**(environment or {})), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Served(_address(process), process)
        finally:
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, output + errors


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        if found and "answers at" in line:
            return found.group().rstrip("/")
    process.wait()
    assert process.stderr is not None
    message = f"the server did not start: {process.stderr.read()}"
    raise AssertionError(message)
