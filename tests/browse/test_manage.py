"""`/manage`: what people do with their datasets, and who is kept from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browse.managing import Browser, Desk, desk, send
from tests.browse.reading import Reader

pytestmark = pytest.mark.slow

BUDGET = "/manage/ministry/budget"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("manage")) as found:
        yield found


@pytest.fixture(scope="module")
def ada(place: Desk) -> Browser:
    return place.signed_in("ada")


@pytest.fixture(scope="module")
def bob(place: Desk) -> Browser:
    return place.signed_in("bob")


def test_every_page_can_be_read(ada: Browser) -> None:
    for path in (
        "/manage",
        "/manage/jobs",
        "/manage/account",
        "/manage/account/organisations/ministry",
        BUDGET,
        *(
            f"{BUDGET}/{one}"
            for one in ("publish", "hide", "withdraw", "rename", "about", "people", "webhooks", "audit")
        ),
    ):
        answer = ada.get(path)
        assert answer.status_code == 200, (path, answer.text[:3000])
        assert answer.headers["cache-control"] == "private, no-store"
        page = Reader(answer.text)
        assert page.inputs <= page.labels, path
        assert "b" not in page.elements
