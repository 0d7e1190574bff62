"""A question about usage, read from text, and its answer as rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from openspending.errors import BadQuery
from openspending.usage.agents import BOT, KINDS
from openspending.usage.counts import MEASURES, NOTHING, Count, Key, measured
from openspending.usage.recorded import Recorded

PARAMETERS: Final = ("from", "to", "dataset", "by", "agents")
DIMENSIONS: Final = Key._fields
DAYS: Final = 30  # of a question that names no days, today included
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """Which counts, and by what they are added up.

    Without `agents`, unless counts are added up by them, bots stand apart: measures are those of people and programs,
    and a further column `bots` has the bots' calls.
    """

    first: date
    last: date
    by: tuple[str, ...]
    dataset: str | None
    agents: tuple[str, ...]

    @property
    def bots_apart(self) -> bool:
        """Whether the calls of bots are in a column of their own."""
        return not self.agents and "agents" not in self.by


@dataclass(frozen=True, slots=True)
class Summary:
    """Rows of an answer, in the order of what they are added up by; `damaged` names objects that cannot be read."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str | int | Decimal, ...]]
    damaged: Sequence[str]


def read_question(given: Mapping[str, str]) -> Question:
    """The question in the parameters PARAMETERS; an empty one counts as absent. Raises BadQuery."""
    today = datetime.now(UTC).date()
    last = _day("to", given.get("to")) or today
    first = _day("from", given.get("from")) or last - timedelta(days=min(DAYS - 1, last.toordinal() - 1))
    if first > last:
        raise BadQuery(f"“from” is {first}, which is after “to”, {last}.")
    return Question(
        first=first,
        last=last,
        by=_words("by", given.get("by"), DIMENSIONS) or ("day",),
        dataset=given.get("dataset") or None,
        agents=_words("agents", given.get("agents"), KINDS),
    )


def summarise(recorded: Recorded, question: Question) -> Summary:
    """The answer: one row for each combination of what is asked by, as far as anything was counted."""
    days, damaged = recorded.read(question.first, question.last)
    places = [DIMENSIONS.index(one) for one in question.by]
    counts: dict[tuple[str, ...], Count] = {}
    bots: dict[tuple[str, ...], int] = {}
    for key, count in (item for day in days for item in day.items()):
        if (question.dataset is not None and key.dataset != question.dataset) or (
            question.agents and key.agents not in question.agents
        ):
            continue
        group = tuple(key[place] for place in places)
        apart = question.bots_apart and key.agents == BOT
        counts[group] = counts.get(group, NOTHING).plus(NOTHING if apart else count)
        bots[group] = bots.get(group, 0) + (count.calls if apart else 0)
    return Summary(
        columns=(*question.by, *MEASURES, *(("bots",) if question.bots_apart else ())),
        rows=[
            (*group, *measured(counts[group]), *((bots[group],) if question.bots_apart else ()))
            for group in sorted(counts)
        ],
        damaged=damaged,
    )


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadQuery(f"“{name}” is “{text[:50]}”; it must be a day such as 2026-11-26.")


def _words(name: str, text: str | None, choices: Sequence[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(text.split("|"))) if text else ()
    for word in words:
        if word not in choices:
            raise BadQuery(
                f"“{name}” cannot be “{word[:50]}”; there are {', '.join(choices)}, and several are joined by “|”.",
                choices,
            )
    return words
