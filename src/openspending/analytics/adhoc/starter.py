"""The starter: a fresh process that loads what a child needs once, then forks one child for each question.

A fork costs about 2 ms where a new process, with its imports and an empty database, costs 250 ms. The starter has one
thread, no files but its connection to the server, no environment and an empty folder that is gone. It reads no SQL.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
from typing import Final

import duckdb

from openspending.analytics.adhoc import child, syscalls, wire

MESSAGE: Final = struct.Struct("!cI")  # what is wanted, and a child's number
START: Final = b"+"  # with a connection: fork a child that answers over it; its number comes back
KILL: Final = b"-"  # end the child of that number
_DEEPEST: Final = 10_000  # Python's own recursion, for the trees of long sums


def main() -> None:
    """Serve until the server closes the connection, which is this process's standard input."""
    os.rmdir(os.getcwd())  # noqa: PTH106, PTH109 - there is no way back to it
    sys.setrecursionlimit(_DEEPEST)
    say_what_is_missing()
    database = child.empty_database()
    reserved = child.own_names(database)
    child.rehearse(database)
    children: set[int] = set()
    with socket.socket(fileno=0) as control:
        while True:
            readable, _, _ = select.select([control], [], [], 1 if children else None)
            _bury(children)
            if not readable:
                continue
            message, handed, _, _ = socket.recv_fds(control, MESSAGE.size, 1)
            if len(message) < MESSAGE.size:
                break
            wanted, number = MESSAGE.unpack(message)
            if wanted == KILL:
                _kill(children & {number})
                continue
            number = os.fork()
            if number == 0:
                control.detach()
                os.close(0)
                _child(socket.socket(fileno=handed[0]), database, reserved)
            os.close(handed[0])
            children.add(number)
            control.sendall(MESSAGE.pack(START, number))
    _kill(children)


def say_what_is_missing() -> None:
    """Tell the operator, on standard error, when this system has no filter of system calls. A fork tries it."""
    number = os.fork()
    if number == 0:
        os._exit(0 if syscalls.allow(syscalls.COMPUTING) else 1)
    _, status = os.waitpid(number, 0)
    if status:
        sys.stderr.write("SQL is answered without a filter of system calls, which is missing here: see docs/sql.md.\n")


def _child(connection: socket.socket, database: duckdb.DuckDBPyConnection, reserved: frozenset[str]) -> None:
    """Answer and end, whatever happens: a child never returns into the starter."""
    code = 1
    try:
        os.dup2(1, 2)  # both are the null device: what a library says while it dies is no log of ours
        child.answer(connection, database, reserved)
        code = 0
    except (OSError, wire.Broken):
        pass
    finally:
        os._exit(code)


def _bury(children: set[int]) -> None:
    """Forget the children that have ended. Until then their numbers are not given to others."""
    while children:
        number, _ = os.waitpid(-1, os.WNOHANG)
        if not number:
            return
        children.discard(number)


def _kill(children: set[int]) -> None:
    for one in children:
        os.kill(one, signal.SIGKILL)


if __name__ == "__main__":
    main()
