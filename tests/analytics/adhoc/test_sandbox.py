"""The sandbox: answers exactly, one question does not disturb another, and all of it ends when it should."""

from __future__ import annotations

import csv
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openspending.analytics.adhoc import tables, wire
from openspending.analytics.adhoc.bounds import LARGEST_ANSWER, Bounds
from openspending.analytics.adhoc.question import Cancelled, Question
from openspending.analytics.adhoc.sandbox import WAITING, Sandbox
from openspending.analytics.adhoc.starting import Starter
from openspending.analytics.livecubes import LiveCubes
from openspending.errors import Busy, OpenSpendingError, TooMuch
from tests.analytics.adhoc.conftest import BOUNDS, EXAMPLES, Ask

pytestmark = pytest.mark.slow

SIX = [{"a": 6}]
YEARS = [{"2023": 1, "2024": 2}]
FACTS = 'demo."suginami-2013@1"'
ENDLESS = "SELECT sum(hash(range)) AS a FROM range(1000000000000)"


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a bounded time."""
    for _ in range(400):
        if holds():
            return
        time.sleep(0.01)
    assert holds()


def children(sandbox: Sandbox) -> list[psutil.Process]:
    assert sandbox.starter is not None
    found = psutil.Process(sandbox.starter).children()
    return [one for one in found if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def asked(sandbox: Sandbox, question: Question) -> None:
    """Ask, and want the answer, of no dataset."""
    with sandbox.turn(question):
        question.names()
        question.answer([])


def test_sums_are_those_of_the_publishers_file_to_the_last_digit(ask: Ask) -> None:
    source = next((EXAMPLES / "suginami-2013").rglob("*.csv"))
    with source.open(encoding="utf-8", newline="") as file:
        amounts = [Decimal(row["amount"]) for row in csv.DictReader(file)]
    (row,) = ask(f"SELECT sum(amount) AS total, count(*) AS facts, max(amount) AS most FROM {FACTS}").values.to_pylist()
    assert row == {"total": sum(amounts), "facts": len(amounts), "most": max(amounts)}


def test_long_amounts_keep_every_digit(ask: Ask) -> None:
    amounts = [Decimal(f"{number}99999999999999999.{number:02}") for number in range(10, 60)]
    listed = ", ".join(f"({amount}::DECIMAL(38, 2))" for amount in amounts)
    (row,) = ask(f"SELECT sum(a) AS total, min(a) AS least FROM (VALUES {listed}) AS t(a)").values.to_pylist()
    assert row == {"total": sum(amounts), "least": min(amounts)}


def test_a_revision_is_asked_by_its_number_with_quotes_or_without(ask: Ask) -> None:
    first, second = (
        ask(f"SELECT count(*) AS n FROM demo.suginami-2013@{n}").values.to_pylist()[0]["n"] for n in (1, 2)
    )
    assert first == second + 1
    both = f'SELECT _rid FROM {FACTS} EXCEPT SELECT _rid FROM demo."suginami-2013"'
    assert ask(both).values.num_rows == 1


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT 1 AS a -- comment", [{"a": 1}]),
        ("VALUES (1)", [{"col0": 1}]),
        ("FROM range(2) AS t(a)", [{"a": 0}, {"a": 1}]),
        ("WITH t AS (SELECT 1 AS a) SELECT * FROM t UNION ALL SELECT 2 ORDER BY a DESC", [{"a": 2}, {"a": 1}]),
        ("WITH RECURSIVE r(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM r WHERE a < 3) SELECT sum(a) AS a FROM r", SIX),
        ("SELECT a, row_number() OVER (ORDER BY a) AS b FROM (VALUES ('x')) t(a)", [{"a": "x", "b": 1}]),
        ("SELECT list_sum(list_transform([1, 2], lambda x: x * 2)) AS a", SIX),
        ("SELECT year(DATE '2026-12-31' + INTERVAL 1 DAY) - 2021 AS a", [{"a": 6}]),
        ("SELECT 'a'::ENUM ('a', 'b') AS a, NULL AS b, [1]::VARCHAR AS c", [{"a": "a", "b": None, "c": "[1]"}]),
        ("SELECT * FROM (VALUES (2023, 1), (2024, 2)) t(y, n) PIVOT (sum(n) FOR y IN (2023, 2024))", YEARS),
        ("SELECT count(*) AS n FROM demo.moldova m JOIN demo.moldova n USING (_rid)", [{"n": 2000}]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_sql_is_for_is_answered(ask: Ask, query: str, rows: list[dict[str, object]]) -> None:
    assert ask(query).values.to_pylist() == rows


def test_the_same_question_is_the_same_however_it_is_written(sandbox: Sandbox) -> None:
    found = []
    for query in (f"SELECT count(*) FROM {FACTS}", f"select /* all */\n count ( * )\nfrom {FACTS} -- facts"):
        with sandbox.turn(sandbox.question(query)) as question:
            found.append(question.names())
    assert found[0] == found[1]
    assert found[0][0] == [("demo", "suginami-2013@1")]


def test_a_child_sees_nothing_of_the_server(sandbox: Sandbox, ask: Ask) -> None:
    ask("SELECT 1 AS a")
    assert sandbox.starter is not None
    starter = psutil.Process(sandbox.starter)
    assert set(starter.environ()) == {
        "ARROW_DEFAULT_MEMORY_POOL",
        "JE_ARROW_MALLOC_CONF",
        "LC_ALL",
        "MALLOC_ARENA_MAX",
        "OPENBLAS_NUM_THREADS",
    }
    assert starter.num_threads() == 1
    assert starter.open_files() == []
    assert not Path(starter.cwd()).exists()


def test_a_cancelled_question_ends_its_process_and_no_other(sandbox: Sandbox, ask: Ask) -> None:
    question = sandbox.question(ENDLESS)
    threading.Timer(0.3, lambda: sandbox.cancel(question)).start()
    with pytest.raises(Cancelled):
        asked(sandbox, question)
    until(lambda: not children(sandbox))
    assert ask("SELECT 1 AS a").values.num_rows == 1


def test_what_is_left_unanswered_leaves_no_process(sandbox: Sandbox) -> None:
    with sandbox.turn(sandbox.question("SELECT 1 AS a")) as question:
        question.names()
    until(lambda: not children(sandbox))


def test_a_starter_that_was_killed_is_begun_anew(ask: Ask, sandbox: Sandbox) -> None:
    ask("SELECT 1 AS a")
    assert sandbox.starter is not None
    os.kill(sandbox.starter, signal.SIGKILL)
    assert ask("SELECT 2 AS a").values.to_pylist() == [{"a": 2}]


def test_who_cannot_wait_is_told_and_who_waits_is_cancelled_or_gets_a_turn() -> None:
    sandbox = Sandbox(BOUNDS, processes=1)
    outcomes: list[str] = []

    def wait(question: Question) -> None:
        try:
            with sandbox.turn(question):
                outcomes.append("turn")
        except OpenSpendingError as error:
            outcomes.append(type(error).__name__)

    with sandbox.turn(sandbox.question("SELECT 1 AS a")):
        questions = [sandbox.question("SELECT 1 AS a") for _ in range(WAITING)]
        waiting = [threading.Thread(target=wait, args=(question,)) for question in questions]
        for one in waiting:
            one.start()
        until(lambda: sandbox._inside == sandbox.places)
        with pytest.raises(Busy) as refused, sandbox.turn(sandbox.question("SELECT 1 AS a")):
            pass
        assert refused.value.retry_after > 0
        sandbox.cancel(questions[0])
        waiting[0].join()
    for one in waiting:
        one.join()
    assert sorted(outcomes) == ["Cancelled", *["turn"] * (WAITING - 1)]
    sandbox.close()


def test_closing_ends_every_process() -> None:
    sandbox = Sandbox(BOUNDS, processes=1)
    with sandbox.turn(sandbox.question("SELECT 1 AS a")):
        assert sandbox.starter is not None
        family = [psutil.Process(sandbox.starter), *children(sandbox)]
        sandbox.close()
        until(lambda: not any(one.is_running() for one in family))


@pytest.mark.slow
def test_a_runaway_query_is_stopped_and_others_are_not_disturbed(sandbox: Sandbox, ask: Ask) -> None:
    ended: list[str] = []

    def run_away() -> None:
        try:
            ask(ENDLESS)
        except TooMuch as error:
            ended.append(str(error))

    runaway = threading.Thread(target=run_away)
    runaway.start()
    until(lambda: len(children(sandbox)) == 1)
    for number in range(10):
        assert ask(f"SELECT {number} AS a").values.to_pylist() == [{"a": number}]
    assert not ended
    runaway.join()
    assert "2 seconds" in ended[0]
    until(lambda: not children(sandbox))


@pytest.mark.slow
def test_when_the_server_is_killed_its_processes_end() -> None:
    program = (
        "import os, signal\n"
        "from openspending.analytics.adhoc.bounds import Bounds\n"
        "from openspending.analytics.adhoc.sandbox import Sandbox\n"
        "sandbox = Sandbox(Bounds(), 1)\n"
        f"question = sandbox.question({ENDLESS!r})\n"
        "with sandbox.turn(question):\n"
        "    question.names()\n"
        "    print(sandbox.starter, question._child[1], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    family = [int(number) for number in done.stdout.split()]
    assert len(family) == 2
    until(lambda: not any(psutil.pid_exists(one) for one in family))


class Impostor(Starter):
    """Forks nothing: whoever asks it talks to a child that sends what it likes, and then nothing more."""

    def __init__(self, *content: bytes) -> None:
        super().__init__()
        self._content = content

    def fork(self) -> tuple[socket.socket, int]:
        ours, its = socket.socketpair()
        threading.Thread(target=self._send, args=(its,)).start()
        return ours, 0

    def _send(self, connection: socket.socket) -> None:
        with connection:
            try:
                for one in self._content:
                    connection.sendall(one)
            except OSError:
                return


def message(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


NAMED = message(wire.NAMES, b'{"tables": [], "identity": "a"}')
COLUMNS = message(wire.COLUMNS, b'[{"name": "a", "type": "BIGINT"}]')
HOSTILE = {
    "nothing": [],
    "noise": [os.urandom(0) + bytes(range(256)) * 10],
    "endless message": [wire.NAMES + b"\xff\xff\xff\xff"],
    "other kind": [message(wire.END, b"")],
    "no json": [message(wire.NAMES, b"{")],
    "other shape": [message(wire.NAMES, b'{"tables": 1}')],
    "deep json": [message(wire.NAMES, b"[" * 100_000)],
    "refusal of another shape": [message(wire.REFUSED, b"[]")],
    "no columns": [NAMED, message(wire.COLUMNS, b"{}")],
    "no arrow": [NAMED, COLUMNS, message(wire.ROWS, b"not arrow"), message(wire.END, b"")],
    "no rows": [NAMED, COLUMNS, message(wire.END, b"")],
    "too many bytes": [NAMED, COLUMNS, *[message(wire.ROWS, bytes(1 << 20))] * (LARGEST_ANSWER // (1 << 20) + 2)],
    "half an answer": [NAMED, COLUMNS, message(wire.ROWS, b"\xff\xff\xff\xff\x10\x00\x00\x00")],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_server_believes_nothing_that_a_child_sends(content: list[bytes]) -> None:
    sandbox = Sandbox(Bounds(seconds=2), processes=1)
    with pytest.raises(OpenSpendingError):
        asked(sandbox, Question("SELECT 1", sandbox.bounds, Impostor(*content)))


WORDS = """SELECT
FROM WHERE GROUP BY ORDER LIMIT WITH RECURSIVE AS ( ) , . ; * + - / || = < > [ ] { } :: ' " $$ -- /* */
a b amount year demo demo.moldova demo."suginami-2013" demo.moldova@1 1 0 1e400 NULL DATE INTERVAL CASE WHEN END
JOIN LATERAL UNION ALL OVER PARTITION COPY SET PRAGMA ATTACH range( unnest( sum( count( repeat( getenv( lambda x:
PIVOT UNPIVOT VALUES EXISTS IN NOT LIKE COLLATE CAST( DISTINCT QUALIFY FILTER SAMPLE é 💰 \ufeff \x01 \ud800"""


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(words=st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=25))
def test_whatever_is_asked_the_server_answers_or_refuses(sandbox: Sandbox, cubes: LiveCubes, words: list[str]) -> None:
    with suppress(OpenSpendingError):
        tables.answer(sandbox, cubes, "SELECT " + " ".join(words))
    assert sandbox.starter is not None
