"""What can be wrong with resources, their fields, and the keys between them, as the descriptor states them."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/resource-source": Kind(
        "A resource has no data, or two",
        ERROR,
        "Resource {resource} has {found} of “path” and “data”.",
        "Give exactly one of “path” and “data”.",
    ),
    "fiscal/duplicate-resource": Kind(
        "Two resources of one name",
        ERROR,
        "There is more than one resource called “{value}” (upper and lower case count as equal).",
        "Give every resource a name of its own.",
    ),
    "fiscal/unused-resource": Kind(
        "A resource is not used",
        WARNING,
        "Resource {resource} is kept, but no part of the model lies in it.",
        "Nothing has to be done, unless its rows were meant to be counted.",
    ),
    "fiscal/duplicate-field": Kind(
        "Two columns of one name",
        ERROR,
        "Resource {resource} has more than one field “{field}”, and the model uses that name.",
        "Rename the columns so that each has a name of its own.",
    ),
    "fiscal/repeated-column": Kind(
        "Unused columns share a name",
        WARNING,
        "Resource {resource} has more than one field “{field}”.",
        "Rename the columns so that each has a name of its own.",
    ),
    "fiscal/unknown-type": Kind(
        "An unknown field type",
        ERROR,
        "Field {field} of resource {resource} has the type “{value}”, which Table Schema does not have.",
        "Use one of string, number, integer, boolean, date, datetime, time, year, yearmonth, duration, any.",
    ),
    "fiscal/unknown-format": Kind(
        "A date format that cannot be read",
        ERROR,
        "The format “{value}” of column {field} is not a pattern that can be read.",
        "Use %Y, %m, %d, %b, %H, %M, %S and the like, for example %d/%m/%Y.",
    ),
    "fiscal/any-date": Kind(
        "A date column without a fixed format",
        WARNING,
        "The format of column {field} is “any”; its dates were read as year-month-day.",
        "Leave “format” out, or give the pattern, such as %d/%m/%Y.",
    ),
    "fiscal/number-mark": Kind(
        "An ambiguous mark in numbers",
        ERROR,
        "The {property} of field {field} is “{value}”, which {detail}.",
        "Write under “decimalChar” and “groupChar” two different characters, as the file has them.",
    ),
    "fiscal/constraint-unknown": Kind(
        "A constraint that does not apply",
        WARNING,
        "Field {field} of type {type} has the constraint “{value}”, which does not apply to it.",
        "Remove the constraint or correct its name; it is not checked.",
    ),
    "fiscal/constraint-invalid": Kind(
        "A constraint that cannot be tested",
        ERROR,
        "The constraint “{constraint}” of field {field} is “{value}”: {detail}.",
        "Correct the constraint or remove it.",
    ),
    "fiscal/unchecked-constraint": Kind(
        "A rule that cannot be checked",
        WARNING,
        "The rule {rule} of column {field} cannot be checked: {detail}.",
        "Write it as the Table Schema says; patterns may not look around or refer back.",
    ),
    "fiscal/key-field": Kind(
        "A key names a missing column",
        ERROR,
        "The {key} of resource {resource} names “{value}”, which {target} does not have.",
        "Name an existing field.",
    ),
    "fiscal/foreign-key-resource": Kind(
        "A foreign key points nowhere",
        ERROR,
        "A foreign key of resource {resource} points to resource “{value}”, which is not in the package.",
        "Name a resource of this package, or remove the foreign key.",
    ),
    "fiscal/foreign-key-length": Kind(
        "A foreign key with sides of different length",
        ERROR,
        "A foreign key of resource {resource} has {here} columns here and {there} there.",
        "Name as many fields in “reference” as in “fields”.",
    ),
}
