"""How plausible a text is, decoded one way: letters of one language, capitals and symbols where they belong.

Figures are logarithms of probabilities, so that the readings of the same bytes can be compared.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.inspecting.letters import LANGUAGES, SMALL_WORDS, outside, share

_WELL, _USUAL, _RARE, _JUNK = -3.0, -4.5, -7.0, -13.0
_MISPLACED: Final = -5.0  # a capital inside a small word, letters of two alphabets side by side
_FOREIGN: Final = -5.0  # a language none of whose small words is there
_SPREAD: Final = 10.0
_ALONE: Final = -2.0
_CURRENCIES: Final = "£€¥₽₴₪₺฿"
_OPENING: Final = "“„‘«‹"
_CLOSING: Final = "”’»›“"
_BETWEEN: Final = "–—…•·\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_RAISED: Final = "ºª°²³"
_OCCASIONAL: Final = "½¼¾§™®©±×µ№\N{SOFT HYPHEN}"
_WIDE: Final = "、。，；：（）「」『』・ー　％＋－／“”《》〔〕【】"
_COMMON: Final = frozenset(  # characters that a third of any Chinese or Japanese text is made of, and words of budgets
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日"
    "那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想"
    "已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指"
    "几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联认六共权收"
    "证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温"
    "传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近千周委素技备半办青省列习响约支般史"
    "感劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火"
    "住调满县局照参红细引听该铁价严预费税财债医卫障贫储镇村街职业疗额项款补贴购采审拨"
    "國會費預決歲業計財稅關產經濟發展教農務業設營與對為個這來時後說從學應還過現實開間體點機種當進動無長問題總數據處環業縣區鎮鄉"
    "県総議員庁厚労働省予算歳入出償還金款項目節款補助負担保険料給与交付債衛生消防土木商工農林水産図書館施設管理運営委託町村区"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What bytes say in one encoding: how plausible it is, and in which language."""

    score: float
    language: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is in the file: its letters in ASCII and its bytes outside, and how often each ASCII word is met."""

    inside: int
    outside: int
    words: Mapping[str, int]


def expectations(around: Surroundings) -> dict[str, float]:
    """For each language, how well it fits what is in ASCII: how many letters, and which small words."""
    hits = {one: sum(around.words.get(word, 0) for word in words) for one, words in SMALL_WORDS.items()}
    most = max(hits.values())
    return {one: _rate(around, one) + _words(hits.get(one, 0), most) for one in LANGUAGES}


def _words(hits: int, most: int) -> float:
    return max(math.log((hits + 0.5) / (most + 0.5)), _FOREIGN)


def _rate(around: Surroundings, language: str) -> float:
    """The beta-binomial probability of that many letters outside ASCII, where texts differ as widely as headings do."""
    rate = outside(language)
    first, second = _SPREAD * rate, _SPREAD * (1 - rate)
    return _log_beta(around.outside + first, around.inside + second) - _log_beta(first, second)


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)


def plausibility(words: Sequence[tuple[str, int]], expected: Mapping[str, float]) -> Reading:
    """How plausible the words are, each with its weight, read as one of the languages."""
    letters: Counter[str] = Counter()
    score = 0.0
    unpaired = _unpaired(words)
    for word, weight in words:
        for at, char in enumerate(word):
            if char.isascii():
                continue
            if _is_letter(char):
                letters[char] += weight
                score += weight * _place(word, at)
            else:
                score += weight * (_JUNK if char in unpaired else _symbol(word, at))
    scores = {one: expected[one] + _of_language(letters, one) for one in LANGUAGES}
    best = max(scores, key=scores.__getitem__)
    return Reading(score + scores[best], best if letters else "")


def _unpaired(words: Sequence[tuple[str, int]]) -> str:
    """Quotation marks that are opened and never closed."""
    used = {char for word, _ in words for char in word if not char.isascii()}
    pairs = {"“": "”", "„": "”“", "‘": "’", "«": "»", "‹": "›"}
    return "".join(one for one, closing in pairs.items() if one in used and not used & set(closing))


def plausible_east(words: Sequence[tuple[str, int]], level: str) -> float:
    """How plausible words in Chinese, Japanese or Korean are; `level` is the encoding of the common ones."""
    return sum(weight * _eastern(char, level) for word, weight in words for char in word if not char.isascii())


def _is_letter(char: str) -> bool:
    return (char.isalpha() and char not in _RAISED) or unicodedata.category(char) == "Mn"


def _of_language(letters: Counter[str], language: str) -> float:
    return sum(weight * _log_share(char, language) for char, weight in letters.items())


@cache
def _log_share(char: str, language: str) -> float:
    return math.log(share(char, language))


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _place(word: str, at: int) -> float:
    """What speaks against a letter at its place in a word."""
    char = word[at]
    around = [word[one] for one in (at - 1, at + 1) if 0 <= one < len(word) and word[one].isalpha()]
    against = 0.0
    if not around:
        against += _MISPLACED if word[at - 1 : at].isdigit() or word[at + 1 : at + 2].isdigit() else _ALONE
    if any(_script(one) != _script(char) for one in around):
        against += _MISPLACED
    capital_inside = char.isupper() and at > 0 and word[at - 1].islower()
    small_inside = char.islower() and len(around) == 2 and all(one.isupper() for one in around)
    if capital_inside or small_inside:
        against += _MISPLACED
    return against


def _symbol(word: str, at: int) -> float:
    char = word[at]
    before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
    inside = before.isalpha() and after.isalpha()
    if char in _CURRENCIES:
        return _JUNK if inside else _WELL + 1.5 if (before + after).strip("() -").isdigit() else _WELL
    if char == "’" and before.isalpha():
        return _USUAL
    if char in _OPENING + _CLOSING:
        fits = (char in _OPENING and not before.isalnum()) or (char in _CLOSING and not after.isalnum())
        return _USUAL if fits else _JUNK
    if char in _BETWEEN:
        return _RARE if inside else _WELL
    if char in _RAISED:
        return _JUNK if inside or not before else _WELL if before in "0123456789nN." else _USUAL
    if char == "´":
        return _RARE if before.isalpha() else _JUNK
    return _RARE - 2 if char in _OCCASIONAL and not inside else _JUNK


def _eastern(char: str, level: str) -> float:
    if "\u3041" <= char <= "\u309f":
        return -4.6
    if char in _WIDE or "\u30a1" <= char <= "\u30ff":
        return -5.5
    if char in _COMMON:
        return -6.5
    if "\uac00" <= char <= "\ud7a3":
        return -6.5 if len(char.encode("euc_kr", errors="ignore")) == 2 else -14.0
    if "\u2010" <= char <= "\u2026":
        return -8.0
    return _usual_east(char, level)


@cache
def _usual_east(char: str, level: str) -> float:
    """Characters that schools teach stand in the first level of the national standards."""
    lead = char.encode(level, errors="ignore")[:1]
    last = {"gb2312": b"\xd7", "big5": b"\xc6", "euc_jp": b"\xcf", "euc_kr": b"\xc8"}[level]
    first = b"\xa4" if level == "big5" else b"\xb0"
    return -9.0 if len(lead) == 1 and first <= lead <= last else -16.0
