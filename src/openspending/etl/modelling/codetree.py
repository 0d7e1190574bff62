"""Codes of several levels in one column: which code lies below which, by its beginning, its trailing zeros or a column
of parents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

CODE: Final = r"[A-Za-z]{0,3}[0-9][0-9A-Za-z]*(?:[.\-/][0-9A-Za-z]+)*[.]?"
_SEPARATORS: Final = ".-/"
_ENOUGH: Final = 95  # percent of the texts that must look like codes


def are_codes(texts: Iterable[str]) -> bool:
    """Whether nearly all texts look like codes."""
    found = [re.fullmatch(CODE, one) is not None for one in texts]
    return len(found) > 2 and sum(found) * 100 >= len(found) * _ENOUGH


def parents_by_beginning(codes: Iterable[str]) -> dict[str, str]:
    """The nearest code above each code that has one: “1.2” above “1.2.1”, “11” above “111”; and “1100” above “1110”
    where all codes are equally long."""
    keys: dict[str, str] = {}
    for code, key in _keys(list(codes)).items():
        keys.setdefault(key, code)
    found = {}
    separated = any(one in key for key in keys for one in _SEPARATORS)
    for key, code in keys.items():
        for end in range(len(key) - 1, 0, -1):
            parent = keys.get(key[:end])
            if parent is not None and (not separated or key[end] in _SEPARATORS or key[end - 1] in _SEPARATORS):
                found[code] = parent
                break
    return found


def children(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """The codes directly below each code that has some."""
    found: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if code != parent:
            found.setdefault(parent, []).append(code)
    return found


def _keys(codes: list[str]) -> dict[str, str]:
    """What of each code says its place: without a closing dot; without closing zeros where all are equally long."""
    bare = {one: one.rstrip(".") for one in codes}
    lengths = {len(one) for one in bare.values()}
    if len(lengths) == 1 and not any(mark in one for one in codes for mark in _SEPARATORS):
        return {code: key.rstrip("0") or "0" for code, key in bare.items()}
    return bare
