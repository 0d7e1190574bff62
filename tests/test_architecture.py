"""The rules of shape that no linter checks; the layers themselves are import-linter's, in pyproject.toml."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "openspending"
MODULES = sorted(SOURCE.rglob("*.py"))
TEXTS = {".py", ".md", ".toml", ".lock", ".json", ".html", ".css", ".txt", ".yml", ".yaml", ".cfg", ""}
GENERATED = {
    ".git",
    ".venv",
    "node_modules",
    "built",
    "data",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler", "processor"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 45
PACKAGES = sorted(one.parent for one in SOURCE.rglob("__init__.py") if one.parent != SOURCE)


def project_files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [one for one in folders if one not in GENERATED]
        yield from (
            path for path in (Path(folder, one) for one in names) if path.suffix in TEXTS and path.name != ".git"
        )


@cache
def nodes(module: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))


def test_the_environment_is_read_in_settings_only() -> None:
    readers = {
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        for node in nodes(module)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and "environ" in {one.name for one in node.names})
    }
    assert readers <= {"settings.py"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_is_short_named_after_its_subject_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    assert not FORBIDDEN_NAMES & set(module.relative_to(SOURCE).with_suffix("").parts)
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_package_says_what_each_of_its_modules_is_for(package: Path) -> None:
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    modules = {one.stem for one in package.glob("*.py")} - {"__init__"}
    assert sorted(one for one in modules if not re.search(rf"^\s*{one}\s", said, flags=re.MULTILINE)) == []


def test_functions_are_short() -> None:
    long = [
        f"{module.relative_to(SOURCE)}:{node.lineno} {node.name}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_error_is_swallowed_by_catching_everything() -> None:
    broad = [
        f"{module.relative_to(SOURCE)}:{node.lineno}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert broad == []


def test_money_never_meets_binary_floating_point() -> None:
    floats = [
        f"{module.relative_to(SOURCE)}:{node.lineno}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert floats == []


def test_nothing_waits_to_be_written() -> None:
    unfinished = re.compile("TO" + "DO|FIX" + "ME|raise NotImplemented")
    assert [path.name for path in MODULES if unfinished.search(path.read_text(encoding="utf-8"))] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    # a folder of somebody's machine, or an address in a lock file, works for nobody else
    absolute = re.compile(
        r"(?<![\w.-])/(?:work|root|home/\w+|Users/\w+)/[\w.]|/tmp/[A-Za-z0-9]{6,}|://\S+/simp(?:le)\b"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in project_files()
        if (match := absolute.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert found == []


def test_the_locks_pin_everything_by_hash_and_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all(re.match(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+ .*\\$", line) for line in pins)
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text


def test_the_development_lock_contains_the_runtime_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
