"""Texts that stand for “no value” in columns of numbers and dates, in the languages that budgets are written in.

In a column of codes or names they are left alone: “NA” is Namibia, “ND” North Dakota, and “x” may be a category.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from openspending.speaking.said import said, together

# Compared without case and spaces. Each line has the words of some languages, a bar between them.
_LINES: Final = (
    ".|..|...|…|-|--|---|–|—|―|−|－|‐|:|/|//|\\|*|**|#|?|??|_|__|~|·|•|#n/a|#na|(n/a)|n/a|n.a|n.a.",
    "na|nan|null|none|nfp|tbc|tbd|tba|n/k|nk|missing|unknown|unavailable|not available",
    "not applicable|x|xx|c|(null)|(blank)",
    # German, Dutch
    "k.a.|k.a|k/a|entf.|entfällt|n.v.|n.v|nvt|n.v.t.|n.b.|keine angabe|keine angaben|unbekannt|onbekend",
    "nicht verfügbar",
    # Spanish, Portuguese, Catalan, Italian, French, Romanian
    "s/d|s.d.|s.d|s/i|n/c|n.c.|n.c|n.s.|nc|nd|n.d|n.d.|n/d|n.r.|n/p|sin dato|sin datos|no aplica",
    "no disponible|no procede",
    "não disponível|não se aplica|sem informação|non disponibile|non disponible|sans objet|non communiqué|nu e cazul",
    # Polish, Czech, Slovak, Croatian, Slovene, Hungarian, Baltic and Finnic languages
    "b.d.|b.d|bd|brak|brak danych|nie dotyczy|neuvedeno|neuvedené|nezadáno|ni podatka|nema podatka|nincs adat",
    "nav datu|nav|nėra duomenų|puudub|puuttuu|ei tietoa",
    # Nordic languages
    "i.o.|i/t|e/t|uppgift saknas|saknas|ikke oplyst|ikke relevant|ikke angitt",
    # Greek, Bulgarian, Serbian, Russian, Ukrainian
    "δ/υ|δ.υ.|μ/δ|μ.δ.|δεν υπάρχει|н/д|н.д.|нд|н/п|нет данных|не применимо|няма данни|немає даних|нема података",
    # Turkish, Arabic, Hebrew, Indonesian, Vietnamese
    "veri yok|uygulanamaz|غير متوفر|لا يوجد|אין נתונים|לא רלוונטי|tidak ada|không có",
    # Chinese, Japanese, Korean
    "无|無|不详|不詳|暂无|不适用|なし|該当なし|없음|해당없음",
)
_GAP: Final = re.compile(r"\s+")


def _key(text: str) -> str:
    return _GAP.sub("", text).casefold()


_TOKENS: Final = frozenset(_key(one) for line in _LINES for one in line.split("|"))
# An accountant's zero or blank: a currency sign and a dash.
_DRESSED: Final = re.compile(
    r"(?:[\u0024\u00a3\u00a5\u20a0-\u20cf]|[A-Za-zł.]{1,3}\$?)?[-–—−]{1,3}(?:[\u20a0-\u20cf%]|kr|zł|Kč)?"
)
ZERO_WORDS: Final = frozenset(
    ("nil", "zero", "cero", "nulo", "nulla", "nul", "nihil", "rien", "keine", "нуль", "ноль", "صفر", "אפס", "零")
)


def stands_for_nothing(text: str) -> bool:
    """Whether `text` is one of the known ways to write “no value”. Words for zero are not: they may mean 0."""
    key = _key(text)
    return key in _TOKENS or bool(_DRESSED.fullmatch(key))


def is_zero_word(text: str) -> bool:
    """Whether `text` is a word that may mean the number 0 as well as “no value”."""
    return _key(text) in ZERO_WORDS


def counted(texts: Iterable[tuple[str, int]]) -> str:
    """Texts with how often each occurs, for a sentence: “n/a” (12 times), “-” (once)."""
    shown = sorted(texts, key=lambda one: (-one[1], one[0]))
    named = [
        said("“{text}” (once)", text=text) if count == 1 else said("“{text}” ({count} times)", text=text, count=count)
        for text, count in shown[:5]
    ]
    listed = together(*named, between=", ")
    return said("{texts} and {count} more", texts=listed, count=len(shown) - 5) if len(shown) > 5 else listed
