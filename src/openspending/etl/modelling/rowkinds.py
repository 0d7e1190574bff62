"""Rows without any amount that are no facts: headings between the rows, details that continue a row, notes below them,
the header repeated. A row that looks complete but lacks its amount is a fact and stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.rowrules import asked_only, empty, exact, proposal, texts_of, where
from openspending.etl.modelling.rowtable import RowTable
from openspending.fdp.sqltext import literal
from openspending.speaking.said import said

# How footnotes begin, in some languages; and “* …”, “(1) …”, “¹ …”.
_NOTE_WORDS: Final = (
    "source", "sources", "note", "notes", "nb", "n.b.", "footnote", "quelle", "quellen", "anmerkung", "hinweis",
    "fuente", "nota", "notas", "fonte", "fonti", "bron", "noot", "toelichting", "źródło", "uwaga", "uwagi",
    "zdroj", "pozn", "poznámka", "forrás", "megjegyzés", "izvor", "vir", "napomena", "opomba", "sursa", "notă",
    "källa", "kilde", "lähde", "huom", "anm", "avots", "šaltinis", "allikas", "πηγή", "σημείωση", "источник",
    "примечание", "джерело", "примітка", "извор", "източник", "забележка", "kaynak", "출처", "資料", "注",
    "备注", "來源", "来源", "המקור", "מקור", "הערה", "المصدر", "ملاحظة", "sumber", "catatan",
)  # fmt: skip
_NOTE: Final = (
    r"(?i)^(?:\*|†|‡|[¹²³⁴-⁹]|\(?\d{1,2}\)\s|(?:" + "|".join(_NOTE_WORDS).replace(".", r"\.") + r")\b?\s*[:：.\-–])"
)
_USUAL: Final = 90  # percent of the rows with amounts that fill a column, to call it usual


_MANY_AMOUNTS: Final = 3  # columns that are all blank in a heading, where ordinary rows fill nearly all


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Rows without amounts that fill the same columns beside them: how many, how many of them stand after the last
    amount of their file, how many begin as notes do."""

    filled: frozenset[int]
    rows: int
    after: int
    notes: int


def usual_columns(table: RowTable, stated: Mapping[int, str]) -> list[int]:
    """The columns beside the amounts that are filled in nearly all rows with amounts, those aside that have no label or
    a word for “total” (`said`, as `totals_said` gives it)."""
    described = table.described
    asked = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE NOT b{one})" for one in described)])
    odd = " OR ".join([f"({table.blank(described)})", *stated.values()])
    rows, *filled = table.one(f"SELECT {asked} FROM {{t}} WHERE has_amount AND NOT ({odd})")
    return [one for one, count in zip(described, filled, strict=True) if rows and count * 100 >= rows * _USUAL]


