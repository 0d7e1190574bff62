"""The documents are true: what is made from the code is up to date, links lead somewhere, and every code block runs.

Blocks marked `console` are commands after `$` with their output, where `…` stands for anything; `python` blocks run
too; `text` is no code. Blocks marked `sh` are commands that a person runs; all of them are listed here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from openspending.assembly import Parts
from openspending.database.engine import alone
from openspending.identity import accounts, organisations, robots
from openspending.identity.secretcodes import NAMING
from openspending.settings import TABLE, read_settings
from tests.demo import InstallDemo
from tests.servers import Served, clean_environment, serving

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READING = {"http-api.md", "pages.md", "embedding.md"}  # they only ask a server that has the demo packages
API = [one for one in DOCUMENTS if one.parent.name == "api" or one.name in READING]
OTHERS = [one for one in DOCUMENTS if one not in API]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
ON_DEMO = {"compare.md", "operating.md", "sql.md"}  # their commands need the demo packages

BY_HAND = {
    "python3 start.py",
    "python3 start.py test",
    "python3 start.py setup",
    "openspending datastore init",
    "openspending doctor",
    "openspending serve",
    "export OS_STORAGE_BUCKET_NAME=datastore OS_S3_HOSTNAME=https://s3.example.org",
    "export OS_ACCESS_KEY_ID=… OS_SECRET_ACCESS_KEY=…",
}


@dataclass(frozen=True)
class Step:
    """One command of a document, and the output that the document shows."""

    language: str
    code: str
    expected: str


def blocks(document: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(document.read_text(encoding="utf-8"))


def targets(document: Path) -> list[str]:
    """What the document links to in the project."""
    return re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8"))


def steps(document: Path) -> Iterator[Step]:
    for language, content in blocks(document):
        if language == "python":
            yield Step(language, content, "…")
        if language == "console":
            for session in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, *rest = session.split("\n")
                while rest and rest[0].startswith("> "):
                    command += "\n" + rest.pop(0)[2:]
                yield Step(language, command, "\n".join(rest))


def is_written(document: Path) -> bool:
    """Whether the document's requests need a token: then they have a server of their own."""
    return any("$TOKEN" in step.code for step in steps(document))


def tables() -> ModuleType:
    spec = spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_problems_is_the_catalogue() -> None:
    assert (ROOT / "docs" / "problems.md").read_text(encoding="utf-8") == tables().problems_page()


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert tables().settings_page(page) == page
    assert all(f"`{one.name}`" in page for one in TABLE)


def test_every_type_of_problem_is_documented() -> None:
    page = (ROOT / "docs" / "api" / "errors.md").read_text(encoding="utf-8")
    assert tables().errors_page(page) == page


def test_every_document_is_reachable_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document not in seen and document.suffix == ".md":
            seen.add(document)
            waiting.extend((document.parent / one).resolve() for one in targets(document))
    assert [one.name for one in DOCUMENTS if one not in seen] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    assert [one for one in targets(document) if not (document.parent / one).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_code_block_says_whether_it_runs(document: Path) -> None:
    assert {language for language, _ in blocks(document)} <= {"console", "python", "sh", "text"}
    by_hand = {line for language, content in blocks(document) if language == "sh" for line in content.splitlines()}
    assert by_hand <= BY_HAND


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """A folder to walk in, with the demo packages in `examples`, as in a source tree."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def run(step: Step, folder: Path, server: Served | None, **further: str) -> str:
    tools = Path(sys.executable).parent
    # pyarrow may abort when a program ends that read an open file in several threads (apache/arrow#50482)
    further = {"OMP_NUM_THREADS": "1", **further}
    environment = clean_environment(PATH=f"{tools}{os.pathsep}{os.environ['PATH']}", **further)
    shell = [sys.executable, "-c"] if step.language == "python" else ["bash", "-c"]
    done = subprocess.run(
        [*shell, step.code.replace(ADDRESS, server.address) if server else step.code],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{step.code}\n{done.stdout}"
    return done.stdout


def agrees(expected: str, output: str) -> bool:
    """Whether `output` is `expected`, where a `…` stands for any text and ends of lines do not count."""

    def tidy(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())

    pattern = ".*?".join(re.escape(part) for part in tidy(expected).split("…"))
    return re.fullmatch(pattern, tidy(output), flags=re.DOTALL) is not None


@pytest.fixture(scope="module")
def read_only(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the demo packages, of which documents only ask."""
    with serving(install_demo(tmp_path_factory.mktemp("read-only") / "data")) as server:
        yield server


@dataclass(frozen=True)
class Writable:
    """A server, and the token of a robot that may do everything for the organisation “treasury”."""

    server: Served
    token: str


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A server to which documents write."""
    data = tmp_path_factory.mktemp("writable")
    with serving(data) as server:
        with Parts(read_settings({}, data=data)) as parts, alone(parts.engine, NAMING) as connection:
            ada = accounts.create(connection, "ada", title="Ada")
            accounts.create(connection, "ben", title="Ben")
            organisations.create(connection, "treasury", "Treasury", ada, parts.installation.names)
        with Parts(read_settings({}, data=data)) as parts:
            yield Writable(server, robots.create(parts.engine, ada.id, title="docs", scopes=None, days=1)[1])


@pytest.mark.slow
@pytest.mark.parametrize("document", [one for one in API if is_written(one)], ids=lambda path: path.name)
def test_what_a_document_writes_is_done_as_it_says(document: Path, walk: Path, writable: Writable) -> None:
    for step in steps(document):
        output = run(step, walk, writable.server, TOKEN=writable.token)
        assert agrees(step.expected, output), f"$ {step.code}\n{output}\nshown in {document.name}:\n{step.expected}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "document", [one for one in API if any(steps(one)) and not is_written(one)], ids=lambda path: path.name
)
def test_the_requests_of_a_document_are_answered_as_it_says(document: Path, walk: Path, read_only: Served) -> None:
    for step in steps(document):
        output = run(step, walk, read_only)
        assert agrees(step.expected, output), f"$ {step.code}\n{output}\nshown in {document.name}:\n{step.expected}"


@pytest.mark.slow
@pytest.mark.parametrize("document", [one for one in OTHERS if any(steps(one))], ids=lambda path: path.name)
def test_the_commands_of_a_document_do_what_it_says(document: Path, walk: Path, install_demo: InstallDemo) -> None:
    data = install_demo(walk / "data") if document.name in ON_DEMO else walk / "data"
    asks = any(ADDRESS in step.code for step in steps(document))
    with serving(data) if asks else nullcontext() as server:
        for step in steps(document):
            output = run(step, walk, server)
            assert agrees(step.expected, output), f"$ {step.code}\n{output}\nshown in {document.name}:\n{step.expected}"
