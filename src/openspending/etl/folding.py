"""Letters without what makes no difference when words are compared: case, accents, variants of one letter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# scripts without spaces between words: Thai and Lao, Khmer, Chinese, Japanese, Korean
NO_SPACES: Final = re.compile(r"[\u0e00-\u0eff\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FOLDED: Final = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "ـ": None})
_ARABIC: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"})
# accents and vowel points that stand apart from their letters even when composed
_APART: Final = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_STRIPPED: Final = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "COMBINING")


def fold(text: str) -> str:
    """`text` without case, accents and variants of letters that mean nothing."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
    parts = unicodedata.normalize("NFD", text)
    if parts != text or _APART.search(text):
        kept = (one for one in parts if not (unicodedata.combining(one) and _is_accent(one)))
        text = unicodedata.normalize("NFC", "".join(kept))
    return text.translate(_ARABIC)


def _is_accent(mark: str) -> bool:
    return unicodedata.name(mark, "").startswith(_STRIPPED)
