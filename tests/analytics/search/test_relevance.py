"""What people ask of the demo packages, and the line that they mean: it comes first.

The packages are cut down to what is asked of. `python -m benchmarks.relevance` asks more, of more data.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from openspending.actor import NOBODY
from openspending.analytics.search.linesearch import FoundLines, LineQuestion, find_lines
from openspending.analytics.search.sides import Search
from openspending.assembly import Parts
from openspending.publishing import publish
from openspending.settings import read_settings

pytestmark = pytest.mark.slow

EXAMPLES: Final = Path(__file__).parents[3] / "examples" / "packages"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo package: one of so many of its rows, and these of its columns with what they mean."""

    file: str
    country: str
    every: int
    columns: Mapping[str, str]
    amount: str


MEXICO, MOLDOVA, SUGINAMI, UK = "mexico", "moldova", "suginami", "uk"
DEMOS: Final = {
    MEXICO: Demo(
        "mexico-2015/data/budget.csv",
        "MX",
        1,
        {
            "UR": "administrative-classification:generic:level1:code",
            "PP": "activity:generic:program:code",
            "ID_OG": "economic-classification:generic:level1:code",
            "Objeto_Gasto": "economic-classification:generic:level1:label",
        },
        "Aprobado",
    ),
    MOLDOVA: Demo(
        "moldova-boost-2014/data/boost-moldova-2014.csv",
        "MD",
        10,
        {
            "admin3 (code)": "administrative-classification:generic:level1:code",
            "admin3 (label)": "administrative-classification:generic:level1:label",
            "econ2 (code)": "economic-classification:generic:level1:code",
            "econ2 (label)": "economic-classification:generic:level1:label",
        },
        "approved",
    ),
    SUGINAMI: Demo(
        "suginami-2013/dataset.csv",
        "JP",
        1,
        {
            "subcategory_name": "functional-classification:generic:level1:code",
            "subcategory_label": "functional-classification:generic:level1:label",
        },
        "amount",
    ),
    UK: Demo(
        "uk-country-regional-analysis/dataset.csv",
        "GB",
        10,
        {
            "pog_name": "activity:generic:program:code",
            "pog_label": "activity:generic:program:label",
            "cofog2_name": "functional-classification:generic:level1:code",
            "cofog2_label": "functional-classification:generic:level1:label",
        },
        "amount",
    ),
}
MEANT: Final = [
    ("TRIBUNALES AGRARIOS", MEXICO, "Tribunales Unitarios Agrarios"),
    ("geografia y geomatica", MEXICO, 'Centro de Investigación en Geografía y Geomática "Ing. Jorge L. Tamayo", A.C.'),
    ("camino rural", MEXICO, "caminos rurales"),
    ("delincuensia organizada", MEXICO, "Investigar y perseguir los delitos relativos a la Delincuencia Organizada"),
    ('"servicio postal"', MEXICO, "Servicio postal"),
    ("centro sct -puebla", MEXICO, "Centro SCT"),
    ("35301", MEXICO, "35301"),
    ("3530*", MEXICO, "3530"),
    ("教育費", SUGINAMI, "教育費"),
    ("まつり", SUGINAMI, "すぎなみまつり"),
    ("都市整備", SUGINAMI, "都市整備費"),
    ("constitutional courts", MOLDOVA, "Constitutional Court"),
    ("constitutionnal court", MOLDOVA, "Constitutional Court"),
    ("remuneration work", MOLDOVA, "Remuneration of work"),
    ("111.00", MOLDOVA, "111.00"),
    ("11100", MOLDOVA, "111.00"),
    ("british council", UK, "British Council"),
    ("peacekeeping africa", UK, "Peace Keeping Africa"),
    ("p22 s020401", UK, "P22 S020401"),
    ("4.3", UK, "04.3"),
    ("lottery culture", UK, "National Lottery Distribution Fund Expenditure"),
]


def _rows(demo: Demo) -> list[dict[str, str]]:
    with (EXAMPLES / demo.file).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[:: demo.every]


def _made(demo: Demo, folder: Path) -> Path:
    folder.mkdir()
    types = {**demo.columns, demo.amount: "value"}
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, types, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(_rows(demo))
    fields = [
        {"name": name, "type": "number" if type_ == "value" else "string", "columnType": type_}
        for name, type_ in types.items()
    ]
    resource = {"name": "facts", "path": "facts.csv", "encoding": "utf-8", "schema": {"fields": fields}}
    descriptor = {"name": folder.name, "title": folder.name, "countryCode": demo.country, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return folder


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Search over the demo packages."""
    folder = tmp_path_factory.mktemp("relevance")
    with Parts(read_settings({}, data=folder / "data")) as parts:
        for name, demo in DEMOS.items():
            publish(str(_made(demo, folder / name)), owner="demo", store=parts.store.public)
        parts.search.catch_up()
        yield parts.search


def _found(search: Search, text: str) -> FoundLines:
    return find_lines(search, NOBODY, LineQuestion(text))


@pytest.mark.parametrize(("asked", "dataset", "value"), MEANT)
def test_what_is_meant_comes_first(search: Search, asked: str, dataset: str, value: str) -> None:
    first = _found(search, asked).lines[0]
    assert first.record.name == dataset
    assert any(value in one for one in first.line.values if one)


@pytest.mark.parametrize(
    ("asked", "dataset", "value", "how"),
    [
        ("constitutional court moldova", MOLDOVA, "Constitutional Court", ["exact", "exact", "dataset"]),
        ("United Kingdom british council", UK, "British Council", ["dataset", "dataset", "exact", "exact"]),
        ("日本 教育費", SUGINAMI, "教育費", ["dataset", "phrase"]),
        ("tribunales agrarios -unitarios méxico", MEXICO, "Tribunales Agrarios", None),
    ],
)
def test_words_that_name_the_dataset_narrow_what_is_found(
    search: Search, asked: str, dataset: str, value: str, how: list[str] | None
) -> None:
    found = _found(search, asked)
    if how is None:
        assert (found.total, {one.how for one in found.words} & {"dataset"}) == (0, set())
        return
    assert [one.record.name for one in found.datasets] == [dataset]
    assert all(any(value in one for one in line.line.values if one) for line in found.lines)
    assert [one.how for one in found.words] == how


def test_what_is_excluded_is_not_there(search: Search) -> None:
    lines = _found(search, "centro sct -puebla").lines
    assert lines
    assert not any("Puebla" in (value or "") for one in lines for value in one.line.values)


@pytest.mark.parametrize(
    ("asked", "value"), [('"british council"', "British Council"), ("peace keeping global", "Peace Keeping Global")]
)
def test_totals_are_those_of_the_source_file(search: Search, asked: str, value: str) -> None:
    meant = [row for row in _rows(DEMOS[UK]) if row["pog_label"] == value]
    found = _found(search, asked)
    assert found.total == len(meant) > 1
    assert sum(one.amount or 0 for one in found.totals) == sum(Decimal(row["amount"]) for row in meant)
