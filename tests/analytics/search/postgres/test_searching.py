"""Search over an index in PostgreSQL answers as over the embedded one, from publishing to hiding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from openspending.actor import NOBODY, Actor
from openspending.analytics.search.embedded import open_embedded
from openspending.analytics.search.linesearch import FoundLines, LineQuestion, find_lines
from openspending.analytics.search.postgres import open_postgres
from openspending.analytics.search.sides import Search
from openspending.datastore import moving
from openspending.datastore.store import DataStore, open_datastore
from openspending.settings import read_settings
from tests.read_api.homes import ADMIN, OWNER, put

pytestmark = pytest.mark.slow

ROWS = "2023,09.1,Primary schools,5\n2024,09.1,Primary schools,7\n2024,04.5,Roads and bridges,7.25\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DataStore:
    folder = tmp_path_factory.mktemp("stores")
    opened = open_datastore(f"file://{folder}/public", f"file://{folder}/private")
    put(opened.public, folder, "roads", ROWS)
    put(opened.public, folder, "schools", ROWS.replace("bridges", "school buses"))
    put(opened.private, folder, "secret", ROWS)
    return opened


@pytest.fixture(scope="module")
def searches(store: DataStore, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Search]]:
    url, folder = read_settings({"OS_SEARCH_URL": postgres_url}).search_url, tmp_path_factory.mktemp("index")
    both = [
        Search.over(store, lambda side: open_embedded(folder / side, heap=20_000_000)),
        Search.over(store, lambda side: open_postgres(url, side)),
    ]
    assert [one.catch_up() for one in both] == ["Indexed 3 datasets of 9 lines."] * 2
    yield both
    for one in both:
        one.close()


def told(found: FoundLines) -> Any:
    """An answer without the numbers that an index gives."""
    lines = sorted((one.record.dataset, one.line.fact, one.line.values, one.line.amounts) for one in found.lines)
    datasets = [(one.record.dataset, one.lines, one.totals) for one in found.datasets]
    return lines, found.total, found.totals, datasets, found.facets, found.words, found.did_you_mean


@pytest.mark.parametrize("actor", [NOBODY, ADMIN])
@pytest.mark.parametrize(
    "text",
    [None, "school", "09.1", "primry", '"roads and bridges"', "-primary", "bri*", "primary ministry"],
)
def test_both_engines_answer_alike(searches: list[Search], text: str | None, actor: Actor) -> None:
    embedded, postgres = (told(find_lines(one, actor, LineQuestion(text, visibility="all"))) for one in searches)
    assert embedded == postgres
    assert embedded[1] > 0


def test_what_is_hidden_is_not_found_though_the_index_has_it(searches: list[Search], store: DataStore) -> None:
    assert [find_lines(one, NOBODY, LineQuestion("buses")).total for one in searches] == [1, 1]
    moving.hide(store, OWNER, "schools", event="e1", by="boss", at=datetime.now(UTC))
    assert [find_lines(one, NOBODY, LineQuestion("buses")).total for one in searches] == [0, 0]
    assert [one.catch_up() for one in searches] == ["Indexed 1 dataset of 3 lines, took 1 dataset out."] * 2
    question = LineQuestion("buses", visibility="all")
    assert [find_lines(one, ADMIN, question).total for one in searches] == [1, 1]
