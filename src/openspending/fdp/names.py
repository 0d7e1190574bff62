"""Names: the one slug rule for columns, dimensions and datasets, and how clashes are told apart."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
# Letters that Unicode does not take apart into a base letter and marks.
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)


def slug(text: str, separator: str = "_") -> str:
    """`text` without diacritics, its runs of ASCII letters and digits joined by `separator`, case kept.

    The rule is os-types'. Empty when nothing of `text` is left, as for Hebrew or Japanese.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return separator.join(_WORD.findall(bare))


def dataset_name(name: str) -> str:
    """The name a dataset gets from its package's `name`: lower case, of the form `[a-z0-9_][a-z0-9._-]*`.

    A name that has this form already is kept. One of which nothing is left becomes “dataset-” and a part of its hash,
    lest two packages with names in other scripts be taken for one dataset.
    """
    lowered = name.lower()
    if re.fullmatch(r"[a-z0-9_][a-z0-9._-]*", lowered):
        return lowered
    return slug(name, "-").lower() or f"dataset-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


class Names:
    """Hands out names that differ from each other also when case is ignored, as SQL does: x, x_2, x_3 …"""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: str) -> str:
        """`wanted`, or with the first free number behind it."""
        name, number = wanted, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name.lower())
        return name
