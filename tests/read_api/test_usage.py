"""Usage over HTTP: what is counted, what is told, and that nothing of who asked is kept anywhere."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from litestar.testing import TestClient
from litestar.types import ASGIApp
from prometheus_client.parser import text_string_to_metric_families

from openspending.assembly import application, open_store
from openspending.publishing import publish
from openspending.settings import Settings, read_settings
from tests.servers import openspending, serving

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[2] / "examples" / "packages" / "suginami-2013"
DATASET = "tokyo/suginami-2013"
CUBE = "/api/3/cubes/tokyo:suginami-2013"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"}
CRAWLER = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
EVERYTHING = "day|dataset|endpoint|format|agents|status"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(str(PACKAGE), owner="tokyo", store=open_store(read_settings({}, data=folder)).public)
    return folder


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """Those of a data folder with one dataset, for which nobody has asked."""
    return read_settings({}, data=Path(shutil.copytree(published, tmp_path / "data")))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient[ASGIApp]]:
    with application(settings) as app, TestClient(app) as running:
        running.headers.update(BROWSER)
        yield running


def usage(client: TestClient[ASGIApp], **asked: str) -> list[dict[str, Any]]:
    answer = client.get("/v1/usage", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def counted(client: TestClient[ASGIApp]) -> dict[tuple[str, str, str, str, str], dict[str, Any]]:
    keys = ("dataset", "endpoint", "format", "agents", "status")
    return {(one[keys[0]], *(one[key] for key in keys[1:])): one for one in usage(client, by=EVERYTHING)}


def stored(settings: Settings) -> bytes:
    """The keys and contents of everything in both stores, in the cache, and in whatever else lies in the folder."""
    files = [one for one in settings.data.rglob("*") if one.is_file()]
    return b"\n".join(str(one).encode() + one.read_bytes() for one in files)


def test_calls_rows_and_bytes_are_those_of_the_answers(client: TestClient[ASGIApp]) -> None:
    facts = [client.get(f"{CUBE}/facts/", params={"pagesize": size}) for size in ("5", "3")]
    table = client.get(f"{CUBE}/aggregate/", params={"drilldown": "category_2", "format": "csv"})
    members = client.get(f"{CUBE}/members/category_2/")
    file = client.get(f"/data/{DATASET}/datapackage.json", headers=CRAWLER)
    found = counted(client)
    one = found[DATASET, "/api/3/cubes/{name}/facts", "json", "person", "2xx"]
    assert (one["calls"], one["rows"], one["bytes"]) == (2, 8, sum(len(answer.content) for answer in facts))
    one = found[DATASET, "/api/3/cubes/{name}/aggregate", "csv", "person", "2xx"]
    assert one["rows"] == len(table.text.splitlines()) - 1
    one = found[DATASET, "/api/3/cubes/{name}/members/{ref}", "json", "person", "2xx"]
    assert one["rows"] == len(members.json()["data"])
    one = found[DATASET, "/data/{path}", "json", "bot", "2xx"]
    assert (one["calls"], one["bytes"]) == (1, len(file.content))


def test_bytes_are_those_on_the_wire(client: TestClient[ASGIApp]) -> None:
    answer = client.get(f"{CUBE}/model/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    client.head(f"{CUBE}/facts/")
    found = counted(client)
    model = found[DATASET, "/api/3/cubes/{name}/model", "json", "person", "2xx"]
    assert model["bytes"] == answer.num_bytes_downloaded < len(answer.content)
    head = found[DATASET, "/api/3/cubes/{name}/facts", "json", "person", "2xx"]
    assert (head["calls"], head["rows"], head["bytes"]) == (1, 0, 0)


def test_a_page_is_one_request_though_it_asks_the_api(client: TestClient[ASGIApp]) -> None:
    assert client.get(f"/{DATASET}").status_code == 200
    assert {key: one["calls"] for key, one in counted(client).items()} == {
        (DATASET, "/{owner}/{name}", "html", "person", "2xx"): 1
    }


def test_what_only_watches_the_server_is_no_use(client: TestClient[ASGIApp]) -> None:
    for path in ("/health", "/metrics", "/static/openspending.css"):
        assert client.get(path).status_code == 200
    assert usage(client) == []


def test_a_refused_query_counts_for_its_dataset(client: TestClient[ASGIApp]) -> None:
    assert client.get(f"{CUBE}/facts/", params={"fields": "nothing"}).status_code == 400
    assert (DATASET, "/api/3/cubes/{name}/facts", "json", "person", "4xx") in counted(client)


def test_random_names_do_not_make_the_storage_grow(client: TestClient[ASGIApp], settings: Settings) -> None:
    def ask_for_nothing() -> None:
        for _ in range(20):
            name = f"made-up-{uuid.uuid4().hex}"
            for path in (
                f"/{name}",
                f"/{name}/{name}",
                f"/{name}/{name}/{name}/{name}",
                f"/api/3/cubes/{name}:{name}/facts/",
                f"/api/3/info/tokyo:{name}/package",
                f"/api/3/{name}",
                f"/data/tokyo/{name}/datapackage.json",
                f"/v1/usage?dataset={name}/{name}",
            ):
                client.get(path)
            client.request(name[:20].upper(), f"{CUBE}/facts/", headers={"User-Agent": name, "Accept": f"text/{name}"})

    ask_for_nothing()
    before = counted(client)
    ask_for_nothing()
    assert counted(client).keys() == before.keys()
    assert {key[0] for key in before} == {""}
    assert b"made-up" not in stored(settings)
    assert "made-up" not in client.get("/metrics").text


def test_a_private_name_never_appears(client: TestClient[ASGIApp], settings: Settings) -> None:
    both = open_store(settings)
    store = both.public
    for key in list(store.list(DATASET)):
        both.private.put(key.replace("tokyo", "ministry"), store.get(key))
    for path in ("/ministry/suginami-2013", "/data/ministry/suginami-2013/datapackage.json"):
        assert client.get(path).status_code == 404
    assert client.get("/api/3/cubes/ministry:suginami-2013/facts/").status_code == 404
    assert {key[0] for key in counted(client)} == {""}
    everything = b"".join(store.get(key) for key in store.list("usage"))
    assert b"ministry" not in everything


def test_nothing_of_who_asked_is_kept(settings: Settings) -> None:
    secrets = {
        "X-Forwarded-For": "203.0.113.77",
        "Forwarded": "for=198.51.100.66",
        "X-Real-IP": "192.0.2.55",
        "User-Agent": "Mozilla/5.0 distinctive-agent-7c1f",
        "Cookie": "session=distinctive-cookie-7c1f",
        "Referer": "https://distinctive-referer-7c1f.example/",
        "X-Request-ID": "distinctive-id-7c1f",
        "Accept-Language": "distinctive-language-7c1f",
    }
    queries = ("distinctive-query-7c1f", 'func_code:"distinctive-cut-7c1f"')
    with application(settings) as app, TestClient(app) as client:
        client.headers.update(secrets)
        for path in (
            f"{CUBE}/facts/",
            f"{CUBE}/aggregate/",
            f"/data/{DATASET}/datapackage.json",
            f"/{DATASET}",
            "/v1/usage",
        ):
            for query in queries:
                client.get(path, params={"cut": query, "q": query})
            client.get(path)
            assert client.get(path, headers={"Authorization": "Bearer distinctive-token-7c1f"}).status_code == 401
        metrics = client.get("/metrics").content
        answer = client.get("/v1/usage.csv", params={"by": EVERYTHING}).content
    kept = stored(settings) + metrics + answer
    for secret in (b"7c1f", b"203.0.113.", b"198.51.100", b"192.0.2", b"Mozilla", b"testclient"):
        assert secret not in kept
    assert b"/api/3/cubes/{name}/facts" in kept


def test_every_format_has_the_same_rows(client: TestClient[ASGIApp]) -> None:
    client.get(f"{CUBE}/facts/")
    asked = {"by": "dataset|endpoint", "dataset": DATASET}
    rows = usage(client, **asked)
    assert rows == [{"dataset": DATASET, "endpoint": "/api/3/cubes/{name}/facts", **rows[0]}]
    lines = client.get("/v1/usage.jsonl", params=asked)
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    table = client.get("/v1/usage.csv", params=asked)
    assert table.headers["content-disposition"] == 'attachment; filename="usage.csv"'
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert {**row, "seconds": float(row["seconds"])} == {
        name: value if name == "seconds" else str(value) for name, value in rows[0].items()
    }
    by_header = client.get("/v1/usage", params=asked, headers={"Accept": "text/csv"})
    assert by_header.content == table.content
    parquet = pq.read_table(io.BytesIO(client.get("/v1/usage", params={**asked, "format": "parquet"}).content))
    assert [{**one, "seconds": float(one["seconds"])} for one in parquet.to_pylist()] == rows


def test_the_answer_says_what_was_understood(client: TestClient[ASGIApp]) -> None:
    answer = client.get("/v1/usage", params={"from": "2026-11-01", "to": "2026-11-03", "by": "format", "agents": "bot"})
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["access-control-allow-origin"] == "*"
    meta = answer.json()["meta"]
    assert (meta["from"], meta["to"], meta["by"], meta["agents"]) == ("2026-11-01", "2026-11-03", ["format"], ["bot"])
    assert meta["damaged"] == []


@pytest.mark.parametrize(
    "query", ["since=2026-11-01", "by=day&by=day", "by=address", "from=today", "format=pdf", "From=2026-11-01"]
)
def test_what_is_not_understood_is_refused(client: TestClient[ASGIApp], query: str) -> None:
    answer = client.get(f"/v1/usage?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_damaged_record_is_named(client: TestClient[ASGIApp], settings: Settings) -> None:
    client.get(f"{CUBE}/facts/")
    (row,) = usage(client)
    damaged = f"usage/{row['day']}/{'0' * 32}.csv"
    open_store(settings).public.put(damaged, b"\0")
    assert client.get("/v1/usage").json()["meta"]["damaged"] == [damaged]


def test_the_records_themselves_can_be_downloaded(client: TestClient[ASGIApp], settings: Settings) -> None:
    client.get(f"{CUBE}/facts/")
    usage(client)
    (key,) = open_store(settings).public.list("usage")
    answer = client.get(f"/data/{key}")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["cache-control"]
    assert next(csv.DictReader(io.StringIO(answer.text)))["calls"] == "1"


def metrics(text: str) -> Mapping[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def test_metrics_are_what_prometheus_reads(client: TestClient[ASGIApp]) -> None:
    answers = [client.get(f"{CUBE}/facts/") for _ in range(3)]
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = metrics(told.text)
    labels = {"endpoint": "/api/3/cubes/{name}/facts", "format": "json", "status": "2xx"}
    place = frozenset(labels.items())
    assert found["openspending_requests_total", place] == 3
    assert found["openspending_rows_total", place] == 36
    assert found["openspending_sent_bytes_total", place] == sum(one.num_bytes_downloaded for one in answers)
    assert found["openspending_request_seconds_count", frozenset([("endpoint", labels["endpoint"])])] == 3
    assert found["openspending_open_cubes", frozenset()] == 1
    assert found["openspending_database_memory_bytes", frozenset()] > 0
    assert found["openspending_search_pending_datasets", frozenset()] >= 0
    assert found["process_resident_memory_bytes", frozenset()] > 0
    assert "suginami" not in told.text


def test_two_applications_in_one_process_count_apart(settings: Settings) -> None:
    with (
        application(settings) as one,
        application(settings) as other,
        TestClient(one) as first,
        TestClient(other) as second,
    ):
        first.get(f"{CUBE}/facts/")
        assert "/facts" not in second.get("/metrics").text
        assert [row["calls"] for row in usage(second, dataset=DATASET)] == []
        usage(first)
        assert [row["calls"] for row in usage(second, dataset=DATASET)] == [1]


@pytest.mark.slow
def test_servers_on_one_store_add_up_also_after_they_were_terminated(settings: Settings) -> None:
    def calls() -> list[int]:
        shown = openspending("--data", str(settings.data), "usage", "--dataset", DATASET, "--json")
        assert shown.returncode == 0, shown.stderr
        return [row["calls"] for row in json.loads(shown.stdout)["usage"]]

    with serving(settings.data) as one, serving(settings.data) as other:
        for server in (one, one, other):
            assert httpx.get(f"{server.address}{CUBE}/facts/").status_code == 200
            assert httpx.get(f"{server.address}/about/no/dataset").status_code == 404
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(timeout=20) == 0
        assert calls() == [2]
    assert calls() == [3]
