"""Every test of the command line has a folder of its own and no settings from outside."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the data, the terminal or the settings of whoever runs it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("OS_DATA", "OS_STORAGE_BUCKET_NAME", "OS_PRIVATE_BUCKET_NAME", "OS_PORT", "OS_HOST"):
        monkeypatch.delenv(name, raising=False)
