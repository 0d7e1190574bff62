"""How much datasets are used: by day and by whom on the page of one, and `/manage/usage`, all of a visitor's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from openspending.browse.manage.listing import owners_of
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import manage_path
from openspending.client import ApiError

PERIODS: Final = (30, 90, 365)  # days
BOT: Final = "bot"
_API: Final = "/v1/usage"


@dataclass(frozen=True, slots=True)
class Day:
    """How much a dataset was asked for on a day, bots aside; `height` of the highest bar is 100."""

    day: str
    calls: int
    rows: int
    height: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How much a dataset was asked for on these `days`, the oldest first, and by whom. `csv` has the same."""

    days: tuple[Day, ...]
    by: Mapping[str, int]
    csv: str

    @property
    def calls(self) -> int:
        """By people and programs."""
        return sum(one.calls for one in self.days)

    @property
    def rows(self) -> int:
        """How many rows they got."""
        return sum(one.rows for one in self.days)

    @property
    def most(self) -> Day:
        """The day with the most."""
        return max(self.days, key=lambda one: one.calls)


@dataclass(frozen=True, slots=True)
class Used:
    """A dataset in the list. `share` of the one that is used most is 100."""

    dataset: str
    href: str
    people: int
    programs: int
    bots: int
    rows: int
    share: int

    @property
    def calls(self) -> int:
        """By people and programs."""
        return self.people + self.programs


def period(visit: Visit) -> int:
    """For how many days the visitor asks."""
    asked = visit.asked("days")
    return next((one for one in PERIODS if str(one) == asked), PERIODS[0])


async def of_dataset(visit: Visit, dataset: str) -> Usage | None:
    """How much a public dataset is used; None while that cannot be told."""
    span = _span(period(visit))
    try:
        told = await _told(visit, {**span, "by": "day|agents", "dataset": dataset})
    except ApiError:
        return None
    csv = f"{_API}.csv?{urlencode({**span, 'by': 'day', 'dataset': dataset}, safe='/')}"
    return Usage(_days(told, span), _by_agents(told), csv)


async def usage_page(visit: Visit) -> Answer:
    """Which of the visitor's datasets are used how much."""
    span, owners = _span(period(visit)), owners_of(visit)
    mine: dict[str, list[Mapping[str, Any]]] = {}
    for one in await _told(visit, {**span, "by": "dataset|agents"}):
        owner, _, name = str(one["dataset"]).partition("/")
        if owner in owners and visit.role_on(owner, name):
            mine.setdefault(str(one["dataset"]), []).append(one)
    most = max((_calls(rows) for rows in mine.values()), default=0)
    used = sorted(
        (_used(dataset, rows, most) for dataset, rows in mine.items()), key=lambda one: (-one.calls, one.dataset)
    )
    return visit.page("usage.html", used=used, periods=PERIODS, period=period(visit))


async def _told(visit: Visit, wanted: Mapping[str, str]) -> list[Mapping[str, Any]]:
    return list((await visit.client.ask(_API, {**wanted, "format": "json"}))["data"])


def _span(days: int) -> dict[str, str]:
    last = datetime.now(UTC).date()
    return {"from": (last - timedelta(days=days - 1)).isoformat(), "to": last.isoformat()}


def _days(told: Iterable[Mapping[str, Any]], span: Mapping[str, str]) -> tuple[Day, ...]:
    calls: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for one in told:
        if one["agents"] != BOT:
            calls[str(one["day"])[:10]] += int(one["calls"])
            rows[str(one["day"])[:10]] += int(one["rows"])
    first, last = (date.fromisoformat(span[one]) for one in ("from", "to"))
    shown = [(first + timedelta(days=after)).isoformat() for after in range((last - first).days + 1)]
    most = max([1, *calls.values()])
    return tuple(Day(one, calls[one], rows[one], -(-calls[one] * 100 // most)) for one in shown)


def _by_agents(told: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for one in told:
        found[str(one["agents"])] += int(one["calls"])
    return found


def _calls(rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(count for kind, count in _by_agents(rows).items() if kind != BOT)


def _used(dataset: str, rows: list[Mapping[str, Any]], most: int) -> Used:
    by, calls = _by_agents(rows), _calls(rows)
    owner, _, name = dataset.partition("/")
    return Used(
        dataset,
        manage_path(owner, name),
        by.get("person", 0),
        by.get("program", 0),
        by.get(BOT, 0),
        sum(int(one["rows"]) for one in rows if one["agents"] != BOT),
        calls * 100 // most if most else 0,
    )
