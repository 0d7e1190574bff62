"""Answers that come of facts, as JSON Schemas: aggregates, facts, members, receipts, SQL."""

from __future__ import annotations

from typing import Final

from openspending.read_api.openapi.shapes import Json, anything, keyed, listed, maybe, named, record, text, whole, words

VALUE: Final[Json] = {
    "type": ["string", "number", "boolean", "null"],
    "description": "Decimals are texts with all their digits (numbers with `numbers=float`), dates are ISO texts.",
}
ROWS: Final = text("Where the facts are that make this up: `…/facts` with the cuts of the query and of the cell.")
_NEXT: Final = maybe(text("Where the next page is; null on the last."))
_TOTAL: Final = whole("How many there are on all pages.")
_RETURNED: Final = whole("How many are on this page.")

_RESULT: Final[Json] = {"columns": listed(named("Column"), "What each column is."), "meta": named("Meta")}

SCHEMAS: Final[Json] = {
    "Column": record(
        "A column of the answer.",
        {"name": text("The key in each row: a ref as it was asked."), "kind": text("What its values are.")},
        {
            "title": text("Its title for people."),
            "currency": text("ISO 4217: the currency of all its amounts."),
            "unit": text("What 1 means: `1` is one of the currency."),
            "scale": whole("How many decimals it has."),
        },
    ),
    "Licence": {"type": "object", "description": "A licence as the package names it.", "additionalProperties": True},
    "Warning": record(
        "What is worth knowing about the sums.",
        {
            "code": text("Which kind of warning."),
            "message": text("In a sentence."),
            "ref": maybe(text("Of which dimension or measure.")),
            "in": text("Whether the cells are meant, or their sum alone.", enum=["cells", "summary"]),
        },
        {
            "members": listed(VALUE, "The members that are added together."),
            "side": text("Of which side of a comparison.", enum=["left", "right"]),
        },
    ),
    "Meta": record(
        "What the answer was computed from.",
        {
            "dataset": text("`owner/name`."),
            "revision": whole("The number of the revision."),
            "hash": text("The hash of the revision's manifest."),
            "created": text("When the revision was made.", format="date-time"),
            "build": text("Which rules derived the facts."),
            "facts": record(
                "How many facts.",
                {"matched": maybe(whole("Of the cuts; null when not counted.")), "all": whole("Of the revision.")},
            ),
            "licences": listed(named("Licence"), "Under which the data may be used."),
            "self": text("The canonical address of this answer, which never changes."),
        },
        {
            "coverage": {
                "type": ["string", "number", "null"],  # a number with `numbers=float`, as all decimals are then
                "description": "Which part of all facts it is about, from 0 to 1, to six decimals.",
            },
            "query": text("The id of the canonical query."),
            "warnings": listed(named("Warning"), "What is worth knowing about the sums."),
            "receipt": text("Where the receipt of this aggregate is."),
            "plan": text("What was read: `facts`, or the name of a stored aggregate."),
            "sides": named("Sides"),
        },
    ),
    "Cell": {
        **record("Members and values by ref, and where the facts are.", {"rows": ROWS}),
        "additionalProperties": VALUE,
    },
    "Aggregates": record(
        "Sums of facts.",
        {
            "data": listed(named("Cell"), "The cells of the page, members missing included."),
            "summary": named("Cell", "The same over all facts that the cuts leave."),
            "total": _TOTAL,
            "returned": _RETURNED,
            "next": _NEXT,
            **_RESULT,
        },
    ),
    "Facts": record(
        "Single facts.",
        {
            "data": listed(keyed(VALUE, "A fact: values by ref."), "The facts of the page."),
            "total": maybe(_TOTAL),
            "count": text("How `total` was found.", enum=["exact", "none"]),
            "returned": _RETURNED,
            "next": _NEXT,
            "links": keyed({"type": "string"}, "Where single facts are: `{_rid}` stands for the value in that column."),
            **_RESULT,
        },
    ),
    "Receipt": record(
        "What an aggregate states, and of which facts, in a form that anyone can check against the DataStore.",
        {
            "receipt": whole("The form of this receipt."),
            "dataset": text("`owner/name`."),
            "revision": whole("The number of the revision."),
            "hash": text("The hash of the revision's manifest."),
            "content": text("The hash of what the package says, whoever published it and when."),
            "build": text("Which rules derived the facts."),
            "facts_hash": text("The hash of all facts of the revision."),
            "query": keyed({"type": "string"}, "The canonical parameters."),
            "id": text("The id of the canonical query."),
            "facts": record(
                "The facts that the cuts leave.",
                {"n": whole("How many."), "digest": text("SHA-256 of their sorted ids, a line for each.")},
            ),
            "sums": keyed({"type": ["string", "null"]}, "The sum of each measure over these facts."),
            "summary": keyed(VALUE, "The aggregates over these facts."),
            "cells": record(
                "The cells.",
                {"n": whole("How many."), "digest": text("SHA-256 of their canonical JSON, a line for each.")},
                {"list": listed(keyed(VALUE, "A cell."), "The cells, unless they are too many.")},
            ),
            "engine": keyed({"type": "string"}, "What computed it."),
            "receipt_hash": text("SHA-256 of the canonical JSON of all else but `url`."),
            "url": text("The canonical address of this receipt."),
        },
    ),
    "SqlResult": record(
        "The rows of a SELECT.",
        {
            "data": listed({"type": "object", "additionalProperties": True}, "The rows."),
            "meta": record(
                "What they come from.",
                {
                    "query": text("The SQL."),
                    "rows": whole("How many."),
                    "columns": listed(named("SqlColumn"), "The columns."),
                    "sources": listed(
                        anything("A table, with dataset, revision, hash and licences."), "What was read."
                    ),
                    "build": text("Which rules derived the facts."),
                    "limits": keyed({"type": "integer"}, "How many rows, seconds and bytes of memory it could have."),
                    "warnings": words("Which columns are not exact."),
                },
            ),
        },
    ),
    "SqlColumn": record("A column of a table.", {"name": text("Its name."), "type": text("Its type in DuckDB.")}),
    "SqlTables": record(
        "The tables that SQL can ask.",
        {
            "data": listed(
                record(
                    "A table.",
                    {
                        "table": text("Its name in SQL."),
                        "dataset": text("`owner/name`."),
                        "columns": text("Where its columns are."),
                    },
                ),
                "One for each dataset.",
            ),
            "meta": record("About the list.", {"rows": whole("How many.")}),
        },
    ),
    "SqlTable": record(
        "The columns of a table.",
        {
            "data": listed(named("SqlColumn"), "The columns."),
            "meta": record(
                "Of which revision.",
                {
                    "table": text("Its name in SQL."),
                    "dataset": text("`owner/name`."),
                    "revision": whole("The number of the revision."),
                    "hash": text("The hash of its manifest."),
                    "facts": whole("How many facts it has."),
                },
            ),
        },
    ),
    "Usage": record(
        "How much was asked for. Nothing is known of who asked.",
        {
            "data": listed(keyed(VALUE, "A day, dataset, …, and its counts."), "The counts."),
            "meta": record(
                "What was counted.",
                {
                    "from": text("The first day.", format="date"),
                    "to": text("The last day.", format="date"),
                    "by": words("What was added up by."),
                    "dataset": maybe(text("Of which dataset alone.")),
                    "agents": maybe(words("Of which agents alone.")),
                    "returned": _RETURNED,
                    "delay": text("How far behind the counts may be."),
                    "damaged": words("Records that cannot be read, and are not counted."),
                },
            ),
        },
    ),
}
