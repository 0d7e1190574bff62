"""What a child cannot do, whatever it runs: tried in a process that was locked in, with all locks and with fewer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from openspending.analytics.adhoc import child, syscalls
from openspending.analytics.adhoc.statement import functions

pytestmark = pytest.mark.slow

TRIES = """
import json, os, resource, socket, sys
from openspending.analytics.adhoc import limits, syscalls
from openspending.analytics.adhoc.bounds import Bounds

folder = sys.argv[1]
existing = os.path.join(folder, "existing")
held = open(existing)
if sys.argv[2] == "without the filter":
    syscalls.allow = lambda calls: False
said = {}

def attempt(name, act):
    try:
        act()
    except (OSError, ValueError, MemoryError) as error:
        said[name] = type(error).__name__
    else:
        said[name] = "done"

limits.before_the_question()
attempt("read a file before the question", lambda: open(existing).close())
attempt("write a file before the question", lambda: open(existing, "w"))
attempt("make a file before the question", lambda: open(os.path.join(folder, "new"), "x").write("a" * 100_000))
limits.before_the_answer(Bounds(memory=100_000_000, seconds=5))
attempt("read a file", lambda: open(existing))
attempt("write a file", lambda: open(existing, "w"))
attempt("delete a file", lambda: os.unlink(existing))
attempt("list a folder", lambda: os.listdir(folder))
attempt("open a pair of sockets", lambda: socket.socketpair())
attempt("open a socket", lambda: socket.socket())
attempt("fork", lambda: os._exit(7) if os.fork() == 0 else os.wait())
if sys.argv[2] == "with the filter":
    attempt("run a program", lambda: os.execv("/bin/true", ["true"]))
attempt("signal others", lambda: os.kill(os.getppid(), 0))
attempt("much memory", lambda: bytearray(200_000_000))
attempt("more memory by its own leave", lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)))
attempt("become root", lambda: os.setuid(0))
attempt("what is open already", lambda: held.read())
sys.stdout.write(json.dumps(said))
"""
MAY = {"read a file before the question": "done", "what is open already": "done"}
NEEDS_FILTER = {"write a file before the question", "run a program", "signal others"}


def tried(folder: Path, locks: str) -> dict[str, str]:
    """What came of each attempt."""
    (folder / "existing").write_text("content", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", TRIES, str(folder), locks], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout))


def filtered() -> bool:
    """Whether this system has the filter of system calls."""
    asks = "from openspending.analytics.adhoc import syscalls; raise SystemExit(not syscalls.allow(syscalls.OPENING))"
    return subprocess.run([sys.executable, "-I", "-c", asks], check=False).returncode == 0


def test_a_child_can_read_what_is_open_and_do_nothing_else(tmp_path: Path) -> None:
    if not filtered():
        pytest.skip("this system offers no filter of system calls")
    said = tried(tmp_path, "with the filter")
    assert {name: came for name, came in said.items() if came == "done"} == MAY
    assert (tmp_path / "existing").read_text(encoding="utf-8") == "content"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems count memory otherwise, if at all")
def test_without_the_filter_the_limits_and_another_user_still_hold(tmp_path: Path) -> None:
    said = tried(tmp_path, "without the filter")
    allowed = {name for name, came in said.items() if came == "done"} - set(MAY)
    # the user that started the tests may signal its own processes, and run programs; root's children may do neither
    assert allowed <= NEEDS_FILTER | {"delete a file", "list a folder"}
    assert said["fork"] != "done"


def test_a_missing_filter_is_told_to_the_operator() -> None:
    program = "from openspending.analytics.adhoc import starter, syscalls; {}; starter.say_what_is_missing()"
    told = [
        subprocess.run([sys.executable, "-c", program.format(one)], capture_output=True, text=True, check=True).stderr
        for one in ("syscalls.allow = lambda calls: False", "syscalls.allow = lambda calls: True")
    ]
    assert ["missing here" in one for one in told] == [True, False]


def test_a_filter_is_compiled_for_each_machine_that_is_known() -> None:
    for machine in ("x86_64", "aarch64"):
        strict, wide = (syscalls._compiled(calls, machine) for calls in (syscalls.COMPUTING, syscalls.OPENING))
        assert len(strict) % 8 == len(wide) % 8 == 0
        assert len(strict) < len(wide) < 8 * 4096


FILES = [
    "SELECT * FROM read_text('{}')",
    "SELECT * FROM read_csv('{}')",
    "SELECT * FROM '{}'",
    "SELECT * FROM glob('{}')",
    "COPY (SELECT 1) TO '{}'",
    "ATTACH '{}.duckdb'",
    "EXPORT DATABASE '{}'",
    "INSTALL httpfs",
    "LOAD '{}'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '1TB'",
    "SELECT * FROM read_csv('http://127.0.0.1:9/{}')",
]


@pytest.mark.parametrize("query", FILES)
def test_the_locks_of_the_database_hold_alone(tmp_path: Path, query: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    with child.empty_database() as database:
        for lock in child._LOCKS:
            database.execute(lock)
        with pytest.raises(duckdb.Error):
            database.execute(query.format(path)).fetchall()
    assert sorted(os.listdir(tmp_path)) == ["file.csv"]  # noqa: PTH208 - names alone


def test_every_function_that_is_allowed_exists_and_none_of_them_looks_around() -> None:
    with child.empty_database() as database:
        known = {name.lower() for (name,) in database.sql("SELECT function_name FROM duckdb_functions()").fetchall()}
    windows = {"coalesce", "cume_dist", "unnest"}
    assert functions() - known <= windows | {"unnest"}
    outward = (
        "read",
        "scan",
        "duckdb",
        "pragma",
        "pg_",
        "glob",
        "query",
        "current",
        "setting",
        "env",
        "sleep",
        "random",
    )
    assert [name for name in functions() if name.startswith(outward) or name.endswith(("_scan", "_sql"))] == []
