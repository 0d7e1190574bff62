"""The control totals of a revision as its page shows them: with what published figures its facts were reconciled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openspending.browse.words import text
from openspending.fdp.amounts import grouped, is_number


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control total that holds. `link` is set when its source is an address; `note` tells a difference."""

    title: str
    amount: str
    note: str
    source: str
    link: str


def control_lines(stamp: Mapping[str, Any]) -> tuple[ControlLine, ...]:
    """The control totals that the DataStore wrote into a descriptor, which is its `stamp`."""
    listed = stamp.get("controls")
    return tuple(_line(one) for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()


def _line(kept: Mapping[str, Any]) -> ControlLine:
    source = text(kept.get("source"), 500)
    actual, difference = _amount(kept.get("actual")), _amount(kept.get("difference"))
    allowed = f"within the tolerance of {_amount(kept.get('tolerance'))}"
    return ControlLine(
        title=text(kept.get("title"), 200),
        amount=_amount(kept.get("expected")),
        note="" if difference == "0" else f"the facts have {actual}, {allowed}",
        source=source,
        link=source if source.startswith(("https://", "http://")) and " " not in source else "",
    )


def _amount(value: object) -> str:
    shown = text(value, 100)
    return grouped(Decimal(shown)) if is_number(shown) else shown
