from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from openspending.fetch import Fetcher, Unreachable
from openspending.fetchcache import CachedFetcher
from tests.sites import Site, site

pytestmark = pytest.mark.slow

FILE = "/budget 2025.csv"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        found.files[FILE] = (b"year,amount\n2025,1\n", '"one"')
        yield found


@pytest.fixture
def fetcher(tmp_path: Path) -> CachedFetcher:
    return CachedFetcher(tmp_path / "cache", Fetcher(allow_private_hosts=True))


def fetched(fetcher: CachedFetcher, web: Site, folder: Path) -> tuple[bytes, str | None]:
    target = folder / "target"
    name = fetcher(web.url(FILE.replace(" ", "%20")), target)
    return target.read_bytes(), name


def test_what_has_not_changed_is_not_sent_twice(tmp_path: Path, web: Site, fetcher: CachedFetcher) -> None:
    first, second = fetched(fetcher, web, tmp_path), fetched(fetcher, web, tmp_path)

    assert first == second == (b"year,amount\n2025,1\n", "budget 2025.csv")
    assert web.asked == [(FILE, None, 200), (FILE, '"one"', 304)]


def test_what_has_changed_is_fetched_anew(tmp_path: Path, web: Site, fetcher: CachedFetcher) -> None:
    fetched(fetcher, web, tmp_path)
    web.files[FILE] = (b"new", '"two"')

    assert fetched(fetcher, web, tmp_path)[0] == b"new"
    assert fetched(fetcher, web, tmp_path)[0] == b"new"
    assert [status for *_, status in web.asked] == [200, 200, 304]


def test_a_file_of_which_its_server_says_nothing_is_fetched_every_time(
    tmp_path: Path, web: Site, fetcher: CachedFetcher
) -> None:
    web.files[FILE] = (b"plain", None)
    for _ in range(2):
        assert fetched(fetcher, web, tmp_path)[0] == b"plain"

    assert web.asked == [(FILE, None, 200)] * 2
    assert not any((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("damage", ["", "[]", "{}", "7", "{", '{"sha256": "0"}'])
def test_a_cache_that_is_damaged_is_as_good_as_none(
    tmp_path: Path, web: Site, fetcher: CachedFetcher, damage: str
) -> None:
    fetched(fetcher, web, tmp_path)
    (said,) = (tmp_path / "cache").glob("*.json")
    said.write_text(damage, encoding="utf-8")

    assert fetched(fetcher, web, tmp_path)[0] == b"year,amount\n2025,1\n"
    assert web.asked[-1] == (FILE, None, 200)


def test_bytes_that_rotted_in_the_cache_are_not_used(tmp_path: Path, web: Site, fetcher: CachedFetcher) -> None:
    fetched(fetcher, web, tmp_path)
    (kept,) = (tmp_path / "cache").glob("*.bytes")
    kept.write_bytes(b"year,amount\n2025,9\n")

    assert fetched(fetcher, web, tmp_path)[0] == b"year,amount\n2025,1\n"


def test_the_cache_holds_no_url(tmp_path: Path, web: Site, fetcher: CachedFetcher) -> None:
    fetched(fetcher, web, tmp_path)
    names = [one.name for one in (tmp_path / "cache").iterdir()]
    (said,) = (tmp_path / "cache").glob("*.json")

    assert "127.0.0.1" not in json.dumps(names) + said.read_text(encoding="utf-8")


def test_a_server_that_does_not_answer_leaves_nothing_behind(tmp_path: Path, web: Site, fetcher: CachedFetcher) -> None:
    with pytest.raises(Unreachable, match="404"):
        fetcher(web.url("/gone.csv"), tmp_path / "target")

    assert not (tmp_path / "target").exists()
    assert not any((tmp_path / "cache").iterdir())


def test_private_addresses_are_refused_unless_they_are_allowed(tmp_path: Path, web: Site) -> None:
    with pytest.raises(Unreachable, match="not on the public internet"):
        CachedFetcher(tmp_path / "cache", Fetcher())(web.url("/budget%202025.csv"), tmp_path / "target")

    assert web.asked == []
