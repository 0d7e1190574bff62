"""How far the texts of a column are codes or labels of well-known lists: COFOG, GFSM, ESA, countries, currencies."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from openspending.etl.folding import fold
from openspending.fdp.money import currency_status

_EUROSTAT: Final = re.compile(r"GF(\d\d)(?:0(\d))?(?:0(\d))?")
_DOTTED: Final = re.compile(r"0?(\d|10)(?:[.\-](\d))?(?:[.\-](\d))?\.?")
_ZERO: Final = re.compile(r"(0\d|10)(\d)?(\d)?")
_LEVELS: Final = ("division", "group", "class")


def share(texts: Collection[str], known: Iterable[bool]) -> int:
    """Percent of the texts that are known."""
    return 100 * sum(known) // len(texts) if texts else 0


def cofog_level(text: str) -> str | None:
    """The level of a COFOG code in any of its spellings: `01.1.1`, `1.1`, `0111`, `GF0101`; None if it is none."""
    found = _EUROSTAT.fullmatch(text) or _DOTTED.fullmatch(text) or _ZERO.fullmatch(text)
    if found is None:
        return None
    parts = [one for one in found.groups() if one is not None]
    code = ".".join([parts[0].zfill(2), *parts[1:]])
    return _LEVELS[len(parts) - 1] if code in _cofog() else None


def cofog_codes(texts: Collection[str]) -> tuple[int, str | None]:
    """Percent of the texts that are COFOG codes, and their common level, if they have one."""
    levels = [cofog_level(one) for one in texts]
    found = {one for one in levels if one is not None}
    return share(texts, (one is not None for one in levels)), found.pop() if len(found) == 1 else None


def cofog_labels(texts: Collection[str]) -> tuple[int, str | None]:
    """Percent of the texts that are names in COFOG, and their common level, if they have one."""
    levels = [_cofog_names().get(_name(one)) for one in texts]
    found = {one for one in levels if one is not None}
    return share(texts, (one is not None for one in levels)), found.pop() if len(found) == 1 else None


def countries(texts: Collection[str]) -> int:
    """Percent of the texts that are names of countries, or their codes in capitals."""
    names, codes = _countries()
    return share(texts, (one in codes or _name(one) in names for one in texts))


def currencies(texts: Collection[str]) -> int:
    """Percent of the texts that are codes of currencies."""
    return share(
        texts, (re.fullmatch("[A-Z]{3}", one) is not None and currency_status(one) != "unknown" for one in texts)
    )


def economic_labels(texts: Collection[str]) -> int:
    """Percent of the texts that are names in GFSM 2014."""
    return share(texts, (_name(one) in _gfsm_names() for one in texts))


def esa_codes(texts: Collection[str]) -> int:
    """Percent of the texts that are codes of transactions in ESA 2010, such as D.11 or P.2."""
    esa = _esa()
    return share(texts, (re.sub(r"[.\s]", "", one.upper()) in esa and not one[:1].isdigit() for one in texts))


def _name(text: str) -> str:
    """A name as it is compared: without a code before it, signs and case."""
    bare = re.sub(r"^[\d.\-\s:–]+", "", text)
    return " ".join(re.findall(r"[^\W_]+", fold(bare)))


@cache
def _cofog() -> Mapping[str, list[str]]:
    labels: Mapping[str, list[str]] = _list("cofog")["labels"]
    return labels


@cache
def _cofog_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, names in _cofog().items():
        for one in names:
            found.setdefault(_name(one), _LEVELS[code.count(".")])
    return found


@cache
def _countries() -> tuple[frozenset[str], frozenset[str]]:
    listed: Mapping[str, list[str]] = _list("iso3166")["countries"]
    names = {_name(one) for row in listed.values() for one in row[1:]}
    return frozenset(names), frozenset(listed) | {row[0] for row in listed.values()} | {"UK", "EL"}


@cache
def _gfsm_names() -> frozenset[str]:
    return frozenset(_name(one) for one in _list("economic")["gfsm"].values())


@cache
def _esa() -> frozenset[str]:
    return frozenset(one.replace(".", "") for one in _list("economic")["esa"])


@cache
def _list(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(
        files("openspending.fdp").joinpath("codelists", f"{name}.json").read_text("utf-8")
    )
    return loaded
