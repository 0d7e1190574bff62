"""Pairing the facts of two tables: which old fact became which new one, and which have no counterpart.

Facts of equal content are set aside first, each with one of the other table, so the rest is small as a rule. What is
left is paired by key, repeats of a key in the order of their rows.
"""

from __future__ import annotations

from typing import Final

import duckdb

from openspending.analytics.differences.comparable import VIEWS, Comparable, digest
from openspending.fdp.sqltext import identifier

RESTS: Final = ("old_rest", "new_rest")
_CONTENTS: Final = ("old_content", "new_content")
# How facts are paired where keys repeat: all attributes are equal; key and amounts are; the key is.
_STAGES: Final = ("k, l", "k, m", "k")


def pair_facts(connection: duckdb.DuckDBPyConnection, shared: Comparable) -> None:
    """Make three tables in `connection`, whose views are those of `comparable`.

    `old_rest`, `new_rest`: the facts without one of equal content, by content id `rid`, with amounts m0, m1, …
    `change`: `kind` (added, removed, changed: another amount; renamed: the same amounts), the ids `old` and `new`
    (NULL: there is none), and whether its `labels` differ.
    """
    for side in (0, 1):
        _make_contents(connection, shared, side)
    for side in (0, 1):
        _make_rest(connection, shared, side)
    for content in _CONTENTS:
        connection.execute(f"DROP {'VIEW' if shared.same_form else 'TABLE'} {content}")
    connection.execute("CREATE OR REPLACE TEMP TABLE pair (old VARCHAR, new VARCHAR, same BOOLEAN, labels BOOLEAN)")
    for stage in ("k",) if shared.unique else _STAGES:
        connection.execute(
            f"INSERT INTO pair SELECT o.rid, n.rid, o.m = n.m, o.l <> n.l"
            f" FROM ({_unpaired(0, stage)}) AS o JOIN ({_unpaired(1, stage)}) AS n USING ({stage}, turn)"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE change AS"
        " SELECT CASE WHEN same THEN 'renamed' ELSE 'changed' END AS kind, old, new, labels FROM pair"
        " UNION ALL SELECT 'removed', rid, NULL, FALSE FROM old_rest ANTI JOIN pair ON pair.old = old_rest.rid"
        " UNION ALL SELECT 'added', NULL, rid, FALSE FROM new_rest ANTI JOIN pair ON pair.new = new_rest.rid"
    )
    connection.execute("DROP TABLE pair")


def _make_contents(connection: duckdb.DuckDBPyConnection, shared: Comparable, side: int) -> None:
    """Each fact's content, repeats counted. Content ids say it already where both tables have the same form."""
    if shared.same_form:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {_CONTENTS[side]} AS"
            f" SELECT _rid, _rid AS content, 1 AS turn FROM {VIEWS[side]}"
        )
        return
    content = digest(one.texts[side] for one in (*shared.attributes, *shared.measures))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_CONTENTS[side]} AS SELECT _rid, content,"
        f" row_number() OVER (PARTITION BY content ORDER BY _row, _rid) AS turn"
        f" FROM (SELECT _rid, _row, {content} AS content FROM {VIEWS[side]})"
    )


def _make_rest(connection: duckdb.DuckDBPyConnection, shared: Comparable, side: int) -> None:
    """The facts without one of equal content on the other side, with hashes of key, labels and amounts."""
    amounts = [f"{identifier(one.columns[side])} AS m{at}" for at, one in enumerate(shared.measures)]
    hashes = [
        f"{digest(one.texts[side] for one in columns)} AS {name}"
        for name, columns in (("k", shared.key), ("l", shared.labels), ("m", shared.measures))
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {RESTS[side]} AS"
        f" SELECT _rid AS rid, _row AS row, {', '.join([*hashes, *amounts])} FROM {VIEWS[side]}"
        f" WHERE _rid IN (SELECT _rid FROM {_CONTENTS[side]} ANTI JOIN {_CONTENTS[1 - side]} USING (content, turn))"
    )


def _unpaired(side: int, stage: str) -> str:
    rest, column = RESTS[side], ("old", "new")[side]
    return (
        f"SELECT rid, k, l, m, row_number() OVER (PARTITION BY {stage} ORDER BY row, rid) AS turn"
        f" FROM {rest} ANTI JOIN pair ON pair.{column} = {rest}.rid"
    )
