"""What can be wrong with the descriptor as JSON, and with its properties."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
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
    "fiscal/unnamed": Kind(
        "A name is missing",
        WARNING,
        "{thing} has no name; it is called “{value}” here.",
        "Give it a “name”.",
    ),
    "fiscal/schema-reference": Kind(
        "A part of the descriptor lies elsewhere",
        ERROR,
        "“{property}” of resource {resource} points to “{value}” instead of being written out.",
        "Copy its content into datapackage.json, so that the package is complete by itself.",
    ),
    "fiscal/package-property": Kind(
        "A fiscal property that is not as expected",
        WARNING,
        "“{property}” is “{value}”; expected is {wanted}.",
        "Correct “{property}”; it is kept as given.",
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
    "fiscal/two-models": Kind(
        "Both “model” and “mapping”",
        WARNING,
        "The descriptor has “model” and its older spelling “mapping”; “mapping” is ignored.",
        "Remove “mapping”.",
    ),
}
