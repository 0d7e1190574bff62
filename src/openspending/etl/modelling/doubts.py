"""Where a column's number format is not decided by its cells: `1.234` may be over a thousand, or over one.

Other cells of the column decide it, if they can: `12.5`, `0.125`, `1.234.567`. They cannot where the column is mixed,
as when other people typed some of the cells. Then the cells that both formats read, differently, are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openspending.etl.modelling.numerals import Format, Numeral
from openspending.speaking.said import said

Reads = Mapping[Format, Mapping[str, Decimal]]  # for each format: the texts that it reads, and as what

_FEW: Final = 0.02  # what fewer cells show may be a mistake in them
_SOME: Final = 20  # cells from which on a habit shows
_MANY: Final = 60  # cells of which one would end in 0, were they not decimals without closing zeros


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another format that reads some cells differently; `texts` are these cells, `whole` whether it could be the one
    format of the whole column."""

    other: Format
    texts: tuple[str, ...]
    whole: bool
    why: str
    likelier: bool = False  # whether the other format is the likelier one for these cells
    unlikely: bool = False  # whether it is so unlikely that nobody need be asked


def doubt(best: Format, numerals: Mapping[str, Numeral], counts: Mapping[str, int], reads: Reads) -> Doubt | None:
    """What remains doubtful when `best` reads the column, or None."""
    read = reads[best]
    for other, values in reads.items():
        differing = tuple(text for text, value in values.items() if text in read and read[text] != value)
        if not differing:
            continue
        if not read.keys() - values.keys():
            return Doubt(other, differing, True, said("no cell decides between the two"), other.group in (".", ","))
        if values.keys() - read.keys():
            bare = len(differing) >= _MANY and not any(numerals[text].core.endswith("0") for text in differing)
            why = (
                said("no cell ends in 0, as in decimals")
                if bare
                else said("other cells of the column are written that way")
            )
            return Doubt(other, differing, False, why, unlikely=bare)
    return _decimals(best, numerals, counts) or _groups(best, numerals, counts)


def shown_by_habit(one: Format, other: Format, numerals: Mapping[str, Numeral]) -> Format | None:
    """The one of two formats in which a mark groups digits, if the cells can come from no habit of writing decimals.

    Whoever writes three decimals always writes them with 0 too, and whoever leaves closing zeros away has none. So a
    column in which the mark always has three digits after it, some of them ending in 0, beside numbers below a thousand
    without a mark, has thousands.
    """
    form = one if one.group in (".", ",") else other
    mark = form.group
    if mark not in (".", ","):
        return None
    cores = [each.core for each in numerals.values()]
    marked = [core for core in cores if mark in core]
    bare = [core for core in cores if mark not in core]
    habit = (
        len(marked) >= _SOME
        and all(form.read(core) is not None for core in cores)
        and sum(core.endswith("0") for core in marked) >= 2
        and len(bare) >= 2
        and all(core.isdigit() and len(core) <= 3 for core in bare)
        and any(core != "0" for core in bare)
    )
    return form if habit else None


def _decimals(best: Format, numerals: Mapping[str, Numeral], counts: Mapping[str, int]) -> Doubt | None:
    """Cells with three digits after the decimal mark and few before it, in a column that has other decimals too."""
    point = re.escape(best.decimal)
    marked = [text for text, one in numerals.items() if best.decimal in one.core and best.read(one.core) is not None]
    maybe = re.compile(rf"[1-9]\d{{0,2}}{point}\d{{3}}")
    texts = tuple(text for text in marked if maybe.fullmatch(numerals[text].core))
    if not texts:
        return None
    other = Format("," if best.decimal == "." else ".", best.decimal)
    share = _weight(texts, counts) / _weight(marked, counts)
    # three or more decimals where they cannot be thousands
    precise = re.compile(rf"(?:\d{{4,}}|0|\d*){point}\d{{3}}|.*{point}\d{{4,}}.*")
    natural = [text for text in marked if text not in texts and precise.fullmatch(numerals[text].core)]
    fixed = all(len(numerals[text].core.partition(best.decimal)[2]) == 3 for text in marked)
    padded = any(text.rstrip(")€ %-").endswith("0") for text in texts)
    if padded and not fixed:
        return Doubt(
            other, texts, False, said("closing zeros stand there only, so these cells are written differently"), True
        )
    if _weight(natural, counts) >= _FEW * _weight(marked, counts):
        return None
    if share < 0.25:
        return Doubt(other, texts, False, said("all other cells have fewer decimals"), True)
    if share <= 0.5 or (_weight(texts, counts) >= _MANY and share <= 1 - _FEW):
        return None
    return Doubt(other, texts, False, said("too few cells decide it"))


def _groups(best: Format, numerals: Mapping[str, Numeral], counts: Mapping[str, int]) -> Doubt | None:
    """Cells with one group mark and no decimals, in a column where numbers as large stand without one."""
    if best.group not in (".", ","):
        return None
    mark = re.escape(best.group)
    maybe = re.compile(rf"[1-9]\d{{0,2}}{mark}\d{{3}}")
    texts = tuple(text for text, one in numerals.items() if maybe.fullmatch(one.core))
    bare = [text for text, one in numerals.items() if re.match(r"[1-9]\d{3}", one.core)]
    grouped = [text for text, one in numerals.items() if best.group in one.core]
    if not texts or _weight(bare, counts) <= 0.2 * (_weight(bare, counts) + _weight(grouped, counts)):
        return None
    if len(texts) >= 3 and len(bare) >= _SOME and not any(best.decimal in one.core for one in numerals.values()):
        return None  # nobody writes three decimals, or none
    return Doubt(Format(best.group, None), texts, False, said("numbers as large stand there without a group mark"))


def _weight(texts: Iterable[str], counts: Mapping[str, int]) -> int:
    return sum(counts.get(text, 1) for text in texts)
