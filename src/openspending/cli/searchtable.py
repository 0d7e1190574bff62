"""What a search found, on a terminal: what it comes to, the lines or datasets, how it could be narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from openspending.browse.hits import FoundDataset, Group
from openspending.browse.marking import Pieces
from openspending.browse.money import Figure
from openspending.browse.narrowed import Facet
from openspending.browse.searchpage import SearchPage
from openspending.cli.output import console, printable, show_table

FACETS: Final = 4  # values of each that are named
KINDS: Final = 6  # of money, of all that was found
APART: Final = "Amounts of different kinds are not added up."


def show_search(page: SearchPage) -> None:
    """Print the answer: what was read and added up, then a table, then the facets."""
    target = console()
    for line in _about(page):
        target.print(line)
    if page.groups or page.datasets:
        target.print()
    if page.groups:
        columns = ("dataset", "year", "what", "amount", "currency", "kind")
        show_table(columns, (row for group in page.groups for row in _lines(group)), right=("amount",))
    elif page.datasets:
        columns = ("dataset", "title", "years", "lines", "found" if page.sought.q else "", "sums")
        show_table(columns, map(_dataset, page.datasets), right=("lines", "found"))
    if page.facets and page.found:
        target.print()
        show_table(("narrow it by", "values, with how many"), map(_facet, page.facets))


def _about(page: SearchPage) -> Iterator[Text]:
    for one in page.readings:
        yield Text(printable(f"“{one.word}” {one.why} {one.forms}".rstrip()), style="dim")
    if page.meant:
        yield Text.assemble("Did you mean ", (printable(page.meant), "bold"), "?")
    if len(page.figures) < 2:
        yield Text.assemble((page.total, "bold"), *(f" · {_sum(one)}" for one in page.figures))
    else:
        yield Text.assemble((page.total, "bold"), f" · {APART}")
        width = max(len(one.amount) for one in page.figures[:KINDS])
        yield from (
            Text(f"  {_sum(one, width)}  ({one.lines} {'line' if one.lines == '1' else 'lines'})")
            for one in page.figures[:KINDS]
        )
    if len(page.figures) > KINDS:
        yield Text(f"  and {len(page.figures) - KINDS} more kinds", style="dim")
    for notice in page.notices:
        yield Text(
            printable(" ".join((notice.message, ", ".join(title for title, _ in notice.datasets)))), style="yellow"
        )
    if page.pending:
        yield Text(page.pending, style="yellow")


def _sum(one: Figure, width: int = 0) -> str:
    amount = one.amount.rjust(width) if one.amount else "no exact sum"
    return printable(" ".join(part for part in (amount, one.currency, one.note) if part))


def _lines(group: Group) -> Iterator[tuple[str, ...]]:
    """The rows of a group, of which the first names the dataset; a line with several amounts has one row for each."""
    dataset = group.dataset
    for hit in group.hits:
        told = [one for one in (hit.lead, *hit.told[:1]) if one is not None]
        what = " · ".join(_plain(one.value) + (f" [{_plain(one.code)}]" if one.code else "") for one in told)
        head = (dataset, hit.year, what)
        for one in hit.amounts:
            yield (*head, one.amount, one.currency, one.title or hit.note)
            head = ("", "", "")
        if not hit.amounts:
            yield (*head, "", "", hit.note)
        dataset = ""


def _dataset(one: FoundDataset) -> tuple[str, ...]:
    lines = one.lines.partition(" ")[0]
    sums = "\n".join(_sum(figure) for figure in one.figures[:3])
    return (one.dataset, _plain(one.title), one.years, lines, one.matching.partition(" ")[0], sums)


def _facet(facet: Facet) -> tuple[str, str]:
    values = (*facet.values, *facet.more)
    named = [f"{one.label} {one.count}" for one in values[:FACETS]]
    more = [f"{len(values) - FACETS} more"] if len(values) > FACETS else []
    return facet.title, " · ".join([*named, *more])


def _plain(pieces: Pieces) -> str:
    return "".join(one.text for one in pieces)
