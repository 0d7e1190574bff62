"""Columns that hold amounts by their headers or their looks, and that nobody could read as numbers: always asked about.

Such a column would otherwise be text like any other, and its money would be lost without a word.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.currencies import currencies
from openspending.etl.modelling.digits import plain
from openspending.etl.modelling.evidence import cells
from openspending.etl.modelling.missing import counted, stands_for_nothing
from openspending.etl.modelling.rolesamounts import Sight
from openspending.speaking.said import said

_KINDS: Final = frozenset({"text", "code", "identifier"})
_OTHER: Final = frozenset({"amount", "not-money", "remark", "row-id"})
_STRONG: Final = 60  # points of a word that means an amount in nearly any header
_KNOWN: Final = 60  # percent from which we know what the column is
_SAID: Final = 0.2  # of the cells have to be like amounts where the header says that they are
_SHOWN: Final = 0.5  # … where only the cells show it
_LONGEST: Final = 40  # characters of an amount
_WORDS: Final = re.compile(r"[^\W\d_]+")
_MOST_WORDS: Final = 4  # beside a number, as in `about EUR 5 million net`
_RUN: Final = re.compile(r"[0-9](?:[0-9.,'’ \u00a0\u202f\u2009]*[0-9])?")
# Years, as in `2012` or `2013/2015`: they stand under a heading of amounts too, as the years when these were spent.
_YEARS: Final = re.compile(r"(?:19|20)[0-9]{2}(?:\s*[/–-]\s*(?:19|20)?[0-9]{2})*")
# Decimals behind groups or hundreds, as money has them and codes have not.
_MONEY: Final = re.compile(r"(?:[0-9]{3,}|[0-9]{1,3}(?:[., '’\u00a0\u202f][0-9]{3})+)[.,][0-9]{2}")


def unread(sight: Sight, column_type: str | None, confidence: int) -> Proposal | None:
    """The question about a column of which too few cells could be read as numbers; None where there is nothing to ask.

    `column_type` is what the column would be without this, with its confidence.
    """
    if sight.numeric or sight.writing.kind not in _KINDS:
        return None
    known = column_type if confidence >= _KNOWN else None
    counts = {plain(text): count for text, count in cells(sight.profile).items() if not stands_for_nothing(text)}
    like = {text: count for text, count in counts.items() if _has_number(text)}
    strong = sight.header.points("amount") >= _STRONG
    single = {text: count for text, count in like.items() if _is_single(text)}
    total = sum(counts.values())
    stated = _says_amount(sight) and sum((like if strong else single).values()) >= _SAID * total
    money = sum(count for text, count in single.items() if _is_money(text))
    shown = known is None and sight.header.part is None and money >= _SHOWN * total
    if not like or not (stated or shown):
        return None
    why = said("its header says that it holds amounts") if stated else said("its cells look like amounts of money")
    odd = sorted(like, key=lambda text: (_RUN.fullmatch(text) is not None, -like[text], text))
    return _question(sight.profile.label, known, why, counted((text, like[text]) for text in odd[:5]))


def _question(label: str, column_type: str | None, why: str, shown: str) -> Proposal:
    best = Choice(column_type or "nothing", 50, said("its cells cannot be read as numbers"))
    amount = Choice(
        "value", 45, said("{why}: then each cell that is no number has to be corrected in the file", why=why)
    )
    question = said(
        "“{label}” cannot be read as numbers, though {why}: {shown}. What does it hold?",
        label=label,
        why=why,
        shown=shown,
    )
    choices = (best, amount) if best.value != "value" else (best,)
    return Proposal(f"column:{label}:role", question, choices, column=label)


def _says_amount(sight: Sight) -> bool:
    """Whether the header is of amounts rather than of anything else."""
    header, heading = sight.header, sight.heading
    if header.part is not None or header.aside or header.described or "%" in header.label:
        return False
    thing = max((points for one, (points, _) in header.meanings.items() if one not in _OTHER), default=0)
    amount = header.points("amount")
    if amount:
        return amount >= thing
    dated = not heading.base and (heading.year or heading.fiscal_year or heading.period) is not None
    return bool(heading.currency or heading.currencies) or heading.factor is not None or dated or bool(heading.phase)


def _has_number(text: str) -> bool:
    """Whether the text is short, with a number that is no span of years and few words."""
    if _YEARS.fullmatch(text.strip()):
        return False
    return len(text) <= _LONGEST and len(_WORDS.findall(text)) <= _MOST_WORDS and bool(_RUN.search(text))


def _is_single(text: str) -> bool:
    """Whether there is one number only, with nothing but a currency before it: `G-12` and `2015-1` are codes."""
    runs = list(_RUN.finditer(text))
    before = text[: runs[0].start()].strip(" -−–+(~<>≈") if runs else ""
    return len(runs) == 1 and (not before or bool(currencies(before, before=True)))


def _is_money(text: str) -> bool:
    """Whether it has decimals as money has, or the sign of a currency."""
    return bool(_MONEY.search(text)) or any(unicodedata.category(one) == "Sc" for one in text)
