"""What search answers, as JSON Schemas."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi.shapes import Json, keyed, listed, maybe, named, record, text, whole, words

_ADDRESS: Final = text("Where it is in the API.")
_PAGE: Final = text("Its page, for people.")
_SEARCH: Final = text("The same search for lines within it.")
_VISIBILITY: Final = text("`public` or `private`.", enum=["public", "private"])
_CODES: Final = text("As filters call it.")
_RANGES: Final = listed(
    listed({"type": "integer", "minimum": 0}, "First character, and the one after the last.", minItems=2, maxItems=2),
    "What matches, in characters from 0.",
)
_TOTALS: Final = listed(named("SearchTotal"), "Totals, each of one kind of money.")
_WHOSE: Final[Json] = {
    "dataset": text("`owner/name`."),
    "title": text("The title of the dataset."),
    "visibility": _VISIBILITY,
}
_HEADING: Final[Json] = {
    **_WHOSE,
    "revision": whole("The revision that was searched."),
    "languages": words("ISO 639-1 codes of its languages."),
}
_VALUE: Final[Json] = {"value": _CODES, "label": text("As people call it.")}
_MARKS: Final[Json] = {
    "currency": maybe(text("ISO 4217 code.")),
    "phase": maybe(text("The phase.")),
    "direction": maybe(text("`expenditure`, `revenue`, or the publisher's own word.")),
}
_PAGED: Final[Json] = {
    "total": whole("How many were found."),
    "returned": whole("How many are on this page."),
    "next": maybe(text("The address of the next page.")),
}
_SAID: Final[Json] = {
    "more": keyed(whole("How many."), "How many values were left out of long facets and lists, by their names."),
    "query": record(
        "How what was asked was understood.",
        {
            "text": maybe(text("What was asked.")),
            "words": listed(
                record(
                    "A word or phrase.",
                    {
                        "asked": text("As it was asked."),
                        "how": text(
                            "How it was read: `exact`, `inflected`, `begins`, `compound`, `typo`, `code`, `phrase`, "
                            "`excluded`; as the name or country of a `dataset`, where no line has all words; or it is "
                            "`unknown`."
                        ),
                        "forms": words("What was looked for, folded."),
                    },
                ),
                "Word by word.",
            ),
        },
    ),
    "did_you_mean": maybe(text("The question with its misspelled words put right.")),
    "meta": record(
        "About the index.", {"pending": whole("Datasets that are not in it yet, or not in their newest revision.")}
    ),
}
_DATASET: Final = record(
    "A dataset that was found.",
    {
        **_HEADING,
        "owner": text("Its owner."),
        "name": text("Its name."),
        "description": text("What it says of itself."),
        "hash": text("The hash of the revision."),
        "created": text("When the revision was made.", format="date-time"),
        "countries": words("ISO 3166-1 codes."),
        "level": maybe(text("The level of government.")),
        "years": words("Fiscal years."),
        "phases": words("Phases."),
        "directions": words("Directions."),
        "currencies": words("Currencies."),
        "classifications": words("Kinds and standards of its classifications."),
        "licence": maybe(text("Its licence.")),
        "lines": whole("How many lines it has."),
        "matching": record("Those of its lines that match.", {"lines": whole("How many they are."), "totals": _TOTALS}),
        "highlights": record("Where words were found.", {"title": _RANGES, "description": _RANGES}),
        "url": _ADDRESS,
        "page": _PAGE,
        "search": _SEARCH,
    },
)
_LINE: Final = record(
    "A line that was found.",
    {
        **_HEADING,
        "fact": text("The id of its fact."),
        "year": maybe(text("The fiscal year.")),
        **_MARKS,
        "values": listed(
            record(
                "What a column says.",
                {
                    "ref": text("Its ref."),
                    "title": text("Its title."),
                    "value": text("The label, or the code where there is no other."),
                    "code": maybe(text("The code that the label belongs to.")),
                    "highlights": _RANGES,
                    "code_highlights": _RANGES,
                },
            ),
            "What its columns say, the most telling first.",
        ),
        "amounts": listed(
            record(
                "An amount.",
                {
                    "measure": text("The ref of its measure."),
                    "title": text("The title of its measure."),
                    "amount": text("The exact amount."),
                    **_MARKS,
                },
            ),
            "Its amounts.",
        ),
        "url": text("The fact."),
        "source": text("The publisher's file around its row."),
        "page": _PAGE,
    },
)

SCHEMAS: Final[Json] = {
    "SearchTotal": record(
        "The total of one kind of money; amounts of two kinds are never added.",
        {
            **_MARKS,
            "lines": whole("Of how many lines."),
            "amount": maybe(text("The exact amount; null where it cannot be had.")),
        },
        {
            "version": text("The version, where lines say it."),
            "value-kind": text("The kind of amount, where lines say it."),
            "measure": text("The measure, where a dataset has several of one kind."),
        },
    ),
    "FoundDatasets": record(
        "Datasets that were found.",
        {
            "data": listed(_DATASET, "The page."),
            **_PAGED,
            "facets": keyed(
                listed(record("A value.", {**_VALUE, "count": whole("How many datasets have it.")}), "Its values."),
                "By facet, without its own filter.",
            ),
            **_SAID,
        },
    ),
    "FoundLines": record(
        "Lines that were found.",
        {
            "data": listed(_LINE, "The page."),
            **_PAGED,
            "totals": _TOTALS,
            "datasets": listed(
                record(
                    "A dataset.",
                    {**_WHOSE, "lines": whole("How many of its lines."), "totals": _TOTALS, "search": _SEARCH},
                ),
                "Where they are, most lines first.",
            ),
            "facets": keyed(
                listed(
                    record("A value.", {**_VALUE, "count": whole("How many lines have it."), "totals": _TOTALS}),
                    "Its values.",
                ),
                "By facet, without its own filter.",
            ),
            **_SAID,
            "warnings": listed(
                record(
                    "What to mind.",
                    {
                        "code": text("`subtotals`: some lines are sums of others."),
                        "message": text("In words."),
                        "datasets": words("Which datasets are meant."),
                    },
                ),
                "What totals may not be taken for.",
            ),
        },
    ),
    "Suggestions": record(
        "What may be meant.",
        {
            "data": listed(
                record(
                    "A label.",
                    {
                        "label": text("As people call it."),
                        "code": maybe(text("Its code, where it has one only.")),
                        "ref": maybe(text("Its ref, where it has one only.")),
                        "dimension": maybe(text("Its dimension, where it has one only.")),
                        "lines": whole("How many lines have it."),
                        "datasets": words("In which datasets, those with most lines first."),
                        "search": text("The search for its lines."),
                    },
                ),
                "Most lines first.",
            )
        },
    ),
    "JsonFeed": record(
        "A feed, as JSON Feed 1.1 has it.",
        {
            "version": text("The address of the version."),
            "title": text("What it is about."),
            "home_page_url": text("The page of the search."),
            "feed_url": text("The feed itself."),
            "items": listed({"type": "object"}, "The hits, the newest first."),
        },
        {"next_url": text("The next page.")},
    ),
}
