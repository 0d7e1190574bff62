"""What is looked for, as conditions of SQL. Whatever comes from outside is a bound parameter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.analytics.search.engine import Order
from openspending.analytics.search.matching import Amounts, Matching, OfDatasets, Spoken, Tree, leaves
from openspending.analytics.search.postgres import lexemes
from openspending.analytics.search.postgres.known import Known
from openspending.analytics.search.record import Record

_FIRST: Final = "amounts[1]"
_LAST: Final = "cell, fact"  # no two lines are alike in these
ORDERS: Final[Mapping[Order, str]] = {
    "relevance": f"score DESC, abs({_FIRST}) DESC NULLS LAST, {_LAST}",
    "newest": f"created DESC, uid DESC, score DESC, abs({_FIRST}) DESC NULLS LAST, {_LAST}",
    "largest": f"{_FIRST} DESC NULLS LAST, {_LAST}",
    "smallest": f"{_FIRST} ASC NULLS LAST, {_LAST}",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Conditions, all of which hold, with the values of their parameters; `nothing`: no line can match."""

    conditions: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    nothing: bool = False

    @property
    def where(self) -> str:
        """The conditions after WHERE."""
        return " AND ".join(self.conditions) or "true"

    def and_(self, other: Asked) -> Asked:
        """Both."""
        return Asked(self.conditions + other.conditions, {**self.values, **other.values}, self.nothing or other.nothing)


def asked_lines(matching: Matching, known: Known) -> Asked:
    """The lines that `matching` names."""
    asked = asked_tree(matching.tree, "words", known).and_(asked_cells(matching.cells, known))
    return asked.and_(_asked_amounts(matching.amounts))


def asked_tree(tree: Tree | None, column: str, known: Known) -> Asked:
    """Rows that a tree matches. What it means may depend on a dataset: each meaning is asked of its own datasets.
    `query` is always what counts for the order of rows."""
    meanings = _meanings(tree, known)
    query = lexemes.query(tree)
    if len(meanings) <= 1:
        return asked_words(next(iter(meanings), query), column)
    conditions: list[str] = []
    values: dict[str, Any] = {"query": query} if isinstance(query, str) else {}
    for number, (meaning, uids) in enumerate(meanings.items()):
        among = Asked((f"uid = ANY(%(uids{number})s)",), {f"uids{number}": uids})
        asked = among.and_(asked_words(meaning, column, f"query{number}"))
        if not asked.nothing:
            conditions.append(f"({asked.where})")
            values |= asked.values
    return Asked((f"({' OR '.join(conditions)})",), values, nothing=not conditions)


def _meanings(tree: Tree | None, known: Known) -> dict[str | bool, list[int]]:
    """What a tree means, and in which datasets."""
    bound = [leaf for leaf in set(leaves(tree)) if isinstance(leaf, Spoken | OfDatasets)]
    alike: dict[tuple[bool, ...], list[int]] = {}
    for record in known.records.values():
        alike.setdefault(tuple(_is_meant(leaf, record) for leaf in bound), []).append(record.uid)
    meanings: dict[str | bool, list[int]] = {}
    for meant, uids in alike.items():
        meaning = lexemes.query(tree, dict(zip(bound, meant, strict=True)).__getitem__)
        meanings.setdefault(meaning, []).extend(uids)
    return meanings


def _is_meant(leaf: Spoken | OfDatasets, record: Record) -> bool:
    return record.is_in(leaf.languages) if isinstance(leaf, Spoken) else record.uid in leaf.uids


def asked_words(query: str | bool, column: str, name: str = "query") -> Asked:
    """Rows whose vector matches a query of full text."""
    if isinstance(query, str):
        return Asked((f"{column} @@ %({name})s::tsquery",), {name: query})
    return Asked(nothing=not query)


def asked_cells(cells: AbstractSet[int] | None, known: Known) -> Asked:
    """Rows of these cells. Datasets that are in with all their cells are named as a whole: there may be thousands."""
    if cells is None:
        return Asked()
    whole, single = known.divided(cells)
    if len(whole) == len(known.records):
        return Asked()
    conditions = ["uid = ANY(%(uids)s)"] if whole else []
    if single:
        conditions.append("cell = ANY(%(cells)s)")
    if not conditions:
        return Asked(nothing=True)
    return Asked((f"({' OR '.join(conditions)})",), {"uids": whole, "cells": single})


def asked_uids(uids: Collection[int] | None) -> Asked:
    """Rows of these datasets."""
    return Asked() if uids is None else Asked(("uid = ANY(%(uids)s)",), {"uids": list(uids)}, nothing=not uids)


def _asked_amounts(amounts: Amounts | None) -> Asked:
    """Lines with an amount in this range."""
    if amounts is None:
        return Asked()
    ends = {"least": amounts.least, "most": amounts.most}
    given = {name: end for name, end in ends.items() if end is not None}
    signs = {"least": ">=", "most": "<="}
    within = " AND ".join(["amount IS NOT NULL", *(f"amount {signs[name]} %({name})s" for name in given)])
    return Asked((f"EXISTS (SELECT FROM unnest(amounts) AS amount WHERE {within})",), given)
