"""One question in every format: read back by libraries that are not ours, the rows and totals are the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow.ipc
import pytest
from litestar.testing import TestClient
from python_calamine import CalamineWorkbook

from openspending.assembly import application
from openspending.settings import read_settings
from tests.demo import InstallDemo

pytestmark = pytest.mark.slow

Api = TestClient[Any]
Rows = list[list[str | None]]

QUESTIONS = {
    "facts of Moldova": "/v1/datasets/demo/boost-moldova/facts",
    "facts in an order": "/v1/datasets/demo/boost-moldova/facts?order=executed:desc&cut=executed>:1000",
    "facts in Japanese": "/v1/datasets/demo/suginami-2013/facts",
    "cells": "/v1/datasets/demo/ukgov-finances-cra/aggregate?drilldown=region_2|cofog1_2&order=amount.sum:desc",
    "averages": "/v1/datasets/demo/suginami-2013/aggregate?drilldown=category_2&aggregates=amount.avg|amount.min",
    "members": "/v1/datasets/demo/boost-moldova/members/administrative_classification_3",
    "nothing": '/v1/datasets/demo/suginami-2013/facts?cut=category_2.name:"none"',
}


@pytest.fixture(scope="module")
def api(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    settings = read_settings({}, data=install_demo(tmp_path_factory.mktemp("formats") / "data"))
    with application(settings) as app, TestClient(app) as client:
        yield client


def text(value: Any) -> str | None:
    """A value as every format can tell it: numbers without closing zeros."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


def number(value: str | None) -> str | None:
    return None if value in {None, ""} else text(Decimal(str(value)))


def of_json(body: bytes, kinds: Mapping[str, str]) -> Rows:
    return [[told(row[name], kinds[name]) for name in kinds] for row in json.loads(body, parse_float=Decimal)["data"]]


def of_lines(body: bytes, kinds: Mapping[str, str]) -> Rows:
    lines = [json.loads(line, parse_float=Decimal) for line in body.decode().splitlines()]
    return [[told(row[name], kinds[name]) for name in kinds] for row in lines]


def of_csv(body: bytes, kinds: Mapping[str, str]) -> Rows:
    header, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
    assert header == list(kinds)
    return [[told(value or None, kind) for value, kind in zip(row, kinds.values(), strict=True)] for row in rows]


def of_parquet(body: bytes, kinds: Mapping[str, str]) -> Rows:
    frame = pd.read_parquet(io.BytesIO(body), dtype_backend="pyarrow")
    assert list(frame.columns) == list(kinds)
    return [[text(value) for value in row] for row in frame.itertuples(index=False)]


def of_arrow(body: bytes, kinds: Mapping[str, str]) -> Rows:
    table = pyarrow.ipc.open_stream(body).read_all()
    assert table.column_names == list(kinds)
    return [[text(value) for value in row.values()] for row in table.to_pylist()]


def of_workbook(body: bytes, kinds: Mapping[str, str]) -> Rows:
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert header == list(kinds)
    return [
        [told(one if one != "" else None, kind) for one, kind in zip(row, kinds.values(), strict=True)] for row in rows
    ]


def told(value: Any, kind: str) -> str | None:
    return number(value) if kind in {"integer", "decimal", "float"} else text(value)


READERS: Mapping[str, Callable[[bytes, Mapping[str, str]], Rows]] = {
    "jsonl": of_lines,
    "csv": of_csv,
    "parquet": of_parquet,
    "arrow": of_arrow,
    "xlsx": of_workbook,
}


LARGE = ("facts of Moldova", "facts in an order")


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow) if one in LARGE else one for one in QUESTIONS], ids=str
)
def test_every_format_has_the_same_rows(api: Api, name: str) -> None:
    address = QUESTIONS[name]
    mark = "&" if "?" in address else "?"
    answer = api.get(f"{address}{mark}pagesize=10000")
    assert answer.status_code == 200, answer.text
    kinds = {one["name"]: one["kind"] for one in answer.json()["columns"]}
    wanted = of_json(answer.content, kinds)
    path, _, query = address.partition("?")
    for extension, read in READERS.items():
        for asked in (f"{path}.{extension}?{query}", f"{address}{mark}format={extension}"):
            found = api.get(asked)
            assert found.status_code == 200, found.text
            assert sorted(read(found.content, kinds), key=repr) == sorted(wanted, key=repr), asked
            if "order" in address:
                assert read(found.content, kinds) == wanted, asked
