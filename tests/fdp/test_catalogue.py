"""The catalogue and the code that reports problems know the same kinds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import openspending
from openspending.fdp.catalogue import CATALOGUE, merged
from openspending.fdp.catalogue.kind import Kind

pytestmark = pytest.mark.slow

SOURCE = Path(openspending.__file__).parent
CODE = [one for one in SOURCE.rglob("*.py") if one.parent.name != "catalogue"]
REPORTING = {"problem", "report", "note", "_report"}


def nodes() -> Iterator[ast.AST]:
    for module in CODE:
        yield from ast.walk(ast.parse(module.read_text(encoding="utf-8")))


def texts() -> set[str]:
    return {one.value for one in nodes() if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def codes_reported() -> Iterator[str]:
    """The codes that are written out where something is reported, also “a if … else b”."""
    for call in nodes():
        if isinstance(call, ast.Call):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            for argument in call.args[:1] if called in REPORTING else ():
                branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                yield from (
                    one.value for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_kind_is_reported_somewhere() -> None:
    assert sorted(set(CATALOGUE) - texts()) == []


def test_every_code_that_is_reported_is_in_the_catalogue() -> None:
    reported = set(codes_reported()) | {one for one in texts() if one.startswith("fiscal/")}
    assert len(reported) > 80
    assert sorted(reported - set(CATALOGUE)) == []


def test_two_subjects_cannot_describe_one_problem() -> None:
    kind = Kind("A title", "error", "What is wrong.", "How to mend it.")
    with pytest.raises(ValueError, match="fiscal/twice"):
        merged({"fiscal/twice": kind}, {"fiscal/once": kind, "fiscal/twice": kind})


def test_every_kind_has_a_title_a_severity_and_sentences() -> None:
    for code, kind in CATALOGUE.items():
        assert kind.severity in {"error", "warning"}, code
        assert kind.title[0].isupper(), code
        assert not kind.title.endswith("."), code
        for template in (kind.message, kind.fix):
            assert template.endswith((".", "}")), code
            assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(template)), code
