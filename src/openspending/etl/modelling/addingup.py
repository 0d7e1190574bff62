"""Whether rows are the sum of other rows: of the block before or after them, of the totals there, of their whole file
or table. Exact, or within what rounding each row can make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from openspending.etl.modelling.rowtable import RowTable
from openspending.speaking.said import said

Values = tuple[Decimal | None, ...]
_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_NEAR: Final = Decimal("0.001")  # of the sum: what rounding may change at most
_BACK: Final = 300  # totals that a higher total may sum up


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate row: its amounts, and the number and sums of the ordinary rows before it in its file."""

    part: int
    row: int
    group: int
    before: int
    values: Values
    running: Values


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a candidate: `confidence` 0 means that it sums up nothing we found."""

    line: Line
    kind: str = "total"
    confidence: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """Ordinary rows in a stretch of a file: how many, and their sums."""

    rows: int
    sums: Values

    def plus(self, other: _Block) -> _Block:
        """Both together."""
        sums = tuple((a or _ZERO) + (b or _ZERO) for a, b in zip(self.sums, other.sums, strict=True))
        return _Block(self.rows + other.rows, sums)


def prove(table: RowTable, lines: Sequence[Line]) -> list[Proof]:
    """What each candidate sums up, in the order of `lines` (by file and row; all candidates of the table)."""
    if not lines:
        return []
    places = {(one.part, one.row): number for number, one in enumerate(lines)}
    files = _files(table, lines)
    proofs = [Proof(one) for one in lines]
    whole = _together(list(files.values()))
    for part, total in files.items():
        mine = [one for one in lines if one.part == part]
        for found in _of_file(mine, total, whole if len(files) > 1 else None):
            proofs[places[found.line.part, found.line.row]] = found
    return _all_at_once(proofs, whole)


def agreement(stated: Values, sums: Values, rows: int) -> int:
    """Confidence, in percent, that the amounts `stated` are the `sums` of some rows: 0 when they are not.

    All amounts stated must agree, one of them not being zero; when only most do, it is a question.
    """
    worst, agreeing, asked, nonzero = 97, 0, 0, False
    for mine, others in zip(stated, sums, strict=True):
        if mine is None:
            continue
        asked += 1
        grade = _grade(mine, others or _ZERO, rows)
        if grade:
            agreeing += 1
            worst = min(worst, grade)
            nonzero = nonzero or mine != 0
    if not nonzero or not agreeing:
        return 0
    if agreeing < asked:
        return 85 if agreeing * 2 >= asked and agreeing > 1 else 70
    return worst


def _grade(mine: Decimal, others: Decimal, rows: int) -> int:
    """How well one amount agrees: exactly but for binary noise, within rounding, or not (0)."""
    off = abs(mine - others)
    if off <= min(_CENT, _NEAR * abs(others)):
        return 97
    step = Decimal(1).scaleb(max(min(_places(mine), _places(others)), -2))  # what the rows are rounded to
    return 88 if off <= min(step * rows / 2, _NEAR * abs(others)) else 0


def _places(number: Decimal) -> int:
    """The exponent of the last digit that is not zero: 2 for 1200, -1 for 0.5."""
    return int(number.normalize().as_tuple().exponent)


def _of_file(lines: Sequence[Line], total: _Block, whole: _Block | None) -> list[Proof]:
    """The proofs in one file, with totals below what they sum up or above it, whichever explains more."""
    blocks = _blocks(lines, total)
    below = _in_order(lines, blocks[:-1])
    above = _in_order(lines[::-1], blocks[:0:-1])[::-1]
    found = max((below, above), key=lambda some: sum(bool(one.confidence) for one in some))
    return [_higher(one, total, whole) for one in found]


def _higher(one: Proof, total: _Block, whole: _Block | None) -> Proof:
    """The proof, or a better one: that the line sums up its file, or all files."""
    confidence = agreement(one.line.values, total.sums, total.rows)
    if confidence and confidence >= one.confidence and total.rows > 1:
        reason = said("it is the sum of all {rows} other rows", rows=total.rows)
        return replace(one, kind="total", confidence=confidence, reason=reason)
    if one.confidence or whole is None:
        return one
    confidence = agreement(one.line.values, whole.sums, whole.rows)
    return replace(one, kind="total", confidence=confidence, reason=said("it is the sum of the rows of all files"))


def _in_order(lines: Sequence[Line], blocks: Sequence[_Block]) -> list[Proof]:
    """Which lines sum up the block that comes just before them, or the last totals before them with it."""
    proofs: list[Proof] = []
    open_totals: list[_Block] = []  # proven, and not yet part of a higher one
    loose = _nothing(lines)  # rows whose total we have not found
    for line, block in zip(lines, blocks, strict=True):
        reached = loose.plus(block)
        proof, taken, summed = _proof(line, block, said("the rows next to it")), 0, block
        if not proof.confidence:
            proof, summed = _proof(line, reached, said("the rows next to it")), reached
        while not proof.confidence and taken < min(len(open_totals), _BACK):
            taken += 1
            summed = summed.plus(open_totals[-taken])
            proof = _proof(line, summed, said("the totals next to it"))
        if not proof.confidence:
            loose = reached
        else:
            loose = loose if summed is block else _nothing(lines)
            del open_totals[len(open_totals) - taken :]
            open_totals.append(summed)
        proofs.append(proof)
    return proofs


def _nothing(lines: Sequence[Line]) -> _Block:
    return _Block(0, tuple(_ZERO for _ in lines[0].values) if lines else ())


def _proof(line: Line, block: _Block, what: str) -> Proof:
    """A sum of a single row proves nothing: two suppliers may get the same."""
    confidence = agreement(line.values, block.sums, block.rows) if block.rows > 0 else 0
    if confidence and block.rows == 1:
        confidence = min(confidence, 75)
    return Proof(line, "subtotal", confidence, said("it is the sum of {what}", what=what) if confidence else "")


def _all_at_once(proofs: list[Proof], whole: _Block) -> list[Proof]:
    """Candidates of one group that are, together, the sum of all other rows (once, twice or thrice): rows of totals
    by year or country need not stand beside what they sum up."""
    for group in {one.line.group for one in proofs}:
        mine = [one for one in proofs if one.line.group == group]
        if all(one.confidence for one in mine) or len(mine) < 2 or whole.rows <= len(mine):
            continue
        sums = tuple(sum((one.line.values[n] or _ZERO for one in mine), _ZERO) for n in range(len(whole.sums)))
        stated = tuple(v if any(one.line.values[n] is not None for one in mine) else None for n, v in enumerate(sums))
        for times in (1, 2, 3):
            target = tuple((one or _ZERO) * times for one in whole.sums)
            confidence = agreement(stated, target, whole.rows)
            if confidence:
                reason = "together they are the sum of all other rows" + ("" if times == 1 else f", {times} times")
                made = [replace(one, kind="total", confidence=confidence, reason=reason) for one in mine]
                swap = {id(old): new for old, new in zip(mine, made, strict=True)}
                proofs = [swap.get(id(one), one) for one in proofs]
                break
    return [_like_the_others(one, proofs) for one in proofs]


def _like_the_others(one: Proof, proofs: Sequence[Proof]) -> Proof:
    """A total of nothing is a total where others of its group are."""
    if one.confidence or any(one.line.values):
        return one
    proven = [other for other in proofs if other.line.group == one.line.group and other.confidence]
    return replace(proven[0], line=one.line) if proven else one


def _blocks(lines: Sequence[Line], total: _Block) -> list[_Block]:
    """The ordinary rows before the first line, between each two, and after the last."""
    ends = [_Block(one.before, one.running) for one in lines] + [total]
    blocks, last = [], _Block(0, tuple(_ZERO for _ in total.sums))
    for end in ends:
        sums = tuple((a or _ZERO) - (b or _ZERO) for a, b in zip(end.sums, last.sums, strict=True))
        blocks.append(_Block(end.rows - last.rows, sums))
        last = end
    return blocks


def _files(table: RowTable, lines: Sequence[Line]) -> dict[int, _Block]:
    """The ordinary rows of each file: all rows but the candidates."""
    values = ", ".join(f"sum(v{one})" for one in table.summed)
    found = table.rows(f"SELECT _file, count(*) FILTER (WHERE has_amount), {values} FROM {{t}} GROUP BY 1")
    totals = {part: _Block(count, tuple(sums)) for part, count, *sums in found}
    for line in lines:
        less = tuple(None if one is None else -one for one in line.values)
        totals[line.part] = totals[line.part].plus(_Block(-1, less))
    return totals


def _together(blocks: Sequence[_Block]) -> _Block:
    found = blocks[0]
    for one in blocks[1:]:
        found = found.plus(one)
    return found
