"""Where a process runs, and whether another one there still does. Only Linux tells; elsewhere heartbeats decide."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_PROC = Path("/proc")


def place() -> str:
    """What processes have in common that see each other's numbers: the machine since its start, and the container."""
    parts = [socket.gethostname()]
    try:
        parts.append((_PROC / "sys/kernel/random/boot_id").read_text().strip())
        parts.append(os.readlink(_PROC / "self/ns/pid"))  # noqa: PTH115 - it is a name, no path
    except OSError:
        parts.append("?")
    return "|".join(parts)[:300]


def born(pid: int) -> str:
    """When the process began, in the kernel's own count, which tells it from a later one with the same number; "" when
    it is gone, or when nobody knows."""
    try:
        state, *further = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in {"Z", "X"} else further[18]


def gone(where: str, pid: int, began: str) -> bool:
    """Whether that process has certainly ended: it was here, in this very container, and is no more."""
    return bool(began) and "?" not in where and where == place() and born(pid) != began
