"""The cache of answers keeps the ones asked for last, within its bytes."""

from __future__ import annotations

from openspending.read_api.resultcache import LARGEST, Kept, ResultCache


def kept(size: int) -> Kept:
    return Kept(b"x" * size, 1, "/v1")


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache = ResultCache(100)
    for key in "abc":
        cache.put(key, kept(40))
        cache.get("a")
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_an_answer_kept_twice_counts_once() -> None:
    cache = ResultCache(100)
    for _ in range(5):
        cache.put("a", kept(60))
    cache.put("b", kept(40))
    assert cache.get("a")
    assert cache.get("b")


def test_what_is_too_large_is_not_kept() -> None:
    for limit, size in ((100, 101), (0, 1), (10 * LARGEST, LARGEST + 1)):
        cache = ResultCache(limit)
        cache.put("a", kept(size))
        assert cache.get("a") is None
