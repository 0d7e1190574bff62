"""Requests made up from the whole OpenAPI document of everything together: none is answered by an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from openspending.actor import ACTIONS, Scope
from openspending.assembly import Parts, composed
from openspending.cli.demo import packages
from openspending.database.engine import alone
from openspending.identity import accounts, organisations, robots
from openspending.publishing import publish
from openspending.read_api.openapi.document import KNOWN
from openspending.settings import read_settings

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
EXAMPLES = 4  # of each operation; `make fuzz` draws others
# The generator cannot follow conditions inside conditions; read_api/openapi/test_generated.py draws those bodies.
QUERIES = {path for method, path in KNOWN if method == "post"}
MEANT = {"owner": ("ministry",), "name": ("budget", "draft", "ministry"), "account": ("ada",)}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, list[str]]]:
    """The application with a public and a private dataset, and the tokens of an administrator, a robot and nobody."""
    (package,) = [one for one in packages() if one.name == "suginami-2013"]
    with Parts(read_settings({}, data=tmp_path_factory.mktemp("generated"))) as parts:
        publish(str(package), owner="ministry", name="budget", store=parts.store.public)
        publish(str(package), owner="ministry", name="draft", store=parts.store.private)
        identity = parts.installation
        with alone(identity.engine, 1) as connection:
            root, ada = accounts.create(connection, "root", administrator=True), accounts.create(connection, "ada")
            organisations.create(connection, "agency", "", ada, identity.names)
        robot = robots.create(identity.engine, root.id, title="x", scopes=[Scope(ACTIONS)])[1]
        parts.search.catch_up()
        yield composed(parts), [identity.keys.access_token(identity.actor(root.id)), robot, ""]


def test_no_operation_fails_whoever_asks_for_whatever(scene: tuple[Any, list[str]]) -> None:
    app, tokens = scene
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) > 100
    for operation in operations:
        ask(operation, tokens)


def ask(operation: Any, tokens: list[str]) -> None:
    """Some requests for one operation."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def asked(data: st.DataObject) -> None:
        body = {"body": {}, "media_type": "application/json"} if operation.path in QUERIES else {}
        case = data.draw(operation.as_strategy(**body if operation.method == "post" else {}))
        for name, values in MEANT.items():
            if name in (case.path_parameters or {}) and data.draw(st.sampled_from((True, True, False))):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        token = data.draw(st.sampled_from(tokens))
        answer = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})
        assert answer.status_code < 500, f"{operation.label}: {answer.status_code} {answer.text[:300]}"

    asked()
