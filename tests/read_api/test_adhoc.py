"""`/v1/sql`: in every format, with what its numbers come from; refused with a reason; ended when its asker is gone."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from openpyxl import load_workbook

from openspending import read_api
from openspending.analytics.adhoc.bounds import Bounds
from openspending.analytics.adhoc.sandbox import Sandbox
from openspending.analytics.livecubes import LiveCubes
from openspending.read_api import adhoc
from tests.demo import InstallDemo
from tests.servers import serving

pytestmark = pytest.mark.slow

NAME = "example@example.com/boost-moldova"
MOLDOVA = '"example@example.com"."boost-moldova"'
PINNED = '"example@example.com"."boost-moldova@1"'
BY_FUNCTION = f"SELECT func1_code, sum(adjusted) AS total, count(*) AS facts FROM {MOLDOVA} GROUP BY 1 ORDER BY 1"
ENDLESS = "SELECT sum(hash(range)) AS a FROM range(1000000000000)"
SOURCE = Path(__file__).parents[2] / "examples" / "packages" / "moldova-boost-2014"

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def service(live: LiveCubes) -> Iterator[adhoc.Service]:
    service = adhoc.Service.over(live, Sandbox(Bounds(memory=256_000_000, seconds=2, rows=5000), processes=1))
    yield service
    service.close()


@pytest.fixture(scope="module")
def sql(live: LiveCubes, service: adhoc.Service) -> Iterator[Client]:
    with TestClient(read_api.app(live, more=[adhoc.router(service)])) as running:
        yield running


@pytest.fixture(scope="module")
def expected() -> dict[str, tuple[Decimal, int]]:
    """Sum and number of facts by function, added up in Python from the publisher's own file."""
    sums: dict[str, tuple[Decimal, int]] = {}
    with next(SOURCE.rglob("*.csv")).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            total, count = sums.get(row["func1 (code)"], (Decimal(0), 0))
            sums[row["func1 (code)"]] = (total + Decimal(row["adjusted"] or 0), count + 1)
    return sums


