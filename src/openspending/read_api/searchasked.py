"""What a request asks of search: its parameters, each known or refused, and the same question as an address again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, Literal, TypeVar, cast
from urllib.parse import quote, urlencode

from openspending.analytics import canonical
from openspending.analytics.exports.negotiation import liked
from openspending.analytics.search import suggesting
from openspending.analytics.search.datasetsearch import PAGE, DatasetQuestion
from openspending.analytics.search.linesearch import LineQuestion
from openspending.analytics.search.matching import Amounts
from openspending.analytics.search.narrowing import FACETS, LEVELS, Filters
from openspending.analytics.search.suggesting import SuggestQuestion
from openspending.errors import BadQuery
from openspending.fdp.amounts import plain
from openspending.read_api import atom, cursors, jsonfeed
from openspending.read_api.asked import Asked
from openspending.read_api.listing import VISIBILITIES
from openspending.speaking.said import said
from openspending.web import AnyRequest

FILTERS: Final = tuple(one for one in FACETS if one != "dataset")
DATASETS: Final = ("q", *FILTERS, "visibility", "order", "pagesize", "cursor", "format")
LINES: Final = ("q", "dataset", *FILTERS, "from", "to", "visibility", "order", "pagesize", "cursor", "format")
SUGGEST: Final = ("q", "dataset", "owner", "visibility", "limit")
DATASET_ORDERS: Final = ("relevance", "newest", "lines", "title")
LINE_ORDERS: Final = ("relevance", "newest", "largest", "smallest")
MOST_ROWS: Final = 1000  # on a page
AT_DATASETS: Final = "/v1/search"
AT_LINES: Final = "/v1/search/lines"
MEDIA_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "json": ("application/json",),
    "atom": (atom.MEDIA_TYPE,),
    "feed": (jsonfeed.MEDIA_TYPE,),
}

_FARTHEST: Final = 10**12  # lines before a page
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_UPPER: Final = frozenset({"country", "currency"})

Visible = Literal["public", "private", "all"]
_Question = TypeVar("_Question", LineQuestion, DatasetQuestion, SuggestQuestion)


@dataclass(frozen=True, slots=True)
class Sought(Generic[_Question]):
    """A question that was understood, and the parameters that ask it in one order, without page and format. `id` binds
    cursors to it."""

    question: _Question
    parameters: Mapping[str, str]
    id: str = ""


def format_of(suffix: str, found: Asked, request: AnyRequest) -> str:
    """The name of the format that the extension of the path, the parameter `format` or the header Accept asks for.
    Raises NotAcceptable."""
    parameter = found.choice("format", tuple(MEDIA_TYPES), "")
    accept = request.headers.get("accept", "").strip()
    return suffix or parameter or (liked(accept, MEDIA_TYPES) if accept else "json")


def lines_asked(found: Asked, *, fed: bool) -> Sought[LineQuestion]:
    """The lines that are asked for; of a feed, which is the newest first, when `fed`. Raises BadQueries."""
    amounts = _amounts(found)
    filters, common = _filters(found, ("dataset", *FILTERS)), _common(found)
    order = _order(found, LINE_ORDERS, fed=fed)
    size = found.number("pagesize", PAGE, MOST_ROWS) or 0
    least, most = (None, None) if amounts is None else (amounts.least, amounts.most)
    parameters = {
        **common,
        **_texts(filters),
        "from": "" if least is None else plain(least),
        "to": "" if most is None else plain(most),
        "order": "" if fed or order == "relevance" else order,
    }
    parameters = {name: parameters[name] for name in LINES if parameters.get(name)}
    id_ = canonical.query_id({"lines": parameters, "fed": fed})
    begins = _place(found, id_, 2)
    found.settle()
    question = LineQuestion(
        text=common["q"] or None,
        filters=filters,
        amounts=amounts,
        visibility=_visible(common),
        order=cast("Any", order),
        size=size,
        begins=(begins[0], begins[1]),
    )
    return Sought(question, parameters, id_)


def datasets_asked(found: Asked, *, fed: bool) -> Sought[DatasetQuestion]:
    """The datasets that are asked for; of a feed, which is the newest first, when `fed`. Raises BadQueries."""
    filters, common = _filters(found, FILTERS), _common(found)
    order = _order(found, DATASET_ORDERS, fed=fed)
    size = found.number("pagesize", PAGE, MOST_ROWS) or 0
    parameters = {**common, **_texts(filters), "order": "" if fed or order == "relevance" else order}
    parameters = {name: parameters[name] for name in DATASETS if parameters.get(name)}
    id_ = canonical.query_id({"datasets": parameters, "fed": fed})
    (begin,) = _place(found, id_, 1)
    found.settle()
    question = DatasetQuestion(
        text=common["q"] or None,
        filters=filters,
        visibility=_visible(common),
        order=cast("Any", order),
        size=size,
        begin=begin,
    )
    return Sought(question, parameters, id_)


def suggestions_asked(found: Asked) -> Sought[SuggestQuestion]:
    """The suggestions that are asked for. Raises BadQueries."""
    filters, common = _filters(found, ("dataset", "owner")), _common(found)
    limit = found.number("limit", suggesting.LIMIT, suggesting.MOST) or 0
    if not common["q"]:
        found.wrong.append(BadQuery(said("“q” must have what was typed so far."), parameter="q"))
    found.settle()
    question = SuggestQuestion(
        common["q"], filters.get("dataset"), filters.get("owner"), visibility=_visible(common), limit=limit
    )
    return Sought(question, {name: text for name, text in {**common, **_texts(filters)}.items() if text})


def _common(found: Asked) -> dict[str, str]:
    """Words and visibility; public is what one asks for unless one says otherwise."""
    visibility = found.choice("visibility", VISIBILITIES, "public")
    return {"q": found.text("q") or "", "visibility": "" if visibility == "public" else visibility}


def _visible(common: Mapping[str, str]) -> Visible:
    return cast("Visible", common["visibility"] or "public")


def asks_for_private(found: Asked) -> bool:
    """Whether more is asked for than what everybody may find."""
    return found.text("visibility") not in {None, "public"}


def _filters(found: Asked, names: tuple[str, ...]) -> Filters:
    filters: dict[str, frozenset[str]] = {}
    for name in names:
        values = frozenset(_value(name, one) for one in (found.text(name) or "").split("|") if one.strip())
        if values:
            filters[name] = values
    unknown = sorted(filters.get("level", frozenset()) - set(LEVELS))
    if unknown:
        message = said("“{unknown}” is none of: {levels}.", unknown=unknown[0][:40], levels=", ".join(LEVELS))
        found.wrong.append(BadQuery(message, LEVELS, "level"))
    return filters


def _value(name: str, text: str) -> str:
    return text.strip().upper() if name in _UPPER else text.strip()


def _texts(filters: Filters) -> dict[str, str]:
    return {name: "|".join(sorted(values)) for name, values in filters.items()}


def _order(found: Asked, orders: tuple[str, ...], *, fed: bool) -> str:
    order = found.choice("order", orders, "newest" if fed else "relevance")
    if fed and order != "newest":
        found.wrong.append(BadQuery(said("A feed has the newest first."), ("newest",), "order"))
    return order


def _amounts(found: Asked) -> Amounts | None:
    least, most = (found.read(name, _amount, None) for name in ("from", "to"))
    if least is not None and most is not None and least > most:
        message = said(
            "“to” must not be less than “from”: {most} is less than {least}.", most=plain(most), least=plain(least)
        )
        found.wrong.append(BadQuery(message, parameter="to"))
    return None if least is None and most is None else Amounts(least, most)


def _amount(text: str) -> Decimal | None:
    if not _AMOUNT.fullmatch(text):
        raise BadQuery(said("“{text}” is no amount: digits, with a point before decimals.", text=text[:40]))
    return Decimal(text)


def _place(found: Asked, question: str, parts: int) -> list[int]:
    """Where the page begins."""
    cursor = found.text("cursor")
    with found.blaming("cursor"):
        place = [0] * parts if cursor is None else cursors.place_of(cursor, question, parts)
        if all(isinstance(one, int) and 0 <= one < _FARTHEST for one in place):
            return [int(one or 0) for one in place]
        raise BadQuery(said("This cursor leads nowhere: take “next” as it was answered."))
    return [0] * parts


def link(path: str, parameters: Mapping[str, Any]) -> str:
    """The address that asks with these parameters; those that are empty or None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None and value != ""}
    query = urlencode(given, quote_via=quote, safe="|:/,@")
    return f"{path}?{query}" if query else path


def next_page(path: str, sought: Sought[Any], place: tuple[int, ...]) -> str:
    """The address of the page that begins at `place`."""
    size = sought.question.size
    return link(path, {**sought.parameters, "pagesize": size, "cursor": cursors.written(sought.id, place)})
