"""What a search found as its page shows it: lines in groups of one dataset, and datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.locales import country, in_line
from openspending.browse.marking import Pieces, pieces
from openspending.browse.money import Figure, figures, kind
from openspending.browse.money import lines as lines_of
from openspending.browse.sought import Sought
from openspending.browse.words import text

TOLD: Final = 5  # values beside the first that are seen at once
YEARS: Final = 6  # that are too many to name
RANGE: Final = 3  # that are too many to name where none is left out
LETTERS: Final = 3  # of more, a value is a text
CODED: Final = 500  # characters of a code that fits into an address
CODE: Final = 24  # characters; longer ones are their labels again, with hyphens


@dataclass(frozen=True, slots=True)
class Told:
    """A value of a line with the title of its column; `code` is empty where there is none. `href` is the page of the
    member that it names."""

    title: str
    value: Pieces
    code: Pieces
    href: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of a line; `title` is empty where the line has only one."""

    title: str
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: its most telling value, further ones, those that are shown when they are asked for, its money."""

    lead: Told | None
    told: tuple[Told, ...]
    more: tuple[Told, ...]
    amounts: tuple[Amount, ...]
    note: str
    year: str
    href: str
    api: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one dataset that follow each other; `count` and `figures` are of all lines that it has for the search,
    and empty where an earlier group has said them."""

    dataset: str
    title: str
    href: str
    private: bool
    lang: str
    count: str
    figures: tuple[Figure, ...]
    all: str
    all_count: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class FoundDataset:
    """A dataset that was found; `matching` says how many of its lines were, and `figures` add these up."""

    dataset: str
    title: Pieces
    href: str
    private: bool
    lang: str
    countries: tuple[str, ...]
    years: str
    description: Pieces
    lines: str
    licence: str
    matching: str
    figures: tuple[Figure, ...]
    all: str


def groups(sought: Sought, answered: Mapping[str, Any]) -> tuple[Group, ...]:
    """The lines of an answer in their order, those of one dataset together where they follow each other."""
    about = {text(one.get("dataset")): one for one in answered.get("datasets") or ()}
    said: set[str] = set()
    found = []
    for dataset, rows in groupby(answered["data"], key=lambda one: text(one.get("dataset"))):
        found.append(_group(sought, dataset, list(rows), about.get(dataset, {}), again=dataset in said))
        said.add(dataset)
    return tuple(found)


def datasets(sought: Sought, answered: Mapping[str, Any]) -> tuple[FoundDataset, ...]:
    """The datasets of an answer."""
    return tuple(_dataset(sought, one) for one in answered["data"])


def page_of(dataset: str) -> str:
    """The address of a dataset's page."""
    return "/" + quote(dataset, safe="@/+")


def _group(
    sought: Sought, dataset: str, rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any], *, again: bool
) -> Group:
    lines = about.get("lines")
    several = isinstance(lines, int) and lines > len(rows) and sought.filters.get("dataset") != (dataset,)
    return Group(
        dataset=dataset,
        title=text(rows[0].get("title"), 300) or dataset,
        href=page_of(dataset),
        private=rows[0].get("visibility") == "private",
        lang=_lang(rows[0]),
        count="" if again or lines is None else lines_of(lines),
        figures=() if again else figures(about.get("totals")),
        all=sought.of_dataset(dataset).href if several and not again else "",
        all_count=lines_of(lines),
        hits=tuple(_hit(one) for one in rows),
    )


def _hit(row: Mapping[str, Any]) -> Hit:
    year = text(row.get("year"), 40)
    values = _telling(row.get("values") or (), year, page_of(text(row.get("dataset"))))
    fact = text(row.get("fact"), 100)
    revision = row.get("revision")
    place = f"{page_of(text(row.get('dataset')))}/facts/{quote(fact, safe='')}"
    return Hit(
        lead=values[0] if values else None,
        told=tuple(values[1 : TOLD + 1]),
        more=tuple(values[TOLD + 1 :]),
        amounts=_amounts(row),
        note=kind({name: row.get(name) for name in ("phase", "direction")}),
        year=year,
        href=f"{place}?revision={revision}" if isinstance(revision, int) else place,
        api=text(row.get("url")),
    )


