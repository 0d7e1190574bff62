"""Is a column of numbers an amount or a code? What its cells say about it, as a likelihood with reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from openspending.etl.modelling.numbers import Numbers
from openspending.etl.modelling.numerals import Numeral, cut_off
from openspending.etl.modelling.profile import Profile
from openspending.speaking.said import said, together

_BOOLEANS: Final = tuple(
    frozenset(words)
    for words in (
        ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("ja", "nein"), ("j", "n"), ("ja", "nee"),
        ("ja", "nej"), ("ja", "nei"), ("oui", "non"), ("o", "n"), ("vrai", "faux"), ("sí", "no"), ("si", "no"),
        ("s", "n"), ("sim", "não"), ("sim", "nao"), ("verdadero", "falso"), ("verdadeiro", "falso"),
        ("vero", "falso"), ("sì", "no"), ("da", "nu"), ("ano", "ne"), ("áno", "nie"), ("tak", "nie"), ("da", "ne"),
        ("igen", "nem"), ("taip", "ne"), ("jā", "nē"), ("jah", "ei"), ("kyllä", "ei"), ("ναι", "όχι"),
        ("да", "не"), ("да", "нет"), ("так", "ні"), ("evet", "hayır"), ("نعم", "لا"), ("כן", "לא"),
        ("ya", "tidak"), ("có", "không"), ("是", "否"), ("はい", "いいえ"), ("예", "아니오"), ("✓", "✗"),
        ("истина", "ложь"), ("prawda", "fałsz"), ("wahr", "falsch"), ("waar", "onwaar"),
    )
)  # fmt: skip
_DOTTED: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")

Reason = tuple[int, str]


def all_booleans(texts: Mapping[str, int]) -> bool:
    """Whether the texts are words for true and false in one language, both of them or one that means nothing else."""
    found = {text.casefold() for text in texts}
    return any(found <= pair and (len(found) == 2 or len(next(iter(found))) > 2) for pair in _BOOLEANS)


def damaged_by_number(texts: Mapping[str, int]) -> bool:
    """Whether the texts look like numbers, yet would lose something by being one: leading zeros, dots that part the
    levels of a code (`1.1`, `1.10`), very long rows of digits."""
    if any(re.match(r"0\d", text) for text in texts):
        return True
    lengths = {len(text) for text in texts}
    if all(text.isdigit() for text in texts) and min(lengths) >= 12 and len(lengths) <= 2:
        return True
    return dotted_codes(texts)


def dotted_codes(texts: Mapping[str, int]) -> bool:
    """Whether texts such as `1`, `1.1`, `1.10` count levels: `1.1` and `1.10` are two, or each level begins at 1."""
    dotted = [text for text in texts if "." in text]
    if len(dotted) < 3 or not all(_DOTTED.fullmatch(text) for text in texts):
        return False
    if any(text + "0" in texts for text in dotted if text[-2:-1] == "."):
        return True
    below: dict[str, set[int]] = {}
    for text in dotted:
        head, _, tail = text.partition(".")
        below.setdefault(head, set()).add(int(tail))
    whole = [head for head, tails in below.items() if tails == set(range(1, len(tails) + 1))]
    return len(dotted) >= 5 and len(whole) > 0.8 * len(below) and len(below) < len(dotted)


def amount_score(profile: Profile, found: Numbers, counts: Mapping[str, int]) -> tuple[int, str]:
    """How likely the numbers are amounts, in percent, and why."""
    reasons = [*_for(found, counts), *_against(profile, found)]
    score = max(0, min(100, 45 + sum(points for points, _ in reasons)))
    decisive = [stated for points, stated in reasons if (points > 0) == (score >= 50)]
    return score, together(*decisive, between=", ") or said("nothing tells amounts from codes here")


def _for(found: Numbers, counts: Mapping[str, int]) -> list[Reason]:
    numerals = [one for text in found.values if not cut_off((one := found.numerals[text]).core)] or [Numeral("0")]
    cores = [one.core for one in numerals]
    shapes = {re.sub("[0-9]", "9", core) for core in cores}
    grouped = found.format.group is not None and any(found.format.group in core for core in cores)
    stated = [
        (50, said("currency signs stand beside the numbers"), any(one.currency for one in numerals)),
        (40, said("digits are grouped"), grouped and len(shapes) > 1),
        (40, said("there are decimals"), _money_like(cores, found.format.decimal)),
        (
            10,
            said("there are decimals"),
            not _money_like(cores, found.format.decimal) and _marked(cores, found.format.decimal),
        ),
        (35, said("there are negative numbers"), any(one.minus for one in numerals)),
    ]
    sizes = [len(re.sub("[^0-9]", "", core)) for core in cores]
    stated += [
        (25, said("the sizes differ widely"), max(sizes) - min(sizes) >= 4 and max(sizes) >= 5),
        (15, said("zeros stand among them"), 0 in found.values.values() and len(cores) > 5 and max(sizes) > 3),
        (15, said("many are round"), _round(found, counts)),
    ]
    return [(points, text) for points, text, true in stated if true]


def _marked(cores: list[str], decimal: str) -> bool:
    return any(decimal in core for core in cores)


def _money_like(cores: list[str], decimal: str) -> bool:
    """Whether decimals are those of money: two or more, or after numbers that no level of a code has."""
    parts = [core.partition(decimal) for core in cores if decimal in core]
    return any(len(after) >= 2 or len(before) >= 3 for before, _, after in parts)


def _round(found: Numbers, counts: Mapping[str, int]) -> bool:
    large = [(value, counts[text]) for text, value in found.values.items() if abs(value) >= 10_000]
    rounded = sum(count for value, count in large if value % 1000 == 0)
    return bool(large) and 0.3 * sum(count for _, count in large) < rounded and len(large) > 3


def _against(profile: Profile, found: Numbers) -> list[Reason]:
    cores = [found.numerals[text].core for text in found.values]
    plain = all(core.isdigit() for core in cores)
    lengths = {len(core) for core in cores}
    values = list(found.values.values())
    few = profile.filled >= 40 and profile.distinct <= max(10, profile.filled // 50)
    stated = [
        (-25, said("few different ones repeat"), plain and few),
        (-35, said("all have the same length"), plain and len(lengths) == 1 and len(cores) >= 5),
        (-30, said("they are small and lie close together"), plain and _dense(values)),
        (-35, said("they count the rows"), plain and _counting(profile, values)),
        (-60, said("they count levels"), dotted_codes(dict.fromkeys(found.values, 1))),
        (-60, said("some begin with 0"), any(re.match(r"0\d", core) for core in cores)),
        (-40, said("they are long rows of digits"), plain and min(lengths) >= 12 and len(lengths) <= 2),
    ]
    return [(points, text) for points, text, true in stated if true]


def _dense(values: list[Decimal]) -> bool:
    return len(values) >= 3 and min(values) >= 0 and max(values) <= 300 and len(values) > Decimal("0.3") * max(values)


def _counting(profile: Profile, values: list[Decimal]) -> bool:
    """Whether each row has its own number, one after the other."""
    return profile.distinct == profile.filled >= 5 and max(values) - min(values) < 2 * len(values)
