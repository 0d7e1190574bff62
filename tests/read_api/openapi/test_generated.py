"""Requests that a generator makes of the OpenAPI document find no fault: no answer is an error of ours, and all are as
the document says.

A quarter of their parameters are whatever the document allows; the others mean something in the demo packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from openspending.analytics.queryjson import WORDS
from openspending.read_api.openapi.document import KNOWN

# the client that the generator asks with leaves streams open that nobody reads any more
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
]
OLD = "/api/3/"
DATASETS = ("boost-moldova", "mexico-2015", "suginami-2013", "ukgov-finances-cra")
VERSIONS = ("", "", "", "@1", "@1", "@2", "@2020-01-01", "@sha256:0000", "@")
OPERATORS = (":", "!:", "~:", "^:", "<:", "<=:", ">:", ">=:")
LISTS = {"drilldown": "refs", "fields": "refs", "aggregates": "aggregates"}
VALUES = ("null", "1", "01", "-1.5", "1..9", "..2015", "2015-01-01..", '"a|b;c"', '"null"', "a;null;2..3", "true", "é")
RIDS = ("1f69012ea0de39a74342e84e", "3fa3772b57c097c22e34da24", "1f69012ea0de39a74342e84e-2", "f" * 24)
WORDS_ASKED = ("public", '"public health" -mental', "09.1", "helth", "保健", "educ*", "-a")
SQL = ("SELECT 1", 'SELECT count(*) FROM demo."mexico-2015"', "SELECT", "SELECT * FROM nobody.nothing", "DROP TABLE x")

LABELS = sorted(f"{method.upper()} {path}" for method, path in KNOWN)
Words = Mapping[str, list[str]]


def operations_of(app: Any) -> list[Any]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return [one for one in found if one.path.startswith(("/v1", OLD))]


def words_of(model: Mapping[str, Any]) -> Words:
    refs = [one["name"] for one in model["columns"]]
    return {
        "refs": [*refs, *model["dimensions"], *model["measures"]],
        "aggregates": list(model["aggregates"]),
        "measures": list(model["measures"]),
    }


@pytest.fixture(scope="module")
def words(demo: TestClient[Any]) -> Mapping[str, Words]:
    return {one: words_of(demo.get(f"/v1/datasets/demo/{one}/model").json()) for one in DATASETS}


@pytest.fixture(scope="module")
def operations(demo_app: Any) -> list[Any]:
    return operations_of(demo_app)


@pytest.fixture(scope="module")
def few(empty: Any) -> list[Any]:
    return [one for one in operations_of(empty) if one.method == "get" and "sql" not in one.path]


def body_members(operation: Any) -> set[str]:
    """The members that the query in the body of an operation has."""
    content = operation.definition.raw["requestBody"]["content"]
    return set(content["application/json"]["schema"]["properties"])


def joined(separator: str, items: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=1, max_size=most).map(separator.join)


def cuts(words: Words) -> st.SearchStrategy[str]:
    one = st.tuples(*map(st.sampled_from, (words["refs"], OPERATORS, VALUES))).map("".join)
    nested = st.tuples(st.sampled_from(("all", "any", "not")), joined("|", one)).map(
        lambda pair: f"{pair[0]}({pair[1]})"
    )
    return joined("|", one | nested)


def meaningful(words: Words, *, old: bool) -> dict[str, st.SearchStrategy[str]]:
    """For each parameter, texts that mean something in a dataset."""
    refs, aggregates = st.sampled_from(words["refs"]), st.sampled_from(words["aggregates"])
    order = joined(",", st.tuples(refs | aggregates, st.sampled_from(("", ":asc", ":desc"))).map("".join), 2)
    side = st.one_of(cuts(words), st.sampled_from(words["measures"]).map("measure:{}".format), st.just("@1"))
    return {
        "drilldown": joined("|", refs),
        "aggregates": joined("|", aggregates),
        "fields": joined("," if old else "|", refs, 5),
        "cut": cuts(words),
        "order": order,
        "pagesize": st.sampled_from(("0", "1", "3")),
        "measure": st.sampled_from(words["measures"]),
        "left": side,
        "right": side,
        "query": st.sampled_from(SQL),
        "q": st.sampled_from(WORDS_ASKED),
        "ref": refs,
        "kind": st.sampled_from(("mixed-sum", "too-much")),
        "rid": st.sampled_from(RIDS),
    }


def bodies(words: Words) -> st.SearchStrategy[dict[str, Any]]:
    """Queries in a body: nearly right ones, because the generator cannot follow conditions inside conditions."""
    refs = st.sampled_from(words["refs"])
    value = st.sampled_from((None, True, "1", "2015-01-01", 1, -1.5, "", "é", [], [1, None], [None, None], {"a": 1}))
    cut = st.fixed_dictionaries({"ref": refs}, optional={"op": st.sampled_from((*WORDS, "is")), "value": value})
    conditions = st.recursive(
        st.lists(cut, max_size=2),
        lambda inner: st.lists(st.dictionaries(st.sampled_from(("all", "any", "not")), inner, min_size=1, max_size=2)),
        max_leaves=6,
    )
    lists = {name: st.lists(st.sampled_from(words[kind]), max_size=3) for name, kind in LISTS.items()}
    side = st.fixed_dictionaries({}, optional={"measure": st.sampled_from(words["measures"]), "cut": conditions})
    others = {
        "order": st.lists(
            refs | st.fixed_dictionaries({"ref": refs, "direction": st.sampled_from(("asc", "desc", ""))})
        ),
        "pagesize": st.integers(-1, 20_000),
        "format": st.sampled_from(("json", "csv", "parquet", "pdf")),
        "numbers": st.sampled_from(("string", "float", 1)),
        "left": side | st.just("@1"),
        "right": side,
        "query": st.sampled_from(SQL),
    }
    return st.fixed_dictionaries({}, optional={**lists, **others, "cut": conditions, "_": value})


def drawn(data: st.DataObject, operation: Any, words: Mapping[str, Words]) -> Any:
    """A request of the generator, much of it changed for what means something."""
    posted = operation.method == "post"
    case = data.draw(
        operation.as_strategy(body={}, media_type="application/json") if posted else operation.as_strategy()
    )
    dataset = data.draw(st.sampled_from(DATASETS))
    old = operation.path.startswith(OLD)
    mostly = st.sampled_from((True, True, True, False))
    if data.draw(mostly):
        version = data.draw(st.sampled_from(VERSIONS))
        known = {"owner": "demo", "name": f"demo:{dataset}" if old else f"{dataset}{version}"}
        case.path_parameters.update({name: value for name, value in known.items() if name in case.path_parameters})
    for name, texts in meaningful(words[dataset], old=old).items():
        if name in case.path_parameters and data.draw(mostly):
            case.path_parameters[name] = quote(data.draw(texts), safe="")
        if name in {one.name for one in operation.query} and data.draw(mostly):
            case.query[name] = data.draw(texts)
    if "cursor" in (case.query or {}) and data.draw(mostly):
        del case.query["cursor"]  # which is never that of the query
    if posted:
        body = data.draw(bodies(words[dataset]))
        # what belongs to other operations is refused at once, which is asked seldom enough
        case.body = {name: one for name, one in body.items() if name in body_members(operation)} or body
    return case


def asked(case: Any) -> Any:
    """The answer, which is as the document says."""
    answer = case.call()
    # what a callback wraps is no JSON, though it is typed so, as it always was
    jsonp = "callback" in (case.query or {})
    case.validate_response(answer, checks=CHECKS if jsonp else [*CHECKS, checks.response_schema_conformance])
    return answer


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_a_few_requests_to_an_empty_server_find_no_fault(few: list[Any], data: st.DataObject) -> None:
    asked(data.draw(data.draw(st.sampled_from(few)).as_strategy()))


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_generated_requests_find_no_fault(
    label: str, operations: list[Any], words: Mapping[str, Words], data: st.DataObject
) -> None:
    (operation,) = [one for one in operations if one.label == label]
    asked(drawn(data, operation, words))


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data(), name=st.from_regex(r"[a-z]{1,8}_", fullmatch=True))
def test_parameters_that_no_operation_has_are_refused(operations: list[Any], data: st.DataObject, name: str) -> None:
    asked = [one for one in operations if one.path.startswith("/v1") and one.method == "get"]
    operation = data.draw(st.sampled_from(asked))
    case = data.draw(operation.as_strategy())
    case.query = {**(case.query or {}), name: "1"}
    assert case.call().status_code in {400, 404}
