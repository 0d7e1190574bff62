"""Amount columns that are the sum of others in every row: a total beside its parts, or parts of parts.

Each may be a measure of its own. But turned into rows of one column together with its parts, it would double them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

import duckdb

from openspending.fdp.sqltext import identifier

_SAMPLE: Final = 40  # rows that candidates are found from; all rows are asked afterwards
_FEW: Final = 12  # columns of which every combination is tried
_LONGEST_RUN: Final = 40
_LEAST: Final = 3  # rows that must agree, and show at least two parts
_AGREEING: Final = 98  # percent of rows

_Row = Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class TotalColumn:
    """The column at `position` is the sum of `parts` in `rows` rows, and is not in `differing`. `rounded` if the sums
    agree only within the last digit of each part."""

    position: int
    parts: tuple[int, ...]
    rows: int
    differing: int
    rounded: bool

    @property
    def certain(self) -> bool:
        """Whether it is so in every row."""
        return self.differing == 0


def total_columns(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    amounts: Mapping[int, str],
    groups: Sequence[Sequence[int]] = (),
) -> list[TotalColumn]:
    """The columns of `relation` that are sums of others. `amounts` are SQL expressions of exact DECIMALs (NULL where
    a cell is missing) by the position of their column; `groups` are positions that may belong together, such as the
    columns of one year."""
    if len(amounts) < 3:
        return []
    sample = _sample(connection, relation, amounts)
    found: dict[int, TotalColumn] = {}
    for rounded in (False, True):
        for position in amounts:
            if position not in found:
                others = _candidates(position, list(amounts), groups)
                totals = _agreeing(sample, list(amounts), position, others, rounded=rounded)
                verified = (_verified(connection, relation, amounts, position, one, rounded) for one in totals)
                best = next((one for one in verified if one is not None), None)
                if best is not None:
                    found[position] = best
    return [found[one] for one in amounts if one in found]


def _sample(connection: duckdb.DuckDBPyConnection, relation: str, amounts: Mapping[int, str]) -> Sequence[_Row]:
    """The rows with the most amounts."""
    values = ", ".join(f"coalesce({value}, 0) AS a{position}" for position, value in amounts.items())
    filled = " + ".join(f"(a{position} <> 0)::INTEGER" for position in amounts)
    names = ", ".join(f"a{position}" for position in amounts)
    return connection.execute(
        f"SELECT {names} FROM (SELECT {values}, _file, _row FROM {identifier(relation)})"
        f" ORDER BY {filled} DESC, _file, _row LIMIT {_SAMPLE}"
    ).fetchall()


def _candidates(position: int, positions: Sequence[int], groups: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """The sets of columns that may add up to the one at `position`, small ones first."""
    others = [one for one in positions if one != position]
    pools = [others] if len(others) <= _FEW else []
    pools += [[one for one in group if one != position] for group in groups if position in group]
    for pool in pools:
        small = pool if len(pool) <= _FEW else []
        for size in range(2, len(small) + 1):
            yield from combinations(small, size)
        yield tuple(pool)
    if len(others) > _FEW:
        yield from _runs(position, positions)
        yield tuple(others)


def _runs(position: int, positions: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The columns right after or right before a total, at most so many, or all of them."""
    at = list(positions).index(position)
    for size in range(2, min(len(positions), _LONGEST_RUN)):
        yield tuple(positions[at + 1 : at + 1 + size])
        if at >= size:
            yield tuple(positions[at - size : at])
    yield tuple(positions[at + 1 :])
    yield tuple(positions[:at])


def _agreeing(
    sample: Sequence[_Row],
    positions: Sequence[int],
    position: int,
    candidates: Iterator[tuple[int, ...]],
    *,
    rounded: bool,
) -> Iterator[tuple[int, ...]]:
    place = {one: number for number, one in enumerate(positions)}
    total = place[position]
    rows = [row for row in sample if row[total]]
    if len(rows) < _LEAST:
        return
    unit = _unit(rows) if rounded else Decimal(0)
    allowed = len(rows) // 10
    for parts in candidates:
        at = [place[one] for one in parts]
        if len(at) < 2 or not all(any(row[one] for row in rows) for one in at):
            continue
        missed = 0
        for row in rows:
            missed += abs(row[total] - sum((row[one] for one in at), Decimal(0))) > unit * len(at)
            if missed > allowed:
                break
        else:
            if sum(sum(bool(row[one]) for one in at) > 1 for row in rows) >= _LEAST:
                yield parts


def _unit(rows: Sequence[_Row]) -> Decimal:
    """The last digit that amounts have."""
    exponents = [int(value.normalize().as_tuple().exponent) for row in rows for value in row if value]
    return Decimal(1).scaleb(min(min(exponents, default=0), 0))


def _verified(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    amounts: Mapping[int, str],
    position: int,
    parts: Sequence[int],
    rounded: bool,
) -> TotalColumn | None:
    """The relation as all rows have it; None if too many rows differ, or if rounding could explain any amounts."""
    total = amounts[position]
    summed = " + ".join(f"coalesce({amounts[one]}, 0)" for one in parts)
    unit = "0"
    if rounded:
        scales = [_scale(connection, relation, amounts[one]) for one in (position, *parts)]
        unit = f"{len(parts)} * {Decimal(1).scaleb(-max(scales)):f}"
    off = f"abs(({total}) - ({summed}))"
    clear = f"{off} <= {unit} AND abs({total}) > 100 * ({unit})"
    rows, agreeing, clearly, exactly = connection.execute(
        f"SELECT count(*) FILTER (WHERE ({total}) IS NOT NULL), count(*) FILTER (WHERE {off} <= {unit}),"
        f" count(*) FILTER (WHERE {clear}), count(*) FILTER (WHERE {off} = 0) FROM {identifier(relation)}"
    ).fetchall()[0]
    # rounding misses now and then, and by chance often does not
    if clearly < _LEAST or agreeing * 100 < rows * _AGREEING or exactly * 4 < rows:
        return None
    return TotalColumn(position, tuple(parts), agreeing, rows - agreeing, rounded)


def _scale(connection: duckdb.DuckDBPyConnection, relation: str, value: str) -> int:
    """How many decimals the amounts have."""
    text = f"rtrim(split_part(({value})::VARCHAR, '.', 2), '0')"
    found = connection.execute(f"SELECT coalesce(max(strlen({text})), 0) FROM {identifier(relation)}").fetchall()
    return int(found[0][0])
