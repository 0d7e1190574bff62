"""The live catalog answers from the newest built revision, whole, and follows new ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspending.analytics.derived import LiveCatalog
from openspending.analytics.query import AggregateQuery
from openspending.datastore.store import DataStore
from openspending.errors import NotFound
from openspending.publishing import Published
from tests.publishing.packages import write_package

HEADER = "year,code,label,amount\n"


@pytest.fixture
def catalog(store: DataStore, tmp_path: Path) -> Iterator[LiveCatalog]:
    """The catalog of `store`."""
    catalog = LiveCatalog(store, tmp_path / "cache")
    yield catalog
    catalog.close()


def _total(catalog: LiveCatalog) -> object:
    return catalog.cube("ministry:budget").aggregate(AggregateQuery()).summary["amount.sum"]


def test_a_new_revision_is_served_as_soon_as_it_is_built(
    tmp_path: Path, published: Callable[[Path], Published], catalog: LiveCatalog
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    assert (catalog.names(), _total(catalog)) == (["ministry:budget"], 5)
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,7\n"))
    assert _total(catalog) == 7


def test_the_old_revision_serves_until_the_new_one_is_built(
    tmp_path: Path, published: Callable[[Path], Published], catalog: LiveCatalog
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,7\n"))
    shutil.rmtree(tmp_path / "store/public/ministry/budget/derived/r2-b1")

    assert _total(catalog) == 5


def test_the_cache_may_be_deleted(
    tmp_path: Path, published: Callable[[Path], Published], store: DataStore, catalog: LiveCatalog
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    assert _total(catalog) == 5
    shutil.rmtree(tmp_path / "cache")
    fresh = LiveCatalog(store, tmp_path / "cache")
    assert _total(fresh) == 5
    fresh.close()


def test_unknown_datasets_are_not_found(catalog: LiveCatalog) -> None:
    for name in ("nobody:nothing", "no-colon", "../x:y", ":"):
        with pytest.raises(NotFound):
            catalog.cube(name)


def test_null_members_are_listed_and_summed(
    tmp_path: Path, published: Callable[[Path], Published], catalog: LiveCatalog
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,,,5\n2024,1,a,7\n"))
    cells = catalog.cube("ministry:budget").aggregate(AggregateQuery(drilldowns=("code",))).cells

    assert [(one["code.code"], one["amount.sum"]) for one in cells] == [("1", 7), (None, 5)]
