"""Words for the phase of an amount (proposed, approved, adjusted, executed) and its direction, in many languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from openspending.etl.modelling.moneywords import Hit, Lexicon, Said, Token, data, lexicon, tokens
from openspending.speaking.said import said

_NONE: Final = "none"
_WEAK: Final = "?"
# A budget as adjusted is what was approved in the end; a payment that was proposed first is a payment.
_NEARER: Final = {frozenset({"approved", "adjusted"}): "adjusted", frozenset({"proposed", "adjusted"}): "adjusted"}
_NEARER_OF_WEAK: Final = {
    frozenset({"approved", "executed"}): "executed",
    frozenset({"approved", "proposed"}): "proposed",
}
_CONFIDENCE: Final = {False: 90, True: 60}
CALLED: Final = {
    "expenditure": said("expenditure"),
    "revenue": said("revenue"),
    "proposed": said("proposed"),
    "approved": said("approved"),
    "adjusted": said("adjusted"),
    "executed": said("executed"),
}


def read_phase(label: str) -> Said | None:
    """The phase that `label` names, with the word as written."""
    hits = phase_hits(tokens(label))
    if not hits or any(one.value == _NONE for one in hits):
        return None
    strong = [one for one in hits if not one.value.endswith(_WEAK)]
    used = strong or hits
    values = tuple(dict.fromkeys(one.value.rstrip(_WEAK) for one in used))
    nearer = _NEARER if strong else _NEARER | _NEARER_OF_WEAK
    written = " ".join(one.written for one in used)
    spans = tuple((one.start, one.end) for one in hits)
    value = values[0] if len(values) == 1 else nearer.get(frozenset(values))
    if value is None:
        return Said(
            "phase", None, written, 40, said("“{written}” names several phases", written=written), spans, values
        )
    return Said(
        "phase",
        value,
        written,
        _CONFIDENCE[not strong],
        said("“{written}” means {value}", written=written, value=CALLED.get(str(value), value)),
        spans,
    )


def read_direction(label: str) -> Said | None:
    """Whether `label` names money going out or coming in."""
    hits = _directions().find(tokens(label))
    strong = [one for one in hits if not one.value.endswith(_WEAK)]
    used = strong or hits
    values = tuple(dict.fromkeys(one.value.rstrip(_WEAK) for one in used))
    if not values:
        return None
    written = " ".join(one.written for one in used)
    spans = tuple((one.start, one.end) for one in used)
    if len(values) > 1:
        return Said(
            "direction", None, written, 40, said("“{written}” names both directions", written=written), spans, values
        )
    return Said(
        "direction",
        values[0],
        written,
        _CONFIDENCE[not strong],
        said("“{written}” means {value}", written=written, value=CALLED.get(values[0], values[0])),
        spans,
    )


def phase_hits(parts: Sequence[Token]) -> list[Hit]:
    """The words for phases in `parts`, also those that only look like one (value “none”)."""
    return _phases().find(parts)


@cache
def _phases() -> Lexicon:
    languages = [words for key, words in data("money-phases").items() if key != "about"]
    # A word that is strong in one language and weak in another counts as strong.
    ordered = sorted(((words, key) for one in languages for key, words in one.items()), key=_weakness)
    return lexicon(ordered, capitals=True)


def _weakness(entry: tuple[str, str]) -> int:
    return 2 if entry[1] == _NONE else int(entry[1].endswith(_WEAK))


@cache
def _directions() -> Lexicon:
    languages = [words for key, words in data("money-directions").items() if key != "about"]
    ordered = sorted(((words, key) for one in languages for key, words in one.items()), key=_weakness)
    return lexicon(ordered, capitals=True)
