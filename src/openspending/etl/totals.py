"""Rows that hold totals of the other rows: summed with them, every amount would count twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import duckdb
import pyarrow as pa

from openspending.etl.amounts import MOST_DIGITS
from openspending.etl.columns import Column
from openspending.etl.probes import Answers, Probe, ask_texts
from openspending.etl.table import Found, Table
from openspending.fdp.problems import Problem
from openspending.fdp.sqltext import literal
from openspending.fdp.values import Decimals

# Words for “total” that budgets use, as the first word of a cell.
WORDS: Final = (
    "grand total", "sub-total", "sub total", "subtotal", "subtotals", "total", "totals", "totaal", "totale",
    "totali", "totais", "totales", "totaux", "totalsumma", "totalsum", "subtotaal", "subtotale", "subtotales",
    "subtotais", "sous-total", "sous-totaux", "sous total", "total general", "total général", "total geral",
    "gran total", "sum", "sums", "suma", "sumy", "summe", "summen", "summa", "somma", "soma", "gesamt",
    "gesamtsumme", "gesamtergebnis", "insgesamt", "endsumme", "zwischensumme", "teilsumme", "zusammen",
    "eindtotaal", "razem", "łącznie", "ogółem", "celkem", "mezisoučet", "součet", "celkom", "medzisúčet",
    "spolu", "súčet", "ukupno", "sveukupno", "zbroj", "skupaj", "vmesna vsota", "összesen", "mindösszesen",
    "részösszeg", "yhteensä", "välisumma", "totalt", "delsumma", "i alt", "samtals", "kopā", "pavisam",
    "iš viso", "kokku", "vahesumma", "toplam", "genel toplam", "ara toplam", "σύνολο", "υποσύνολο",
    "γενικό σύνολο", "μερικό σύνολο", "всего", "итого", "итог", "усього", "всього", "разом", "общо", "всичко",
    "вкупно", "укупно", "свеукупно", "барлығы", "жами", "jami", "jumla", "jumlah", "tổng cộng", "tổng số",
)  # fmt: skip
WHOLE_WORDS: Final = (
    "合計", "総計", "小計", "总计", "合计", "總計", "小计", "總額", "总额", "합계", "총계", "소계", 'סה"כ',
    "סה״כ", "סך הכל", "المجموع", "الإجمالي", "المجموع الكلي", "مجموع", "إجمالي", "جمع کل", "جمع", "รวม",
    "รวมทั้งสิ้น", "कुल", "योग", "মোট",
)  # fmt: skip
_ANY: Final = "|".join(re.escape(one).replace("\\ ", r"\s+") for one in sorted((*WORDS, *WHOLE_WORDS), key=len)[::-1])
_FIRST: Final = rf"(?i)^[\s\PL]*(?:{_ANY})(?:\PL|$)"
_ALONE: Final = rf"(?i)^[\s\PL]*(?:{_ANY})[\s\PL]*$"
_NEAR: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is known of the rows whose texts match `pattern`, beside all other rows: their numbers, how many different
    texts there are, whether they alone leave some other column empty; `sums` are (totals, others) of each amount."""

    pattern: str
    totals: int
    others: int
    texts: int
    sparse: bool
    sums: Sequence[tuple[Decimal | None, Decimal | None]]

    @property
    def certain(self) -> bool:
        """Whether equal sums prove that these rows are totals. One supplier called Total may have half of all money,
        by chance or because there are only two."""
        if self.pattern == _ALONE or self.sparse:
            return self.others > self.totals
        return self.texts > 1 and self.others >= self.totals


Texts = dict[int, Probe]  # by position of a text column: the question whether it has a word for “total”


def texts_of(connection: duckdb.DuckDBPyConnection, table: Table) -> Texts:
    """The text columns in which total rows must be looked for. Columns with few texts are looked at here, together:
    mostly none has such a word."""
    distinct = table.loaded.distinct
    texts = [one for one in table.columns if one.reading.type == "string" and one.reading.declared in ("string", "any")]
    few = [distinct[one.position] for one in texts if one.position in distinct]
    if few and not ask_texts(connection, pa.concat_arrays(few), [_any_total("v")])[0]:
        texts = [one for one in texts if one.position not in distinct]
    return {one.position: Probe(one, _any_total) for one in texts}


