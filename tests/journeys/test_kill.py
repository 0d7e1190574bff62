"""`kill -9` at any moment of `publish` leaves the old revision or the new one; running it again finishes the job."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from openspending.cli.demo import packages
from tests.servers import clean_environment, openspending

pytestmark = pytest.mark.exhaustive  # tests/publishing/test_publishing.py kills one too, at another moment each time


def run(data: Path, *arguments: str) -> dict[str, Any]:
    done = openspending("--data", str(data), *arguments, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def kill_after(seconds: float, data: Path, package: Path) -> None:
    command = [str(Path(sys.executable).parent / "openspending"), "--data", str(data)]
    with subprocess.Popen(
        [*command, "publish", str(package), "--owner", "gov", "--name", "budget"],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(seconds)
        process.kill()


def test_killed_at_any_moment_publish_leaves_one_revision_or_the_other(tmp_path: Path) -> None:
    small, large = (
        next(one for one in packages() if one.name == name) for name in ("suginami-2013", "moldova-boost-2014")
    )
    run(tmp_path, "publish", str(small), "--owner", "gov", "--name", "budget")
    begun = time.monotonic()
    run(tmp_path / "elsewhere", "publish", str(large), "--owner", "gov", "--name", "budget")
    takes = time.monotonic() - begun
    for part in range(2):
        kill_after(takes * (0.5 + 0.3 * part), tmp_path, large)
        assert run(tmp_path, "datastore", "verify")["intact"] is True
        (listed,) = run(tmp_path, "datasets")["datasets"]
        assert listed["revision"] in {1, 2}
    finished = run(tmp_path, "publish", str(large), "--owner", "gov", "--name", "budget")
    assert (finished["revision"], finished["rows"]) == (2, 2000)
    assert run(tmp_path, "rebuild", "--verify")["identical"] is True
