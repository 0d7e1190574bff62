"""The OpenAPI document: valid, complete, and true (slow: a generator of requests tries it)."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.core.result import Ok

from openspending import read_api

AGGREGATE = "/api/3/cubes/{name}/aggregate"


def test_the_document_is_valid_and_names_every_path_and_parameter(client: TestClient[Litestar]) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert {
        "/api/3",
        "/api/3/cubes",
        "/api/3/cubes/{name}/model",
        AGGREGATE,
        "/api/3/cubes/{name}/facts",
        "/api/3/cubes/{name}/members/{ref}",
        "/api/3/info/{name}/package",
        "/health",
    } == set(document["paths"])
    parameters = {one["name"] for one in document["paths"][AGGREGATE]["get"]["parameters"]}
    assert parameters == {"name", "drilldown", "cut", "aggregates", "order", "page", "pagesize", "format", "callback"}
    assert {"200", "400", "404"} <= set(document["paths"][AGGREGATE]["get"]["responses"])
    assert all(one["description"] for one in document["paths"][AGGREGATE]["get"]["parameters"])


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_generated_requests_find_no_fault(operations: list[Any], data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(operations))
    case = data.draw(operation.as_strategy())
    assert case.call().status_code < 500


@pytest.fixture(scope="module")
def operations(cubes: Any) -> list[Any]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", read_api.app(cubes))
    return [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
