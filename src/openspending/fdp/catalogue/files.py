"""What can be wrong with the files of a package before anything in them is looked at."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
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
    "fiscal/unreachable-url": Kind(
        "A URL cannot be fetched",
        ERROR,
        "{value} cannot be fetched: {reason}.",
        "Check the address in a browser, or download the package and publish the local copy.",
    ),
    "compression-error": Kind(
        "The compressed file cannot be opened safely",
        ERROR,
        "{file}: {detail}.",
        "Pack the file again with gzip or zip, one data file in each.",
    ),
    "encoding-error": Kind(
        "The file is not in the declared encoding",
        ERROR,
        "{file} is not {encoding}: {detail}.",
        "Set the resource's “encoding” to what the file really is, such as windows-1252, or save it as UTF-8.",
    ),
    "format-error": Kind(
        "A file format that cannot be read",
        ERROR,
        "Resource {resource} has the format “{value}”; only delimited text and inline data can be read.",
        "Save the table as CSV and correct “path” and “format”.",
    ),
    "fiscal/unusable-shapes": Kind(
        "Shapes that maps cannot use",
        WARNING,
        "{file} is kept, but maps are drawn without it: {detail}.",
        "Give areas as GeoJSON (RFC 7946) or TopoJSON, in degrees of longitude and latitude, in a file of up to 5 MB.",
    ),
    "dialect-error": Kind(
        "A dialect that cannot be read",
        ERROR,
        "The dialect of resource {resource} cannot be read: {detail}.",
        "Correct “dialect”.",
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
