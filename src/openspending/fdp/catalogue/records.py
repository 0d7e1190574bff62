"""What can be wrong with headers and rows, before any cell is read."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/broken-quoting": Kind(
        "A quoted cell does not end where it should",
        ERROR,
        "{file}, row {row}: {detail}. Rows after it may be hidden inside one cell.",
        "Close the quotation, and double quotation marks inside quoted cells.",
    ),
    "fiscal/parts-differ": Kind(
        "A part of a resource is another table",
        ERROR,
        "{file} has none of the columns of the resource, whose first part is {first}.",
        "Make it a resource of its own, or give the fields “aliases”: what their columns are called in it.",
    ),
    "missing-label": Kind(
        "A column is missing",
        ERROR,
        "{file} has no column called “{field}”.",
        "Correct the header or the field's name; letters, spaces and accents count.",
    ),
    "fiscal/missing-unused-column": Kind(
        "An unused column is missing",
        WARNING,
        "{file} has no column called “{field}”; nothing in the model needs it.",
        "Remove the field from the schema, or correct the header.",
    ),
    "extra-label": Kind(
        "A column that the schema does not have",
        WARNING,
        "Column “{value}” of {file} is not in the schema and is not used.",
        "Add it to the schema if it means something.",
    ),
    "blank-label": Kind(
        "A column without a name",
        WARNING,
        "Column {number} of {file} has no name and is not used.",
        "Name it in the header and the schema, or remove it.",
    ),
    "duplicate-label": Kind(
        "Two columns have the same name",
        ERROR,
        "{file} has more than one column called “{value}”.",
        "Give every column a name of its own.",
    ),
    "incorrect-label": Kind(
        "A column name differs slightly",
        WARNING,
        "Column “{value}” of {file} was taken for the field {field}.",
        "Write the name in the header exactly as in the schema.",
    ),
    "fiscal/column-order": Kind(
        "Columns are in another order",
        WARNING,
        "The columns of {file} are not in the order of the schema; they were matched by name.",
        "Order the fields as the columns are, or set “fieldsMatch” to “equal”.",
    ),
    "blank-row": Kind(
        "Empty rows",
        WARNING,
        "{file} has {count} empty rows, such as {rows}; they were left out.",
        "Remove them.",
    ),
    "extra-cell": Kind(
        "A row has too many cells",
        ERROR,
        "Row {row} of {file} has {found} cells where the header has {wanted}, so amounts may be in the wrong column.",
        "Quote cells that contain the delimiter.",
    ),
    "missing-cell": Kind(
        "A row has too few cells",
        ERROR,
        "Row {row} of {file} has {found} cells where the header has {wanted}, so amounts may be in the wrong column.",
        "Write a delimiter for every cell, also for empty ones.",
    ),
    "fiscal/extra-empty-cell": Kind(
        "Rows end in superfluous delimiters",
        WARNING,
        "{count} rows of {file} have empty cells after the last column, the first in row {row}.",
        "Remove the delimiters at their ends.",
    ),
}
