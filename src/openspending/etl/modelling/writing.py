"""How the cells of one column are written: the likeliest kind, its field's properties, and what must be asked.

Codes are never damaged: whatever could be a code is proposed as text, with its reading as numbers beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.amounts import as_numbers
from openspending.etl.modelling.codes import all_booleans, damaged_by_number
from openspending.etl.modelling.dates import dates, order_of, order_said
from openspending.etl.modelling.digits import as_written, made_plain
from openspending.etl.modelling.evidence import cells
from openspending.etl.modelling.fitting import failing
from openspending.etl.modelling.missing import counted, stands_for_nothing
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.settling import settle_dates, settle_numbers
from openspending.etl.modelling.written import Writing
from openspending.etl.modelling.years import all_fiscal_years, all_years, looks_like_years
from openspending.speaking.said import said

__all__ = ["Writing", "settle_dates", "settle_numbers", "writing"]

_Texts = Mapping[str, int]
_PERCENT: Final = re.compile(r"[-+−]?\(?[\d.,   ]*\d ?\)?[%٪]|% ?\d[\d.,]*")
_CODE: Final = re.compile(r"\S{1,25}")


def writing(profile: Profile) -> Writing:
    """What is proposed about how the column's cells are written."""
    bare = made_plain(profile)
    return _writing(profile) if bare is None else as_written(_writing(bare[0]), profile.label, bare[1])


def _writing(profile: Profile) -> Writing:
    """The writing of cells with plain digits."""
    counts = cells(profile)
    texts = {text: count for text, count in counts.items() if not stands_for_nothing(text)}
    gone = {text: count for text, count in counts.items() if text not in texts}
    if not texts:
        stated = (
            said("all its cells say “no value”: {texts}", texts=counted(gone.items()))
            if gone
            else said("all its cells are blank")
        )
        return Writing.of("empty", _text(profile), 95, stated)
    for attempt in _ATTEMPTS:
        found = attempt(profile, texts, gone)
        if found is not None:
            return found
    return _words(profile, texts)


def _percent(profile: Profile, texts: _Texts, gone: _Texts) -> Writing | None:
    share = sum(count for text, count in texts.items() if _PERCENT.fullmatch(text)) / sum(texts.values())
    if share < 0.9:
        return None
    return Writing.of(
        "percent", _text(profile), 95, said("its cells are shares in percent, which cannot be added"), notes=_said(gone)
    )


def _boolean(profile: Profile, texts: _Texts, _gone: _Texts) -> Writing | None:
    if not all_booleans(texts):
        return None
    return Writing.of(
        "boolean", _text(profile), 90, said("its cells are words for yes and no: {texts}", texts=counted(texts.items()))
    )


def _fiscal_year(profile: Profile, texts: _Texts, _gone: _Texts) -> Writing | None:
    if not all_fiscal_years(texts):
        return None
    return Writing.of(
        "fiscal-year", _text(profile), 90, said("its cells are fiscal years: {texts}", texts=counted(texts.items()))
    )


def _year(profile: Profile, texts: _Texts, gone: _Texts) -> Writing | None:
    if not all_years(texts) or not looks_like_years(texts):
        return None
    base = _text(profile) | {"type": "integer"} | ({"missingValues": ["", *gone]} if gone else {})
    sure = len(texts) <= 3 or sum(texts.values()) >= 2 * len(texts)
    amount = as_numbers(profile, texts, gone)
    others = (Choice("number", 10 if sure else 30, said("amounts can be as small as years")),)
    reason = said("its cells are years: {texts}", texts=counted(texts.items()))
    return Writing.of("year", base, 95 if sure else 75, reason, others=others, score=5 if sure else 30, number=amount)


