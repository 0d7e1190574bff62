"""Random packages and random queries: what `/v1` answers is what Python adds up from the publisher's rows, exactly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import application, open_store
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.publishing.packages import write_package

Row = dict[str, Any]
Test = Callable[[Row], bool]

EXACT = Context(prec=100)  # Python's own has 28 digits, and rounds

TEXTS = (
    "01",
    "1",
    "1.1",
    "007",
    "a",
    "A b",
    "ä",
    "it's",
    'say "x"',
    "x|y;z",
    "(in)",
    "null",
    "1..2",
    "2014-01-01",
    "é–",
)
FIELDS: Sequence[Mapping[str, Any]] = (
    {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "func", "type": "string", "columnType": "functional-classification:generic:level1:code"},
    {"name": "body", "type": "string", "columnType": "administrative-classification:generic:level1:code"},
    {"name": "payee", "type": "string", "columnType": "supplier:generic:id"},
    {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
)


def rows_of(chance: Random) -> list[Row]:
    def text() -> str | None:
        return None if chance.random() < 0.1 else chance.choice(TEXTS)

    def amount() -> Decimal | None:
        if chance.random() < 0.05:
            return None
        digits = chance.choice((2, 6, 17, 25))
        return Decimal(chance.randrange(-(10**digits), 10**digits)).scaleb(-chance.choice((0, 1, 2, 3)))

    def year() -> int | None:
        return chance.choice((2014, 2015, 2016, None))

    number = chance.choice((1, 7, 60, 400))
    return [
        {"year": year(), "func": text(), "body": text(), "payee": text(), "amount": amount()} for _ in range(number)
    ]


def written(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([one["name"] for one in FIELDS])
    writer.writerows(["" if value is None else plain(value) for value in row.values()] for row in rows)
    return text.getvalue()


def quoted(value: Any) -> str:
    return "null" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, str) else f"{value}"


def condition(chance: Random, rows: Sequence[Row], refs: Mapping[str, str], depth: int = 0) -> tuple[str, Any, Test]:
    """A random condition as text and as JSON, and what it means."""
    if depth < 3 and chance.random() < 0.3:
        return joined(chance, rows, refs, depth)
    name = chance.choice(("year", "func", "body", "payee", "amount"))
    ref, known = refs[name], chance.choice(rows)[name]
    kind = chance.choice((":", "!:", "null", "ordered", "range" if name in {"year", "amount"} else "text"))
    if kind in {":", "!:"}:
        values = [known, *(chance.choice(rows)[name] for _ in range(chance.randint(0, 2)))]
        raw = {"ref": ref, "op": "in" if kind == ":" else "not", "value": [plain(one) for one in values]}
        return f"{ref}{kind}{';'.join(map(quoted, values))}", raw, lambda row: (row[name] in values) == (kind == ":")
    if kind == "null" or known is None:
        return f"{ref}:null", {"ref": ref, "op": "null"}, lambda row: row[name] is None
    if kind == "range":
        low, high = sorted((known, known + chance.randint(0, 500)))
        raw = {"ref": ref, "op": "range", "value": [plain(low), plain(high)]}
        return f"{ref}:{low}..{high}", raw, lambda row: row[name] is not None and low <= row[name] <= high
    if kind == "ordered":
        sign, word, holds = chance.choice(ORDERED)
        raw = {"ref": ref, "op": word, "value": plain(known)}
        return f"{ref}{sign}{quoted(known)}", raw, lambda row: row[name] is not None and holds(row[name], known)
    sign, word, holds = chance.choice(TEXTUAL)
    part = known[:1].upper()
    raw = {"ref": ref, "op": word, "value": part}
    return f"{ref}{sign}{quoted(part)}", raw, lambda row: row[name] is not None and holds(row[name], part)


TEXTUAL: Sequence[tuple[str, str, Callable[[str, str], bool]]] = (
    ("~:", "contains", lambda text, part: part.lower() in text.lower()),
    ("^:", "prefix", lambda text, part: text.lower().startswith(part.lower())),
)
ORDERED: Sequence[tuple[str, str, Callable[[Any, Any], bool]]] = (
    ("<:", "lt", lambda a, b: a < b),
    ("<=:", "le", lambda a, b: a <= b),
    (">:", "gt", lambda a, b: a > b),
    (">=:", "ge", lambda a, b: a >= b),
)


def joined(chance: Random, rows: Sequence[Row], refs: Mapping[str, str], depth: int) -> tuple[str, Any, Test]:
    parts = [condition(chance, rows, refs, depth + 1) for _ in range(chance.randint(1, 3))]
    word = chance.choice(("any", "all", "not"))
    tests = [test for *_, test in parts]
    meaning = {
        "any": lambda row: any(one(row) for one in tests),
        "all": lambda row: all(one(row) for one in tests),
        "not": lambda row: not all(one(row) for one in tests),
    }
    return f"{word}({'|'.join(text for text, *_ in parts)})", {word: [raw for _, raw, _ in parts]}, meaning[word]


def plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def expected(rows: Sequence[Row], drilldown: Sequence[str]) -> dict[tuple[Any, ...], tuple[Decimal | None, int]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(tuple(row[one] for one in drilldown), []).append(row["amount"])
    return {key: (total(amounts), len(amounts)) for key, amounts in found.items()}


def total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    present = [one for one in amounts if one is not None]
    return reduce(EXACT.add, present) if present else None


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Callable[[Sequence[Row]], Any]]:
    """Publishes rows, and gives a client of what answers."""
    settings = read_settings({}, data=tmp_path / "data")
    with application(settings) as app, TestClient(app) as client:

        def published(rows: Sequence[Row]) -> Any:
            package = write_package(tmp_path / "package", written(rows), fields=FIELDS)
            publish(str(package), owner="o", store=open_store(settings).public)
            return client

        yield published


def check(client: Any, rows: Sequence[Row], chance: Random, queries: int) -> None:
    path = "/v1/datasets/o/budget"
    model = client.get(f"{path}/model").json()
    attributes = (one for dimension in model["dimensions"].values() for one in dimension["attributes"].values())
    refs = {one["label"]: one["ref"] for one in attributes}
    refs["amount"] = "amount"
    for _ in range(queries):
        drilldown = chance.sample(("year", "func", "body", "payee"), chance.randint(0, 3))
        text, raw, holds = condition(chance, rows, refs)
        asked = [refs[one] for one in drilldown]
        given = {"cut": text, "drilldown": "|".join(asked), "allow": "mixed", "pagesize": "10000"}
        answer = client.get(f"{path}/aggregate", params=given)
        assert answer.status_code == 200, (given, answer.text)
        found = answer.json()
        wanted = expected([row for row in rows if holds(row)], drilldown)
        cells = {
            tuple(cell[ref] for ref in asked): (read(cell["amount.sum"]), cell["_count"]) for cell in found["data"]
        }
        assert cells == (wanted or ({} if drilldown else {(): (None, 0)})), given
        body = {"cut": [raw], "drilldown": asked, "allow": "mixed", "pagesize": 10000}
        posted = client.post(f"{path}/aggregate", json=body)
        assert posted.json()["data"] == found["data"], raw
        again = client.get(posted.headers["content-location"], params=None)
        assert again.json() == posted.json(), raw
        assert posted.json()["meta"]["query"] == found["meta"]["query"], raw


def read(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), 1])
def test_random_queries_of_a_random_package_are_python_sums(answers: Callable[[Sequence[Row]], Any], seed: int) -> None:
    chance = Random(seed)
    rows = rows_of(chance)
    check(answers(rows), rows, chance, 40)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(100, 108))
def test_many_random_queries_of_random_packages_are_python_sums(
    answers: Callable[[Sequence[Row]], Any], seed: int
) -> None:
    chance = Random(seed)
    rows = rows_of(chance)
    check(answers(rows), rows, chance, 150)