def _telling(values: Sequence[Mapping[str, Any]], year: str, page: str) -> list[Told]:
    """The values of a line, those with marked words first, then texts, then codes and numbers; none twice, nor the
    year, which is told anyway."""
    known: set[tuple[str, str]] = set()
    found: list[tuple[int, Told]] = []
    for one in values:
        value, marked = text(one.get("value"), 20_000), one.get("highlights") or ()
        code, in_code = text(one.get("code"), 60), () if marked else one.get("code_highlights") or ()
        if value and (value, code) not in known and (marked or value != year):
            known.add((value, code))
            rank = 0 if marked or in_code else 1 if sum(letter.isalpha() for letter in value) > LETTERS else 2
            again = code == value or (len(code) > CODE and not in_code)
            shown = () if again else pieces(code, in_code)
            telling = sum(letter.isalpha() for letter in value) > LETTERS and value not in {"true", "false"}
            href = _member(page, one) if telling else ""
            found.append((rank, Told(text(one.get("title"), 120), pieces(value, marked), shown, href)))
    found.sort(key=lambda one: one[0])
    return [told for _, told in found]


def _member(page: str, one: Mapping[str, Any]) -> str:
    """The page of the member that a value names."""
    dimension, dot, _attribute = text(one.get("ref"), 500).partition(".")
    code = text(one.get("code")) or text(one.get("value"), 20_000)
    return f"{page}/members/{quote(dimension, safe='')}/{quote(code, safe='')}" if dot and len(code) < CODED else ""


def _amounts(row: Mapping[str, Any]) -> tuple[Amount, ...]:
    given = [one for one in row.get("amounts") or () if one.get("amount") is not None]
    shown = in_line([text(one["amount"], 100) for one in given])
    titles = [text(one.get("title"), 120) or kind(one) if len(given) > 1 else "" for one in given]
    currencies = [text(one.get("currency") or row.get("currency"), 20) for one in given]
    return tuple(Amount(*one) for one in zip(titles, shown, currencies, strict=True))


def _dataset(sought: Sought, row: Mapping[str, Any]) -> FoundDataset:
    dataset = text(row.get("dataset"))
    matching = row.get("matching") or {}
    lines = matching.get("lines")
    marked = row.get("highlights") or {}
    asked = bool(sought.q) and bool(lines)
    return FoundDataset(
        dataset=dataset,
        title=pieces(text(row.get("title"), 300) or dataset, marked.get("title") if row.get("title") else ()),
        href=page_of(dataset),
        private=row.get("visibility") == "private",
        lang=_lang(row),
        countries=tuple(country(text(one, 8)) for one in (row.get("countries") or ())[:12]),
        years=years_told([text(one, 40) for one in row.get("years") or ()]),
        description=pieces(text(row.get("description"), 5000), marked.get("description"), 280),
        lines=lines_of(row.get("lines")),
        licence=text(row.get("licence"), 80),
        matching=lines_of(lines) if asked else "",
        figures=figures(matching.get("totals")) if asked or not sought.q else (),
        all=sought.of_dataset(dataset).href if lines else "",
    )


def years_told(given: Sequence[str]) -> str:
    """Years in order, as from–to where they are many or leave none out."""
    years = sorted(one for one in given if one)
    if len(years) >= YEARS or (len(years) >= RANGE and _follow(years)):
        return f"{years[0]}–{years[-1]}"
    return ", ".join(years)


def _follow(years: Sequence[str]) -> bool:
    """Whether each is the year after the one before."""
    return all(one.isdecimal() for one in years) and all(int(one) + 1 == int(next_) for one, next_ in pairwise(years))


def _lang(row: Mapping[str, Any]) -> str:
    """The language of a dataset where it is one and known."""
    given = list(_texts(row.get("languages")))
    return given[0] if len(given) == 1 else ""


def _texts(given: object) -> Iterator[str]:
    yield from (text(one, 12) for one in given if isinstance(one, str)) if isinstance(given, list) else ()
