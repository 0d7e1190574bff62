"""The OpenAPI document: valid, complete, and true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from openspending.read_api.openapi.document import FURTHER, KNOWN, TAGS, WHOLE
from openspending.read_api.openapi.examples import EXAMPLES

Client = TestClient[Any]
V1 = sorted(one for one in KNOWN if one[1].startswith("/v1"))
GOT = [one for one in V1 if one[0] == "get"]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def closed(schema: Any) -> Any:
    """The schema, with objects that have no members beside those it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema and "allOf" not in schema:
        found["additionalProperties"] = False
    return found


def wrong_with(answer: Any, schema: Any, document: dict[str, Any]) -> list[str]:
    rooted = {**schema, "components": closed(document["components"])}
    return [f"{one.json_path}: {one.message[:200]}" for one in Draft202012Validator(rooted).iter_errors(answer)]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_of_every_route_is_described(document: dict[str, Any]) -> None:
    found = dict(operations(document))
    assert {f"{method} {path}" for method, path in KNOWN} <= set(found)
    described = {f"{method} {path}" for method, path in (*KNOWN, *FURTHER)} | {f"get {path}" for path in WHOLE}
    assert set(found) - described == set()
    for where, one in found.items():
        assert one["summary"], where
        assert one["description"].endswith("."), where
        assert set(one["tags"]) <= set(TAGS), where
        assert all(
            parameter["description"] and parameter["schema"]["examples"] for parameter in one.get("parameters", ())
        )


def test_operation_ids_are_short_and_unique(document: dict[str, Any]) -> None:
    ids = [one["operationId"] for _, one in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][A-Za-z]{4,23}", one) for one in ids)


def test_nothing_tells_where_the_document_was_made(document: dict[str, Any]) -> None:
    assert re.findall(r"localhost|testserver|127\.0\.0\.1|/tmp/|file://", json.dumps(document)) == []
    assert document["servers"][0]["url"] == "/"
    assert "contact" not in document["info"]


def test_every_component_is_used_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"#/components/(\w+/[\w-]+)"', json.dumps(document)))
    assert used == {f"{kind}/{name}" for kind, members in document["components"].items() for name in members}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_have_the_members_that_their_schemas_name_and_no_others(name: str, document: dict[str, Any]) -> None:
    (operation,) = [one for _, one in operations(document) if one["operationId"] == name]
    content = operation["responses"]["200"]["content"]["application/json"]
    assert content["example"] == EXAMPLES[name]
    assert wrong_with(content["example"], content["schema"], document) == []
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]
        assert wrong_with(body["example"], body["schema"], document) == []


@pytest.mark.slow
def test_example_answers_are_those_of_the_demo_packages(examples: ModuleType, demo: Client) -> None:
    answers = dict(examples.answers(demo))
    assert set(answers) == set(EXAMPLES)
    wrong = [name for name, one in answers.items() if examples.steady(one) != examples.steady(EXAMPLES[name])]
    assert wrong == [], "python docs/examples.py writes them anew"


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), V1, ids=map("-".join, V1))
def test_a_route_takes_the_parameters_that_are_documented(
    method: str, path: str, examples: ModuleType, demo: Client
) -> None:
    operation = KNOWN[method, path]
    verb, address, body = examples.request(method, path, operation)
    beyond = f"{address}{'&' if '?' in address else '?'}zzzz=1"
    assert demo.request(verb, address, json=body).status_code == 200  # and is kept, which must not answer the other
    refused = demo.request(verb, address if body else beyond, json={**body, "zzzz": 1} if body else None)
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"
    (one,) = refused.json()["errors"]
    assert "zzzz" in one["detail"]
    assert sorted(one.get("choices", ())) == sorted(operation.queries)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), GOT, ids=[path for _, path in GOT])
def test_answers_are_as_documented(
    method: str, path: str, examples: ModuleType, demo: Client, document: dict[str, Any]
) -> None:
    operation = KNOWN[method, path]
    _, address, _ = examples.request(method, path, operation)
    answers = document["paths"][path][method]["responses"]
    required = {name: one["required"] for name, one in document["components"]["headers"].items()}
    for kind, content in answers["200"]["content"].items():
        found = demo.get(address, headers={"Accept": kind})
        assert found.status_code == 200
        assert found.headers["content-type"].partition(";")[0] == kind
        assert [one for one in answers["200"]["headers"] if required[one] and one not in found.headers] == []
        if kind == "application/json":
            assert wrong_with(found.json(), content["schema"], document) == []
        if "304" in answers:
            known = demo.get(address, headers={"Accept": kind, "If-None-Match": found.headers["etag"]})
            assert (known.status_code, known.content) == (304, b"")
    if "404" in answers:
        lost = demo.get(address.replace("/demo/", "/nobody/").replace("mixed-sum", "none").replace("demo.", "nobody."))
        assert lost.status_code in {400, 404}
        assert wrong_with(lost.json(), {"$ref": "#/components/schemas/Problem"}, document) == []
    if "406" in answers:
        assert demo.get(address, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), [one for one in GOT if "numbers" in KNOWN[one].queries])
def test_answers_whose_decimals_are_numbers_are_as_documented(
    method: str, path: str, examples: ModuleType, demo: Client, document: dict[str, Any]
) -> None:
    _, address, _ = examples.request(method, path, KNOWN[method, path])
    answer = demo.get(f"{address}{'&' if '?' in address else '?'}numbers=float").json()
    schema = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    assert wrong_with(answer, schema, document) == []


@pytest.mark.slow
def test_links_can_be_asked_as_they_stand(demo: Client) -> None:
    address = "/v1/datasets/demo/suginami-2013/aggregate?drilldown=category_2.label&pagesize=1&cut="
    answer = demo.get(address + quote('amount>:1|amount<=:9999999999999|not(category_2.label^:"<x>")')).json()
    links = [answer["next"], answer["meta"]["self"], answer["data"][0]["rows"], answer["summary"]["rows"]]
    assert [one for one in links if not re.fullmatch(r"[\w/@%&?=|,;:.()!~+-]+", one, re.ASCII)] == []
    assert {demo.get(one).status_code for one in links} == {200}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["numbers=few", "bom=7", "safe=maybe", "format=pdf", "zzzz=1", "pagesize=-1"])
def test_what_is_wrong_is_refused_though_the_answer_is_known(wrong: str, demo: Client) -> None:
    address = "/v1/datasets/demo/suginami-2013@1/aggregate?drilldown=category_2"
    known = demo.get(address).headers["etag"]
    for headers in ({}, {"If-None-Match": known}, {"If-None-Match": "*"}):
        assert demo.get(f"{address}&{wrong}", headers=headers).status_code == 400
