"""Queries in their one canonical form: as text for links and permalinks, and as an id for caches and receipts.

Two queries that mean the same by their words alone have the same text: cuts and their values are sorted, refs are
those of the concepts, values those of their types. The order of drilldowns, aggregates and fields is that of columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from openspending.analytics import refs
from openspending.analytics.cubemodel import CubeModel
from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not, Order, Value
from openspending.analytics.querytext import RANGE
from openspending.fdp.amounts import plain


def cut_text(conditions: Iterable[Condition], model: CubeModel) -> str:
    """`conditions`, whose values were read as their concepts' types, as the text that `querytext.parse_cuts` reads."""
    return "|".join(sorted({condition_text(one, model) for one in conditions}))


def condition_text(condition: Condition, model: CubeModel) -> str:
    """One condition as text."""
    if isinstance(condition, Not):
        return f"not({condition_text(condition.part, model)})"
    if isinstance(condition, AllOf | AnyOf):
        parts = sorted({condition_text(one, model) for one in condition.parts})
        word = "all" if isinstance(condition, AllOf) else "any"
        return parts[0] if len(parts) == 1 else f"{word}({'|'.join(parts)})"
    return _cut(condition, refs.cut_concept(model, condition).ref)


def order_text(order: Iterable[Order]) -> str:
    """Sort keys as text, each with its direction."""
    return ",".join(f"{one.ref}:{one.direction}" for one in order)


def query_id(parts: Mapping[str, object]) -> str:
    """The id of a canonical query: sixteen hex digits of the SHA-256 of its JSON with sorted keys."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def value_text(value: Value | None) -> str:
    """A value as text. Texts are quoted, so that none is taken for null, a range or the end of the cut."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _cut(cut: Cut, ref: str) -> str:
    if cut.operator == "..":
        return _range(ref, *cut.values)
    return f"{ref}{cut.operator}{';'.join(sorted({value_text(one) for one in cut.values}))}"


def _range(ref: str, low: Value | None, high: Value | None) -> str:
    """A range as it is written; one of texts that cannot be written so, as the two comparisons that it is."""
    bounds = ["" if one is None else one if isinstance(one, str) else value_text(one) for one in (low, high)]
    text = "..".join(bounds)
    if RANGE.fullmatch(text):
        return f"{ref}:{text}"
    ends = [f"{ref}{sign}{value_text(one)}" for sign, one in (("<=:", high), (">=:", low)) if one is not None]
    return f"all({'|'.join(ends)})"
