"""Where a Read API finds its cubes: the live datasets, or anything else that has names, cubes and packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from openspending.analytics.cube import Cube


class Cubes(Protocol):
    """Cubes by name; the name of a dataset's cube is `owner:name`. Must be safe to share between threads."""

    def names(self) -> Sequence[str]:
        """The names of all cubes."""
        ...

    def cube(self, name: str) -> Cube:
        """The cube called `name`. Raises NotFound."""
        ...

    def package(self, name: str) -> tuple[Mapping[str, Any], str]:
        """The stored descriptor behind a cube, and its address: a URL, or a path of the DataStore. Raises NotFound."""
        ...
