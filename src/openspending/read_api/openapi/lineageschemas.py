"""A fact, and the file that it is from, as JSON Schemas."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi.resultschemas import VALUE
from openspending.read_api.openapi.shapes import Json, flag, keyed, listed, maybe, named, record, text, whole, words

_ID: Final = text("The id of the fact's content, the same in every revision that has it.")
_PLACE: Final[Json] = {
    "file": text("The stored file."),
    "url": text("Where its bytes are."),
    "hash": text("The hash of its bytes; of what is written into the descriptor, that of the revision."),
    "sheet": maybe(text("The sheet of a workbook.")),
    "row": whole("The row in the file, from 1, the header counted."),
}
_ROW: Final = record(
    "A row of the file.",
    {
        "row": whole("Its number, from 1."),
        "kind": text("What becomes of it."),
        "cells": words("Its cells, as they stand there."),
    },
    {
        "fact": flag("Whether it is the row of the fact."),
        "why": text("Why it is left out."),
        "changed": keyed({}, "By the number of the column: what is done to the cell."),
        "shortened": keyed({"type": "integer"}, "By the number of the column: how many characters a long cell has."),
    },
)

SCHEMAS: Final[Json] = {
    "Fact": record(
        "One fact.",
        {
            "id": _ID,
            "data": keyed(VALUE, "Values by ref."),
            "columns": listed(named("Column"), "What each value is."),
            "source": record("Where it is from.", _PLACE),
            "links": keyed({"type": "string"}, "Where it is, and its file, and its revisions."),
            "meta": named("Meta"),
        },
    ),
    "SourceWindow": record(
        "The publisher's own file, opened around the row of a fact.",
        {
            "id": _ID,
            "source": record(
                "Where the fact is from.",
                {**_PLACE, "encoding": maybe(text("Of its text.")), "resource": text("The resource of the package.")},
            ),
            "header": listed(_ROW, "The rows of the header."),
            "rows": listed(_ROW, "The row and those around it."),
            "columns": listed(
                record(
                    "A column of the file.",
                    {
                        "column": whole("Its number, from 1."),
                        "label": text("Its label in the file."),
                        "field": maybe(text("The field of the package that it is.")),
                        "refs": words("What of the fact came from it."),
                    },
                ),
                "The columns of the file.",
            ),
            "elsewhere": listed(
                record(
                    "What came from elsewhere.",
                    {"refs": words("What of the fact."), "from": text("`descriptor` or `code list`.")},
                    {"resource": text("The code list."), "field": text("Its field.")},
                ),
                "What of the fact came from no column of this row.",
            ),
            "facts": record(
                "The facts that were made from the row.", {"ids": words("Their ids."), "total": whole("How many.")}
            ),
            "meta": named("Meta"),
        },
    ),
    "FactRevisions": record(
        "Which revisions have a fact.",
        {
            "id": _ID,
            "revisions": listed(
                record(
                    "A revision.",
                    {
                        "revision": whole("Its number."),
                        "has": maybe(flag("Whether it has the fact; null where nobody can tell without much work.")),
                        "fact": maybe(text("Where the fact is.")),
                    },
                ),
                "The newest ten.",
            ),
            "all": whole("How many revisions there are."),
        },
    ),
}
