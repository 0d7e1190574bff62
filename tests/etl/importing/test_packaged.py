"""A package that comes as a zip is imported as it says itself, as far as its descriptor can be followed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.etl.importing.files import amount, asked, fields, inspected, means

pytestmark = pytest.mark.slow

ROWS = "".join(f"2025,{at:02},Line {at},{amount(at)}\n" for at in range(12))
TABLE = "Year,Code,Name,Figures\n" + ROWS
SAID: list[dict[str, Any]] = [
    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "Code", "type": "string", "columnType": "functional-classification:generic:level1:code"},
    {"name": "Name", "type": "string", "columnType": "functional-classification:generic:level1:label"},
    {"name": "Figures", "type": "number", "columnType": "value", "currency": "XOF", "factor": 1000},
]
LICENCES = [{"name": "CC-BY-4.0"}]


def descriptor(listed: Any, **more: Any) -> bytes:
    resources = [{"name": "lines", "path": "data/lines.csv", "schema": {"fields": listed, "primaryKey": ["Code"]}}]
    said = {"name": "mine", "title": "Lines", "licenses": LICENCES, "bytes": 5, "resources": resources, **more}
    return json.dumps(said).encode()


def packed(files: Mapping[str, bytes]) -> dict[str, str | bytes]:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return {"lines.zip": target.getvalue()}


@pytest.mark.parametrize("folder", ["", "lines/"])
def test_columns_mean_what_the_package_says_and_nothing_of_it_is_lost(tmp_path: Path, folder: str) -> None:
    files = {f"{folder}datapackage.json": descriptor(SAID), f"{folder}data/lines.csv": TABLE.encode()}
    found = inspected(tmp_path, packed(files))

    assert asked(found) == []
    assert means(found) == {one["name"]: one["columnType"] for one in SAID}
    assert {one.by for one in found.tables[0].columns} == {"package"}
    money = {name: str(fields(found)["Figures"][name]) for name in ("currency", "factor")}
    assert money == {"currency": "XOF", "factor": "1000"}
    assert found.descriptor["resources"][0]["schema"]["primaryKey"] == ["Code"]
    assert (found.descriptor["title"], found.descriptor["licenses"]) == ("Lines", LICENCES)
    assert "bytes" not in found.descriptor


@pytest.mark.parametrize(
    "said",
    [
        descriptor([{"name": one["name"], "type": one["type"]} for one in SAID]),
        descriptor(SAID, resources={"a": 1}),
        descriptor([*SAID, 3]),
        b"{",
        b"",
        b"[]",
    ],
)
def test_what_cannot_be_followed_is_proposed_as_any_other_file(tmp_path: Path, said: bytes) -> None:
    found = inspected(tmp_path, packed({"datapackage.json": said, "data/lines.csv": TABLE.encode()}))

    assert means(found)["Year"] == "date:fiscal-year"
    assert "title" not in found.descriptor
