"""Subtotals that no word tells: rows of a higher level, by columns left blank, by codes above codes, or by blocks of
rows that the row before or after them sums up. Only arithmetic decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.addingup import agreement
from openspending.etl.modelling.blocks import heads
from openspending.etl.modelling.codetree import are_codes, children, parents_by_beginning
from openspending.etl.modelling.rowrules import among, asked_only, empty, exact, proposal, sure_rows, texts_of, where
from openspending.etl.modelling.rowtable import RowTable, Rule
from openspending.fdp.sqltext import literals
from openspending.speaking.said import said

_Sums = tuple[Decimal | None, ...]
_MOST_PATTERNS: Final = 200
_MOST_CODES: Final = 20_000
_TELLING: Final = 3  # digits
_MOST_PAIRED: Final = 12  # text columns among which a column of parents is looked for
MOST_IN_BLOCKS: Final = 100_000  # rows among which blocks are searched


def propose_subtotals(
    table: RowTable, before: Sequence[Proposal], without: str = "FALSE", *, blocks: bool = True
) -> list[Proposal]:
    """Subtotals among the rows that the proposals `before` would surely keep, and for which the SQL `without` is not
    true. The first kind that is found is proposed: others would see the same rows. Without `blocks` the order of the
    rows says nothing."""
    if not table.summed:
        return []
    facts = f"(has_amount AND NOT {sure_rows(table, before)} AND NOT {without})"
    for search in (_by_blanks, _by_codes, _by_blocks) if blocks else (_by_blanks, _by_codes):
        found = list(search(table, facts))
        if found:
            return found
    return []


def _by_blanks(table: RowTable, facts: str) -> Iterator[Proposal]:
    """Rows that leave blank what rows below them fill: chapter, article, line in a column each."""
    asked = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE NOT b{one})" for one in table.described)])
    rows, *filled = table.one(f"SELECT {asked} FROM {{t}} WHERE {facts}")
    partly = [one for one, count in zip(table.described, filled, strict=True) if 0 < count < rows]
    if not partly:
        return
    levels = _levels(table, facts, partly)
    proven = _proven_levels(levels) if len(levels) <= _MOST_PATTERNS else []
    leaves = [one for one in levels if one not in proven]
    for one in sorted(proven, key=lambda one: (-len(one), sorted(one))):
        deeper = [leaf for leaf in leaves if leaf > one]
        hidden = [c for c in partly if c not in one and all(c in leaf for leaf in deeper)]
        covered = [level for level in levels if not level & set(hidden)]
        if not hidden or any(level not in proven for level in covered):
            continue
        because = said("they leave columns blank that others fill, and their sums are those of the rows below them")
        what = said("with an amount and nothing in column “{label}”", label=table.labels[hidden[0]])
        confidence = 95 if all(_telling(levels[level][1]) for level in covered) else asked_only(75)
        yield proposal(table, "subtotal", table.labels[hidden[0]], empty(table, hidden), confidence, what, because)
        if set(covered) >= set(proven):
            return


def _levels(table: RowTable, facts: str, partly: Sequence[int]) -> dict[frozenset[int], tuple[int, _Sums]]:
    """Rows and sums by which of the columns `partly` are filled."""
    fill = " || ".join(f"CASE WHEN b{one} THEN '0' ELSE '1' END" for one in partly)
    sums = ", ".join(f"sum(v{one})" for one in table.summed)
    found = table.rows(
        f"SELECT {fill} AS fill, count(*), {sums} FROM {{t}} WHERE {facts} GROUP BY fill LIMIT {_MOST_PATTERNS + 1}"
    )
    return {
        frozenset(one for one, mark in zip(partly, fill, strict=True) if mark == "1"): (rows, tuple(values))
        for fill, rows, *values in found
    }


def _proven_levels(levels: Mapping[frozenset[int], tuple[int, _Sums]]) -> list[frozenset[int]]:
    """The levels whose sums are those of the rows that fill more, deepest first."""
    proven: list[frozenset[int]] = []
    for one in sorted(levels, key=lambda level: -len(level)):
        below = [levels[level] for level in levels if level > one and level not in proven]
        rows = sum(count for count, _ in below)
        if rows < 2 or rows <= levels[one][0]:
            continue
        if agreement(levels[one][1], _total([sums for _, sums in below]), rows) >= 88:
            proven.append(one)
    return proven


def _telling(sums: _Sums) -> bool:
    """Whether equal sums can hardly be chance: some amount has three digits that count, or several amounts agree."""
    found = [one.normalize() for one in sums if one]
    return sum(len(one.as_tuple().digits) for one in found) >= _TELLING


def _by_codes(table: RowTable, facts: str) -> Iterator[Proposal]:
    """Codes whose amounts are the sums of the codes below them."""
    columns = _sums_by_text(table, facts)
    for column, sums in columns.items():
        if len(sums) > 2 and are_codes(sums):
            yield from _of_tree(table, facts, column, sums, parents_by_beginning(sums))
    if len(columns) > _MOST_PAIRED:
        return
    for column, sums in columns.items():
        for above, texts in columns.items():
            if above != column and 1 < len(texts) < len(sums) and set(texts) <= set(sums):
                found = table.rows(
                    f"SELECT DISTINCT c{column}, c{above} FROM {{t}} WHERE {facts} AND NOT b{column} AND NOT b{above}"
                )
                parents = {code: parent for code, parent in found if code != parent}
                yield from _of_tree(table, facts, column, sums, parents)


def _of_tree(
    table: RowTable, facts: str, column: int, sums: Mapping[str, _Sums], parents: Mapping[str, str]
) -> Iterator[Proposal]:
    """The proposal to keep the lowest codes only, if those above add up."""
    tree = children(parents)
    if not tree:
        return
    proven = {
        code
        for code, below in tree.items()
        if agreement(sums[code], _total([sums[one] for one in below]), len(below)) >= 88
    }
    strong = [code for code in proven if len(tree[code]) > 1]
    if len(proven) * 2 < len(tree) or not (len(strong) > 1 or any(len(tree[one]) > 2 for one in strong)):
        return
    all_of_them = len(proven) == len(tree)
    label = table.labels[column]
    because = said(
        "the amounts of {count} of {all_codes} codes in column “{label}” are the sums of the codes below them",
        count=len(proven),
        all_codes=len(tree),
        label=label,
    )
    rule = where(table, {column: sorted(tree)})
    meant = f"({facts} AND c{column} IN ({literals(sorted(tree))}))"
    rules = exact(table, meant, [] if rule is None else [rule])
    confidence = 95 if all_of_them else asked_only(75 if len(proven) * 10 >= len(tree) * 9 else 65)
    for number, one in enumerate(rules, start=1):
        short = label if len(rules) == 1 else f"{label}-{number}"
        yield proposal(
            table,
            "subtotal",
            short,
            one,
            confidence,
            said("with codes above others in column “{label}”", label=label),
            because,
        )


def _by_blocks(table: RowTable, facts: str) -> Iterator[Proposal]:
    """Rows that are the sum of the rows after (or before) them, all through the table."""
    if table.count(facts) > MOST_IN_BLOCKS:
        return
    values = ", ".join(f"v{one}" for one in table.summed[:4])
    found = table.rows(f"SELECT _file, _row, {values} FROM {{t}} WHERE {facts} ORDER BY _file, _row")
    places, confidence = heads(found), 92
    because = said("each is the sum of the rows next to it, all through the table")
    if not places:
        places, confidence = heads(found, rounded=True), asked_only(75)
        because = said("each is the sum of the rows next to it, all through the table, but for rounding")
    if not places or len(places) > MOST_IN_BLOCKS // 10:
        return
    meant = among(places)
    for number, one in enumerate(exact(table, meant, _rules(table, meant)), start=1):
        what = said("that sum up the rows next to them")
        yield proposal(table, "subtotal", f"blocks-{number}", one, confidence, what, because)


def _rules(table: RowTable, meant: str) -> Iterator[Rule]:
    for column in table.texts:
        rule = where(table, {column: texts_of(table, column, meant)})
        if rule is not None:
            yield rule
    asked = ", ".join(f"count(*) FILTER (WHERE NOT b{one})" for one in table.described)
    filled = table.one(f"SELECT {asked} FROM {{t}} WHERE {meant}") if asked else ()
    hidden = [one for one, count in zip(table.described, filled, strict=True) if not count]
    if hidden:
        yield empty(table, hidden)


def _sums_by_text(table: RowTable, facts: str) -> dict[int, dict[str, _Sums]]:
    """The sums of all amounts for each text of each column; nothing where a column has too many."""
    if not table.texts:
        return {}
    distinct = table.one(f"SELECT {', '.join(f'approx_count_distinct(c{one})' for one in table.texts)} FROM {{t}}")
    sums = ", ".join(f"sum(v{one})" for one in table.summed)
    found: dict[int, dict[str, _Sums]] = {one: {} for one in table.texts}
    for column, count in zip(table.texts, distinct, strict=True):
        if count <= _MOST_CODES:
            rows = table.rows(
                f"SELECT c{column} AS v, {sums} FROM {{t}} WHERE {facts} AND v IS NOT NULL GROUP BY v ORDER BY v"
            )
            found[column] = {text: tuple(values) for text, *values in rows}
    return found


def _total(some: Sequence[_Sums]) -> _Sums:
    return tuple(sum((one or Decimal(0) for one in values), Decimal(0)) for values in zip(*some, strict=True))
