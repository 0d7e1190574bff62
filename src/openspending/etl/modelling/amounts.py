"""A column read as numbers: the properties of its field, its currency, and the questions that this leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from openspending.etl.decisions import SURE
from openspending.etl.modelling.codes import amount_score
from openspending.etl.modelling.evidence import all_listed
from openspending.etl.modelling.fitting import failing
from openspending.etl.modelling.missing import counted
from openspending.etl.modelling.numbers import Numbers, numbers
from openspending.etl.modelling.numerals import cut_off
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.questions import (
    currency_question,
    digits_question,
    format_props,
    format_question,
    mended_question,
    notes_question,
    words_question,
)
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said, together

_MOST: Final = Decimal("0.5")  # of the cells of a column of numbers
_FEW: Final = Decimal("0.1")


def as_numbers(profile: Profile, texts: Mapping[str, int], gone: Mapping[str, int]) -> Writing | None:
    """The column read as numbers; None when too much of it is no number. `gone` are its texts for “no value”."""
    found = numbers(texts)
    if found is None or not _mostly(profile, found, texts):
        return None
    written = _written(profile, found, texts, gone)
    refused = failing(profile, written.props)
    read = {text: found.values[text] for text in refused if text in found.values}
    if read:  # numbers that we can read, and the check could not
        found = replace(found, replace={**found.replace, **read})
        written = _written(profile, found, texts, gone)
        refused = failing(profile, written.props)
    return _asking(profile, written, texts, found, refused) if refused else written


def _mostly(profile: Profile, found: Numbers, texts: Mapping[str, int]) -> bool:
    """Whether enough of the cells are numbers: most; all but few where they could be codes as well."""
    total = sum(texts.values())
    if found.weight(texts, "values", "replace", "notes") < _MOST * total or not found.values:
        return False
    few = found.weight(texts, "odd", "notes") <= _FEW * total
    return few or amount_score(profile, found, texts)[0] >= SURE


def _written(profile: Profile, found: Numbers, texts: Mapping[str, int], gone: Mapping[str, int]) -> Writing:
    """How the numbers are written, with all that is asked about them."""
    proposals = [
        format_question(profile.label, found, texts, listed=all_listed(profile)),
        mended_question(profile.label, found, texts),
        notes_question(profile.label, found, texts),
        words_question(profile.label, (*found.words, *found.odd), texts, found.format.decimal),
    ]
    cut = [text for text in found.values if cut_off(found.numerals[text].core)]
    proposals.append(digits_question(profile.label, cut, texts))
    codes = _currencies(found, texts)
    if len(codes) > 1 and not set.intersection(*(set(one) for one in codes)):
        proposals.append(currency_question(profile.label, {one[0]: count for one, count in codes.items()}))
        codes = {}
    possible = tuple(one for one in next(iter(codes), ()) if all(one in other for other in codes))
    score, why = amount_score(profile, found, texts)
    return Writing.of(
        kind="number",
        base=_base(profile, found, gone),
        confidence=score,
        reason=_reason(found, texts, gone, why),
        proposals=tuple(one for one in proposals if one is not None),
        currency=possible[0] if len(possible) == 1 else None,
        currencies=possible if len(possible) > 1 else (),
        plain=all(text.isdigit() or text in cut for text in found.values) and not found.replace,
        score=score,
        mark=_proven_mark(found),
    )


def _asking(
    profile: Profile, written: Writing, texts: Mapping[str, int], found: Numbers, refused: Sequence[str]
) -> Writing | None:
    """`written`, with what the gate refuses among the texts that are asked about; None when that is too much."""
    weight = sum(texts.get(text, 1) for text in refused)
    if weight > _FEW * sum(texts.values()) and written.score < SURE:
        return None
    odd = dict.fromkeys((*found.words, *found.odd, *refused))
    asked = words_question(profile.label, odd, texts, found.format.decimal)
    rest = tuple(one for one in written.proposals if not one.id.endswith(":words"))
    return written.asking((*rest, asked) if asked is not None else rest)


def _base(profile: Profile, found: Numbers, gone: Mapping[str, int]) -> dict[str, Any]:
    """The field's properties that nobody has to be asked about."""
    read = [found.numerals[text] for text in found.values]
    props: dict[str, Any] = {"type": "number", **format_props(found.format)}
    if any(one.dressed for one in read):
        props["bareNumber"] = False
    negative = sorted({one.negative for one in read if one.negative is not None})
    if negative:
        props["negative"] = negative
    if profile.padded:
        props["trim"] = True
    if gone:
        props["missingValues"] = ["", *gone]
    return props


def _proven_mark(found: Numbers) -> str | None:
    """The decimal mark, if nothing is doubtful and some cells have it, or have the other mark between groups."""
    form = found.format
    if found.doubt is not None:
        return None
    if any(form.decimal in found.numerals[text].core for text in found.values):
        return form.decimal
    return form.decimal if form.group in (".", ",") else None


def _currencies(found: Numbers, texts: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """What the signs beside the numbers can mean, with how many cells have them."""
    counts: dict[tuple[str, ...], int] = {}
    for text in (*found.values, *found.replace):
        one = found.numerals.get(text)
        if one is not None and one.currency:
            counts[one.currency] = counts.get(one.currency, 0) + texts[text]
    return counts


def _reason(found: Numbers, texts: Mapping[str, int], gone: Mapping[str, int], why: str) -> str:
    example = max(found.values, key=lambda text: (len(text), texts[text]))
    reason = said("its cells are numbers such as “{example}”: {why}", example=example, why=why)
    if not gone:
        return reason
    return together(reason, said("no value: {texts}", texts=counted(gone.items())), between="; ")
