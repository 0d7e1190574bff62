"""The demo packages as an installation that has published them: made once for all processes that run tests at once."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import openspending

InstallDemo = Callable[[Path], Path]


@pytest.fixture(scope="session")
def install_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> InstallDemo:
    """Makes a folder that is not there yet what `openspending demo` makes of it, by copying; gives the folder back."""
    own = tmp_path_factory.getbasetemp()
    kept = (own if worker_id == "master" else own.parent) / "demo"

    def install(folder: Path) -> Path:
        kept.mkdir(exist_ok=True)
        data, made = kept / "data", kept / "made"
        with (kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                done = openspending("--data", str(data), "demo")
                assert done.returncode == 0, done.stderr
                made.touch()
        shutil.copytree(data, folder)
        return folder

    return install
