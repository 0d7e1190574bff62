"""Requests made up from the OpenAPI document, by somebody signed in and by nobody: no answer is an error of ours,
and all are as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from openspending.actor import Scope
from openspending.assembly import Parts, composed
from openspending.database.engine import alone
from openspending.identity import accounts, organisations, robots
from openspending.read_api.openapi.identityoperations import OPERATIONS
from openspending.settings import read_settings

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
LABELS = sorted(f"{method.upper()} {path}" for method, path in OPERATIONS)
MEANT = {"name": "ministry", "account": "ada"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """The whole application, and the tokens of an admin and of a robot with few scopes."""
    with Parts(read_settings({}, data=tmp_path_factory.mktemp("generated"))) as parts:
        identity = parts.installation
        with alone(identity.engine, 1) as connection:
            ada = accounts.create(connection, "ada")
            organisations.create(connection, "ministry", "", ada, identity.names)
        _, robot = robots.create(identity.engine, ada.id, title="x", scopes=[Scope(("read",))])
        app = composed(parts)
        yield app, {"nobody": "", "ada": identity.keys.access_token(identity.actor(ada.id)), "robot": robot}


@pytest.fixture(scope="module")
def operations(scene: tuple[Any, dict[str, str]]) -> dict[str, Any]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", scene[0])
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return {one.label: one for one in found}


@pytest.mark.parametrize("label", LABELS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_generated_requests_find_no_fault(
    label: str, operations: dict[str, Any], scene: tuple[Any, dict[str, str]], data: st.DataObject
) -> None:
    case = data.draw(operations[label].as_strategy())
    for name, value in MEANT.items():
        if name in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters[name] = value
    token = scene[1][data.draw(st.sampled_from(("ada", "ada", "robot", "nobody")))]
    answer = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})
    case.validate_response(answer, checks=CHECKS)
