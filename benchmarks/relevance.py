"""Asks the search what people ask of real data, and looks whether the line that they mean comes first.

    python -m benchmarks.relevance FOLDER [--data DATA]

FOLDER holds the sets of `realdata.py`, which are published into an empty DataStore (DATA, which is kept, or a temporary
one) and indexed. The questions are in `relevance.csv`: what is asked of all datasets at once, and the lines that are
meant, as a condition over the facts of a dataset (`line` is all that a fact has but its amounts). `exact` names a value
where exactly the lines with it are meant: their number and amounts have to be those of the source files, or, where
these are more than a CSV file, those of the fact tables.

Prints a Markdown table; exits with 1 when fewer than 90 % of the questions have such a line among the first three.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import duckdb
import httpx

from benchmarks import realdata
from openspending.assembly import Parts, composed
from openspending.settings import read_settings

QUERIES: Final = Path(__file__).with_name("relevance.csv")
PAGE: Final = 20
GOAL: Final = 0.9
# the raw files of datasets that are nothing but CSV, and their columns of amounts
SOURCES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "albania-2014": ("fdp03-al-treasury/data/treasury.csv", ("Value",)),
    "london-2013": ("ugly-gla-spend-parens/2013-P*.csv", ("Amount",)),
    "madrid-2015": ("fdp03-madrid-gastos/data/*.csv", ("IMPORTE",)),
    "uk-cra": ("fdp03-uk-cra/dataset.csv", ("amount",)),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody asks, and which lines are meant; see the module."""

    kind: str
    language: str
    text: str
    filters: Mapping[str, str]
    datasets: tuple[str, ...]
    condition: str
    exact: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`rank` of the first line that is meant (0: not on the first page); `sums` says whether number and amounts of all
    lines are right (None: not compared)."""

    query: Query
    rank: int
    lines: int
    read: str  # how the words were understood
    sums: bool | None


def queries(path: Path = QUERIES) -> list[Query]:
    """The questions."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Query(
                *(one["kind"], one["language"], one["query"], dict(parse_qsl(one["filters"]))),
                *(tuple(one["dataset"].split("|")), one["condition"], one["exact"]),
            )
            for one in csv.DictReader(file)
        ]


