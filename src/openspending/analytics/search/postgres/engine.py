"""An index in PostgreSQL: what `search.engine.Engine` can do, each answer from one moment."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Context, Decimal
from typing import Any, Final, Literal

from psycopg import Connection

from openspending.analytics.search.engine import Line, Member, Order, Tally, Writer
from openspending.analytics.search.matching import Matching, Tree
from openspending.analytics.search.postgres import asking, lexemes
from openspending.analytics.search.postgres.connections import Connections
from openspending.analytics.search.postgres.known import Known
from openspending.analytics.search.postgres.writing import writing
from openspending.analytics.search.record import Measure, Record, uid_of

_SIDES: Final = {"public": 1, "private": 2}
_EXACT: Final = Context(prec=1000)
_END: Final = "\U0010ffff"  # behind whatever begins a word
# words that were asked for as they are count twice
_SCORE: Final = "ts_rank(words, %(query)s::tsquery, 1) + ts_rank(words, %(exact)s::tsquery, 1)"
_NOTHING: Final = Known()


class PostgresEngine:
    """One side's index. Safe to share between threads."""

    def __init__(self, url: str, side: Literal["public", "private"]) -> None:
        self._name, self._number = f"search_{side}", _SIDES[side]
        self._connections = Connections(url, self._name)
        self._known = _NOTHING

    def records(self) -> Mapping[str, Record]:
        """The datasets that are in it, by `owner/name`, as of now."""
        with self._reading() as (_, known):
            return known.named

    def tallies(self, matching: Matching) -> dict[int, Tally]:
        """The matching lines of each cell that has any, by the cell's id."""
        with self._reading() as (connection, known):
            asked = asking.asked_lines(matching, known)
            if asked.nothing or not known.records:
                return {}
            if lexemes.query(matching.tree) is True and matching.amounts is None:
                query = f"SELECT cell, lines, sums FROM cells WHERE {asked.where}"
            else:
                most = max(len(record.measures) for record in known.records.values())
                sums = ", ".join(f"sum(amounts[{place}])" for place in range(1, most + 1))
                query = f"SELECT cell, count(*), ARRAY[{sums}]::numeric[] FROM lines WHERE {asked.where} GROUP BY cell"
            rows = connection.execute(query.encode(), asked.values)
            return {cell: Tally(lines, _sums(sums, known.records[uid_of(cell)].measures)) for cell, lines, sums in rows}

    def lines(self, matching: Matching, order: Order, limit: int, offset: int = 0) -> list[Line]:
        """The matching lines from the one at `offset` on, in a total order."""
        with self._reading() as (connection, known):
            asked = asking.asked_lines(matching, known)
            if asked.nothing or not known.records:
                return []
            values = {**asked.values, "limit": max(limit, 0), "offset": offset}
            score, exact = "0::real", lexemes.exactly(matching.tree)
            if order in ("relevance", "newest") and "query" in values and isinstance(exact, str):
                score, values = _SCORE, {**values, "exact": exact}
            joined = " JOIN records USING (uid)" if order == "newest" else ""
            query = (
                f"SELECT cell, fact, line, amounts, {score} AS score FROM lines{joined}"
                f" WHERE {asked.where} ORDER BY {asking.ORDERS[order]} LIMIT %(limit)s OFFSET %(offset)s"
            )
            rows = connection.execute(query.encode(), values)
            return [_line(known.records[uid_of(row[0])].measures, *row) for row in rows]

    def datasets(self, tree: Tree | None, uids: Collection[int] | None) -> list[tuple[int, float]]:
        """The datasets whose description matches, each with its score, best first."""
        with self._reading() as (connection, known):
            asked = asking.asked_tree(tree, "description", known).and_(asking.asked_uids(uids))
            if asked.nothing or not known.records:
                return []
            exact = lexemes.exactly(tree)
            score, values = "0::real", asked.values
            if "query" in values and isinstance(exact, str):
                score, values = _SCORE.replace("words", "description"), {**values, "exact": exact}
            query = f"SELECT uid, {score} AS score FROM records WHERE {asked.where} ORDER BY score DESC, uid DESC"
            return connection.execute(query.encode(), values).fetchall()

    def members(self, start: Sequence[str], uids: Collection[int] | None, limit: int) -> list[Member]:
        """Members that have the words `start`, of which the last may only begin a word; those with most lines first."""
        if not start:
            return []
        words = asking.asked_words(lexemes.phrase(start, beginning_last=True), "words")
        asked = words.and_(asking.asked_uids(uids))
        query = (
            f"SELECT uid, member, lines FROM members WHERE {asked.where}"
            ' ORDER BY lines DESC, uid, member COLLATE "C" LIMIT %(limit)s'
        )
        with self._reading() as (connection, known):
            if asked.nothing or not known.records:
                return []
            rows = connection.execute(query.encode(), {**asked.values, "limit": max(limit, 0)})
            return [Member(uid, *_member(member), lines) for uid, member, lines in rows]

    def vocabulary(self, start: str, cells: Collection[int] | None, limit: int) -> list[tuple[str, int]]:
        """Words of lines that begin with `start`, each with the number of lines that have it, the most frequent first.

        They are counted for each dataset; of a dataset of which only some cells are asked for, the lines are read."""
        with self._reading() as (connection, known):
            whole, single = (list(known.records), []) if cells is None else known.divided(frozenset(cells))
            if not whole and not single:
                return []
            start = lexemes.kept(start)
            query = "SELECT word, lines FROM vocabulary WHERE word >= %(start)s AND word < %(end)s"
            query += "" if len(whole) == len(known.records) else " AND uid = ANY(%(uids)s)"
            if single:
                query += (
                    " UNION ALL SELECT lexeme, 1 FROM lines, unnest(words) WHERE cell = ANY(%(cells)s)"
                    " AND starts_with(lexeme, %(start)s) AND NOT starts_with(lexeme, %(code)s)"
                )
            query = f"SELECT word, sum(lines)::bigint AS lines FROM ({query}) AS counted"
            query += ' GROUP BY word ORDER BY lines DESC, word COLLATE "C" LIMIT %(limit)s'
            values = {"start": start, "end": start + _END, "code": lexemes.CODE, "limit": max(limit, 0)}
            return connection.execute(query.encode(), {**values, "uids": whole, "cells": single}).fetchall()

    def writing(self) -> AbstractContextManager[Writer]:
        """Begin to change the index. What was not committed when it ends is dropped. Raises Busy."""
        return writing(self._connections, self._name, self._number)

    def close(self) -> None:
        """Let go of connections."""
        self._connections.close()

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection[Any], Known]]:
        """A connection, and the records that the index has as it sees it."""
        with self._connections.reading() as (connection, generation):
            known = self._known
            if generation is None:
                known = _NOTHING
            elif generation != known.generation:
                self._known = known = known.next(connection, generation)
            yield connection, known


def _sums(sums: Iterable[Decimal | None], measures: Sequence[Measure]) -> tuple[int, ...]:
    """The sums of measures that have any."""
    return tuple(
        _whole(total, measure.scale) if total is not None and measure.width else 0
        for total, measure in zip(sums, measures, strict=False)
    )


def _line(measures: Sequence[Measure], cell: int, fact: str, line: str, amounts: list[Any], score: float) -> Line:
    scaled = [
        None if amount is None else _whole(amount, measure.scale)
        for amount, measure in zip(amounts, measures, strict=True)
    ]
    return Line(cell, fact, tuple(json.loads(line)), tuple(scaled), score)


def _whole(amount: Decimal, scale: int) -> int:
    """The amount in units of 10^-scale."""
    return int(amount.scaleb(scale, _EXACT))


def _member(raw: str) -> tuple[str, str, str]:
    """Its ref, code and label."""
    ref, code, label = json.loads(raw)
    return ref, code, label
