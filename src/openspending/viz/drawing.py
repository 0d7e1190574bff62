"""SVG → PNG, with one open font, the same on every machine: what a bare one has no fonts for is drawn all the same."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import resvg_py

FAMILY: Final = "Noto Sans"
_KEPT: Final = 128  # pictures, of some ten kilobytes each
_DRAWN: Final = ("LATIN", "GREEK", "CYRILLIC", "DEVANAGARI", "COMBINING", "MODIFIER", "MICRO", "FEMININE", "MASCULINE")


@lru_cache(maxsize=_KEPT)
def png(svg: str) -> bytes:
    """The picture."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=_fonts(), font_family=FAMILY, sans_serif_family=FAMILY
        )
    )


@cache
def _fonts() -> list[str]:
    folder = Path(str(files("fontpkg_noto_sans"))) / "files"
    return sorted(str(one) for one in folder.glob("NotoSans[[]*.ttf"))


def drawable(text: str) -> bool:
    """Whether the font has the letters of a text: those of the alphabets of Europe, and Devanagari."""
    letters = (one for one in text if unicodedata.category(one)[0] in "LM")
    return all(unicodedata.name(one, "").startswith(_DRAWN) for one in letters)


def fitting(text: str, size: float, width: float) -> str:
    """As much of a text as is not wider than `width` in letters of `size`, by what letters are wide on average."""
    most = int(width / (size * 0.56))
    return text if len(text) <= most else text[: max(1, most - 1)].rstrip() + "…"


def lines(text: str, size: float, width: float, most: int) -> list[str]:
    """A text as at most so many lines of that width; what is too much ends with “…”."""
    room = int(width / (size * 0.56))
    found: list[str] = [""]
    for word in text.split():
        joined = f"{found[-1]} {word}".strip()
        if len(joined) <= room or not found[-1]:
            found[-1] = joined
        elif len(found) < most:
            found.append(word)
        else:
            found[-1] = f"{joined}…"
            break
    return [fitting(one, size, width) for one in found]
