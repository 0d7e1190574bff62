"""What an asker sees of each side of the index, and what their words mean there.

Everything begins here: whatever is looked for is bound to the datasets that the asker may read now. Words are
understood by those of lines that the asker may read, so that neither a suggestion nor a correction tells of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openspending.actor import Actor
from openspending.analytics.search.engine import Engine
from openspending.analytics.search.matching import Tree
from openspending.analytics.search.record import Record
from openspending.analytics.search.sides import Search, Side
from openspending.analytics.search.understanding import Understood, Word, understand

Sides = Literal["public", "private", "all"]
PLACES = ("public", "private")  # by which what is found is told apart, whatever the engines call it


@dataclass(frozen=True, slots=True)
class Seen:
    """One side as an asker sees it: its datasets by `owner/name`. `everything`: they are the whole index, and for
    everybody. `understood` None: nothing is looked for."""

    visibility: Literal["public", "private"]
    engine: Engine
    records: Mapping[str, Record]
    by_uid: Mapping[int, Record]
    everything: bool
    pending: int
    understood: Understood | None = None

    @property
    def tree(self) -> Tree | None:
        """What is looked for; None: nothing but what filters say."""
        return None if self.understood is None else self.understood.tree

    @property
    def uids(self) -> frozenset[int]:
        """Its datasets, as the index calls them."""
        return frozenset(self.by_uid)


def seen_by(search: Search, actor: Actor, visibility: Sides, text: str | None = None) -> list[Seen]:
    """The sides as `actor` sees them. Raises BadQuery for a text that cannot be looked for."""
    return [_seen(side, actor, text) for side in search.sides(actor, visibility)]


def _seen(side: Side, actor: Actor, text: str | None) -> Seen:
    records = side.visible(actor)
    everything = side.visibility == "public" and records.keys() == side.engine.records().keys()
    understood = None
    if text is not None:
        cells = None if everything else {one.cell_id(cell) for one in records.values() for cell in one.cells}
        languages = {language for one in records.values() for language in one.languages}
        understood = understand(text, lambda start, limit: side.engine.vocabulary(start, cells, limit), languages)
    by_uid = {one.uid: one for one in records.values()}
    return Seen(side.visibility, side.engine, records, by_uid, everything, side.pending(actor), understood)


def words_of(sides: Sequence[Seen]) -> tuple[Word, ...]:
    """How the words were understood; of one that several sides understand differently, the side that knows it: as
    the name of a dataset before all."""
    read = [one.understood.words for one in sides if one.understood is not None]
    return tuple(
        min(word, key=lambda one: (one.how != "dataset", one.how == "unknown")) for word in zip(*read, strict=False)
    )


def did_you_mean(sides: Sequence[Seen]) -> str | None:
    """What was perhaps meant; None where some side knows all words as they are."""
    read = [one.understood for one in sides if one.understood is not None]
    if any(one.did_you_mean is None and all(word.how != "unknown" for word in one.words) for one in read):
        return None
    return next((one.did_you_mean for one in read if one.did_you_mean), None)


def pending(sides: Sequence[Seen]) -> int:
    """How many datasets are not in the index, or not in their newest revision."""
    return sum(one.pending for one in sides)
