"""What can be wrong with what is said of amounts: their columns, currency, factor, direction and phase."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/measure-not-number": Kind(
        "An amount that is not typed as number",
        ERROR,
        "Field {field} holds an amount but has the type {type}: how its numbers are written is not declared.",
        "Set its type to “number”, with “decimalChar” and “groupChar” as the file has them.",
    ),
    "fiscal/measures-apart": Kind(
        "Amounts in several resources",
        ERROR,
        "The measures lie in the resources {value}; the rows of one cube come from one resource.",
        "Put the measures into one resource, or publish one package for each.",
    ),
    "fiscal/facts-differ": Kind(
        "Several tables of amounts that differ",
        ERROR,
        "The resources {value} hold amounts, but their typed columns are not the same.",
        "Give them the same columns and columnTypes so that they can be stacked, or publish one package for each.",
    ),
    "fiscal/amounts-differ": Kind(
        "Stacked amounts that mean different things",
        ERROR,
        "The {property} of the amounts in column {field} is another in resource {value} than in resources before it.",
        "Say the same in all resources that hold amounts, or publish one package for each.",
    ),
    "fiscal/currency-form": Kind(
        "Not a currency code",
        ERROR,
        "The currency of {thing} is “{value}”; a currency is three capital letters.",
        "Write the ISO 4217 code, such as EUR.",
    ),
    "fiscal/currency-unknown": Kind(
        "A withdrawn or unknown currency",
        WARNING,
        "The currency “{value}” of {thing} is {detail} in ISO 4217.",
        "Check the code. A withdrawn currency is right for old amounts.",
    ),
    "fiscal/no-currency": Kind(
        "No currency",
        WARNING,
        "{thing} has no currency.",
        "Add “currency” with the ISO 4217 code.",
    ),
    "fiscal/factor": Kind(
        "A factor that cannot be used",
        ERROR,
        "The factor of {thing} is “{value}”: {detail}.",
        "Write the number that the amounts have to be multiplied by, or leave “factor” out for 1.",
    ),
    "fiscal/direction": Kind(
        "An unknown direction",
        ERROR,
        "The direction of {thing} is “{value}”.",
        "Write “expenditure” or “revenue”.",
    ),
    "fiscal/phase": Kind(
        "An unknown phase",
        WARNING,
        "The phase of {thing} is “{value}”.",
        "Write “proposed”, “approved”, “adjusted” or “executed”, if one of them fits.",
    ),
}
