"""Columns become schema and model as os-types did it, its known defect mended."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from openspending.fdp.ostypes import model_fields

CASES = {one["id"]: one for one in json.loads((Path(__file__).parent / "data/fields-to-model.json").read_text("utf-8"))}


@pytest.mark.parametrize("name", [name for name in CASES if name != "codelist-prefix-defect"])
def test_recorded_answers_are_given_again(name: str) -> None:
    assert model_fields(CASES[name]["input"]) == CASES[name]["expected"]


def test_a_title_labels_the_code_and_not_the_code_list() -> None:
    # os-types compared beginnings of names, so that …:codeList passed for …:code when it came first
    case = copy.deepcopy(CASES["codelist-prefix-defect"])
    attributes = case["expected"]["model"]["dimensions"]["geo-source"]["attributes"]
    assert attributes["title"]["labelfor"] == "list"
    attributes["title"]["labelfor"] = "code"
    assert model_fields(case["input"]) == case["expected"]


def test_labels_of_one_type_are_paired_in_order() -> None:
    names = ["de", "de_name", "fr", "fr_name"]
    types = ["activity:generic:program:code", "activity:generic:program:label"] * 2
    fields = [{"name": name, "type": type_} for name, type_ in zip(names, types, strict=True)]
    attributes = model_fields(fields)["model"]["dimensions"]["activity"]["attributes"]
    assert attributes["de_name"]["labelfor"] == "de"
    assert attributes["fr_name"]["labelfor"] == "fr"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([1], {"general": ["Field items should be objects"], "perField": {}}),
        ([{"name": "a"}], {"general": ["Field items should have 'name' and 'type'"], "perField": {}}),
        ([{"name": "a", "type": "x"}], {"general": [], "perField": {"a": ["Got unknown type x"]}}),
        (
            [{"name": "a", "type": "value"}, {"name": "a", "type": "value"}],
            {"general": [], "perField": {"a": ["Got duplicate name a"]}},
        ),
        (
            [{"name": "a", "type": "direction", "options": {"factor": 1}}],
            {"general": [], "perField": {"a": ["Got unknown options key factor"]}},
        ),
        (
            [{"name": "a", "type": "value", "data": ["1", "x"]}],
            {"general": [], "perField": {"a": ["Data cannot be cast to this type 'x'"]}},
        ),
    ],
)
def test_columns_that_cannot_be_used_are_refused(fields: Any, expected: dict[str, Any]) -> None:
    assert model_fields(fields) == {"errors": expected}


def test_samples_are_read_as_the_options_say() -> None:
    fields = [
        {"name": "a", "type": "value", "data": ["1.234,5"], "options": {"decimalChar": ",", "groupChar": "."}},
        {"name": "d", "type": "date:generic", "data": ["31/12/2019"], "options": {"format": "%d/%m/%Y"}},
    ]
    assert "errors" not in model_fields(fields)


def test_columns_without_type_are_left_out() -> None:
    assert model_fields([{"name": "a", "type": ""}])["schema"]["fields"] == {}
