"""One OpenSpending for all tests of pages: the demo datasets, hostile ones, and an index of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from openspending import publishing
from openspending.assembly.composed import composed
from openspending.assembly.parts import Parts
from openspending.settings import read_settings
from tests.browse.hostile import write_hostile_package, write_signed_package
from tests.browse.managing import Desk, desk
from tests.browse.reading import Browser
from tests.demo import InstallDemo
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package


@pytest.fixture(scope="session")
def browser(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("browse")
    with Parts(read_settings({}, data=install_demo(folder / "data"))) as parts:
        _publish(parts, folder)
        parts.search.catch_up()
        with TestClient(composed(parts)) as client:
            yield client


def _publish(parts: Parts, folder: Path) -> None:
    store = parts.store.public
    publishing.publish(str(write_hostile_package(folder / "hostile")), owner="eve@example.org", store=store)
    publishing.publish(str(write_signed_package(folder / "signed")), owner="demo", store=store)
    money = {"name": "money", "type": "string", "columnType": "value-currency:code"}
    amount = {key: value for key, value in AMOUNT.items() if key != "currency"}
    rows = "year,code,money,amount\n2024,1,EUR,100.25\n2024,2,JPY,80000\n2024,3,EUR,30\n"
    two = write_package(folder / "money", rows, fields=(YEAR, CODE, money, amount), name="money", title="Money")
    publishing.publish(str(two), owner="demo", store=store)
    for first in ("100", "90"):
        rows = f"year,code,amount\n2024,1,{first}\n2024,2,80000\n2025,1,30\n"
        revised = write_package(
            folder / f"revised-{first}", rows, fields=(YEAR, CODE, AMOUNT), name="revised", title="Revised"
        )
        publishing.publish(str(revised), owner="demo", store=store, message=f"The first is {first}")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An OpenSpending with accounts and a worker, for the pages of those who are signed in."""
    with desk(tmp_path_factory.mktemp("manage")) as found:
        yield found


@pytest.fixture
def ada(place: Desk) -> Browser:
    """A browser of the admin of `ministry`."""
    return place.signed_in("ada")


@pytest.fixture
def bob(place: Desk) -> Browser:
    """A browser of somebody who only reads there."""
    return place.signed_in("bob")
