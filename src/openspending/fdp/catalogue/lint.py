"""What looks wrong in data that can be read: warnings about the meaning of rows, beside other rows."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/mixed-currencies": Kind(
        "Amounts in several currencies",
        WARNING,
        "Column {field} has {count} currencies ({value}): a sum over rows of different ones is no amount of money.",
        "Ask for one currency at a time, or publish one dataset for each.",
    ),
    "fiscal/subtotal-rows": Kind(
        "Rows that sum up other rows",
        WARNING,
        "{count} rows such as row {row} look like subtotals: {because}. Summed with the others, amounts count twice.",
        "If they are subtotals, remove them, or leave them out by a rule.",
    ),
    "fiscal/mixed-levels": Kind(
        "Codes of several levels in one column",
        WARNING,
        "{count} rows such as row {row} have a code like “{value}” in column {field}, which has codes below it, such "
        "as “{below}”; amounts stand at both levels.",
        "Check that the higher codes are not the sums of the lower ones.",
    ),
    "fiscal/code-without-parent": Kind(
        "A code whose higher code is missing",
        WARNING,
        "“{value}” in column {field} lies below no other code, though {share} % of the codes there do ({count} rows).",
        "Correct the code, or add the one above it.",
    ),
    "fiscal/code-without-label": Kind(
        "A code without the label that others have",
        WARNING,
        "{count} rows such as row {row} have the code “{value}” in column {field} and nothing in {label}.",
        "Fill in the label.",
    ),
    "fiscal/code-with-two-labels": Kind(
        "One code with two labels",
        WARNING,
        "Code “{value}” in column {field} is called “{one}” and “{two}”; {codes} codes have more than one label.",
        "Use one label for each code; if the codes mean different things, make them different.",
    ),
    "fiscal/label-with-two-codes": Kind(
        "One label with two codes",
        WARNING,
        "“{value}” in column {field} has the codes “{one}” and “{two}”; {labels} labels have more than one code.",
        "Check that no code is mistyped.",
    ),
    "fiscal/twin-members": Kind(
        "Names that differ only in spaces, case or accents",
        WARNING,
        "“{value}” and “{other}” in column {field} count as two different things ({pairs} such pairs, {count} rows).",
        "Write the same name in the same way, or declare “trim” if only spaces differ.",
    ),
    "fiscal/damaged-codes": Kind(
        "Codes that a spreadsheet has changed",
        WARNING,
        "“{value}” in column {field}, row {row}, looks like a code that a spreadsheet took for a date or a number "
        "({count} rows).",
        "Restore the code in the source, in a column formatted as text.",
    ),
    "fiscal/odd-year": Kind(
        "A year far from all others",
        WARNING,
        "“{value}” in column {field}, row {row}, is {years} years away from the nearest other year ({count} rows).",
        "Correct the date, or leave it blank if it only stands for “unknown” or “never”.",
    ),
    "fiscal/missing-years": Kind(
        "Years are missing in between",
        WARNING,
        "Column {field} has {first} to {last}, but not {missing}.",
        "Add the missing years, or say in the description why there are none.",
    ),
    "fiscal/repeated-block": Kind(
        "The same rows stand there twice",
        WARNING,
        "{size} rows beginning with row {row} are the same as those beginning with row {first}; {count} rows stand in "
        "such blocks.",
        "Remove the copy, if it is one.",
    ),
    "fiscal/amount-jump": Kind(
        "An amount in another unit than those beside it",
        WARNING,
        "{value} in column {field}, row {row}, is about {times} times, or a {times}th of, the other amounts of the "
        "same line ({count} such amounts).",
        "Check the unit of this amount.",
    ),
    "fiscal/unit-jump": Kind(
        "All amounts of one period in another unit",
        WARNING,
        "The amounts of {period} are about {times} times, or a {times}th of, those of {before} in the same lines, such "
        "as row {row}.",
        "Bring all periods to the same unit, or declare the factor of each.",
    ),
    "fiscal/unit-block": Kind(
        "Rows in another unit than all others",
        WARNING,
        "The {count} amounts in column {field}, rows {row} to {last}, such as {value}, are far above all others; "
        "divided by {times} they are among them.",
        "Check the unit of these rows.",
    ),
    "fiscal/sign-flip": Kind(
        "An amount with the opposite sign",
        WARNING,
        "{value} in column {field}, row {row}, has another sign than all other amounts of the same line ({count} such "
        "amounts).",
        "Check the sign.",
    ),
    "fiscal/signs-differ": Kind(
        "All amounts of one period with the opposite sign",
        WARNING,
        "Nearly all amounts of {period} have another sign than those of the other periods, such as {value} in row "
        "{row}.",
        "Use the same sign for the same kind of money in all periods.",
    ),
    "fiscal/only-zeros": Kind(
        "A column of amounts with nothing but zeros",
        WARNING,
        "All amounts in column {field} are zero or missing.",
        "Check that the column was exported with its values.",
    ),
    "fiscal/same-amount": Kind(
        "The same amount in every row",
        WARNING,
        "All {count} amounts in column {field} are {value}.",
        "Check that the column was exported with its values.",
    ),
    "fiscal/overspent": Kind(
        "Far more spent than approved",
        WARNING,
        "{value} in column {field}, row {row}, is more than twice what column {approved} has there ({count} rows).",
        "Check both amounts and their units.",
    ),
}
