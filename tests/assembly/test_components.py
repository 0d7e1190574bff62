"""Components alone and together: what each serves, what it needs, and what it says when that is not there."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending import __version__
from openspending.assembly import COMPONENTS, Parts, application, check, chosen
from openspending.assembly.health import Health
from openspending.errors import BadSettings, StoreError
from openspending.settings import Settings, read_settings
from tests.datastore.servers import moto

pytestmark = pytest.mark.slow


def nothing_listens() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def settings_of(folder: Path, **environment: str) -> Settings:
    return read_settings(environment, data=folder)


def alone(folder: Path, component: str, **environment: str) -> Any:
    return application(settings_of(folder, **environment), chosen([component]))


def test_without_names_all_components_are_chosen() -> None:
    assert chosen([]) == set(COMPONENTS)
    assert chosen(["browse", "read-api"]) == {"browse", "read-api"}


def test_an_unknown_component_is_refused_with_the_choices() -> None:
    with pytest.raises(BadSettings, match=r"no component “read_api”.*read-api.*Did you mean read-api\?"):
        chosen(["read_api"])


def test_the_read_api_alone_needs_no_database(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{nothing_listens()}/none"
    with alone(tmp_path, "read-api", OS_DATABASE_URL=nowhere) as app, TestClient(app) as client:
        assert client.get("/v1/datasets").json()["data"] == []
        assert client.get("/health").json() == {
            "status": "ok",
            "version": __version__,
            "components": ["read-api"],
            "checks": {"store": "ok"},
            "search": {"pending": 0},
        }
        assert client.get("/").status_code == 404
        described = client.get("/openapi.json").json()
    assert described["info"]["description"].endswith("This process serves read-api alone; so does this document.")
    assert "/v1/datasets" in described["paths"]


def test_pages_alone_say_which_setting_they_need(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="OS_API_URL"), alone(tmp_path, "browse"):
        pass


def test_pages_alone_answer_plainly_while_the_api_does_not(tmp_path: Path) -> None:
    silent = f"http://127.0.0.1:{nothing_listens()}"
    with alone(tmp_path, "browse", OS_API_URL=silent) as app, TestClient(app) as client:
        assert client.get("/").status_code == 503
        assert client.get("/health/live").json()["status"] == "ok"
    assert not (tmp_path / "public").exists()


def test_health_is_503_while_something_is_missing_and_asks_but_once_in_some_seconds() -> None:
    asked = []

    def gone() -> None:
        asked.append(1)
        raise StoreError("The secret bucket is gone.")

    health = Health(frozenset({"read-api"}), {"store": gone})
    app_answer = [health.found(), health.found()]
    health.close()
    assert app_answer == [{"store": "unavailable"}] * 2
    assert len(asked) == 1


def test_a_bucket_that_is_not_there_is_said_with_what_makes_it(tmp_path: Path) -> None:
    with moto() as server:
        bucket = {
            "OS_STORAGE_BUCKET_NAME": "none",
            "OS_S3_HOSTNAME": server.endpoint,
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
        }
        missing = pytest.raises(StoreError, match=r"s3://none is not there.*datastore init")
        with Parts(settings_of(tmp_path, **bucket)) as parts, missing:
            check(parts, chosen(["read-api"]))


def test_a_store_that_is_not_there_makes_health_503(tmp_path: Path) -> None:
    bucket = {
        "OS_STORAGE_BUCKET_NAME": "none",
        "OS_S3_HOSTNAME": f"http://127.0.0.1:{nothing_listens()}",
        "OS_ACCESS_KEY_ID": "one",
        "OS_SECRET_ACCESS_KEY": "two",
    }
    with alone(tmp_path, "read-api", **bucket) as app, TestClient(app) as client:
        answer = client.get("/health")
        assert client.get("/health/live").status_code == 200
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"store": "unavailable"}
    assert "127.0.0.1" not in answer.text
