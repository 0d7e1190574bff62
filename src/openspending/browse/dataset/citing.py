"""How a revision of a dataset is cited: as a sentence, and for programs that keep references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.viewer.place import Place
from openspending.browse.words import heading, text

_SPECIAL: Final = re.compile(r"([\\{}$&#%_^~])")
_WORDS: Final = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """The same citation in both forms."""

    apa: str
    bibtex: str


def citation(about: Mapping[str, Any], descriptor: Mapping[str, Any], place: Place, base: str) -> Citation:
    """The citation of the revision that `place` names, at the address of the API that is at `base`."""
    author = _author(descriptor) or place.owner
    year = text(about.get("created"), 4)
    title = text(about.get("title"), 300) or heading(place.name)
    number, address = about["revision"], base + place.page
    apa = f"{author} ({year}). {title} (Revision {number}) [Data set]. OpenSpending. {address}"
    key = re.sub(r"[^A-Za-z0-9]+", "-", f"{place.owner}-{place.name}-r{number}").strip("-")
    fields = {
        "author": "{" + _escaped(author) + "}",
        "title": "{" + _escaped(title) + "}",
        "year": year,
        "publisher": "OpenSpending",
        "version": f"Revision {number}",
        "url": re.sub(r"[{}\\\s]", "", address),
        "note": _escaped(text(about.get("hash"), 100)),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return Citation(apa, f"@misc{{{key},\n{lines}\n}}")


def _author(descriptor: Mapping[str, Any]) -> str:
    """Whom the publisher names: contributors, or an author."""
    listed = descriptor.get("contributors")
    named = (
        [text(one.get("title"), 200) for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    )
    return ", ".join(one for one in named[:5] if one) or text(descriptor.get("author"), 200)


def _escaped(words: str) -> str:
    return _SPECIAL.sub(lambda one: _WORDS.get(one[1], "\\" + one[1]), " ".join(words.split()))
