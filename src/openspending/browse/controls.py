"""The control totals of a revision as its page shows them: with what published figures its facts were reconciled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openspending.browse.languages import gettext as _
from openspending.browse.locales import number
from openspending.browse.words import text
from openspending.fdp.amounts import is_number


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
    note = _("the facts have %(actual)s, within the tolerance of %(tolerance)s")
    return ControlLine(
        title=text(kept.get("title"), 200),
        amount=_amount(kept.get("expected")),
        note="" if difference == "0" else note % {"actual": actual, "tolerance": _amount(kept.get("tolerance"))},
        source=source,
        link=source if source.startswith(("https://", "http://")) and " " not in source else "",
    )


def _amount(value: object) -> str:
    shown = text(value, 100)
    return number(Decimal(shown)) if is_number(shown) else shown
