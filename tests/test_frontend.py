"""The front end's own tests, where there are a Node and what `npm ci` installs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
VITEST = FRONTEND / "node_modules" / "vitest" / "vitest.mjs"


def test_scripts_do_what_their_tests_say() -> None:
    node = shutil.which("node")
    if node is None or not VITEST.exists():
        pytest.skip("there is no Node here, or frontend/node_modules is not installed")
    done = subprocess.run(
        [node, str(VITEST), "run", "--reporter=dot"],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