def _date(profile: Profile, texts: _Texts, gone: _Texts) -> Writing | None:
    """Dates of one format; texts where they are mixed with others, which is nothing that stops anybody."""
    found = dates(texts)
    if found is None or found.like < 0.8 * sum(texts.values()):
        return None
    compact = found.formats == ("%Y%m%d",)
    if compact and (found.rest or len(texts) < 2):
        return None
    if found.rest:
        note = said(
            "most cells are dates, but not all in one form: {texts}",
            texts=counted((text, texts[text]) for text in found.rest),
        )
        return Writing.of("text", _text(profile), 85, note, notes=(note,))
    first = found.formats[0]
    base = _text(profile) | {"type": found.type} | ({"missingValues": ["", *gone]} if gone else {})
    example = next(iter(texts))
    reason = said("its cells are dates such as “{example}”", example=example)
    asked: tuple[Proposal, ...] = ()
    if len(found.formats) > 1:
        asked = (_order_question(profile.label, found.formats, texts),)
        first = asked[0].best.effect["format"]
    elif first != "default":
        base["format"] = first
    written = Writing.of(found.kind, base, asked[0].best.confidence if asked else 92, reason, asked)
    refused = failing(profile, written.props)
    if refused:
        note = said(
            "they look like dates, but {texts} cannot be read so",
            texts=counted((text, texts.get(text, 1)) for text in refused),
        )
        return Writing.of("text", _text(profile), 80, note, notes=(note,))
    return replace(written, number=as_numbers(profile, texts, gone), score=5) if compact else written


def _order_question(label: str, formats: tuple[str, ...], texts: _Texts) -> Proposal:
    """Which comes first, day or month; the header may say it."""
    stated = order_said(label)
    names = {"%d": "day first", "%m": "month first"}
    choices = []
    for pattern in formats:
        order = order_of(pattern)
        likely = 90 if order == stated else 10 if stated is not None else 55 if order == "%d" else 45
        why = said("the header says so") if order == stated else said("no date in this column decides it")
        choices.append(Choice(names.get(order or "", pattern), likely, why, {"format": pattern}))
    choices.sort(key=lambda one: -one.confidence)
    shown = counted((text, texts[text]) for text in texts)
    question = said("Do the dates of “{label}” begin with the day or with the month? {shown}", label=label, shown=shown)
    return Proposal(f"column:{label}:writing", question, tuple(choices[:3]), column=label)


def _number(profile: Profile, texts: _Texts, gone: _Texts) -> Writing | None:
    """Amounts; or codes that are numbers, which stay text."""
    found = as_numbers(profile, texts, gone)
    if found is None:
        return None
    plain = found.plain
    damaged = damaged_by_number(texts)
    asked = any(one.id.endswith((":words", ":notes", ":digits")) for one in found.proposals)
    if plain and asked:  # whole numbers among other texts are codes rather
        found = replace(found, score=min(found.score, 45))
    if found.score >= 80 or (found.score >= 50 and not damaged):
        other = Choice("code", 100 - found.score, said("codes can look like this too"))
        return replace(found, confidence=max(found.score, 60), others=(other,))
    kind = "code" if damaged or not plain else "integer-code"
    if profile.distinct == profile.filled >= 5 and plain:
        kind = "identifier"
    why = said("a number would lose zeros or levels of it") if damaged else found.reason
    score = min(found.score, 20) if damaged else found.score
    others = (Choice("number", score, found.reason),)
    return Writing.of(
        kind, _text(profile), 100 - score, why, others=others, score=score, number=found, notes=found.notes
    )


def _words(profile: Profile, texts: _Texts) -> Writing:
    """Anything else: names, descriptions, codes with letters and marks."""
    total = sum(texts.values())
    digits = sum(count for text, count in texts.items() if any(one.isdigit() for one in text))
    short = all(_CODE.fullmatch(text) for text in texts)
    if short and digits > 0.5 * total:
        unique = profile.distinct == profile.filled >= 5
        reason = said("its cells are short and have digits, such as “{example}”", example=next(iter(texts)))
        return Writing.of("identifier" if unique else "code", _text(profile), 85, reason)
    if short and profile.longest <= 5 and profile.distinct < profile.filled:
        return Writing.of(
            "code", _text(profile), 70, said("its cells are short, such as “{example}”", example=next(iter(texts)))
        )
    return Writing.of(
        "text", _text(profile), 90, said("its cells are texts such as “{example}”", example=next(iter(texts))[:40])
    )


def _text(profile: Profile) -> dict[str, Any]:
    """The properties of a field that keeps its texts."""
    return {"type": "string"} | ({"trim": True} if profile.padded else {})


def _said(gone: _Texts) -> tuple[str, ...]:
    return (said("no value: {texts}", texts=counted(gone.items())),) if gone else ()


_ATTEMPTS: Final[tuple[Callable[[Profile, _Texts, _Texts], Writing | None], ...]] = (
    _percent,
    _boolean,
    _fiscal_year,
    _year,
    _date,
    _number,
)
