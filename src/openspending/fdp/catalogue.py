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
}
