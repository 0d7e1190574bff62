"""What routes answer from: the datasets of one home, with their cubes, changelog and cache of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from openspending.analytics.livecubes import LiveCubes
from openspending.datastore.permissions import Visibility
from openspending.read_api.feed import Feed
from openspending.read_api.resultcache import ResultCache


@dataclass(frozen=True, slots=True)
class Api:
    """The datasets of one home, public or private. Whoever has it may read them: routes get theirs from the door."""

    cubes: LiveCubes
    cache: ResultCache
    feed: Feed
    visibility: Visibility

    @classmethod
    def public(cls, cubes: LiveCubes, cache: ResultCache) -> Self:
        """The public datasets; answers are kept in `cache` while their datasets are there."""
        cubes.when_forgotten(cache.clear)
        return cls(cubes, cache, Feed(cubes.store), "public")

    @classmethod
    def private(cls, cubes: LiveCubes) -> Self:
        """The private datasets, of which no answer is kept."""
        return cls(cubes, ResultCache(0), Feed(cubes.store), "private")
