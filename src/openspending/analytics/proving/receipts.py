"""Receipts: what an aggregate answer stated, and of which facts, so that anyone can check it against the DataStore.

A receipt is a pure function of revision and query: the same question has the same receipt, on any machine. Amounts are
texts with all their digits and no closing zeros, so that a column of another width does not change them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending import __version__
from openspending.analytics import canonical
from openspending.analytics.cube import Cube, Row
from openspending.analytics.cubemodel import COUNT
from openspending.analytics.livecubes import Opened
from openspending.analytics.proving.receiptform import FORM, PARAMETERS, SEAL, canonical_json, seal
from openspending.analytics.query import AggregateQuery, Condition, Page
from openspending.analytics.source import Source
from openspending.analytics.statement import BUILD
from openspending.datastore.manifest import content_hash
from openspending.fdp.amounts import plain

LISTED: Final = 1_000  # cells that are listed in a receipt; of more it has the digest
_BATCH: Final = 100_000  # row ids at a time


def receipt(opened: Opened, query: AggregateQuery, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The receipt, JSON-able, of the aggregate `query`, whose canonical `parameters` are texts. Its page is ignored."""
    revision = opened.revision
    stated = {
        "receipt": FORM,
        "dataset": f"{revision.owner}/{revision.name}",
        "revision": revision.number,
        "hash": revision.hash,
        "content": content_hash(revision.descriptor),
        "build": BUILD,
        "facts_hash": opened.built.hash,
        "query": {name: parameters[name] for name in PARAMETERS},
        "id": canonical.query_id({"revision": revision.hash, "aggregate": dict(parameters)}),
        **_results(opened.cube, query),
        "engine": {"openspending": __version__, "duckdb": duckdb.__version__},
    }
    return stated | {SEAL: seal(stated)}


def digest(cube: Cube, cuts: tuple[Condition, ...]) -> str:
    """The SHA-256 over the sorted `_rid`s of the facts that `cuts`, which were checked, leave; each ends its line.

    The ids come in batches: memory does not grow with the facts, which the engine sorts on disk where they are many.
    """
    source = Source(cube.model, cube.tables, [])
    text = source.text(cuts)
    sql = f"SELECT f._rid || chr(10) AS line {text} ORDER BY f._rid"
    with cube.connection.cursor() as cursor:
        reader = cursor.sql(sql, params=list(source.parameters)).to_arrow_reader(_BATCH)
        found = hashlib.sha256()
        for batch in reader:
            lines = batch.column(0)
            _, offsets, data = lines.buffers()
            bounds = memoryview(offsets).cast("i")
            found.update(memoryview(data)[bounds[lines.offset] : bounds[lines.offset + len(lines)]])
    return f"sha256:{found.hexdigest()}"


def _results(cube: Cube, query: AggregateQuery) -> dict[str, Any]:
    """What the query gives: facts, sums, summary and cells."""
    sums = AggregateQuery(aggregates=(*(f"{one}.sum" for one in cube.model.measures), COUNT), cuts=query.cuts)
    whole = cube.aggregate(sums).summary
    found = cube.aggregate(replace(query, page=Page(size=LISTED)))
    cells = [_texts(one) for one in found.cells]
    return {
        "facts": {"n": whole[COUNT], "digest": digest(cube, found.cuts)},
        "sums": {one: text(whole[f"{one}.sum"]) for one in cube.model.measures},
        "summary": _texts(found.summary),
        "cells": {
            "n": found.total,
            "digest": _digest_of_cells(iter(cells) if found.total <= LISTED else map(_texts, cube.cells(query))),
            **({"list": cells} if found.total <= LISTED else {}),
        },
    }


def _digest_of_cells(cells: Iterator[Mapping[str, Any]]) -> str:
    """The SHA-256 over the canonical JSON of all cells in their order; each ends its line."""
    found = hashlib.sha256()
    for cell in cells:
        found.update(canonical_json(cell) + b"\n")
    return f"sha256:{found.hexdigest()}"


def _texts(row: Row) -> dict[str, Any]:
    return {name: text(value) for name, value in row.items()}


def text(value: Any) -> Any:
    """A value as receipts have it: numbers that may have fractions, dates and times are texts."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else value
