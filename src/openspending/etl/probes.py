"""Asking many aggregate questions about the columns of a loaded resource in as few scans as possible.

Columns with few distinct texts are asked on these alone; all others together in one scan of the relation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from openspending.etl.columns import Column
from openspending.etl.read import Loaded
from openspending.fdp.sqltext import identifier


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """An aggregate over the raw text of one column, given as SQL; it must not depend on how often a text occurs."""

    column: Column
    ask: Callable[[str], str]


Answers = dict[Probe, Any]


def answers(connection: duckdb.DuckDBPyConnection, loaded: Loaded, probes: Sequence[Probe]) -> Answers:
    """The answer to each probe."""
    found: Answers = {}
    wide = [probe for probe in probes if probe.column.position not in loaded.distinct]
    if wide:
        asked = ", ".join(probe.ask(probe.column.sql) for probe in wide)
        row = connection.execute(f"SELECT {asked} FROM {identifier(loaded.relation)}").fetchall()[0]
        found |= dict(zip(wide, row, strict=True))
    narrow: dict[int, list[Probe]] = {}
    for probe in probes:
        if probe not in found:
            narrow.setdefault(probe.column.position, []).append(probe)
    for position, some in narrow.items():
        row = ask_texts(connection, loaded.distinct[position], [probe.ask("v") for probe in some])
        found |= dict(zip(some, row, strict=True))
    return found


def ask_texts(connection: duckdb.DuckDBPyConnection, texts: pa.Array, asks: Sequence[str]) -> tuple[Any, ...]:
    """The answers to aggregates over some texts, which the questions call `v`."""
    connection.register("few_texts", pa.table([texts], names=["v"]))
    row: tuple[Any, ...] = connection.execute(f"SELECT {', '.join(asks)} FROM few_texts").fetchall()[0]
    connection.unregister("few_texts")
    return row
