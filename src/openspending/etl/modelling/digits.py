"""Digits of other scripts, and characters that nobody sees: cells with them are read as if they had 0 to 9 only.

What is read so is declared, as the text that takes the place of each cell. Codes and names stay as they are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.evidence import all_listed, cells
from openspending.etl.modelling.missing import counted
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.questions import CORRECT, read_as
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said

_MARKS: Final = {"٫": ".", "٬": ",", "،": ",", "\u3000": " "}  # of Arabic numbers; the wide space of East Asia
_WIDE: Final = range(0xFF01, 0xFF5F)  # the wide forms of ASCII
_NARROW: Final = 0xFEE0  # less is the same in ASCII

Written = Mapping[str, Sequence[str]]  # the texts that become the same one


def plain(text: str) -> str:
    """`text` with the digits 0 to 9, without what is not seen."""
    return text if text.isascii() else "".join(map(_plain, text)).strip()


def _plain(one: str) -> str:
    if one in _MARKS:
        return _MARKS[one]
    if ord(one) in _WIDE:
        return chr(ord(one) - _NARROW)
    category = unicodedata.category(one)
    if category == "Nd":
        return str(unicodedata.decimal(one))
    return "" if category == "Cf" else one


def made_plain(profile: Profile) -> tuple[Profile, Written] | None:
    """The profile as if its cells were plain, and how they are written; None when they are plain already."""
    if all(text.isascii() or plain(text) == text for text, _ in profile.values):
        return None
    counts: dict[str, int] = {}
    texts: dict[str, list[str]] = {}
    for text, count in cells(profile).items():
        bare = plain(text)
        counts[bare] = counts.get(bare, 0) + count
        texts.setdefault(bare, []).append(text)
    values = tuple(sorted(((text, count) for text, count in counts.items() if text), key=lambda one: (-one[1], one[0])))
    return replace(profile, values=values, complete=all_listed(profile)), texts


def as_written(found: Writing, label: str, texts: Written) -> Writing:
    """The writing of plain cells for cells as they are written: what takes the place of each is part of it."""
    number = as_written(found.number, label, texts) if found.number is not None else None
    if found.props["type"] == "string":
        return replace(found, number=number)
    base = _effect(found.base, texts)
    asked = tuple(
        replace(one, choices=tuple(replace(choice, effect=_effect(choice.effect, texts)) for choice in one.choices))
        for one in found.proposals
    )
    gone = set(base.get("missingValues", ()))
    changed = {
        text: bare for bare, some in texts.items() for text in some if text != bare and bare and bare not in gone
    }
    first = (_question(label, changed),) if changed else ()
    return replace(found, base=base, number=number).asking((*first, *asked))


def _effect(props: Mapping[str, Any], texts: Written) -> dict[str, Any]:
    """Properties that name plain cells, naming the cells as they are written too."""
    result = dict(props)
    if props.get("replace"):
        result["replace"] = {text: new for bare, new in props["replace"].items() for text in texts.get(bare, (bare,))}
    if props.get("missingValues"):
        named = (text for bare in props["missingValues"] for text in (bare, *texts.get(bare, ())))
        result["missingValues"] = list(dict.fromkeys(named))
    return result


def _question(label: str, changed: Mapping[str, str]) -> Proposal:
    best = Choice(
        read_as(changed),
        92,
        said("its digits are those of another script, or it has characters that are not seen"),
        {"replace": dict(changed)},
    )
    question = said(
        "Cells of “{label}” are written with other digits, or with characters that are not seen: {texts}. How are they "
        "read?",
        label=label,
        texts=counted((text, 1) for text in changed),
    )
    return Proposal(f"column:{label}:script", question, (best, CORRECT), column=label)
