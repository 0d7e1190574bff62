"""Which encoding a text file is in: its byte order mark, else valid UTF-8, else the code page that makes sense of it.

UTF-8 is tested over the whole file.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.inspecting.codepages import LONGEST, PageReading, read_in_pages
from openspending.etl.inspecting.plausible import Surroundings
from openspending.etl.sourcefile import blocks
from openspending.speaking.said import said

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD: Final = re.compile(rb'[^\x00-\x20",;]*[\x80-\xff][^\x00-\x20",;]*')
_SMALL: Final = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]{1,4}(?![A-Za-z\x80-\xff])")
_WORDS: Final = 3000  # different words that are looked at
_READ: Final = 2 << 20  # bytes whose words are looked at; further ones only where new characters are met
_CLEAR: Final = 90  # percent from which a single word may decide
_HIGH: Final = bytes(range(128))
_NO_LETTERS: Final = bytes(one for one in range(256) if not chr(one).isascii() or not chr(one).isalpha())


@dataclass(slots=True)
class _Seen:
    """What one pass over a file showed."""

    size: int = 0
    ascii: bool = True
    broken: int | None = None  # where it stops being UTF-8
    nul_even: int = 0
    nul_odd: int = 0
    high: set[int] = field(default_factory=set)
    words: Counter[bytes] = field(default_factory=Counter)
    outside: int = 0  # bytes outside ASCII
    letters: int = 0  # in ASCII
    ascii_words: Counter[str] = field(default_factory=Counter)


def guess_encoding(path: Path, shown: str | None = None) -> Proposal:
    """Which encoding the text file at `path` is in."""
    choices = _choices(path)
    return Proposal("encoding", said("Which encoding is the file in?"), tuple(choices[:4]), file=shown or path.name)


def _choices(path: Path) -> list[Choice]:
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return [_choice(name, 100, said("it begins with the byte order mark of {name}", name=name.upper()))]
    seen = _look(path)
    wide = _without_mark(seen)
    if wide is not None:
        return [wide]
    if seen.ascii:
        return [_choice("utf-8", 100, said("it has only ASCII characters, which are the same in all encodings"))]
    if seen.broken is None:
        return [_choice("utf-8", 100, said("every byte of it is valid UTF-8"))]
    return _by_words(seen)


def _choice(name: str, confidence: int, reason: str) -> Choice:
    return Choice(name, confidence, reason, {"encoding": name})


def _look(path: Path) -> _Seen:
    seen = _Seen()
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in blocks(path):
        if not seen.size:
            seen.nul_even, seen.nul_odd = block[::2].count(0), block[1::2].count(0)
        if not block.isascii():
            seen.ascii = False
            high = set(block.translate(None, _HIGH))
            if seen.size < _READ or high - seen.high:
                _learn(seen, block)
            seen.high |= high
        if seen.broken is None:
            _decode(decoder, block, seen)
        seen.size += len(block)
    if seen.broken is None:
        _decode(decoder, b"", seen, final=True)
    return seen


def _learn(seen: _Seen, block: bytes) -> None:
    seen.words.update(word[:LONGEST] for word in _WORD.findall(block))
    seen.outside += len(block.translate(None, _HIGH))
    seen.letters += len(block.translate(None, _NO_LETTERS))
    seen.ascii_words.update(word.decode().lower() for word in _SMALL.findall(block))


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, seen: _Seen, *, final: bool = False) -> None:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as error:
        seen.broken = seen.size + error.start


def _without_mark(seen: _Seen) -> Choice | None:
    """UTF-16 without a byte order mark: every other byte of ASCII characters is NUL."""
    half = min(seen.size, 1 << 20) // 2
    most, least = max(seen.nul_even, seen.nul_odd), min(seen.nul_even, seen.nul_odd)
    if half == 0 or most < max(half // 10, 1) or most < 10 * least:
        return None
    name = "utf-16-be" if seen.nul_even > seen.nul_odd else "utf-16-le"
    return _choice(name, 95, said("every other byte is NUL, as in UTF-16 without a byte order mark"))


def _by_words(seen: _Seen) -> list[Choice]:
    words = [(word, 1 + min(int(math.log2(count)), 3)) for word, count in seen.words.most_common(_WORDS)]
    readings = read_in_pages(words, seen.high, Surroundings(seen.letters, seen.outside, seen.ascii_words))
    if _almost_utf8(words):
        return _damaged_utf8(seen, readings)
    return (
        _weighed(readings)
        if readings
        else [_choice("windows-1252", 1, said("no encoding that we know makes sense of it"))]
    )


def _almost_utf8(words: list[tuple[bytes, int]]) -> bool:
    """A file of valid UTF-8 but for some damaged places is that rather than anything else: hardly a word in any other
    encoding is valid UTF-8 by chance."""
    whole = [word for word, _ in words if len(word) < LONGEST]
    valid = sum(_valid(word) for word in whole)
    return valid >= 5 and valid * 2 >= len(whole)


def _valid(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _damaged_utf8(seen: _Seen, readings: list[PageReading]) -> list[Choice]:
    reason = said("it is UTF-8 almost everywhere, but the byte at offset {broken} is not", broken=seen.broken)
    return [_choice("utf-8", 60, reason), *(_choice(one.name, 10, _reason(one, one)) for one in readings[:2])]


def _weighed(readings: list[PageReading]) -> list[Choice]:
    """The readings with their chances. What is usual may come first, but only evidence makes it sure."""
    best, second = readings[0], readings[min(1, len(readings) - 1)]
    chances = [math.exp(max(one.chance - best.chance, -50)) for one in readings]
    shares = [min(int(100 * chance / sum(chances)), 99) for chance in chances]
    usual = best.evidence < max(one.evidence for one in readings)
    if usual or (best.language and shares[0] < _CLEAR and len(_decisive(best, second)) == 1):
        shares[0] = min(shares[0], SURE - 1)
    reasons = [_reason(best, second), *(_reason(one, best) for one in readings[1:])]
    return [_choice(one.name, share, reason) for one, share, reason in zip(readings, shares, reasons, strict=True)][:3]


def _decisive(reading: PageReading, other: PageReading) -> list[str]:
    """The words that decide: those that the other reads differently."""
    pairs = zip(reading.words, other.words, strict=True)
    return list(dict.fromkeys(word for word, unlike in pairs if word != unlike))


def _reason(reading: PageReading, other: PageReading) -> str:
    shown = ", ".join(f"“{word}”" for word in (_decisive(reading, other) or reading.words)[:4])
    if not reading.language:
        return said("so it reads {words}", words=shown)
    return said("so it reads {words}, letters of {language}", words=shown, language=reading.language)
