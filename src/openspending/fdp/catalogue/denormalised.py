"""What can keep tables from becoming one: foreign keys, extra fields, `normalize` and constants."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/no-path-to-resource": Kind(
        "A resource cannot be joined to the facts",
        ERROR,
        "Columns of resource {other} are used, but no foreign key leads to it from {resource}.",
        "Add “foreignKeys” to the schema of {resource} that point at {other}.",
    ),
    "fiscal/two-paths-to-resource": Kind(
        "A code list can be reached in two ways",
        ERROR,
        "The foreign key {field} of {resource} reaches {other}, which another foreign key reaches too: it is uncertain "
        "which of the two its columns describe.",
        "Keep one foreign key to {other}, or give the second use a resource of its own.",
    ),
    "fiscal/extra-field": Kind(
        "An extra field without values",
        ERROR,
        "The extra field {field} of resource {resource} {detail}.",
        "Give it a “constant”, or name it in every “normalize”, or make it the “normalizationTarget”.",
    ),
    "fiscal/normalize": Kind(
        "Columns cannot be turned into rows",
        ERROR,
        "Resource {resource}: {detail}.",
        "Let every measure column name the same extra fields under “normalize”, and let one extra field be the target.",
    ),
    "fiscal/normalize-alike": Kind(
        "Measure columns that stand for the same",
        WARNING,
        "The columns {columns} of resource {resource} have the same “normalize”; their amounts are added up.",
        "Correct one of them if it was copied, or tell them apart by a further extra field.",
    ),
    "fiscal/normalize-and-type": Kind(
        "A measure column with normalize and columnType",
        WARNING,
        "Field {field} has “normalize” and the columnType “{value}”; the columnType is ignored.",
        "Leave the columnType to the normalizationTarget.",
    ),
    "fiscal/target-type": Kind(
        "The normalizationTarget has no columnType",
        WARNING,
        "The extra field {field} is the normalizationTarget but has no columnType; “value” is assumed.",
        "Give it the columnType “value”.",
    ),
    "fiscal/constant": Kind(
        "A constant that does not fit its type",
        ERROR,
        "The value “{value}” for {field} cannot be read as {type}: {detail}.",
        "Write it as the field's type, format and decimalChar say.",
    ),
}
