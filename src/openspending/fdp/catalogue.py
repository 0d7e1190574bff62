"""The one catalogue of problems: code → title, severity, plain words, how to fix.

Codes without a prefix are frictionless's (publishers know them); `fiscal/…` are ours. Rule for the severity: what
would change, lose or double an amount, or leave the meaning of a column uncertain, is an error; everything else is a
warning. Templates are filled by `problems.problem`; the words in braces are its arguments.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A kind of problem."""

    title: str
    severity: str
    message: str
    fix: str


ERROR: Final = "error"
WARNING: Final = "warning"

CATALOGUE: Final[dict[str, Kind]] = {
    # the package as files
    "package-error": Kind(
        "The package cannot be read", ERROR, "{detail}", "Give a datapackage.json, its folder, a zip of it, or its URL."
    ),
    "scheme-error": Kind(
        "Unsafe or unreadable path",
        ERROR,
        "The path “{value}” of resource {resource} {detail}.",
        "Use a path relative to datapackage.json, without “..”, hidden parts, drive letters or other schemes.",
    ),
    "source-error": Kind(
        "A data file is missing or empty",
        ERROR,
        "{detail}",
        "Put the file where the descriptor says, with a header and at least one row.",
    ),
    "encoding-error": Kind(
        "The file is not in the declared encoding",
        ERROR,
        "{file} is not {encoding}: {detail}.",
        "Set the resource's “encoding” to what the file really is, such as windows-1252, or save it as UTF-8.",
    ),
    "compression-error": Kind(
        "The compressed file cannot be opened safely",
        ERROR,
        "{file}: {detail}.",
        "Pack the file again with gzip or zip, one data file in each.",
    ),
    "byte-count": Kind(
        "File size differs from the descriptor",
        WARNING,
        "{file} has {actual} bytes; the descriptor says {declared}.",
        "Correct “bytes” in the descriptor, or check that the file is complete. The stored revision has the true size.",
    ),
    "hash-count": Kind(
        "File hash differs from the descriptor",
        WARNING,
        "{file} has the hash {actual}; the descriptor says {declared}.",
        "Correct “hash” in the descriptor, or check that it is the right file. The stored revision has the true hash.",
    ),
    # the denormalised form
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
    # the descriptor as JSON
    "fiscal/json-error": Kind(
        "The descriptor is not valid JSON", ERROR, "{detail}.", "Correct datapackage.json: it has to be JSON in UTF-8."
    ),
    "fiscal/duplicate-key": Kind(
        "A key occurs twice",
        ERROR,
        "The key “{value}” occurs more than once in one object of the descriptor; readers keep different ones.",
        "Keep one of them.",
    ),
    "fiscal/repeated-key": Kind(
        "A key is repeated",
        WARNING,
        "The key “{value}” occurs more than once in one object of the descriptor, with equal values.",
        "Keep one of them.",
    ),
    "fiscal/wrong-type": Kind(
        "A property has the wrong type",
        ERROR,
        "“{property}” is {found}; it has to be {wanted}.",
        "Write {wanted} there, or leave “{property}” out if it may be absent.",
    ),
    "fiscal/ignored-property": Kind(
        "A property is ignored",
        WARNING,
        "“{property}” is {found} instead of {wanted} and is ignored.",
        "Write {wanted} there, or leave “{property}” out.",
    ),
    "fiscal/older-dialect": Kind(
        "An older dialect of the Fiscal Data Package",
        WARNING,
        "The descriptor is written as {dialect}; it is read, and kept as it is.",
        "Nothing has to be done. New packages say “columnType” on each field, as FDP 1.0 does.",
    ),
    "fiscal/dialect-0.2": Kind(
        "A dialect that is too old",
        ERROR,
        "The descriptor has {value} as FDP 0.2 and the first drafts of 0.3 had it; that form is not read.",
        "Describe the columns with a “model” (FDP 0.3) or with “columnType” on the fields (FDP 1.0).",
    ),
    # resources, schemas and fields
    "fiscal/resource-source": Kind(
        "A resource has no data, or two",
        ERROR,
        "Resource {resource} has {found} of “path” and “data”.",
        "Give exactly one of “path” and “data”.",
    ),
    "fiscal/unnamed": Kind(
        "A name is missing",
        WARNING,
        "{thing} has no name; it is called “{value}” here.",
        "Give it a “name”.",
    ),
    "fiscal/duplicate-resource": Kind(
        "Two resources of one name",
        ERROR,
        "There is more than one resource called “{value}” (upper and lower case count as equal).",
        "Give every resource a name of its own.",
    ),
    "fiscal/schema-reference": Kind(
        "A part of the descriptor lies elsewhere",
        ERROR,
        "“{property}” of resource {resource} points to “{value}” instead of being written out.",
        "Copy its content into datapackage.json, so that the package is complete by itself.",
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
    # what the columns mean
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
    "fiscal/two-models": Kind(
        "Both “model” and “mapping”",
        WARNING,
        "The descriptor has “model” and its older spelling “mapping”; “mapping” is ignored.",
        "Remove “mapping”.",
    ),
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
    "fiscal/unused-resource": Kind(
        "A resource is not used",
        WARNING,
        "Resource {resource} is kept, but no part of the model lies in it.",
        "Nothing has to be done, unless its rows were meant to be counted.",
    ),
    "fiscal/unused-column": Kind(
        "Columns are not used",
        WARNING,
        "{count} columns of resource {resource} are kept but mean nothing yet: {value}.",
        "Say what they mean, if they matter.",
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
        "Keep one of them.",
    ),
    "fiscal/cycle": Kind(
        "A circle",
        ERROR,
        "{thing}: “{property}” goes round in a circle ({value}).",
        "Let one of them be the first, without “{property}”.",
    ),
    "fiscal/dimension-type": Kind(
        "An unknown kind of dimension",
        WARNING,
        "“{property}” of dimension {dimension} is “{value}”, which is not one of {wanted}.",
        "Use one of those, or leave it out.",
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
    "fiscal/package-property": Kind(
        "A fiscal property that is not as expected",
        WARNING,
        "“{property}” is “{value}”; expected is {wanted}.",
        "Correct “{property}”; it is kept as given.",
    ),
    # fetching by URL
    "fiscal/unreachable-url": Kind(
        "A URL cannot be fetched",
        ERROR,
        "{value} cannot be fetched: {reason}.",
        "Check the address in a browser, or download the package and publish the local copy.",
    ),
    # data files and their cells (etl)
    "dialect-error": Kind(
        "A dialect that cannot be read",
        ERROR,
        "The dialect of resource {resource} cannot be read: {detail}.",
        "Correct “dialect”.",
    ),
    "format-error": Kind(
        "A file format that cannot be read",
        ERROR,
        "Resource {resource} has the format “{value}”; only delimited text and inline data can be read.",
        "Save the table as CSV and correct “path” and “format”.",
    ),
    "fiscal/broken-quoting": Kind(
        "A quoted cell does not end where it should",
        ERROR,
        "{file}, row {row}: {detail}. Rows after it may be hidden inside one cell.",
        "Close the quotation, and double quotation marks inside quoted cells.",
    ),
    "fiscal/parts-differ": Kind(
        "The parts of a resource have different headers",
        ERROR,
        "The header of {file} is not that of {first}.",
        "Give all parts of the resource the same columns in the same order, or make them resources of their own.",
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
    "fiscal/unchecked-constraint": Kind(
        "A rule that cannot be checked",
        WARNING,
        "The rule {rule} of column {field} cannot be checked: {detail}.",
        "Write it as the Table Schema says; patterns may not look around or refer back.",
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
    "fiscal/any-date": Kind(
        "A date column without a fixed format",
        WARNING,
        "The format of column {field} is “any”; its dates were read as year-month-day.",
        "Leave “format” out, or give the pattern, such as %d/%m/%Y.",
    ),
    "fiscal/unknown-format": Kind(
        "A date format that cannot be read",
        ERROR,
        "The format “{value}” of column {field} is not a pattern that can be read.",
        "Use %Y, %m, %d, %b, %H, %M, %S and the like, for example %d/%m/%Y.",
    ),
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
        "{count} rows such as row {row} have “{value}” in column {field}, but their sums are not the others'.",
        "If they hold totals, remove them.",
    ),
    # (end of data files and their cells)
}
