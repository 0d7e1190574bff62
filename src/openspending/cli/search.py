"""`search`: the lines, or the datasets, that have some words, with their money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json
from openspending.cli.progress import counting

if TYPE_CHECKING:
    from openspending.analytics.search.sides import Search
    from openspending.assembly.parts import Parts

LIMIT: Final = 20

Query = Annotated[
    str,
    typer.Argument(
        metavar="[QUERY]",
        help='What to look for: words, "a phrase", -without, begin*, a code. Put it in quotes.',
        show_default=False,
    ),
]
Values = list[str] | None
Within = Annotated[Values, typer.Option("--in", metavar="OWNER/NAME", help="Only in this dataset.", show_default=False)]
Country = Annotated[Values, typer.Option(help="Only of this country, by its two letters.", show_default=False)]
Year = Annotated[Values, typer.Option(help="Only of this fiscal year.", show_default=False)]
Phase = Annotated[Values, typer.Option(help="Only of this phase, such as executed.", show_default=False)]
Direction = Annotated[Values, typer.Option(help="Only expenditure, or revenue.", show_default=False)]
Currency = Annotated[Values, typer.Option(help="Only in this currency, such as EUR.", show_default=False)]
Least = Annotated[str, typer.Option("--from", metavar="AMOUNT", help="Only from this amount on.", show_default=False)]
Most = Annotated[str, typer.Option("--to", metavar="AMOUNT", help="Only up to this amount.", show_default=False)]
Order = Annotated[
    str,
    typer.Option(
        help="relevance, newest, largest or smallest; of datasets relevance, newest, lines or title.",
        show_default=False,
    ),
]
Limit = Annotated[int, typer.Option(min=0, max=1000, help="How many to print.")]


def search(
    context: typer.Context,
    query: Query = "",
    datasets: Annotated[bool, typer.Option("--datasets", help="Look for datasets, instead of lines.")] = False,
    within: Within = None,
    country: Country = None,
    year: Year = None,
    phase: Phase = None,
    direction: Direction = None,
    currency: Currency = None,
    least: Least = "",
    most: Most = "",
    order: Order = "",
    limit: Limit = LIMIT,
    private: Annotated[bool, typer.Option("--private", help="In private datasets, instead of the public.")] = False,
    as_json: Json = False,
) -> None:
    """Find lines of every dataset by their words, codes and amounts, and say what they come to.

    Options that narrow it may be repeated: any of the values will do. --json answers as /v1/search does.

    Examples:

        openspending search "road maintenance"

        openspending search hospital --country MX --from 1000000 --order largest

        openspending search education --datasets
    """
    several = {"country": country, "year": year, "phase": phase, "direction": direction, "currency": currency}
    asked = {"q": query, **_joined(several), "order": order, "pagesize": str(limit)}
    asked |= {"visibility": "private"} if private else {}
    if not datasets:
        asked |= {**_joined({"dataset": within}), "from": least, "to": most}
    elif within or least or most:
        raise typer.BadParameter("--in, --from and --to narrow lines; leave them out, or --datasets")
    _search(context, asked, datasets=datasets, as_json=as_json)


def _joined(several: Mapping[str, Values]) -> dict[str, str]:
    return {name: "|".join(values or ()) for name, values in several.items()}


def _search(context: typer.Context, asked: Mapping[str, str], *, datasets: bool, as_json: bool) -> None:
    with failing_plainly(as_json=as_json, shape={"data": []}):
        from openspending.assembly.parts import Parts

        with Parts(settings_of(context)) as parts:
            answer = _answer(_ready(parts, private="visibility" in asked), asked, datasets=datasets)
    if as_json:
        show_json(answer)
    else:
        _show(answer, asked, datasets=datasets)


def _ready(parts: Parts, *, private: bool) -> Search:
    """Search, with the index that is asked up to date. Raises StoreError."""
    side = parts.search.private if private else parts.search.public
    with counting("Bringing the search index up to date") as tell:
        done = side.indexing.catch_up(tell)
    target = console(stderr=True)
    if done.sentence and target.is_terminal:
        target.print(done.sentence, style="dim")
    return parts.search


def _answer(search: Search, asked: Mapping[str, str], *, datasets: bool) -> dict[str, Any]:
    """What the API answers to the same question. Raises BadQuery."""
    from openspending.actor import NOBODY, Actor
    from openspending.analytics.search.datasetsearch import find_datasets
    from openspending.analytics.search.linesearch import find_lines
    from openspending.read_api import searchanswers, searchasked
    from openspending.read_api.asked import Asked

    # whoever has the store's files may read all of it
    actor = Actor(account="", administrator=True) if "visibility" in asked else NOBODY
    if datasets:
        some = searchasked.datasets_asked(Asked(asked), fed=False)
        return searchanswers.datasets_json(find_datasets(search, actor, some.question), some)
    sought = searchasked.lines_asked(Asked(asked), fed=False)
    return searchanswers.lines_json(find_lines(search, actor, sought.question), sought)


def _show(answer: Mapping[str, Any], asked: Mapping[str, str], *, datasets: bool) -> None:
    from openspending.browse.searchpage import answered
    from openspending.browse.sought import Sought
    from openspending.cli.searchtable import show_search

    show: Sequence[tuple[str, str]] = [("show", "datasets")] if datasets else []
    show_search(answered(Sought.read([*asked.items(), *show]), answer))