class Facts:
    """The fact tables of all datasets, and the source files of some: the truth, read without the index."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._folder = folder
        self._database = duckdb.connect()
        self._texts: dict[str, list[str]] = {}
        self._amounts: dict[str, list[str]] = {}
        for dataset in (data / "public" / realdata.OWNER).iterdir():
            files = list(dataset.glob("derived/*/facts.parquet"))
            if files:
                self._open(dataset.name, max(files, key=lambda path: path.stat().st_mtime))

    def _open(self, name: str, path: Path) -> None:
        columns = self._database.execute(f"DESCRIBE FROM '{path}'").fetchall()
        kinds = {str(one[0]): str(one[1]) for one in columns if not str(one[0]).startswith("_")}
        self._amounts[name] = [one for one, kind in kinds.items() if kind.startswith("DECIMAL")]
        self._texts[name] = [one for one in kinds if one not in self._amounts[name]]
        line = ", ".join(f'CAST("{one}" AS VARCHAR)' for one in self._texts[name])
        self._database.execute(f"CREATE VIEW \"{name}\" AS SELECT *, concat_ws(' | ', {line}) AS line FROM '{path}'")

    def meant(self, query: Query) -> set[tuple[str, str]]:
        """The lines that a query means: dataset and id of each."""
        return {
            (f"{realdata.OWNER}/{name}", fact)
            for name in self._texts
            if any(fnmatch(name, pattern) for pattern in query.datasets)
            for (fact,) in self._database.execute(f'SELECT _rid FROM "{name}" WHERE {query.condition}').fetchall()
        }

    def sums(self, name: str, value: str) -> tuple[int, Decimal]:
        """How many lines have a value, and the sum of all their amounts."""
        if name in SOURCES:
            return _source_sums(self._folder, *SOURCES[name], value)
        same = " OR ".join(f'CAST("{one}" AS VARCHAR) = $value' for one in self._texts[name])
        total = " + ".join(f'coalesce(sum(CAST("{one}" AS DECIMAL(38, 12))), 0)' for one in self._amounts[name])
        found = self._database.execute(f'SELECT count(*), {total} FROM "{name}" WHERE {same}', {"value": value})
        count, amount = found.fetchall()[0]
        return count, amount


def _source_sums(folder: Path, pattern: str, amounts: Sequence[str], value: str) -> tuple[int, Decimal]:
    found = [row for path in folder.glob(pattern) for row in _rows(path) if value in row.values()]
    return len(found), sum((_number(row[name]) for row in found for name in amounts), Decimal(0))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file, restval=""):
            yield {(name or "").strip(): text.strip() for name, text in row.items() if isinstance(text, str)}


def _number(text: str) -> Decimal:
    """A number as these files write it: (1,234.00) is less than nothing."""
    bare = text.replace(",", "")
    return -Decimal(bare[1:-1]) if bare.startswith("(") else Decimal(bare)


async def ask(query: Query, client: httpx.AsyncClient, facts: Facts) -> Outcome:
    """Ask one question, and once more of its dataset alone where sums are compared."""
    answer = await _answer(client, {"q": query.text, "pagesize": str(PAGE), **query.filters})
    meant = facts.meant(query)
    ranks = [at for at, one in enumerate(answer["data"], 1) if (one["dataset"], one["fact"]) in meant]
    words = ", ".join(f"{one['asked']} {one['how']}" for one in answer["query"]["words"] if one["how"] != "exact")
    sums = await _compared(query, client, facts) if query.exact else None
    return Outcome(query, ranks[0] if ranks else 0, answer["total"], words, sums)


async def _compared(query: Query, client: httpx.AsyncClient, facts: Facts) -> bool:
    (name,) = query.datasets
    answer = await _answer(client, {"q": query.text, "dataset": f"{realdata.OWNER}/{name}", "pagesize": "1"})
    amounts = [Decimal(one["amount"]) for one in answer["totals"] if one["amount"] is not None]
    return (answer["total"], sum(amounts, Decimal(0))) == facts.sums(name, query.exact)


async def _answer(client: httpx.AsyncClient, parameters: Mapping[str, str]) -> dict[str, Any]:
    answer = await client.get("/v1/search/lines", params=dict(parameters))
    if not answer.is_success:
        raise SystemExit(f"{answer.status_code} for {parameters}: {answer.text[:500]}")
    found: dict[str, Any] = answer.json()
    return found


async def ask_all(parts: Parts, facts: Facts) -> list[Outcome]:
    """Ask all questions over HTTP, in this process."""
    app: Any = composed(parts, frozenset({"read-api"}))  # Litestar and httpx each have their own name for what it is
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://in-process", timeout=60) as client:
        return [await ask(one, client, facts) for one in queries()]


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as Markdown."""
    lines = ["| asked | language | kind | rank | lines | sums | must come first |", "|---|---|---|---:|---:|---|---|"]
    for one in outcomes:
        query = one.query
        filters = "".join(f", {name}={value}" for name, value in query.filters.items())
        rank = str(one.rank) if one.rank else "**none**"
        rank = f"**{rank}**" if one.rank > 3 else rank
        sums = {None: "", True: "exact", False: "**WRONG**"}[one.sums]
        condition = query.condition.replace("|", "\\|")
        kind = f"{query.kind} ({one.read})" if one.read else query.kind
        datasets = " or ".join(query.datasets)
        lines.append(
            f"| {query.text}{filters} | {query.language} | {kind} | {rank} | {one.lines:,} | {sums} "
            f"| {datasets}: `{condition}` |"
        )
    return "\n".join(lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The share of questions whose line came first, and among the first three; and how many sums are right."""
    first, three = (sum(0 < one.rank <= most for one in outcomes) for most in (1, 3))
    sums = [one.sums for one in outcomes if one.sums is not None]
    count = len(outcomes)
    return (
        f"{count} questions: the line that is meant comes first for {first} ({first / count:.1%}), among the first "
        f"three for {three} ({three / count:.1%}; the goal is {GOAL:.0%}). "
        f"Sums are exact for {sum(sums)} of {len(sums)}."
    )


def main(folder: Path, data: Path) -> int:
    """Publish, index, ask and print; 1 when the goal is missed or a sum is wrong."""
    settings = read_settings({}, data=data)
    with Parts(settings) as parts:
        home = data / "public" / realdata.OWNER
        known = {one.name for one in realdata.SETS if (home / one.name / "datapackage.json").exists()}
        for name, refused in realdata.publish_all(folder, parts.store.public, known):
            print(f"{name}: {refused or 'published'}", file=sys.stderr)
        print(parts.search.catch_up(), file=sys.stderr)
        outcomes = asyncio.run(ask_all(parts, Facts(data, folder)))
    print(f"{table(outcomes)}\n\n{summary(outcomes)}")
    found = sum(0 < one.rank <= 3 for one in outcomes)
    return int(found < GOAL * len(outcomes) or any(one.sums is False for one in outcomes))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        place = given.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sys.exit(main(given.folder, place))
