"""The questions that the read API is measured by: HTTP requests to both APIs, and what a statement needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from benchmarks.fiscal import SUPPLIERS

SUM: Final = "amount.sum"


def supplier(rank: int) -> str:
    """The id of the supplier with the `rank`th most facts, as `fiscal.py` makes it."""
    return f"S{rank * 7919 % SUPPLIERS:05d}"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `kind` is aggregate, facts or members; `largest` sorts by the amount, greatest first.

    `cheaper`: how many times less CPU than the original's it may take, which is a goal.
    """

    name: str
    cheaper: int
    kind: str = "aggregate"
    drilldown: tuple[str, ...] = ()
    cut: Mapping[str, str | int] = field(default_factory=dict)
    largest: bool = False
    size: int = 100

    def parameters(self, api: str) -> dict[str, str]:
        """The query parameters of the request to `api`: "v1" or "api3"; phase and direction are added up knowingly."""
        found = {"pagesize": str(self.size)}
        if self.cut:
            found["cut"] = "|".join(
                f'{ref}:"{v}"' if isinstance(v, str) else f"{ref}:{v}" for ref, v in self.cut.items()
            )
        if self.kind == "aggregate":
            found["drilldown"] = "|".join(self.drilldown)
            if api == "v1":
                found["allow"] = "mixed"
        if self.largest:
            found["order"] = f"{SUM}:desc" if self.kind == "aggregate" else "amount:desc"
        return {name: value for name, value in found.items() if value}

    def path(self, api: str, owner: str, name: str) -> str:
        """The path of the request to `api`, with its query."""
        what = f"members/{self.drilldown[0]}" if self.kind == "members" else self.kind
        base = f"/v1/datasets/{owner}/{name}/{what}" if api == "v1" else f"/api/3/cubes/{owner}:{name}/{what}/"
        return f"{base}?{urlencode(self.parameters(api))}"


MINISTRY: Final = "07"
QUESTIONS: Final = (
    Question("total", 100),
    Question("by year", 100, drilldown=("year",)),
    Question("function, one year", 10, drilldown=("division",), cut={"year": 2016}),
    Question("administration × function", 100, drilldown=("ministry", "division"), largest=True, size=30),
    Question(
        "top suppliers, one ministry", 2, drilldown=("supplier",), cut={"ministry": MINISTRY}, largest=True, size=30
    ),
    Question("members of supplier", 10, "members", drilldown=("supplier",), size=30),
    Question("100 facts of one supplier", 2, "facts", cut={"supplier": supplier(10)}, largest=True),
    Question(
        "3-way, two cuts",
        10,
        drilldown=("ministry", "group", "chapter"),
        cut={"phase": "executed", "direction": "expenditure"},
    ),
)
