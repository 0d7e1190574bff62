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


@dataclass(frozen=True, slots=True)
class Probe:
    """An aggregate over the raw text of one column, given as SQL; it must not depend on how often a text occurs."""

    column: Column
    ask: Callable[[str], str]


def answers(connection: duckdb.DuckDBPyConnection, loaded: Loaded, probes: Sequence[Probe]) -> list[Any]:
    """The answer to each probe, in their order."""
    found: dict[int, Any] = {}
    wide = [number for number, probe in enumerate(probes) if probe.column.position not in loaded.distinct]
    if wide:
        asked = ", ".join(probes[number].ask(probes[number].column.sql) for number in wide)
        row = connection.execute(f"SELECT {asked} FROM {identifier(loaded.relation)}").fetchall()[0]
        found |= dict(zip(wide, row, strict=True))
    narrow: dict[int, list[int]] = {}
    for number, probe in enumerate(probes):
        if number not in found:
            narrow.setdefault(probe.column.position, []).append(number)
    for position, numbers in narrow.items():
        asks = [probes[number].ask("v") for number in numbers]
        found |= dict(zip(numbers, _ask_few(connection, loaded.distinct[position], asks), strict=True))
    return [found[number] for number in range(len(probes))]


def _ask_few(connection: duckdb.DuckDBPyConnection, texts: pa.Array, asks: list[str]) -> tuple[Any, ...]:
    """Aggregates over a few texts as column `v`."""
    connection.register("few_texts", pa.table([texts], names=["v"]))
    row: tuple[Any, ...] = connection.execute(f"SELECT {', '.join(asks)} FROM few_texts").fetchall()[0]
    connection.unregister("few_texts")
    return row
