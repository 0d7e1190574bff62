"""What became of one control total: what the package says that a sum must be, beside what the facts sum up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openspending.fdp.amounts import plain


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A control with its outcome. `difference` is `actual` − `expected`; `facts` counts the facts that were summed.

    `where` has the values asked of each column, None for a missing one; it is empty when all facts are meant.
    """

    title: str
    measure: str
    where: Mapping[str, tuple[str | None, ...]]
    expected: Decimal
    actual: Decimal
    difference: Decimal
    tolerance: Decimal
    source: str | None
    facts: int

    @property
    def holds(self) -> bool:
        """Whether the facts sum up to what is expected, but for the tolerance."""
        return self.difference.copy_abs() <= self.tolerance

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able dict, amounts as text; a single value under `where` stands alone, as packages write it."""
        return {
            "title": self.title,
            "measure": self.measure,
            "where": {name: values[0] if len(values) == 1 else list(values) for name, values in self.where.items()},
            "expected": plain(self.expected),
            "actual": plain(self.actual),
            "difference": plain(self.difference),
            "tolerance": plain(self.tolerance),
            "source": self.source,
            "facts": self.facts,
            "holds": self.holds,
        }
