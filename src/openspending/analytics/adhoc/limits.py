"""What the operating system holds a child to. Every limit is one that its own process cannot take back.

Everywhere: no files can be opened or grow, no core is dumped, and processor time ends. Linux: memory too, counted as
address space; no new privileges, and a filter of system calls. Where the server runs as root, its children do not.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from pathlib import Path
from typing import Final

from openspending.analytics.adhoc import syscalls
from openspending.analytics.adhoc.bounds import Bounds

NOBODY: Final = 65534
_GRACE: Final = 2  # seconds that a child outlives its time, should the server not end it


def before_the_question() -> None:
    """The first lock, before anything from outside is read: databases can still be opened to read, nothing else."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NPROC, 0)
    syscalls.allow(syscalls.OPENING)


def before_the_answer(bounds: Bounds) -> None:
    """The last lock, once all databases are open: nothing can be opened any more, and memory and time are counted."""
    used = _address_space()
    if used is not None:
        _set(resource.RLIMIT_AS, used + bounds.memory)
    _set(resource.RLIMIT_CPU, bounds.seconds + _GRACE)
    _set(resource.RLIMIT_NOFILE, 0)
    signal.alarm(bounds.seconds + _GRACE)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    syscalls.allow(syscalls.COMPUTING)


def _set(which: int, value: int) -> None:
    """A limit, soft and hard; where the system knows one that is lower already, that one stays."""
    _, hard = resource.getrlimit(which)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError):  # macOS has limits that cannot be set
        resource.setrlimit(which, (lowest, lowest))


def _address_space() -> int | None:
    """Bytes of address space in use, which Linux says; None elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return None
    return pages * resource.getpagesize()
