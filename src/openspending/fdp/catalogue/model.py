"""What can be wrong with what the columns mean: the Model as a whole, its dimensions and ColumnTypes."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/no-model": Kind(
        "Nothing says what the columns mean",
        ERROR,
        "The descriptor has neither a “model” nor a “columnType” on any field: it is a plain Data Package.",
        "Say “columnType” on the fields: “value” for the amount, “date:fiscal-year” for the year, and so on.",
    ),
    "fiscal/no-measure": Kind(
        "No amount",
        ERROR,
        "No column is said to hold an amount.",
        "Give the column of the amount the columnType “value”, or name it under “model.measures”.",
    ),
    "fiscal/no-dimension": Kind(
        "Nothing to break the amount down by",
        WARNING,
        "The model has no dimension: only the total can be shown.",
        "Say what the other columns mean.",
    ),
    "fiscal/no-date": Kind(
        "No date",
        WARNING,
        "No column says which year or date an amount belongs to.",
        "Give the year the columnType “date:fiscal-year”, or add it as a constant.",
    ),
    "fiscal/unknown-source": Kind(
        "The model names a missing column",
        ERROR,
        "{thing} takes its values from “{value}”, which resource {resource} does not have.",
        "Name a field of resource {resource} as “source”.",
    ),
    "fiscal/unknown-resource": Kind(
        "The model names a missing resource",
        ERROR,
        "{thing} lies in resource “{value}”, which is not in the package.",
        "Name a resource of this package, or leave “resource” out for the first one.",
    ),
    "fiscal/unused-column": Kind(
        "Columns are not used",
        WARNING,
        "{count} columns of resource {resource} are kept but mean nothing yet: {value}.",
        "Say what they mean, if they matter.",
    ),
    "fiscal/dimension-key": Kind(
        "A dimension's key names a missing attribute",
        ERROR,
        "The primaryKey of dimension {dimension} names “{value}”, which is not one of its attributes.",
        "Name attributes of the dimension.",
    ),
    "fiscal/dimension-no-key": Kind(
        "A dimension without a key",
        WARNING,
        "Dimension {dimension} has no primaryKey; all its attributes that are not labels form the key.",
        "Add “primaryKey”.",
    ),
    "fiscal/dimension-type": Kind(
        "An unknown kind of dimension",
        WARNING,
        "“{property}” of dimension {dimension} is “{value}”, which is not one of {wanted}.",
        "Use one of those, or leave it out.",
    ),
    "fiscal/no-attribute": Kind(
        "A dimension without attributes", ERROR, "Dimension {dimension} has no attributes.", "Add some, or remove it."
    ),
    "fiscal/attribute-target": Kind(
        "An attribute points at a missing one",
        ERROR,
        "“{property}” of {thing} names “{value}”, which is not another attribute of its dimension.",
        "Name another attribute of the same dimension.",
    ),
    "fiscal/attribute-source": Kind(
        "An attribute without values",
        ERROR,
        "{thing} has neither “source” nor “constant”.",
        "Name the field that holds its values, or give the constant.",
    ),
    "fiscal/attribute-both": Kind(
        "An attribute with two sources",
        WARNING,
        "{thing} has both “source” and “constant”; the constant is ignored.",
        "Keep one of the two.",
    ),
    "fiscal/cycle": Kind(
        "A circle",
        ERROR,
        "{thing}: “{property}” goes round in a circle ({value}).",
        "Let one of them be the first, without “{property}”.",
    ),
    "fiscal/code-typed-integer": Kind(
        "A code typed as number",
        WARNING,
        "Field {field} is a code or a text in the model but has the type {type}; its text is kept as it is, "
        "leading zeros included.",
        "Set its type to “string”.",
    ),
    "fiscal/type-mismatch": Kind(
        "A field type that differs from its columnType",
        WARNING,
        "Field {field} has the type {type}; the columnType {value} wants {wanted}.",
        "Set the type to “{wanted}”, or choose another columnType.",
    ),
    "fiscal/label-without-code": Kind(
        "A label without its code",
        WARNING,
        "Field {field} labels {value}, but no column holds that code.",
        "Add the code column or say what the column means without it.",
    ),
    "fiscal/column-types": Kind(
        "A definition in columnTypes cannot be used",
        ERROR,
        "{detail}.",
        "Write the definitions out as objects with name, dataType, unique, labelOf and prior, without circles.",
    ),
    "fiscal/unknown-column-type": Kind(
        "An unknown columnType",
        WARNING,
        "The columnType “{value}” of field {field} is not defined, nor is any beginning of it.",
        "Check the spelling, or define it under “columnTypes”.",
    ),
}
