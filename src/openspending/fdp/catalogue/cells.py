"""What can be wrong with the values of single cells."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "type-error": Kind(
        "A value is not of the declared type",
        ERROR,
        "“{value}” in column {field} is not {wanted}.",
        "{advice}",
    ),
    "constraint-error": Kind(
        "A value breaks a rule of its column",
        ERROR,
        "“{value}” in column {field} breaks the rule {rule}.",
        "Correct the value, or the rule under “constraints”.",
    ),
    "fiscal/unused-column-value": Kind(
        "An unused column breaks its own rules",
        WARNING,
        "“{value}” in column {field} is not {wanted}; nothing in the model needs the column.",
        "Correct the value, or the type and rules of the column.",
    ),
    "fiscal/amount-too-long": Kind(
        "An amount with too many digits",
        ERROR,
        "The amount “{value}” in column {field} needs {digits} digits; sums stay exact up to 38.",
        "Check the amount; if it is right, publish it in a larger unit with a factor.",
    ),
    "fiscal/amounts-too-long": Kind(
        "Amounts that do not fit one column",
        ERROR,
        "The amounts of {field} have up to {left} digits before the point and {right} after it; to sum them exactly "
        "{digits} digits are needed, and 38 can be had.",
        "Check the amounts; if they are right, publish them in a larger unit with a factor, or with fewer decimals.",
    ),
    "fiscal/integer-with-decimals": Kind(
        "A whole-number column has decimals",
        WARNING,
        "Column {field} is declared integer but {count} amounts have decimals, such as “{value}”; all are kept.",
        "Declare the column as number.",
    ),
    "fiscal/date-is-year": Kind(
        "A date column holds years",
        WARNING,
        "Column {field} is declared date but holds only years, such as “{value}”; they are kept as years.",
        "Declare the column as year.",
    ),
}
