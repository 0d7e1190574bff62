"""Amount columns beside those that become rows: a total, a change, a share. FDP lets none of them stay an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import Lexicon, data, lexicon, tokens
from openspending.etl.modelling.wide_axes import Coordinate
from openspending.etl.modelling.wide_totals import TotalColumn
from openspending.etl.totals import WHOLE_WORDS, WORDS
from openspending.speaking.said import said, together

_FUNDS: Final = (
    "fund, funds, fond, fonds, fondo, fondos, fundo, fundos, fondi, fonduri, fondy, fundusz*, fond*, фонд*, ταμειο, "
    "erdf, esf, cf, cohesion, feder, fse, efre, efs, ipa, yei, eafrd, emff, local, federal, state, general, special, "
    "own resources, recursos propios, fuentes, fuente, kasa, 基金, 一般会计, 一般会計, 特別会計, 国費, 一般財源, 기금, "
    "일반회계, 특별회계, дотац*, субсид*, grants, loans, eu funds, donor*"
)
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Rest:
    """Labels of amount columns that must not be measures, how sure that is, and why (the end of a sentence)."""

    labels: tuple[str, ...]
    confidence: int
    reason: str


def leave_out(
    others: Sequence[Coordinate],
    family: Sequence[Coordinate],
    totals: Sequence[TotalColumn] | None,
    inside: set[int],
) -> Rest:
    """What becomes of `others` when `family` becomes rows."""
    members = {one.position for one in family}
    proved = {one.position for one in totals or () if members & set(one.parts) and one.certain} | inside
    reasons: list[str] = []
    confidence = 95
    for one in others:
        if one.position in proved:
            reasons.append(said("{label} is the sum of others in every row and is left out", label=one.label))
        elif is_total(one.label) and totals is None:
            reasons.append(said("{label} seems to be a total and is left out", label=one.label))
            confidence = min(confidence, 75)
        elif is_total(one.label):
            reasons.append(
                said("{label} is called a total but is not the sum of the others; it is left out", label=one.label)
            )
            confidence = min(confidence, 60)
        else:
            reasons.append(
                said("{label} holds other amounts, which cannot stay beside them; it is left out", label=one.label)
            )
            confidence = min(confidence, 60)
    reason = together("", *reasons, between="; ") if reasons else ""
    return Rest(tuple(one.label for one in others), confidence, reason)


def is_total(label: str) -> bool:
    """Whether a label has a word for “total”."""
    text = fold(label)
    return any(fold(one) in text for one in WHOLE_WORDS) or any(hit for hit in _totals().find(tokens(label)))


@cache
def _totals() -> Lexicon:
    return lexicon([(re.sub(r",", " ", one), "total") for one in WORDS])


def names_funds(columns: Sequence[Coordinate]) -> bool:
    """Whether most columns are called after funds, or after countries."""
    if len(columns) < _FEWEST or len({one.stem for one in columns}) < len(columns):
        return False
    funded = sum(bool(_names()[0].find(tokens(one.label))) for one in columns)
    placed = sum(bool(_names()[1].find(tokens(one.label))) for one in columns)
    return max(funded, placed) * 4 >= len(columns) * 3


@cache
def _names() -> tuple[Lexicon, Lexicon]:
    """Words of funds, and countries."""
    countries = data("money-currencies")["countries"].items()
    return lexicon([(_FUNDS, "fund")]), lexicon([(words, code) for code, words in countries])
