"""Requests made up from the OpenAPI document, by an owner, a robot and nobody: no answer is an error of ours, and all
are as the document says."""

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
from openspending.conductor.permissiontokens import DATASTORE, permissions_for
from openspending.database.engine import alone
from openspending.identity import accounts, robots
from openspending.read_api.openapi.conductoroperations import OPERATIONS
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
MEANT = {
    "callback": ("google_callback", "show"),
    "kind": ("package",),
    "id": ("ada:budget", "ada:absent", "bob:budget", "ada"),
    "publish": ("true", "false", "toggle"),
    "datapackage": ("http://localhost/datastore/ada/budget/datapackage.json", "http://localhost/data/ada/x/y"),
    "service": (DATASTORE,),
    "q": ('"budget"', "1"),
    "package.owner": ('"ada"', "[]", "null"),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """The whole application, and the tokens of an owner, once as a user and once as permitted, and of a robot."""
    with Parts(read_settings({}, data=tmp_path_factory.mktemp("generated"))) as parts:
        identity = parts.installation
        with alone(identity.engine, 1) as connection:
            ada = accounts.create(connection, "ada")
        _, user = robots.create(identity.engine, ada.id, title="x", scopes=None)
        _, robot = robots.create(identity.engine, ada.id, title="x", scopes=[Scope(("read",))])
        actor = identity.robot(user)
        permitted = parts.conductor.tokens.permission(actor, DATASTORE, permissions_for(actor, DATASTORE))
        yield composed(parts), {"nobody": "", "user": user, "permitted": permitted, "robot": robot}


@pytest.fixture(scope="module")
def operations(scene: tuple[Any, dict[str, str]]) -> dict[str, Any]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", scene[0])
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return {one.label: one for one in found}


@pytest.mark.parametrize("label", LABELS)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_generated_requests_find_no_fault(
    label: str, operations: dict[str, Any], scene: tuple[Any, dict[str, str]], data: st.DataObject
) -> None:
    case = data.draw(operations[label].as_strategy())
    for given_ in (case.path_parameters, case.query):
        for name in set(MEANT) & set(given_ or {}):
            if data.draw(st.booleans()):
                given_[name] = data.draw(st.sampled_from(MEANT[name]))
    token = scene[1][data.draw(st.sampled_from(("permitted", "user", "robot", "nobody")))]
    answer = case.call(headers={"Auth-Token": token} if token else {})
    case.validate_response(answer, checks=CHECKS)
