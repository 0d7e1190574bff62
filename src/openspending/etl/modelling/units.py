"""The unit of amounts as labels and banner lines say it: a factor (“in thousands”, “mil. Kč”, “億円”) and a currency.

A word like “million” counts only where units stand: in brackets, after “in”, beside a currency. “One Million Trees”
is a programme. What means different things in different languages is either told apart by its currency, or unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from openspending.etl.modelling.moneywords import WORD, Said, tokens
from openspending.etl.modelling.units_currency import Money, currencies
from openspending.etl.modelling.units_factor import Factor, factors
from openspending.etl.modelling.units_place import Place
from openspending.speaking.said import said


def read_unit(label: str, *, prose: bool = False) -> list[Said]:
    """What `label` says of the unit of its amounts; `prose` is a sentence or title rather than a column's header."""
    parts = tokens(label)
    money = currencies(label, parts)
    place = Place(label, parts, tuple(money), prose)
    sized = factors(place)
    named = [one for one in money if _counts(one, place, sized)]
    stated = (_factor(sized), _currency(named))
    return [one for one in stated if one is not None]


def _counts(money: Money, place: Place, sized: Sequence[Factor]) -> bool:
    if not money.weak:
        return True
    if any(place.adjacent((one.first, one.last), (money.first, money.last)) for one in sized):
        return True
    bracketed = place.in_unit_bracket(money.first, money.last)
    if money.is_word:
        return bracketed and money.written not in ("ALL", "TOP")
    if bracketed or place.after_unit_word(money.first) or place.all_units():
        return True
    return place.is_last(money.last) and place.parts[money.last].kind == WORD


def _factor(sized: Sequence[Factor]) -> Said | None:
    if not sized:
        return None
    values = tuple(dict.fromkeys(value for one in sized for value in one.values))
    written = ", ".join(dict.fromkeys(one.written for one in sized))
    spans = tuple((one.start, one.end) for one in sized)
    if len(values) > 1:
        why = said("“{written}” may mean {meanings}", written=written, meanings=_either(values))
        return Said("factor", None, written, 40, why, spans, values)
    confidence = max(one.confidence for one in sized)
    return Said("factor", values[0], written, confidence, said("it says “{written}”", written=written), spans)


def _currency(named: Sequence[Money]) -> Said | None:
    if not named:
        return None
    spans = tuple(one.span for one in named)
    written = ", ".join(dict.fromkeys(one.written for one in named))
    certain = {one.codes[0] for one in named if len(one.codes) == 1}
    unsure = [one.codes for one in named if len(one.codes) > 1]
    if len(certain) == 1:
        code = certain.pop()
        return Said("currency", code, written, 95, said("it says “{written}”", written=written), spans)
    codes = tuple(dict.fromkeys(sorted(certain) or _common(unsure)))
    if len(codes) == 1:
        return Said("currency", codes[0], written, 80, said("it says “{written}”", written=written), spans)
    why = said("“{written}” may mean {meanings}", written=written, meanings=_either(codes))
    return Said("currency", None, written, 40, why, spans, codes)


def _common(unsure: Sequence[tuple[str, ...]]) -> list[str]:
    """The currencies that all signs may mean, or all that any may mean."""
    first = unsure[0]
    common = [one for one in first if all(one in other for other in unsure)]
    return common or [one for codes in unsure for one in codes]


def _either(values: Iterable[object]) -> str:
    texts = [f"{one:,f}" if isinstance(one, Decimal) else str(one) for one in values]
    return said("{some} or {last}", some=", ".join(texts[:-1]), last=texts[-1])
