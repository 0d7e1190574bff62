"""A recipe without sense is refused with all that is wrong in it; none ends in a traceback."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from openspending.errors import OpenSpendingError
from openspending.etl.importing.recipe import precedent_of_recipe
from openspending.fdp.problems import PackageRejected
from tests.etl.importing.files import inspected, lines, wide
from tests.etl.importing.test_recipe import SOURCE_SPEC

PACKAGE: dict[str, Any] = {
    "name": "budget",
    "title": "Budget",
    "decisions": {"facts": "together"},
    "controls": [{"equals": "812.50", "source": "the law"}],
    "resources": [
        {
            "name": "lines",
            "path": "2025.csv",
            "encoding": "utf-8",
            "dialect": {"headerRows": [1], "delimiter": ","},
            "leaveOut": [{"kind": "total", "where": {"Ministry": ["Total"]}}, {"kind": "note", "empty": ["Year"]}],
            "schema": {
                "fields": [
                    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year", "aliases": ["Jahr"]},
                    {"name": "Ministry", "type": "string"},
                    {"name": "Amount (EUR)", "type": "number", "columnType": "value", "factor": 1000},
                ],
                "foreignKeys": [{"fields": ["Ministry"], "reference": {"resource": "list", "fields": ["Code"]}}],
                "extraFields": [{"name": "Direction", "columnType": "direction", "constant": "revenue"}],
            },
        }
    ],
}
WIDE: dict[str, Any] = {
    "resources": [
        {
            "schema": {
                "fields": [{"name": "2023", "type": "number", "normalize": {"Year": 2023}}],
                "extraFields": [
                    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year"},
                    {"name": "Value", "type": "number", "columnType": "value", "normalizationTarget": True},
                ],
            }
        }
    ]
}
SPEC: dict[str, Any] = yaml.safe_load(SOURCE_SPEC)
ODD: tuple[Any, ...] = (None, 7, "x", [], {}, [7], {"x": 1}, True, [[]])


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    if path:
        yield path
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield from places(node[key], (*path, key))


def mutations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one value after the other replaced by something odd."""
    for *path, last in places(document):
        for odd in ODD:
            found = copy.deepcopy(document)
            node: Any = found
            for key in path:
                node = node[key]
            node[last] = odd
            yield found


@pytest.mark.parametrize("document", [PACKAGE, WIDE, SPEC], ids=["package", "wide", "spec"])
def test_no_odd_value_in_a_recipe_is_a_traceback_when_it_is_read(document: dict[str, Any]) -> None:
    read, refused = 0, 0
    for one in mutations(document):
        try:
            precedent_of_recipe(one, "package.yaml")
            read += 1
        except PackageRejected:
            refused += 1

    assert min(read, refused) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("document", "text"),
    [(PACKAGE, lines(2025)), (WIDE, wide([2023, 2024])), (SPEC, wide([2016, 2017]))],
    ids=["package", "wide", "spec"],
)
def test_no_odd_value_in_a_recipe_is_a_traceback_when_it_is_followed(
    tmp_path: Path, document: dict[str, Any], text: str
) -> None:
    followed = 0
    for number, one in enumerate(mutations(document)):
        if number % 13:
            continue
        try:
            found = inspected(tmp_path, {"2025.csv": text}, recipe=precedent_of_recipe(one, "package.yaml"))
            followed += 1
            found.opened()
        except OpenSpendingError:
            pass

    assert followed > 3


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "resources": [7, {"schema": {"fields": [{"title": "x"}, {"name": "a", "aliases": [1]}]}, "dialect": "csv"}]
    }
    with pytest.raises(PackageRejected) as refused:
        precedent_of_recipe(wrong, "package.yaml")

    words = [one.message for one in refused.value.report.problems]
    assert len(words) == 4
    assert all(one.file == "package.yaml" for one in refused.value.report.problems)
    for part in ("resource 1", "has no name", "aliases", "dialect"):
        assert any(part in word for word in words)
