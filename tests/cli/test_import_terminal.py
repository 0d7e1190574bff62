"""`import` at a real terminal: questions are asked one by one, and nothing is stored before a person says yes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.etl.importing.files import lines, total, write
from tests.servers import clean_environment

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds
UNSURE = "in thousand EUR,,,\nin million EUR,,,\n\n" + lines(2025)
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program at a pseudo-terminal, which a person reads and writes to."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process, self.end, self.raw = process, end, ""

    @property
    def screen(self) -> str:
        """All that was shown, without colours."""
        return COLOURS.sub("", self.raw)

    def sees(self, words: str) -> None:
        """Wait for words."""
        until = time.monotonic() + PATIENCE
        while words not in self.screen:
            assert time.monotonic() < until, self.screen
            if not self._read():
                assert words in self.screen, self.screen
                return

    def types(self, line: str) -> None:
        """Type a line."""
        os.write(self.end, line.encode() + b"\n")

    def code(self) -> int:
        """The exit code, after all that is shown."""
        until = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < until, self.screen
        return self.process.wait(PATIENCE)

    def breaks_off(self) -> int:
        """Press Ctrl-C, and again when nothing happens: one that comes just before a read is seen after that read."""
        for _ in range(6):
            self.process.send_signal(signal.SIGINT)
            until = time.monotonic() + PATIENCE / 6
            while time.monotonic() < until:
                if not self._read():
                    return self.code()
        raise AssertionError(self.screen)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.end], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            found = os.read(self.end, 65536)
        except OSError:  # the program closed its end
            return False
        self.raw += found.decode(errors="replace")
        return bool(found)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    """The command line in a process of its own, all of it at a terminal."""
    ours, theirs = pty.openpty()
    # whoever runs the tests in the background lets no Ctrl-C through, which a child would inherit
    listening = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    )
    program = str(Path(sys.executable).parent / "openspending")
    command = [sys.executable, "-c", listening, program, *arguments]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=clean_environment())
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def importing(*more: str, text: str = lines(2025)) -> Sequence[str]:
    (file,) = write(Path("files"), {"2025.csv": text})
    return ("--data", "data", "import", file, "--into", "treasury/budget", *more)


def stored() -> list[Path]:
    return list(Path("data").rglob("*.json"))


def test_a_question_is_answered_by_number_then_the_whole_is_agreed_to() -> None:
    with terminal(*importing(text=UNSURE)) as person:
        person.sees("Your answer")
        assert re.search(r"1\. \S+ ", person.screen)
        assert stored() == []
        person.types("99")
        person.sees("none of the choices")
        person.types(re.findall(r"(\d)\. 1000 ", person.screen)[0])
        person.sees("Publish it?")
        assert stored() == []
        person.types("y")
        person.sees("treasury/budget published as revision 1: 24 facts.")
        assert person.code() == 0
    assert f"{1000 * total(2025):,.0f}" in person.screen
    assert stored() != []


def test_an_answer_may_be_typed_as_its_value() -> None:
    with terminal(*importing(text=UNSURE)) as person:
        person.sees("Your answer")
        person.types("1000000")
        person.sees("Publish it?")
        person.types("n")
        assert person.code() == 4
    assert "Nothing was stored." in person.screen
    assert stored() == []


def test_what_is_sure_is_not_asked_and_agreed_to_with_one_key() -> None:
    with terminal(*importing()) as person:
        person.sees("Publish it?")
        assert "Your answer" not in person.screen
        person.types("")
        person.sees("published as revision 1")
        assert person.code() == 0


def test_with_yes_nothing_is_asked_and_open_questions_are_exit_code_4() -> None:
    with terminal(*importing("--yes", text=UNSURE)) as person:
        assert person.code() == 4
    assert "Your answer" not in person.screen
    assert "--set 'unit=" in person.screen
    assert stored() == []


def test_with_json_nothing_is_asked_at_a_terminal_either() -> None:
    with terminal(*importing("--json", text=UNSURE)) as person:
        assert person.code() == 4
    assert "Your answer" not in person.screen


def test_whoever_breaks_off_stores_nothing_and_sees_no_traceback() -> None:
    with terminal(*importing(text=UNSURE)) as person:
        person.sees("Your answer")
        assert person.breaks_off() in {1, 130}
    assert "Traceback" not in person.screen
    assert stored() == []


def test_whoever_closes_the_input_stores_nothing_and_sees_no_traceback() -> None:
    with terminal(*importing(text=UNSURE)) as person:
        person.sees("Your answer")
        os.write(person.end, b"\x04")
        assert person.code() in {1, 130}
    assert "Traceback" not in person.screen
    assert stored() == []


def test_a_bar_tells_how_far_it_is_and_how_many_rows_a_second_it_reads() -> None:
    with terminal(*importing("--yes", text=lines(2025, count=250_000))) as person:
        assert person.code() == 0
    assert re.search(r"reading 2025\.csv: [\d,]+ rows", person.screen)
    assert re.search(r"[\d,]{5,} rows/s", person.screen)
    assert "\x1b[" in person.raw


def test_there_is_no_bar_where_nobody_looks() -> None:
    command = [str(Path(sys.executable).parent / "openspending"), *importing("--yes")]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=300, check=True)

    assert (done.stderr, done.returncode) == ("", 0)
    assert "\x1b" not in done.stdout
