"""SVG → PNG, with open fonts that are installed with the program, the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import resvg_py

FAMILY: Final = "Noto Sans"
_KEPT: Final = 128  # pictures, of some ten kilobytes each
_DRAWN: Final = ("LATIN", "GREEK", "CYRILLIC", "DEVANAGARI", "COMBINING", "MODIFIER", "MICRO", "FEMININE", "MASCULINE")
# Letters that other fonts have; names of letters begin with these words. East Asia's has those of all its languages.
_EAST_ASIAN: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH")
_FURTHER: Final = (("ARABIC",), ("HEBREW",), _EAST_ASIAN)
_BASIC: Final = 0xFFFF  # rarer ideographs are beyond it, and not in the font
_WIDE: Final = 1.0  # of its size, a letter of East Asia; others on average
_NARROW: Final = 0.56
_PARTS: Final = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")  # what a line may end after


@lru_cache(maxsize=_KEPT)
def png(svg: str) -> bytes:
    """The picture."""
    fonts = _fonts() + (_east_asian() if any(_is_wide(one) for one in svg) else [])
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=fonts, font_family=FAMILY, sans_serif_family=FAMILY
        )
    )


@cache
def _fonts() -> list[str]:
    named = (
        ("fontpkg_noto_sans", "NotoSans[[]*.ttf"),
        ("fontpkg_noto_sans_arabic", "*.ttf"),
        ("fontpkg_heebo", "*.ttf"),
    )
    return [str(one) for name, glob in named for one in sorted((Path(str(files(name))) / "files").glob(glob))]


@cache
def _east_asian() -> list[str]:
    return sorted(str(one) for one in Path(str(files("noto_cjk_sans_jp_regular"))).glob("*.otf"))


def drawable(text: str) -> bool:
    """Whether the fonts have the letters of a text: those of the alphabets of Europe and Devanagari, and beside them
    those of Arabic, of Hebrew, or of East Asia, which one text has not all together."""
    letters = {one for one in text if unicodedata.category(one)[0] in "LM"}
    others = {one for one in letters if not unicodedata.name(one, "").startswith(_DRAWN)}
    if any(ord(one) > _BASIC for one in others):
        return False
    return not others or any(all(unicodedata.name(one, "").startswith(kind) for one in others) for kind in _FURTHER)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def length(text: str) -> float:
    """How wide a text is about, in sizes of its letters."""
    return sum(_WIDE if _is_wide(one) else _NARROW for one in text)


def fitting(text: str, size: float, width: float) -> str:
    """As much of a text as is not wider than `width` in letters of `size`, by what letters are wide on average."""
    if length(text) * size <= width:
        return text
    kept = text
    while len(kept) > 1 and (length(kept) + _NARROW) * size > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def lines(text: str, size: float, width: float, most: int) -> list[str]:
    """A text as at most so many lines of that width; what is too much ends with “…”."""
    found: list[str] = [""]
    for part in _PARTS.findall(" ".join(text.split())):
        joined = found[-1] + part
        if length(joined.rstrip()) * size <= width or not found[-1]:
            found[-1] = joined
        elif len(found) < most:
            found.append(part)
        else:
            found[-1] = f"{joined}…"
            break
    return [fitting(one.strip(), size, width) for one in found]
