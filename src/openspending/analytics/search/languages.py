"""In which languages a dataset is: as its publisher says, else the official ones of its countries, and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

_MOST: Final = 8
_CODE: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9_-]*)?", re.IGNORECASE)
_NORWEGIAN: Final = frozenset({"nb", "nn"})  # the two ways to write one language, which has a code of its own
# ISO 639-1 → name of the Snowball stemmer
STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}


def languages_of(descriptor: Mapping[str, Any], countries: Iterable[str]) -> tuple[str, ...]:
    """ISO 639-1 codes: those that the descriptor names (`language`, `languages`), else the official languages of
    `countries`, those most spoken first, and English, in which many publish; () when nobody says."""
    said = dict.fromkeys(_named(descriptor.get("language")))
    said |= dict.fromkeys(_named(descriptor.get("languages")))
    if not said:
        said = dict.fromkeys(one for country in countries for one in official_languages(country))
        if said:
            return tuple(dict.fromkeys((*tuple(said)[:_MOST], "en")))
    return tuple(said)[:_MOST]


def official_languages(country: str) -> tuple[str, ...]:
    """The official languages of a country (ISO 3166-1 alpha-2), also those that no law names; () for no country."""
    found = get_official_languages(country, regional=False, de_facto=True)
    return tuple(dict.fromkeys(one for text in found for one in _named(text)))


@lru_cache(maxsize=512)
def country_names(country: str) -> tuple[str, ...]:
    """What a country (ISO 3166-1 alpha-2) is called in English, and in its own languages."""
    names = (_locale(one).territories.get(country) for one in ("en", *official_languages(country)))
    return tuple(dict.fromkeys(one for one in names if one))


@lru_cache(maxsize=512)
def _locale(language: str) -> Locale:
    try:
        return Locale(language)
    except UnknownLocaleError:
        return Locale("en")


def _named(given: object) -> Iterator[str]:
    """The languages in a value of a descriptor: a code, a list of codes, or of objects that have one."""
    if isinstance(given, list):
        for one in given[:_MOST]:
            yield from _named(one)
    elif isinstance(given, Mapping):
        yield from _named(given.get("code") or given.get("name") or given.get("id"))
    elif isinstance(given, str):
        for part in re.split(r"[\s,;|]+", given):
            found = _CODE.fullmatch(part)
            if found is not None:
                code = found[1].lower()
                yield "no" if code in _NORWEGIAN else code
