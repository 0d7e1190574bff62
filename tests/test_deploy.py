"""What is given to operators fits the program: images, compose files, units and the rules of the gateway."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from litestar.testing import TestClient

from openspending.assembly import COMPONENTS, application, chosen
from openspending.cli.commands import app
from openspending.settings import TABLE, read_settings
from tests.gateway import CADDYFILE, Rule, rules

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = sorted(ROOT.glob("compose*.yaml"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
SETTINGS = {one.name for one in TABLE}
OURS_ELSEWHERE = {"OS_SITE", "OS_S3_SITE"}  # the gateway's


def services(compose: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(compose.read_text(encoding="utf-8"))["services"]
    return found


def ours(compose: Path) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in services(compose).items() if one["image"] == "openspending"}


def assert_runs(arguments: list[str]) -> None:
    """The command line has this command, and its components."""
    command: Any = typer.main.get_command(app)
    while arguments and hasattr(command, "commands"):
        assert arguments[0] in command.commands, arguments
        command = command.commands[arguments.pop(0)]
    if command.name == "serve":
        chosen(one for one in arguments if not one.startswith("%"))
    else:
        assert not arguments


def instructions(word: str) -> list[str]:
    """What follows each instruction of that name in the Dockerfile, on one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return re.findall(rf"^{word} (.+)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("compose", COMPOSE, ids=lambda path: path.name)
def test_every_setting_of_a_compose_file_exists(compose: Path) -> None:
    for one in ours(compose).values():
        assert set(one["environment"]) <= SETTINGS
        assert read_settings(dict.fromkeys(one["environment"], ""))
    variables = set(re.findall(r"\bOS_[A-Z0-9_]+", compose.read_text(encoding="utf-8")))
    assert variables <= SETTINGS | OURS_ELSEWHERE


@pytest.mark.parametrize("compose", COMPOSE, ids=lambda path: path.name)
def test_every_command_of_a_compose_file_exists(compose: Path) -> None:
    for one in ours(compose).values():
        assert_runs(list(one["command"]))
        # what serves nobody has no health to ask for
        assert (one["command"][0] == "serve") == ("healthcheck" not in one)


@pytest.mark.parametrize("compose", COMPOSE, ids=lambda path: path.name)
def test_what_a_compose_file_refers_to_is_in_it(compose: Path) -> None:
    whole = yaml.safe_load(compose.read_text(encoding="utf-8"))
    for one in whole["services"].values():
        assert set(one.get("depends_on", ())) <= set(whole["services"])
        for source in (volume.partition(":")[0] for volume in one.get("volumes", ())):
            assert source in whole["volumes"] or (ROOT / source).exists(), source
        assert re.fullmatch(r"openspending|[a-z/.]+:[A-Za-z0-9.-]+", one["image"])
        assert not one["image"].endswith(":latest")


def test_the_apart_compose_file_runs_every_component_with_what_it_needs_and_no_more() -> None:
    found = ours(ROOT / "compose.apart.yaml")
    served = {one["command"][1] for one in found.values() if one["command"][0] == "serve"}
    assert served == set(COMPONENTS)
    assert {one["command"][0] for one in found.values()} == {"serve", "work", "follow", "datastore"}
    assert "OS_DATABASE_URL" not in found["read-api"]["environment"]
    assert not {"OS_DATABASE_URL", "OS_SECRET_ACCESS_KEY"} & set(found["browse"]["environment"])


def test_the_image_copies_what_there_is_and_runs_as_nobody_special() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for source in (one for line in instructions("COPY") if "--from" not in line for one in line.split()[:-1]):
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    assert instructions("USER") == ["openspending"]
    assert set(re.findall(r"\bOS_[A-Z0-9_]+", DOCKERFILE)) <= SETTINGS
    (entry,), (command,) = instructions("ENTRYPOINT"), instructions("CMD")
    assert json.loads(entry) == ["openspending"]
    assert_runs(json.loads(command))
    assert all(re.match(r"python:3\.11-slim( AS build)?$", one) for one in instructions("FROM"))


def test_the_image_asks_for_its_health_with_a_program_that_is_one() -> None:
    (check,) = instructions("HEALTHCHECK")
    python, flag, program = json.loads(check.partition("CMD ")[2])
    assert (python, flag) == ("python", "-c")
    assert ast.parse(program)
    assert "/health" in program


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_units_start_commands_that_exist_and_do_not_run_as_root(unit: Path) -> None:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[method-assign, assignment]
    parsed.read_string(unit.read_text(encoding="utf-8"))
    service = parsed["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/openspending")
    assert_runs(arguments)
    assert service["DynamicUser"] == "yes"
    assert service["Environment"].partition("=")[0] in SETTINGS
    assert int(service["TimeoutStopSec"]) >= 20


def operations(component: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Method and path of every operation of a component."""
    settings = read_settings({"OS_API_URL": "http://127.0.0.1:1"}, data=folder)
    with application(settings, frozenset({component})) as served, TestClient(served) as client:
        paths = client.get("/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            yield method.upper(), re.sub(r"\{[^}]+\}", "x", path)


@pytest.mark.parametrize("component", sorted(set(COMPONENTS) - {"browse"}))
def test_the_gateway_sends_every_operation_to_the_component_that_has_it(component: str, tmp_path: Path) -> None:
    sending = rules(CADDYFILE.read_text(encoding="utf-8"))
    astray = [
        f"{method} {path} → {went}"
        for method, path in operations(component, tmp_path)
        if not path.startswith(("/health", "/metrics", "/openapi.json"))  # which every process has
        and (went := sent_to(sending, method, path)) != component
    ]
    assert astray == []


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/search", "/gov", "/gov/budget", "/gov/budget/facts/1", "/static/openspending.css"),
        *("/q/abcdefghij", "/embed/gov/budget", "/oembed", "/og/gov/budget.png", "/static/openspending-chart.js"),
    ],
)
def test_the_gateway_sends_pages_to_those_who_make_them(path: str) -> None:
    assert sent_to(rules(CADDYFILE.read_text(encoding="utf-8")), "GET", path) == "browse"


@pytest.mark.parametrize("path", ["/manage", "/manage/account/tokens", "/manage/gov/budget/publish", "/import"])
def test_the_gateway_sends_forms_to_the_pages_that_take_them(path: str) -> None:
    sending = rules(CADDYFILE.read_text(encoding="utf-8"))
    assert {sent_to(sending, method, path) for method in ("GET", "HEAD", "POST")} == {"browse"}


def sent_to(sending: list[Rule], method: str, path: str) -> str:
    return next(one.component for one in sending if one.matches(method, path))
