"""Problems of one cause together: what is mended in one way is said once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from openspending.fdp.problems import Problem


def cause_of(found: Problem) -> Hashable:
    """What problems in rows have in common when they are of one kind in one column and are mended in one way."""
    return (found.code, found.file, found.resource, found.field, found.fix)


def by_cause(found: Iterable[Problem]) -> list[list[Problem]]:
    """The problems of each cause, in the order first found. A problem of no row is a cause of its own."""
    causes: dict[Hashable, list[Problem]] = {}
    for one in found:
        causes.setdefault(id(one) if one.row is None else cause_of(one), []).append(one)
    return list(causes.values())