def rows_of(name: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of an answer in one of the formats, by a library that is not ours."""
    if name == "json":
        return list(json.loads(content)["data"])
    if name == "jsonl":
        return [json.loads(line) for line in content.splitlines()]
    if name == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if name == "xlsx":
        header, *rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]
    table = pq.read_table(io.BytesIO(content)) if name == "parquet" else pa.ipc.open_stream(content).read_all()
    return list(table.to_pylist())


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "parquet", "arrow", "xlsx"])
def test_every_format_has_the_exact_sums_of_the_publishers_file(
    sql: Client, expected: dict[str, tuple[Decimal, int]], name: str
) -> None:
    answer = sql.get(f"/v1/sql.{name}", params={"query": BY_FUNCTION})
    assert answer.status_code == 200, answer.text
    found = {
        row["func1_code"]: (Decimal(str(row["total"])), int(row["facts"])) for row in rows_of(name, answer.content)
    }
    assert found == expected


def test_an_answer_says_where_its_numbers_come_from(sql: Client, live: LiveCubes) -> None:
    meta = sql.get("/v1/sql", params={"query": BY_FUNCTION}).json()["meta"]
    (source,) = meta["sources"]
    revision = live.revision(*NAME.split("/"))
    assert (source["dataset"], source["revision"], source["hash"]) == (NAME, 1, revision.hash)
    assert source["licences"]
    assert meta["columns"][1] == {"name": "total", "type": "DECIMAL(38,2)"}
    assert meta["limits"] == {"rows": 5000, "seconds": 2, "memory": 256_000_000}
    assert meta["warnings"] == []


def test_decimals_are_texts_and_what_is_not_exact_is_said(sql: Client) -> None:
    query = f"SELECT sum(executed) AS total, avg(executed) AS mean FROM {MOLDOVA}"
    body = sql.get("/v1/sql", params={"query": query}).json()
    assert isinstance(body["data"][0]["total"], str)
    assert isinstance(body["data"][0]["mean"], float)
    assert "mean" in body["meta"]["warnings"][0]


def test_sql_is_posted_as_json_or_as_text_too(sql: Client) -> None:
    wanted = sql.get("/v1/sql", params={"query": BY_FUNCTION}).json()["data"]
    as_json = sql.post("/v1/sql", json={"query": BY_FUNCTION})
    as_text = sql.post("/v1/sql.json", content=BY_FUNCTION, headers={"Content-Type": "application/sql"})
    plain = sql.post("/v1/sql?format=json", content=BY_FUNCTION, headers={"Content-Type": "text/plain; charset=utf-8"})
    assert [one.json()["data"] for one in (as_json, as_text, plain)] == [wanted] * 3
    assert sql.get(as_json.headers["Content-Location"]).json()["data"] == wanted
    assert sql.post("/v1/sql", json={"query": "SELECT 1 AS a", "format": "csv"}).text.split() == ['"a"', '"1"']


def test_the_format_is_negotiated(sql: Client) -> None:
    answer = sql.get("/v1/sql", params={"query": "SELECT 1 AS a"}, headers={"Accept": "text/csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Accept" in answer.headers["Vary"]
    refused = sql.get("/v1/sql", params={"query": "SELECT 1 AS a"}, headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_an_answer_that_the_asker_has_is_not_computed_again(sql: Client) -> None:
    first = sql.get("/v1/sql", params={"query": BY_FUNCTION})
    spaced = BY_FUNCTION.replace("SELECT ", "select /* again */ \n")
    again = sql.get("/v1/sql", params={"query": spaced}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = sql.get("/v1/sql.csv", params={"query": BY_FUNCTION}, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    narrower = BY_FUNCTION.replace("ORDER BY", "HAVING count(*) > 5 ORDER BY")
    assert sql.get("/v1/sql", params={"query": narrower}).headers["ETag"] != first.headers["ETag"]


def test_what_names_revisions_may_be_kept_for_ever(sql: Client) -> None:
    newest = sql.get("/v1/sql", params={"query": f"SELECT count(*) AS n FROM {MOLDOVA}"})
    pinned = sql.get("/v1/sql", params={"query": f"SELECT count(*) AS n FROM {PINNED}"})
    assert "immutable" not in newest.headers["Cache-Control"]
    assert "immutable" in pinned.headers["Cache-Control"]
    assert newest.json()["data"] == pinned.json()["data"] == [{"n": 2000}]


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({}, 400, "There is no SQL"),
        ({"query": ""}, 400, "There is no SQL"),
        ({"query": "SELECT 1 AS a", "limit": "5"}, 400, "no parameter “limit”"),
        ({"query": "SELECT 1 AS a", "format": "exe"}, 400, "no format “exe”"),
        ({"query": "SELECT 1 AS a", "numbers": "roman"}, 400, "none of"),
        ({"query": "SELECT\n  1 FRM x y"}, 400, "(line 2, column 9)"),
        ({"query": "DROP TABLE facts"}, 400, "Only SELECT"),
        ({"query": "SELECT * FROM read_text('/etc/passwd')"}, 400, "no table here"),
        ({"query": f"SELECT nothing FROM {MOLDOVA}"}, 400, "nothing"),
        ({"query": "SELECT * FROM demo.nothing"}, 404, "no dataset demo/nothing"),
        ({"query": f"SELECT * FROM {MOLDOVA}, range(10)"}, 422, "more than 5,000 rows"),
        ({"query": "SELECT repeat('x', 2000000000) AS a"}, 422, "more memory than the 256 MB"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_answered_is_a_problem_with_a_reason(
    sql: Client, parameters: dict[str, str], status: int, words: str
) -> None:
    answer = sql.get("/v1/sql", params=parameters)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b'{"query": "SELECT 1 AS a", "further": 1}', "application/json", "no “further”"),
        (b'["SELECT 1"]', "application/json", "no JSON object"),
        (b"{", "application/json", ""),
        (b"SELECT '\xff'", "application/sql", "UTF-8"),
        (b"query=SELECT+1", "application/x-www-form-urlencoded", "application/json"),
    ],
    ids=["unknown member", "no object", "no json", "no text", "form"],
)
def test_a_body_that_cannot_be_read_is_refused(sql: Client, content: bytes, kind: str, words: str) -> None:
    answer = sql.post("/v1/sql", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, words in answer.json()["detail"]) == (400, True)


def test_tables_and_columns_are_listed_as_sql_names_them(sql: Client) -> None:
    listed = {one["dataset"]: one for one in sql.get("/v1/sql/tables").json()["data"]}
    assert listed[NAME]["table"] == MOLDOVA
    told = sql.get(listed[NAME]["columns"]).json()
    assert {"name": "executed", "type": "DECIMAL(18,2)"} in told["data"]
    assert told["meta"]["facts"] == 2000
    everything = sql.get("/v1/sql", params={"query": f"SELECT * FROM {listed[NAME]['table']} LIMIT 1"}).json()
    assert everything["meta"]["columns"] == told["data"]
    assert sql.get("/v1/sql/tables/demo/nothing").status_code == 404
    assert sql.get("/v1/sql/tables?page=2").status_code == 400


def test_without_processes_there_is_no_sql(live: LiveCubes) -> None:
    service = adhoc.Service.over(live, Sandbox(Bounds(), processes=0))
    with TestClient(read_api.app(live, more=[adhoc.router(service)])) as client:
        assert client.get("/v1/sql", params={"query": "SELECT 1 AS a"}).status_code == 404
    service.close()


def test_the_document_describes_both_ways_to_ask(sql: Client) -> None:
    document = sql.get("/openapi.json").json()
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    operations = document["paths"]["/v1/sql"]
    assert {one["name"] for one in operations["get"]["parameters"]} == {"query", "format", "numbers", "bom", "safe"}
    assert {"application/json", "application/sql", "text/plain"} == set(operations["post"]["requestBody"]["content"])


def test_when_too_many_ask_the_others_are_told_when_to_come_back(sql: Client, service: adhoc.Service) -> None:
    answers: list[httpx.Response] = []
    asking = [
        threading.Thread(target=lambda: answers.append(sql.get("/v1/sql", params={"query": ENDLESS})))
        for _ in range(service.sandbox.places + 3)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert {one.status_code for one in answers} == {422, 503}
    assert all(int(one.headers["Retry-After"]) > 0 for one in answers if one.status_code == 503)
    assert sql.get("/v1/sql", params={"query": "SELECT 1 AS a"}).status_code == 200


def children_of(process: int) -> list[psutil.Process]:
    """The processes that answer at this moment: those that the starter of a server forked."""
    starters = psutil.Process(process).children()
    return [one for starter in starters for one in starter.children() if one.status() != psutil.STATUS_ZOMBIE]


def test_when_the_asker_goes_away_the_process_is_killed(install_demo: InstallDemo, tmp_path: Path) -> None:
    with serving(install_demo(tmp_path / "data"), environment={"OS_SQL_SECONDS": "30"}) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.address}/v1/sql", params={"query": ENDLESS}, timeout=2)
        waiting = threading.Event()
        for _ in range(100):
            if not children_of(server.process.pid):
                break
            waiting.wait(0.05)
        assert children_of(server.process.pid) == []
        quick = httpx.get(f"{server.address}/v1/sql", params={"query": "SELECT 1 AS a"}).json()
        assert quick["data"] == [{"a": 1}]
