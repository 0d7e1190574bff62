"""Sentences that know of which words they were made: texts in English, which can be told in any language.

A `Said` is a text like any other: printed, stored, hashed or compared, it is English. Whoever answers a person gives it
to `told`. As JSON it is its template and its words, by which it can be told later, to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final, Self

from openspending.speaking.languages import ENGLISH, LANGUAGES, Sentences, sentences_in

_LOCALE: Final = files("openspending.speaking") / "locale"
_SAYS: Final = "says"
_BARE: Final = re.compile(r"(\{part\d+\}[ ;,.\n]*)*|\{\w+\}\.?")  # puts others together, and says nothing itself
_PLAIN: Final = (str, int, float, bool, type(None))
_TRANSLATED: Final = tuple(one for one in LANGUAGES if one != ENGLISH)


class Said(str):
    """`template` filled with `words`, in English. A word may be something said itself."""

    __slots__ = ("template", "words")
    template: str
    words: Mapping[str, object]

    def __new__(cls, template: str, words: Mapping[str, object]) -> Self:
        """The text. Raises KeyError, ValueError for words that the template does not take."""
        text = super().__new__(cls, template.format(**words))
        text.template = template
        text.words = words
        return text

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        return self.template, self.words


def said(template: str, /, **words: object) -> Said:
    """The sentence, or part of one, `template` with these words in its braces. It is written out where this is called:
    by that, translators find it."""
    return Said(template, words)


def later(template: str) -> str:
    """The same template, which is filled elsewhere: for tables of them. Written out, too."""
    return template


def together(*parts: str, between: str = " ") -> Said:
    """Parts as one text."""
    names = [f"part{number}" for number in range(len(parts))]
    return Said(between.join(f"{{{name}}}" for name in names), dict(zip(names, parts, strict=True)))


@cache
def sentences(language: str) -> Sentences:
    """What can be told in a language."""
    return sentences_in(_LOCALE, language)


def told(text: str, language: str) -> str:
    """The text in a language; in English where it is only a text, or nobody has translated it."""
    if language == ENGLISH or not isinstance(text, Said):
        return str(text)
    words = {name: told(word, language) if isinstance(word, str) else word for name, word in text.words.items()}
    return sentences(language).gettext(text.template).format(**words)


def tellable(text: str, language: str) -> bool:
    """Whether `told` would put all that is ours of a text into a language."""
    if language == ENGLISH:
        return True
    if not isinstance(text, Said):
        return False
    bare = _BARE.fullmatch(text.template) is not None
    words = [text.words[name] for _, name, _, _ in Formatter().parse(text.template) if name]
    parts = [one for one in words if isinstance(one, Said)]
    known = len(parts) == len(words) if bare else text.template in sentences(language)
    return known and all(tellable(one, language) for one in parts)


def in_language(sentence: str, language: str) -> str:
    """A sentence that takes no words, in a language: where only its text was kept."""
    return sentences(language).gettext(sentence)


def of_error(error: BaseException) -> str:
    """What an error says, which is still something said if it was made so."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Said) else str(error)


def in_english(value: object) -> str:
    """What a JSON encoder that knows only plain texts is to write for what is said. Raises TypeError for all else."""
    if isinstance(value, Said):
        return str(value)
    raise TypeError(f"JSON has nothing like {type(value).__name__}")


def as_words(words: Mapping[str, object]) -> dict[str, Any]:
    """Words as JSON holds them."""
    return {name: _written(word) for name, word in words.items()}


def of_words(written: Mapping[str, Any]) -> dict[str, object]:
    """Words that `as_words` wrote. Raises ValueError for what is said in no sentence of ours: whoever wrote it, it is
    filled with nothing."""
    return {name: _read(word) for name, word in written.items()}


def _written(word: object) -> Any:
    if isinstance(word, Said):
        return {_SAYS: word.template, "words": as_words(word.words)}
    return word if isinstance(word, _PLAIN) else str(word)


def _read(word: Any) -> object:
    if not isinstance(word, Mapping):
        return word
    template, words = word.get(_SAYS), word.get("words")
    if not isinstance(template, str) or not isinstance(words, Mapping) or not _ours(template):
        raise ValueError("nobody here says so")
    return Said(template, of_words(words))


def _ours(template: str) -> bool:
    """Whether it is a sentence of ours, in any language, or only puts others together."""
    return _BARE.fullmatch(template) is not None or any(template in sentences(one) for one in _TRANSLATED)