def check_totals(
    connection: duckdb.DuckDBPyConnection, table: Table, texts: Texts, needed: dict[str, Decimals], found: Answers
) -> list[Problem]:
    """An error for each text column whose total rows sum up to the other rows (or to twice, thrice them: totals on
    several levels) in some amount; a warning where cells say just “total”, or the sums agree, and no more is known.

    `needed` are the digits that each number column needs.
    """
    amounts = [one for one in table.columns if one.amount and sum(needed.get(one.field.name, (39, 0))) <= MOST_DIGITS]
    problems = []
    for position, probe in texts.items():
        if found[probe]:
            problems += _judge(connection, table, table.columns[position], amounts, needed)
    return problems


def names_total(name: str, *, alone: bool = False) -> str:
    """SQL: does the text in column `name` begin with a word for “total”, or say nothing else (`alone`)?"""
    return f"regexp_matches({name}, {literal(_ALONE if alone else _FIRST)})"


def _any_total(name: str) -> str:
    return f"bool_or({names_total(name)})"


def _judge(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    amounts: Sequence[Column],
    needed: dict[str, Decimals],
) -> list[Problem]:
    """Compare the rows that may be totals with the others: first those whose cell says nothing else, then all."""
    doubtful: str | None = None
    for pattern in (_ALONE, _FIRST):
        rows = _rows(connection, table, column, amounts, needed, pattern)
        if pattern == _ALONE and rows.totals:
            doubtful = pattern
        for amount, (totals, others) in zip(amounts, rows.sums, strict=True):
            if not _sums_up(totals, others, rows.totals):
                continue
            if rows.certain:
                words = {"measure": amount.field.name, "totals": totals, "others": others}
                return _report(connection, table, column, "fiscal/total-rows", pattern, **words)
            doubtful = pattern
    return _report(connection, table, column, "fiscal/maybe-total-rows", doubtful) if doubtful else []


def _rows(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    amounts: Sequence[Column],
    needed: dict[str, Decimals],
    pattern: str,
) -> _Rows:
    """The rows of `table` parted by whether `column` matches `pattern`."""
    total = f"FILTER (WHERE coalesce(regexp_matches({column.sql}, {literal(pattern)}), FALSE))"
    other = f"FILTER (WHERE NOT coalesce(regexp_matches({column.sql}, {literal(pattern)}), FALSE))"
    texts = [one.reading.text(one.sql) for one in table.columns if one.used and not one.amount and one is not column]
    empty = [f"(bool_and({text} IS NULL) {total} AND bool_and({text} IS NOT NULL) {other})" for text in texts]
    values = [_value(one, needed[one.field.name]) for one in amounts]
    asked = [f"count(*) {total}", f"count(*) {other}", f"count(DISTINCT {column.sql}) {total}"]
    asked += [f"coalesce({' OR '.join(empty) or 'FALSE'}, FALSE)"]
    asked += [f"sum({value}) {part}" for value in values for part in (total, other)]
    totals, others, different, sparse, *sums = connection.execute(
        f"SELECT {', '.join(asked)} FROM {table.relation}"
    ).fetchall()[0]
    return _Rows(pattern, totals, others, different, sparse, list(zip(sums[::2], sums[1::2], strict=True)))


def _value(amount: Column, size: Decimals) -> str:
    read, name = amount.reading, amount.sql
    return f"CASE WHEN {read.valid(name)} THEN {read.value(name, size)} END"


def _sums_up(totals: Decimal | None, others: Decimal | None, rows: int) -> bool:
    """Whether the sum of `rows` total rows is the others', or a multiple of it: each level of totals has a row."""
    if not totals or not others:
        return False
    return any(abs(totals - times * others) <= _NEAR * abs(others) for times in range(1, min(rows, 3) + 1))


def _report(
    connection: duckdb.DuckDBPyConnection, table: Table, column: Column, code: str, pattern: str, **words: object
) -> list[Problem]:
    """The problem at the first such row."""
    matching = f"regexp_matches({column.sql}, {literal(pattern)})"

    def described(place: Found) -> Problem:
        return table.problem(code, place, field=column.field.name, **words)

    table.list_cells(column, matching, described)
    return [described(one) for one in table.first(connection, column, matching)]
