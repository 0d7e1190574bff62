"""The Write API answers as its OpenAPI operations say, whatever it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from openspending.read_api.openapi import responses
from openspending.read_api.openapi.datasetschemas import SCHEMAS as OTHERS
from openspending.read_api.openapi.viewoperations import OPERATIONS as VIEWS
from openspending.read_api.openapi.writeexamples import ANSWERS, REQUESTS
from openspending.read_api.openapi.writeoperations import OPERATIONS, SCHEMAS
from openspending.write_api import Limits
from openspending.write_api.routing import HANDLERS
from tests.write_api.conftest import BUDGET, MIB, Place, app_of

pytestmark = pytest.mark.slow

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
COMPONENTS = {"schemas": {**OTHERS, **SCHEMAS}, "headers": responses.COMPONENTS}
BY_ID = {one["operationId"]: one for one in OPERATIONS.values()}


@pytest.fixture
def limits() -> Limits:
    return Limits(upload_size=10**9, quota=10**15, part=MIB)  # so that 507, which is right, does not look like a fault


def document() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for (method, path), operation in OPERATIONS.items():
        paths.setdefault(path, {})[method] = operation
    info = {"title": "Write API", "version": "1"}
    return {"openapi": "3.1.1", "info": info, "paths": paths, "components": COMPONENTS}


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **found} if "properties" in schema else found


def fits(answer: Any, schema: Mapping[str, Any]) -> None:
    rooted = {**schema, "components": closed(COMPONENTS)}
    assert [f"{one.json_path}: {one.message}" for one in Draft202012Validator(rooted).iter_errors(answer)] == []


def answer_of(id_: str) -> Mapping[str, Any]:
    (found,) = [one for status, one in BY_ID[id_]["responses"].items() if status.startswith("2")]
    schema: Mapping[str, Any] = found["content"]["application/json"]["schema"]
    return schema


def test_every_route_is_described() -> None:
    routes = {
        (method.lower(), f"/v1{path}")
        for one in HANDLERS
        for method in one.http_methods
        for path in one.paths
        if method != "HEAD"
    }
    saving = {one for one in VIEWS if one[0] != "get"}  # views are read elsewhere
    described = {(method, path.replace("{number}", "{number:int}")) for method, path in {*OPERATIONS, *saving}}
    assert {(method, path.replace(":str}", "}")) for method, path in routes} == described


@pytest.mark.parametrize("id_", REQUESTS)
def test_examples_of_requests_are_what_is_asked_for(id_: str) -> None:
    fits(REQUESTS[id_], BY_ID[id_]["requestBody"]["content"]["application/json"]["schema"])


@pytest.mark.parametrize("id_", ANSWERS)
def test_examples_of_answers_are_as_described(id_: str) -> None:
    fits(ANSWERS[id_], answer_of(id_))


def test_answers_have_the_members_that_are_described_and_no_others(made: Place) -> None:
    upload = made.announce(BUDGET).json()
    fits(upload, answer_of("announceUpload"))
    fits(made.ask("GET", upload["links"]["self"]).json(), answer_of("showUpload"))
    fits(made.ask("POST", upload["links"]["parts"], json={"numbers": [1]}).json(), answer_of("addressParts"))
    job = made.imported()
    fits(job, answer_of("showJob"))
    fits(made.imported(b"a,b\n1,x\n", answers={"no": "x"}), answer_of("showJob"))
    fits(made.ask("GET", job["links"]["log"]).json(), answer_of("showJobLog"))
    fits(made.ask("GET", "/v1/jobs").json(), answer_of("listJobs"))
    path = job["links"]["dataset"]
    fits(made.ask("POST", f"{path}/links", json={"path": "datapackage.json"}).json(), answer_of("linkFile"))
    fits(made.ask("GET", f"{path}/audit", "admin").json(), answer_of("readAuditLog"))
    fits(made.ask("GET", f"{path}/collaborators", "admin").json(), answer_of("listCollaborators"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_generated_requests_find_no_fault(budget: Place) -> None:
    """As somebody who may do everything, most of it about what there is; nothing is a fault of ours."""
    upload, job = budget.announce(BUDGET).json()["id"], budget.start_import(budget.upload(BUDGET)).json()["id"]
    known = {"owner": "treasury", "name": "budget", "upload": upload, "job": job, "account": "anna", "number": 1}
    app = app_of(budget.writing)
    schema = schemathesis.openapi.from_dict(document())
    schema.app = app
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(data.draw(st.sampled_from(found)).as_strategy())
        if data.draw(st.integers(0, 3)):
            case.path_parameters.update({name: known[name] for name in set(case.path_parameters) & set(known)})
        case.headers = {**(case.headers or {}), "As": "root"}
        case.validate_response(case.call(), checks=CHECKS)

    ask()
