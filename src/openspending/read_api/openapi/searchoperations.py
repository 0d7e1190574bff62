"""The operations of search: datasets, lines, suggestions, and the feeds of the first two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openspending.analytics.search.narrowing import LEVELS
from openspending.analytics.search.suggesting import MOST
from openspending.read_api import atom, jsonfeed, searchasked
from openspending.read_api.listing import VISIBILITIES
from openspending.read_api.openapi.operations import Operation
from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, plain, refused
from openspending.read_api.openapi.shapes import Json, named

_FEEDS: Final[Mapping[str, Json]] = {
    atom.MEDIA_TYPE: {"type": "string", "description": "The newest first, as Atom."},
    jsonfeed.MEDIA_TYPE: named("JsonFeed", "The newest first, as JSON Feed."),
}
_HEADERS: Final = ("ETag", "Cache-Control", "Link", "Vary")
_STATUSES: Final = frozenset({400, 406, 503})


def _number(most: int) -> Json:
    return {"type": "integer", "minimum": 0, "maximum": most}


def _one_of(*choices: str) -> Json:
    return {"type": "string", "enum": list(choices)}


def _filter(what: str, example: str) -> Described:
    return Described(f"Only {what}; several values are joined by “|”.", example)


_TABLE: Final[Mapping[str, Described]] = {
    "q": Described(
        'What to look for: all words must be there, in any of their forms. “"…"” is a phrase, “-word” leaves out, '
        "“word*” begins so; codes are found whatever separates their parts, and by their beginnings.",
        "public health",
    ),
    "dataset": _filter("lines of these datasets, `owner/name`", "demo/ukgov-finances-cra"),
    "country": _filter("of these countries, by their codes of two letters", "GB"),
    "level": _filter(f"of these levels of government: {', '.join(LEVELS)}", "country"),
    "year": _filter("of these fiscal years", "2006"),
    "phase": _filter("of these phases: proposed, approved, adjusted, executed, or the publisher's own", "executed"),
    "direction": _filter("expenditure or revenue", "expenditure"),
    "currency": _filter("in these currencies", "GBP"),
    "classification": _filter("with these classifications, such as `functional:cofog`", "functional"),
    "owner": _filter("of these owners", "demo"),
    "licence": _filter("under these licences", "MIT"),
    "from": Described("Lines with an amount of at least this much.", "1000000"),
    "to": Described("Lines with an amount of at most this much.", "2000000.50"),
    "visibility": Described(
        "In which datasets: the `public` ones unless it is said, those `private` ones that the asker may read, or "
        "`all`.",
        "all",
        _one_of(*VISIBILITIES),
    ),
    "pagesize": Described("Hits on a page: 20 unless it is said.", "1", _number(searchasked.MOST_ROWS)),
    "cursor": Described("Where the page begins. It comes out of `next`.", "WyI5ZjQ0NGRmNmNhZDVjNDBhIl0"),
    "format": Described(
        "The format of the answer: JSON, or a feed of the newest hits as Atom or JSON Feed; the extension of the path "
        "says it too and comes first, then this, then the header Accept.",
        "json",
        _one_of(*searchasked.MEDIA_TYPES),
    ),
    "limit": Described("How many at most: 10 unless it is said.", "3", _number(MOST)),
}
_DATASETS: Final = {
    **_TABLE,
    "order": Described("What comes first.", "newest", _one_of(*searchasked.DATASET_ORDERS)),
}
_LINES: Final = {**_TABLE, "order": Described("What comes first.", "largest", _one_of(*searchasked.LINE_ORDERS))}

OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    ("get", searchasked.AT_DATASETS): Operation(
        "searchDatasets",
        "search",
        "Search datasets",
        "FoundDatasets",
        {"q": "public health", "year": "2006", "pagesize": "1"},
        searchasked.DATASETS,
        _STATUSES,
        says="Datasets whose description has the words (title, owner, columns, members), or of which lines have them; "
        "with facets that count datasets, each leaving out its own filter. Without words, all datasets.",
        headers=_HEADERS,
        others=_FEEDS,
        table=_DATASETS,
    ),
    ("get", searchasked.AT_LINES): Operation(
        "searchLines",
        "search",
        "Search lines",
        "FoundLines",
        {"q": "public health", "year": "2006", "pagesize": "1"},
        searchasked.LINES,
        _STATUSES,
        says="Lines of all datasets that have the words, with exact totals, each of one kind of money: of all that was "
        "found, of each dataset, of each value of the facets. Each line leads to its fact and to the row that it is "
        "from.",
        headers=_HEADERS,
        others=_FEEDS,
        table=_LINES,
    ),
    ("get", "/v1/suggest"): Operation(
        "suggestMembers",
        "search",
        "Suggest while one types",
        "Suggestions",
        {"q": "educ", "limit": "2"},
        searchasked.SUGGEST,
        frozenset({400, 503}),
        says="Labels of members that have a word which begins with what was typed, those with most lines first.",
        headers=("ETag", "Cache-Control"),
        table={**_TABLE, "q": Described("What was typed so far.", "educ")},
    ),
}


def _feed(path: str, suffix: str, id_: str, media_type: str) -> dict[str, Json]:
    """The feed of a search, whose parameters it has; but the newest come first."""
    known = OPERATIONS["get", path]
    queries = [one for one in known.queries if one not in {"order", "format"}]
    return {
        f"{path}.{suffix}": {
            "operationId": id_,
            "tags": ["search"],
            "summary": f"{known.summary}, as a feed",
            "description": f"What `{path}` finds, the newest first, with the same parameters.",
            "parameters": [known.table[one].documented(one, "query", known.example.get(one)) for one in queries],
            "responses": {
                "200": plain("The feed.", {media_type: _FEEDS[media_type]}, _HEADERS),
                "304": {"description": "The asker has it already.", "headers": headed(_HEADERS)},
                **dict(refused({400, 503})),
            },
        }
    }


PATHS: Final[Json] = {
    **_feed(searchasked.AT_DATASETS, "atom", "datasetsAsAtom", atom.MEDIA_TYPE),
    **_feed(searchasked.AT_DATASETS, "feed", "datasetsAsFeed", jsonfeed.MEDIA_TYPE),
    **_feed(searchasked.AT_LINES, "atom", "linesAsAtom", atom.MEDIA_TYPE),
    **_feed(searchasked.AT_LINES, "feed", "linesAsFeed", jsonfeed.MEDIA_TYPE),
}
