"""The server's end of the starter: begins it, has it fork and end children, begins it anew should it ever be gone."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from typing import Final

from openspending.analytics.adhoc.starter import KILL, MESSAGE, START
from openspending.errors import Busy
from openspending.speaking.said import said

# all that the starter gets to see of the environment: how its libraries keep to one thread and give memory back
_ENVIRONMENT: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_PATIENCE: Final = 30  # seconds for the starter to begin, on a machine that is busy


class Starter:
    """A starter process, begun when the first child is wanted. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def number(self) -> int | None:
        """The process number of the starter, once it has begun."""
        return None if self._process is None else self._process.pid

    def fork(self) -> tuple[socket.socket, int]:
        """A new child: the connection to it, and its number. Raises Busy when the system has no room for another."""
        ours, its = socket.socketpair()
        with self._lock, its:
            for _ in range(2):  # the second time with a new starter
                try:
                    return ours, self._forked(its)
                except OSError:
                    self._end()
        ours.close()
        raise Busy(said("No process for SQL could be started; try again in a moment."), retry_after=5)

    def kill(self, number: int) -> None:
        """End the child of that number, if it has not ended already."""
        with self._lock, contextlib.suppress(OSError):
            if self._control is not None:
                self._control.sendall(MESSAGE.pack(KILL, number))

    def close(self) -> None:
        """End the starter and all its children."""
        with self._lock:
            self._end()

    def _forked(self, connection: socket.socket) -> int:
        control = self._control or self._begin()
        socket.send_fds(control, [MESSAGE.pack(START, 0)], [connection.fileno()])
        answer = control.recv(MESSAGE.size)
        if len(answer) < MESSAGE.size:
            raise ConnectionError("the starter is gone")
        return int(MESSAGE.unpack(answer)[1])

    def _begin(self) -> socket.socket:
        ours, its = socket.socketpair()
        ours.settimeout(_PATIENCE)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-m", "openspending.analytics.adhoc.starter"],
                stdin=its.fileno(),
                stdout=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd=tempfile.mkdtemp(prefix="openspending-sql-"),  # empty; the starter removes it at once
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _end(self) -> None:
        """It ends by itself when its connection is closed; should it hang, it is killed."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def possible() -> bool:
    """Whether this system can fork processes and hand connections to them, as Linux and macOS can."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")
