from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal

import pytest

from openspending import publishing
from openspending.assembly import application, open_store
from openspending.cli.demo import packages
from openspending.client import ApiError, Client, cube_path
from openspending.errors import NotFound
from openspending.settings import read_settings

pytestmark = pytest.mark.slow

CRA = "ukgov-finances-cra"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = read_settings({}, data=tmp_path_factory.mktemp("client"))
    package = next(one for one in packages() if one.name == "uk-country-regional-analysis")
    publishing.publish(str(package), owner="officer@data.gov.uk", store=open_store(settings).public)
    with application(settings) as app:
        yield Client.in_process(app)


def test_the_registry_lists_what_was_published(client: Client) -> None:
    (row,) = asyncio.run(client.datasets())
    assert (row["owner"], row["name"], row["revision"]) == ("officer@data.gov.uk", CRA, "1")


def test_amounts_arrive_exactly(client: Client) -> None:
    answer = asyncio.run(client.aggregate("officer@data.gov.uk", CRA, aggregates="amount.sum"))
    assert answer["summary"] == {"amount.sum": Decimal("12008553000.04")}


def test_the_model_names_measures_and_dimensions(client: Client) -> None:
    model = asyncio.run(client.model("officer@data.gov.uk", CRA))
    assert model["measures"]["amount"]["currency"] == "GBP"


def test_descriptors_are_read_by_revision(client: Client) -> None:
    newest = asyncio.run(client.descriptor("officer@data.gov.uk", CRA))
    assert newest == asyncio.run(client.descriptor("officer@data.gov.uk", CRA, 1))


def test_what_is_not_there_is_said(client: Client) -> None:
    with pytest.raises(NotFound):
        asyncio.run(client.descriptor("officer@data.gov.uk", CRA, 2))
    with pytest.raises(NotFound):
        asyncio.run(client.model("nobody", CRA))
    assert not asyncio.run(client.exists("/data/nobody/nothing/datapackage.json"))


def test_what_the_api_refuses_is_said_in_its_words(client: Client) -> None:
    with pytest.raises(ApiError, match="400"):
        asyncio.run(client.aggregate("officer@data.gov.uk", CRA, cut="nothing:1"))


def test_names_cannot_leave_their_place_in_a_path() -> None:
    assert cube_path("a/../b", "c?d#e", "model") == "/api/3/cubes/a%2F..%2Fb:c%3Fd%23e/model/"
