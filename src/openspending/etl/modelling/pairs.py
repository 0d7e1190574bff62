"""Which columns belong together: a code and its label, told by their headers, their places and their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from openspending.etl.modelling.moneywords import tokens
from openspending.etl.modelling.rolesamounts import Sight
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said, together

_ROWS: Final = 10_000  # looked at, evenly spread
_TABLE: Final = "modelling_pairs"
_ACCEPTED: Final = 55
_NEAR: Final = 2  # columns
_TRIED: Final = 3  # partners of a column that are measured
_CODES: Final = frozenset({"code", "integer-code", "identifier", "number", "year", "month", "boolean"})


@dataclass(frozen=True, slots=True)
class Counted:
    """Combinations of texts to be counted: of `columns`, in rows where all of them and `filled` have a text."""

    columns: tuple[int, ...]
    filled: tuple[int, ...] = ()

    def sql(self) -> str:
        """The aggregate."""
        blank = " OR ".join(f"h{one} IS NULL" for one in (*self.columns, *self.filled))
        names = ", ".join(f"h{one}" for one in self.columns)
        return f"count(DISTINCT CASE WHEN NOT ({blank}) THEN hash({names}) END)"


@dataclass(slots=True)
class Dependencies:
    """How far one column of a table determines another, in percent of its different texts. Measured when asked for.

    `positions` are where the columns stand in the relation; `sparse` are those of them, by number, with blank cells.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    positions: Sequence[int]
    sparse: frozenset[int] = frozenset()
    _made: bool = False
    _known: dict[Counted, int] = field(default_factory=dict)

    def close(self) -> None:
        """Drop what was made to measure with."""
        self.connection.execute(f"DROP TABLE IF EXISTS {_TABLE}")

    def determines(self, one: Sequence[int], other: int) -> int | None:
        """How many of the different (combined) texts of the columns `one` have a single text in `other`, in percent;
        None when there are too few to say."""
        single, both = self._needed(one, other)
        first = self._count(single)
        if first < 2 or self.count((other,)) < 2:
            return None
        return max(0, 100 - 100 * (self._count(both) - first) // first)

    def count(self, columns: tuple[int, ...]) -> int:
        """How many different combinations there are in these columns."""
        return self._count(Counted(tuple(sorted(columns))))

    def measure(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Count at once what is needed to say how far the columns of each pair determine each other."""
        keys: list[Counted] = []
        for one, other in wanted:
            keys += [*self._needed((one,), other), *self._needed((other,), one), Counted((one,)), Counted((other,))]
        self._count_all(keys)

    def _needed(self, one: Sequence[int], other: int) -> tuple[Counted, Counted]:
        filled = (other,) if other in self.sparse else ()
        return Counted(tuple(sorted(one)), filled), Counted(tuple(sorted((*one, other))))

    def _count(self, key: Counted) -> int:
        if key not in self._known:
            self._count_all([key])
        return self._known[key]

    def _count_all(self, keys: Iterable[Counted]) -> None:
        missing = [one for one in dict.fromkeys(keys) if one not in self._known]
        if not missing:
            return
        self._make()
        parts = ", ".join(one.sql() for one in missing)
        found = self.connection.execute(f"SELECT {parts} FROM {_TABLE}").fetchone() or ()
        self._known.update(zip(missing, found, strict=True))

    def _make(self) -> None:
        if self._made:
            return
        table = identifier(self.relation)
        (rows,) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        step = max(1, rows // _ROWS)
        columns = ", ".join(
            f"CASE WHEN trim(f{at}) <> '' THEN hash(trim(f{at})) END AS h{number}"
            for number, at in enumerate(self.positions)
        )
        where = f"WHERE _row % {step} = 0" if step > 1 else ""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT {columns} FROM {table} {where}")
        self._made = True


@dataclass(frozen=True, slots=True)
class Pair:
    """A code column and its label column, by number, with the points and reasons for it."""

    code: int
    label: int
    points: int
    reason: str


def pairs(sights: Sequence[Sight], among: Sequence[int], dependencies: Dependencies) -> list[Pair]:
    """The likeliest pairs among some columns; each column is in one pair at most."""
    candidates = []
    for code in among:
        for label in among:
            points, stated = _before_cells(sights, code, label)
            if code != label and points >= 20:
                candidates.append((code, label, points, stated))
    candidates = [one for one in candidates if _among_best(one, candidates)]
    dependencies.measure((code, label) for code, label, *_ in candidates)
    scored = []
    for code, label, points, stated in candidates:
        more, cells = _of_cells(sights, code, label, dependencies)
        if points + more >= _ACCEPTED:
            scored.append(Pair(code, label, points + more, together(*stated, *cells, between=", ")))
    taken: set[int] = set()
    found = []
    for one in sorted(scored, key=lambda pair: (-pair.points, abs(pair.code - pair.label), pair.code > pair.label)):
        if one.code not in taken and one.label not in taken:
            taken |= {one.code, one.label}
            found.append(one)
    return sorted(found, key=lambda one: one.code)


def _among_best(one: tuple[int, int, int, list[str]], candidates: Sequence[tuple[int, int, int, list[str]]]) -> bool:
    """Whether few others suit the code, or the label, better: only these are worth measuring."""
    code, label, points, _ = one
    better = [other for other in candidates if other[2] > points]
    return sum(other[0] == code for other in better) < _TRIED and sum(other[1] == label for other in better) < _TRIED


def _before_cells(sights: Sequence[Sight], code: int, label: int) -> tuple[int, list[str]]:
    """Points from headers and places; below nothing where one could not be a code or the other not a label."""
    first, second = sights[code], sights[label]
    parts = (first.header.part, second.header.part)
    stated = (first.header.part == "code", second.header.part == "label" or second.header.described)
    apart = abs(code - label)
    alike = _alike(first.header.words, second.header.words)
    if second.header.bare and label == code + 1:
        alike = max(alike, _SAME if first.header.bare else _SIMILAR)
    named = alike == _SAME and "name" in first.header.label.casefold() and "label" in second.header.label.casefold()
    coded = first.writing.kind in _CODES or any(stated) or named
    if second.writing.kind not in ("text", "code", "empty") or not coded:
        return -1, []
    if (
        first.header.aside
        or second.header.aside
        or (apart > _NEAR and alike < _SAME)
        or first.header.described
        or parts[1] == "code"
    ):
        return -1, []
    if parts[0] == "label" and not (named and parts[1] == "label" and (_coded(first) or not _coded(second))):
        return -1, []
    if second.header.bare and label < code and not first.header.bare:
        return -1, []  # a column called just “Name” belongs to what stands before it
    points = alike + {1: 20 if label > code else 16, 2: 6}.get(apart, 0) + 10 * stated[0] + 10 * stated[1]
    reasons: list[str] = [said("their headers are of the same thing")] if alike >= _SAME else []
    reasons += [said("they stand side by side")] if apart == 1 else []
    meanings = {_family(one.header.best) for one in (first, second)}
    if None not in meanings and len(meanings) > 1 and alike < _SAME:
        points -= 40
    elif None not in meanings and len(meanings) == 1 and stated[1]:
        points += 10
    if first.header.kind != second.header.kind:
        points -= 30
    return points, reasons


_SAME: Final = 40
_SIMILAR: Final = 25


def _family(meaning: str | None) -> str | None:
    return "activity" if meaning in ("program", "subprogram", "project", "subproject", "contract") else meaning


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How alike the words of two headers are, code and name left out."""
    if not one or not other:
        return 0
    if tuple(one) == tuple(other):
        return _SAME
    short, long = sorted((one, other), key=len)
    initials = "".join(word[0] for word in long)
    if len(short) == 1 and len(long) > 1 and short[0] in (initials, initials.replace("d", "")):
        return _SIMILAR + 5
    if all(any(_abbreviates(word, full) or _abbreviates(full, word) for full in long) for word in short):
        return _SIMILAR
    return 0


def _abbreviates(short: str, full: str) -> bool:
    """Whether a word is the other, its beginning, or another form of it, as `podskupina` and `podskupine` are."""
    if full == short or (len(short) >= 3 and full.startswith(short)):
        return True
    same = next((at for at, (one, other) in enumerate(zip(short, full, strict=False)) if one != other), len(full))
    return same >= 4 and same * 10 >= max(len(short), len(full)) * 7


def _coded(sight: Sight) -> bool:
    """Whether the cells look like codes rather than names: mostly one word, short."""
    texts = [text for text, _ in sight.profile.values[:50]]
    if not texts:
        return sight.writing.kind in _CODES
    return 2 * sum(len(tokens(one)) <= 3 and len(one) <= 14 for one in texts) >= len(texts)


def _of_cells(sights: Sequence[Sight], code: int, label: int, known: Dependencies) -> tuple[int, list[str]]:
    """Points from cells: a code has one label, and a label mostly one code."""
    forward, back = known.determines((code,), label), known.determines((label,), code)
    if forward is None or back is None:
        return (5, []) if known.count((code,)) <= 1 and known.count((label,)) <= 1 else (-5, [])
    if max(forward, back) < 80:
        return -60, []
    unique = sights[code].profile.distinct >= sights[code].profile.filled * 9 // 10
    points, stated = 0, list[str]()
    if forward >= 97:
        points, stated = (6 if unique else 25), [said("each code has one name")]
    if back >= 97:
        points, stated = points + (6 if unique else 20), [*stated, said("each name has one code")]
    return points, stated


def labels_of(found: Iterable[Pair]) -> Mapping[int, int]:
    """The code column of each label column."""
    return {one.label: one.code for one in found}
