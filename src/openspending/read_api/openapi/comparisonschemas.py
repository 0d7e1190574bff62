"""Comparisons as JSON Schemas."""

from __future__ import annotations

from typing import Any, Final

from openspending.read_api.openapi.resultschemas import VALUE
from openspending.read_api.openapi.shapes import Json, anything, listed, maybe, named, record, text, whole

_AMOUNT: Final[Json] = {"type": ["string", "number", "null"]}


def _amount(description: str) -> Json:
    return {**_AMOUNT, "description": description}


_BOTH: Final[Json] = {
    "left": _amount("The sum on the left; null where it has no facts."),
    "right": _amount("The sum on the right; null where it has no facts."),
    "difference": _amount("Right - left; what one side lacks is nothing."),
    "rate": _amount("Difference by the absolute value of left, rounded to 12 decimals."),
    "left_share": _amount("Left by the sum of left over all members, rounded to 12 decimals."),
    "right_share": _amount("Right by the sum of right over all members, rounded to 12 decimals."),
    "left_count": whole("Facts on the left."),
    "right_count": whole("Facts on the right."),
    "left_rows": maybe(text("Where the facts on the left are.")),
    "right_rows": maybe(text("Where the facts on the right are.")),
}
_SIDE: Final = record(
    "One side.",
    {
        "dataset": text("`owner/name`."),
        "revision": whole("The number of the revision."),
        "hash": text("The hash of the revision's manifest."),
        "measure": text("What is summed."),
        "currency": maybe(text("ISO 4217.")),
        "cut": text("Which facts."),
        "facts": record("How many facts.", {"matched": whole("Of the cuts."), "all": whole("Of the revision.")}),
        "licences": listed(named("Licence"), "Under which the data may be used."),
    },
)


def _with(further: dict[str, Any], description: str) -> Json:
    return record(description, {**_BOTH, **further})


SCHEMAS: Final[Json] = {
    "Sides": record("What each side of a comparison was computed from.", {"left": _SIDE, "right": _SIDE}),
    "Comparison": record(
        "Two sums, member by member.",
        {
            "data": listed(
                {
                    **_with(
                        {"unmatched": maybe(text("Which side alone has facts of it.", enum=["left", "right"]))},
                        "A member.",
                    ),
                    "additionalProperties": VALUE,
                },
                "The members of the page.",
            ),
            "summary": _with({"unmatched": anything("How many members one side alone has.")}, "Over all members."),
            "total": whole("How many members on all pages."),
            "returned": whole("How many on this page."),
            "next": maybe(text("Where the next page is; null on the last.")),
            "columns": listed(named("Column"), "What each column is."),
            "meta": named("Meta"),
        },
    ),
}
