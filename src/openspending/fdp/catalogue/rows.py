"""What can be wrong with rows beside other rows: keys that repeat or lead nowhere, totals among what they sum up."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "primary-key": Kind(
        "Rows with the same key",
        WARNING,
        "{count} rows of {resource} repeat the key “{value}” or others; each is kept as a fact of its own.",
        "Check that no row was entered twice, or name all columns of the key.",
    ),
    "unique-error": Kind(
        "A value that should be unique repeats",
        ERROR,
        "“{value}” occurs more than once in column {field}.",
        "Correct the value, or remove the rule “unique”.",
    ),
    "foreign-key": Kind(
        "A code without an entry",
        WARNING,
        "{count} rows of {file} have codes that {reference} lacks, such as “{value}”; its columns stay empty there.",
        "Add the entry, or correct the code.",
    ),
    "fiscal/ambiguous-reference": Kind(
        "A code with several entries",
        ERROR,
        "“{value}” stands {count} times in resource {resource}, which other rows refer to; their amounts would double.",
        "Keep one entry for each code.",
    ),
    "fiscal/stacked-twice": Kind(
        "One table of amounts contains another",
        ERROR,
        "All {count} rows of resource {resource} also stand in resource {other}: stacked, their amounts would count "
        "twice.",
        "Take the columnTypes out of one of the two resources, which is then kept but not counted, or leave it out.",
    ),
    "fiscal/part-twice": Kind(
        "The same file twice in one table",
        ERROR,
        "{file} of resource {resource} is the same as {other}: its amounts would count twice.",
        "Name every part once under “path”.",
    ),
    "fiscal/total-rows": Kind(
        "Total rows count amounts twice",
        ERROR,
        "{count} rows such as row {row} have “{value}” in column {field}; their sum of {measure}, {totals}, "
        "is that of the other rows, {others}, so every amount is counted twice.",
        "Remove the rows that hold totals.",
    ),
    "fiscal/maybe-total-rows": Kind(
        "Rows that may be totals",
        WARNING,
        "{count} rows such as row {row} have “{value}” in column {field}; it is not certain that they sum up others.",
        "If they hold totals, remove them.",
    ),
}
