"""Sets up and runs OpenSpending on a machine that has Python 3.11 or newer, with pip, and nothing else.

    python3 start.py              installs what is needed into .venv, loads the demo data, serves it, prints the address
    python3 start.py test         installs the tools of development too, then runs every check and every test;
                                  as root on Debian also the S3 server and the browser that some tests start
    python3 start.py setup        installs only (with the tools of development)
    python3 start.py COMMAND …    runs `openspending COMMAND …` from .venv

What is installed is exactly what `requirements.lock` (or `requirements-dev.lock`) names, each file checked by its hash.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

CHECKS: tuple[tuple[str, ...], ...] = (
    ("mypy",),
    # also compiles them all, which else each process that runs tests would do for itself
    ("pytest", "--collect-only", "--quiet"),
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("lint-imports",),
)
# on two cores: many tests wait for the servers that they started
TESTS = ("pytest", "--cache-clear", "-n", "4", "--dist", "worksteal")

TESTS_FAILED = 1  # the exit code of pytest
FEW = 5  # tests that may be run again when they failed: more are no accident

# what some tests start, and Debian's packages that have it; Ubuntu has no chromium, so each line is tried by itself
DEBIAN: tuple[dict[str, str], ...] = (
    {"radosgw": "radosgw", "ceph-mon": "ceph-mon", "ceph-osd": "ceph-osd", "ceph": "ceph-common"},
    {"chromium": "chromium"},
)


def main(arguments: list[str]) -> int:
    """Do what `arguments` ask for; the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said kindly to whoever starts it with an older Python
        print(f"OpenSpending needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    if arguments[:1] == ["test"]:
        install("requirements-dev.lock")
        install_servers()
        return test(arguments[1:])
    if arguments == ["setup"]:
        install("requirements-dev.lock")
        return 0
    install("requirements.lock")
    return run_openspending(arguments or ["demo", "--serve"])


def install(lock: str) -> None:
    """Make `.venv` hold what `lock` names and this project; at once when it does already."""
    wanted = fingerprint(lock)
    stamp = VENV / "installed.txt"
    if stamp.exists() and wanted in stamp.read_text(encoding="utf-8").split():
        return
    print(f"Installing into {VENV.name} from {lock} (once; about a minute) …", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
    pip("install", "--require-hashes", "-r", str(HERE / lock))
    pip("install", "--no-deps", "--editable", str(HERE))
    # the development lock contains the runtime lock, so after it both are satisfied
    done = [wanted] if lock == "requirements.lock" else [wanted, fingerprint("requirements.lock")]
    stamp.write_text("\n".join(done) + "\n", encoding="utf-8")


def fingerprint(lock: str) -> str:
    """What an installation from `lock` depends on, as one hash."""
    content = (HERE / lock).read_bytes() + (HERE / "pyproject.toml").read_bytes() + sys.version.encode()
    sources = sorted(one for one in (HERE / "frontend").rglob("*") if one.is_file() and "node_modules" not in one.parts)
    content += b"".join(one.read_bytes() for one in sources)  # installing builds what browsers load
    return f"{lock}:{hashlib.sha256(content).hexdigest()}"


def pip(*arguments: str) -> None:
    """Run the machine's own pip on `.venv`, which therefore needs no pip. Exits when it fails."""
    if importlib.util.find_spec("pip") is None:
        sys.exit("pip is missing. Install it (Debian: apt-get install python3-pip) and run this again.")
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--quiet", "--disable-pip-version-check"]
    finished = subprocess.run([*command, *arguments], check=False)
    if finished.returncode != 0:
        sys.exit(f"Installing failed: pip {' '.join(arguments)}")


def install_servers() -> None:
    """Install what `DEBIAN` lists and this machine lacks. Where that cannot be, the tests that need it are left out."""
    for programs in DEBIAN:
        missing = [package for program, package in programs.items() if shutil.which(program) is None]
        if missing and not apt_get(missing):
            print(f"Without {' '.join(missing)}: the tests that need it are left out.", file=sys.stderr, flush=True)


def apt_get(packages: list[str]) -> bool:
    """Whether Debian's package manager installed `packages`; False where there is none, or nobody who may."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    print(f"Installing {' '.join(packages)} (once) …", file=sys.stderr, flush=True)
    quiet = ("apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20")
    wanted = ("install", "-y", "--no-install-recommends", *packages)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(
        subprocess.run([*quiet, *words], env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for words in (("update",), wanted)
    )


def test(extra: list[str]) -> int:
    """Run every check, then every test, also after one failed; `extra` goes to pytest. 0 when all passed.

    Tests that failed are run again, alone, when they are few: what a busy machine disturbed passes then, and is named;
    what is broken fails again.
    """
    # hundreds of processes import the same modules; whoever forbids to keep them compiled means other things
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    failed = check(environment)
    words = [*TESTS, *extra]
    print(f"\n── {' '.join(words)}", flush=True)
    begun = time.monotonic()
    code = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=HERE, env=environment, check=False).returncode
    if code == TESTS_FAILED:
        code = again(extra, environment)
    if code != 0:
        failed.append("pytest")
    print(f"   {time.monotonic() - begun:.0f} s", flush=True)
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nEverything passed.")
    return 1 if failed else 0


def check(environment: dict[str, str]) -> list[str]:
    """Run all `CHECKS` at once, and print how each ended, or all that it says when it failed; the names of those."""
    begun = time.monotonic()
    running = [
        subprocess.Popen(
            [str(BIN / name), *words],
            cwd=HERE,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, *words in CHECKS
    ]
    failed = []
    for words, process in zip(CHECKS, running, strict=True):
        said = process.communicate()[0].rstrip()
        if process.returncode != 0:
            failed.append(words[0])
        else:
            said = said.rpartition("\n")[2]
        print(f"\n── {' '.join(words)}\n{said}", flush=True)
    print(f"   {time.monotonic() - begun:.0f} s", flush=True)
    return failed


def again(extra: list[str], environment: dict[str, str]) -> int:
    """Run the tests that failed once more; 0 when they are at most `FEW` and all pass now."""
    failures = HERE / ".pytest_cache" / "v" / "cache" / "lastfailed"
    names = sorted(json.loads(failures.read_text(encoding="utf-8"))) if failures.exists() else []
    if not 0 < len(names) <= FEW:
        return TESTS_FAILED
    code = subprocess.run(
        [str(BIN / "pytest"), "--last-failed", *extra], cwd=HERE, env=environment, check=False
    ).returncode
    if code == 0:
        print("UNSTEADY, they passed only when they were run again:", *names, sep="\n  ", flush=True)
    return code


def run_openspending(arguments: list[str]) -> int:
    """Become `openspending …`, so that Ctrl-C and exit codes are its own."""
    program = str(BIN / "openspending")
    if os.name == "posix":
        os.execv(program, [program, *arguments])
    return subprocess.run([program, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