def propose_headers(table: RowTable) -> list[Proposal]:
    """Rows that repeat the header."""
    labels = {n: one.strip() for n, one in enumerate(table.labels) if one.strip()}
    if len(labels) < 2:
        return []
    same = {n: f"coalesce(c{n} = {literal(one)}, FALSE)" for n, one in labels.items()}
    most = max(2, -(-len(labels) * 6 // 10))
    repeated = f"({' + '.join(f'{one}::INT' for one in same.values())} >= {most})"
    quick = " OR ".join(f"contains(f{n}, {literal(labels[n])})" for n in table.amounts if n in labels) or "TRUE"
    if not table.one(f"SELECT bool_or({quick}) FROM {table.raw}")[0] or not table.count(repeated):
        return []
    equal = [n for n, one in same.items() if not table.count(f"{repeated} AND NOT {one}")]
    rules = exact(table, repeated, [{"where": {table.labels[n]: [labels[n]] for n in equal}}] if equal else [])
    because = said("they hold the labels of the columns")
    return [
        proposal(table, "heading", f"header-{n}", one, 97, said("that repeat the header"), because)
        for n, one in enumerate(rules, start=1)
    ]


def propose_without_amounts(table: RowTable, usual: Sequence[int]) -> list[Proposal]:
    """Headings, continuations and notes among the rows whose amount cells are all blank."""
    bare = table.blank(table.amounts)
    if not table.amounts or not table.count(bare):
        return []
    patterns = [one for one in _patterns(table, bare) if one.filled]
    if len(usual) < 2:
        return list(_undecided(table, usual, patterns, bare))
    poor = [one for one in patterns if len(one.filled & set(usual)) * 2 <= len(usual)]
    proposals: list[Proposal] = []
    for number, (kind, hidden, found) in enumerate(_groups(usual, poor, set(patterns) - set(poor)), start=1):
        rule = empty(table, [*table.amounts, *hidden])
        confidence = 93 if _ordinary(table) > sum(one.rows for one in found) // 50 else 75
        proposals.append(proposal(table, kind, str(number), rule, confidence, _WHAT[kind], _BECAUSE[kind]))
    return proposals


_WHAT: Final = {
    "heading": said("that hold a heading and no amount"),
    "continuation": said("that only add details and have no amount"),
    "note": said("that hold a note and no amount"),
}
_BECAUSE: Final = {
    "heading": said("they have no amount and leave most columns blank that other rows fill"),
    "continuation": said("they have no amount and leave most columns blank that other rows fill"),
    "note": said("they stand below the last amount or begin as notes do, and have no amount"),
}


def _ordinary(table: RowTable) -> int:
    return table.count("has_amount")


def _groups(
    usual: Sequence[int], poor: Sequence[_Pattern], complete: set[_Pattern]
) -> Iterator[tuple[str, list[int], list[_Pattern]]]:
    """Patterns that one rule can tell from all others: their kind, the columns that are blank in all, and themselves.

    All of a kind together if that is possible, else all together, else as few rules as needed.
    """
    kinds: dict[str, list[_Pattern]] = {}
    for one in poor:
        kinds.setdefault(_kind(one, usual), []).append(one)
    divided = [(kind, some, _hidden(usual, some)) for kind, some in kinds.items()]
    if all(hidden and _matched(hidden, poor, complete) == set(some) for _, some, hidden in divided):
        yield from ((kind, hidden, some) for kind, some, hidden in divided)
        return
    left = sorted(poor, key=lambda one: (-len(one.filled), sorted(one.filled)))
    everything = _hidden(usual, left)
    if everything and not _matched(everything, complete, ()):
        yield _most(left, usual), everything, left
        return
    while left:
        hidden = _hidden(usual, left[:1])
        some = [one for one in left if not one.filled & set(hidden)]
        yield _most(some, usual), hidden, some
        left = [one for one in left if one not in some]


def _hidden(usual: Sequence[int], some: Sequence[_Pattern]) -> list[int]:
    """The usual columns that are blank in all these rows."""
    filled = frozenset[int]().union(*(one.filled for one in some))
    return [one for one in usual if one not in filled]


def _matched(hidden: Sequence[int], *patterns: Iterable[_Pattern]) -> set[_Pattern]:
    """The patterns that are blank in all columns `hidden`."""
    return {one for some in patterns for one in some if not one.filled & set(hidden)}


def _kind(one: _Pattern, usual: Sequence[int]) -> str:
    if one.after == one.rows or one.notes * 10 >= one.rows * 9:
        return "note"
    return "heading" if len(one.filled) <= 2 and one.filled & set(usual) else "continuation"


def _most(some: Sequence[_Pattern], usual: Sequence[int]) -> str:
    """The kind of most rows."""
    counts: dict[str, int] = {}
    for one in some:
        counts[_kind(one, usual)] = counts.get(_kind(one, usual), 0) + one.rows
    return max(counts, key=lambda kind: counts[kind])


def _undecided(table: RowTable, usual: Sequence[int], patterns: Sequence[_Pattern], bare: str) -> Iterator[Proposal]:
    """Where ordinary rows fill only one column beside the amounts, a heading looks like a row that lacks its amount."""
    texts = [one for one in table.texts if any(one in pattern.filled for pattern in patterns)]
    column = next((one for one in usual if one in texts), texts[0] if texts else None)
    if column is None:
        return
    note = f"({bare} AND regexp_matches(c{column}, {literal(_NOTE)}))"
    meant = f"({note} AND {_after(table)})"
    if table.count(meant):
        rule = where(table, {column: texts_of(table, column, meant)})
        found = exact(table, meant, [] if rule is None else [{**empty(table, table.amounts), **rule}])
        for number, one in enumerate(found, start=1):
            yield proposal(table, "note", str(number), one, 90, _WHAT["note"], _BECAUSE["note"])
    rest = f"({bare} AND NOT b{column} AND NOT coalesce({meant}, FALSE))"
    rows = table.count(rest)
    if rows:
        texts_left = texts_of(table, column, rest)
        whole = [empty(table, table.amounts)]
        listed = where(table, {column: texts_left})
        rules = exact(table, rest, [*whole, *([] if listed is None else [{**whole[0], **listed}])])
        confidence = 82 if _nearly_full(table) else asked_only(60 if rows > 1 else 40)
        for number, one in enumerate(rules, start=1):
            because = said("they have a text and none of the amounts")
            yield proposal(table, "heading", str(number), one, confidence, _WHAT["heading"], because)


def _nearly_full(table: RowTable) -> bool:
    """Whether there are many amounts in a row, and ordinary rows have nearly all of them."""
    if len(table.amounts) < _MANY_AMOUNTS:
        return False
    asked = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE NOT b{one})" for one in table.amounts)])
    rows, *filled = table.one(f"SELECT {asked} FROM {{t}} WHERE has_amount")
    return bool(sum(filled) * 100 >= rows * len(filled) * _USUAL)


def _after(table: RowTable) -> str:
    """SQL: does the row stand after the last amount of its file?"""
    lasts = table.rows("SELECT _file, max(_row) FILTER (WHERE has_amount) FROM {t} GROUP BY 1")
    cases = " ".join(f"WHEN {part} THEN {last or 0}" for part, last in lasts)
    return f"_row > CASE _file {cases} END"


def _patterns(table: RowTable, bare: str) -> list[_Pattern]:
    """The patterns of the rows for which the SQL `bare` is true."""
    described = table.described
    fill = " || ".join(f"CASE WHEN b{one} THEN '0' ELSE '1' END" for one in described) or "''"
    texts = ", ".join(f"c{one}" for one in described)
    first = f"coalesce({texts}, '')" if described else "''"
    found = table.rows(
        f"SELECT {fill} AS fill, count(*), count(*) FILTER (WHERE {_after(table)}),"
        f" count(*) FILTER (WHERE regexp_matches({first}, {literal(_NOTE)}))"
        f" FROM {{t}} WHERE {bare} GROUP BY fill ORDER BY count(*) DESC, fill"
    )
    return [
        _Pattern(frozenset(one for one, mark in zip(described, fill, strict=True) if mark == "1"), *counts)
        for fill, *counts in found
    ]
