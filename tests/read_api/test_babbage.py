"""What the recorded cases do not show: addresses, methods, JSONP, CORS, CSV, packages, errors."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from openspending import read_api
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import from_spec
from openspending.analytics.query import AggregateQuery

MOLDOVA = "example@example.com:boost-moldova"


# ── addresses and methods ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["", "/cubes", "/cubes/cra/model", "/cubes/cra/aggregate", "/cubes/cra/facts", "/cubes/cra/members/cofog1"]
)
def test_a_path_without_its_last_slash_moves_for_good_and_keeps_its_query(
    client: TestClient[Litestar], path: str
) -> None:
    answer = client.get(f"/api/3{path}?cut=a%3Ab%7Cc&x=%C3%A9", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/api/3{path}/?cut=a%3Ab%7Cc&x=%C3%A9"


@pytest.mark.parametrize(
    "name", [MOLDOVA, "example%40example.com%3Aboost-moldova", "example@example.com%3aboost-moldova"]
)
def test_a_cube_is_found_by_its_name_raw_or_encoded(client: TestClient[Litestar], name: str) -> None:
    answer = client.get(f"/api/3/cubes/{name}/model/")
    assert answer.status_code == 200
    assert answer.json()["name"] == MOLDOVA


def test_a_redirect_keeps_an_encoded_name_encoded(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/3/cubes/a%2Fb%40c/model", follow_redirects=False)
    assert answer.headers.get("location", "/api/3/cubes/a%2Fb%40c/model/") == "/api/3/cubes/a%2Fb%40c/model/"


def test_head_answers_as_get_without_the_body(client: TestClient[Litestar]) -> None:
    path = "/api/3/cubes/cra/members/region/"
    got, head = client.get(path), client.head(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


def test_other_methods_are_not_allowed(client: TestClient[Litestar]) -> None:
    answer = client.post("/api/3/cubes/cra/aggregate/")
    assert answer.status_code == 405
    assert answer.json()["status"] == "error"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/3/nix",
        "/api/3/cubes/cra/nix/",
        "/api/3/cubes/cra/aggregate/nix/",
        "/api/3/cubes/cra/members/",
        "/api/3/info/cra/",
        "/api/3/info/nix/package",
        "/api/3/cubes/nix/members/a/",
        "/api/3/cubes/cra/members/a/b/",
    ],
)
def test_what_does_not_exist_is_a_404_in_json(client: TestClient[Litestar], path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert set(answer.json()) == {"status", "message", "context"}
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_page_outside_the_api_that_does_not_exist_is_problem_json(client: TestClient[Litestar]) -> None:
    answer = client.get("/nix")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_of_a_repeated_parameter_counts(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/3/cubes/cra/aggregate/?pagesize=3&pagesize=4&drilldown=region&drilldown=nix")
    assert answer.json()["page_size"] == 3


def test_unknown_parameters_are_ignored(client: TestClient[Litestar]) -> None:
    assert client.get("/api/3/cubes/cra/aggregate/?lang=en&nulls=1&drilldowns=x").status_code == 200


@pytest.mark.parametrize("name", ["cut", "drilldown", "aggregates", "order", "callback", "format", "page", "pagesize"])
def test_an_empty_parameter_is_an_absent_one(client: TestClient[Litestar], name: str) -> None:
    path = "/api/3/cubes/cra/aggregate/"
    assert client.get(f"{path}?{name}=").json() == client.get(path).json()


def test_pages_beyond_the_end_are_empty(client: TestClient[Litestar]) -> None:
    for page in ("5", "99999999999999999999999999"):
        body = client.get(f"/api/3/cubes/cra/aggregate/?drilldown=region&page={page}").json()
        assert body["cells"] == []
        assert body["total_cell_count"] == 5
        assert body["page"] == int(page)


def test_a_page_has_ten_thousand_rows_at_most(client: TestClient[Litestar]) -> None:
    assert client.get("/api/3/cubes/cra/facts/?pagesize=99999").json()["page_size"] == 10_000


def test_members_take_a_list_of_refs(client: TestClient[Litestar]) -> None:
    body = client.get("/api/3/cubes/cra/members/region,time.year/").json()
    assert body["fields"] == ["region.region", "time.year"]
    assert body["total_member_count"] == 5


# ── JSONP and CORS ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_jsonp_wraps_errors_too(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/3/cubes/nix/model/?callback=my.call_back$1")
    assert answer.status_code == 404
    assert answer.text.startswith('my.call_back$1 && my.call_back$1({"status":"error"')
    assert "x-content-type-options" not in answer.headers  # or no browser would run it as the script it is


@pytest.mark.parametrize("callback", ["alert(1)", "<script>", "a b", "a;b", "1a", "é", "a" * 200, "a\n"])
@pytest.mark.parametrize("path", ["/api/3/", "/api/3/cubes/cra/aggregate/", f"/api/3/info/{MOLDOVA}/package"])
def test_a_callback_that_is_no_name_is_refused(client: TestClient[Litestar], path: str, callback: str) -> None:
    answer = client.get(path, params={"callback": callback})
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"
    assert callback not in answer.text


def test_any_site_may_read(client: TestClient[Litestar]) -> None:
    assert client.get("/api/3/").headers["access-control-allow-origin"] == "*"
    answer = client.get("/api/3/", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "https://example.org"
    assert "Origin" in answer.headers["vary"]


def test_a_preflight_lists_all_methods_and_the_asked_headers(client: TestClient[Litestar]) -> None:
    asked = {"Origin": "https://a.org", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-a"}
    answer = client.options("/api/3/cubes/cra/aggregate/", headers=asked)
    assert answer.is_success
    assert answer.headers["access-control-allow-headers"] == "x-a"
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["access-control-allow-methods"].split(", "))


def test_every_answer_names_its_request(client: TestClient[Litestar]) -> None:
    assert client.get("/api/3/", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert client.get("/nix", headers={"X-Request-ID": "a b"}).headers["x-request-id"] not in ("", "a b")


# ── CSV, packages, numbers, faults ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def odd() -> Any:
    """A cube with awkward texts and numbers that no binary floating point can hold."""
    spec = {
        "fact_table": "odd",
        "measures": {"amount": {"column": "amount", "label": "Amount"}},
        "dimensions": {
            "what": {"label": "What", "key_attribute": "id", "attributes": {"id": {"column": "what", "label": "Id"}}}
        },
    }
    with duckdb.connect() as database:
        database.execute("CREATE TABLE odd (what VARCHAR, amount DECIMAL(38, 9))")
        database.execute(
            "INSERT INTO odd VALUES ('a,b', 0.000000001), ('say \"x\"', 12345678901234567890123456789.123456789), "
            "(E'two\\nlines', 100), (NULL, 9007199254740993), (?, NULL)",
            ["\u2028 é"],
        )
        with TestClient(read_api.app(Cubes(Cube("odd", from_spec(spec), database)))) as client:
            yield client


class Cubes:
    """One cube, whatever its name."""

    def __init__(self, cube: Cube) -> None:
        self._cube = cube

    def names(self) -> list[str]:
        return [self._cube.name]

    def cube(self, name: str) -> Cube:
        assert name
        return self._cube

    def package(self, name: str) -> tuple[dict[str, Any], str]:
        return {"name": name}, "https://bucket.example.org/x/datapackage.json"


def test_numbers_in_json_have_all_their_digits(odd: TestClient[Litestar]) -> None:
    text = odd.get("/api/3/cubes/odd/aggregate/?drilldown=what").text
    assert '"amount.sum":12345678901234567890123456789.123456789' in text
    assert '"amount.sum":9007199254740993}' in text
    summary = json.loads(text, parse_float=Decimal)["summary"]
    assert summary["amount.sum"] == Decimal("12345678901243575089378197882.12345679")


def test_csv_is_quoted_and_exact(odd: TestClient[Litestar]) -> None:
    answer = odd.get("/api/3/cubes/odd/aggregate/?drilldown=what&format=CSV&aggregates=amount.sum&callback=f")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="data.csv"'
    assert list(csv.reader(io.StringIO(answer.text, newline=""))) == [
        ["amount.sum", "what.id"],
        ["0.000000001", "a,b"],
        ["12345678901234567890123456789.123456789", 'say "x"'],
        ["100", "two\nlines"],
        ["", "\u2028 é"],
        ["9007199254740993", ""],
    ]
    assert odd.get("/api/3/cubes/odd/aggregate/?drilldown=what&format=csv&page=9").text == ""


def test_line_separators_are_escaped_in_scripts(odd: TestClient[Litestar]) -> None:
    assert "\\u2028" in odd.get("/api/3/cubes/odd/aggregate/?drilldown=what&callback=f").text


def test_a_package_comes_with_its_origin(client: TestClient[Litestar], odd: TestClient[Litestar]) -> None:
    body = client.get(f"/api/3/info/{MOLDOVA}/package").json()
    assert body["name"] == "boost-moldova"
    address = body["__origin_url"]
    assert address == "http://testserver.local/data/example@example.com/boost-moldova/datapackage.json"
    answer = odd.get("/api/3/info/x/package?callback=f")
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text == 'f({"name":"x","__origin_url":"https://bucket.example.org/x/datapackage.json"});'


def test_a_model_that_names_a_missing_column_is_a_500_that_says_which(cubes: Any) -> None:
    spec = json.loads(json.dumps(cubes.cube("cra").model.spec))
    spec["measures"]["amount"]["column"] = "nix"
    broken = Cube("broken", from_spec(spec), cubes.cube("cra").connection)
    with TestClient(read_api.app(Cubes(broken))) as client:
        answer = client.get("/api/3/cubes/broken/aggregate/")
    assert answer.status_code == 500
    assert answer.json()["context"] == {"table": "cra", "column": "nix"}


def test_a_mistake_of_ours_tells_nothing_but_the_requests_id(cubes: Any) -> None:
    class Failing(Cubes):
        def names(self) -> list[str]:
            raise ZeroDivisionError("secret")

    with TestClient(read_api.app(Failing(cubes.cube("cra"))), raise_server_exceptions=False) as client:
        answer = client.get("/api/3/cubes/", headers={"X-Request-ID": "abc"})
    assert answer.status_code == 500
    assert "abc" in answer.json()["detail"]
    assert "secret" not in answer.text


def test_many_can_ask_one_cube_at_once(cubes: Any) -> None:
    cube = cubes.cube(MOLDOVA)
    queries = [
        AggregateQuery((ref,), ("executed.sum",))
        for ref in ("date_2", "other_transfer", "functional_classification_code")
    ]
    expected = [cube.aggregate(one) for one in queries]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(cube.aggregate, queries * 20))
    assert found == expected * 20
