"""What is said in `said`, `later`, the catalogue of problems and refusals, found in the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

import openspending
from openspending.fdp.catalogue import CATALOGUE
from openspending.httpproblems import by_name

SOURCE: Final = Path(openspending.__file__).parent
SAYING: Final = ("said", "later")
_PAGES: Final = ("browse", "viz")  # whose sentences are those of pages


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(place, call) of everything that is said."""
    for path in sorted(SOURCE.rglob("*.py")):
        within = path.relative_to(SOURCE)
        text = path.read_text(encoding="utf-8")
        if within.parts[0] in _PAGES or "openspending.speaking" not in text:
            continue
        for one in ast.walk(ast.parse(text)):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in SAYING:
                yield f"{within}:{one.lineno}", one


def written() -> dict[str, str]:
    """Every template that is said somewhere, and where."""
    found = {one: code for code, kind in CATALOGUE.items() for one in (kind.title, kind.message, kind.fix)}
    for name, one in by_name().items():
        found |= dict.fromkeys((one.title, one.meaning, one.remedy), name)
    for place, call in calls():
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.setdefault(first.value, place)
    return found


def places(template: str) -> set[str]:
    """What stands in the braces of a template, with how it is to be written."""
    return {f"{name}:{form}" for _, name, form, _ in Formatter().parse(template) if name is not None}
