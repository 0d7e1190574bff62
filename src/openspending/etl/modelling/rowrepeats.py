"""Rows that say that they repeat other rows or only tell something about them: sums carried to the next page, “of
which”, averages. Words are no proof, so they are asked about; a sum of all rows so far is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.addingup import agreement
from openspending.etl.modelling.rowrules import asked_only, empty, exact, proposal, texts_of, where
from openspending.etl.modelling.rowtable import RowTable, Rule
from openspending.etl.totals import names_total
from openspending.fdp.sqltext import literal
from openspending.speaking.said import said

_CARRIED: Final = (
    "carried forward", "brought forward", "carried over", "carry forward", "c/f", "b/f", "übertrag", "uebertrag",
    "à reporter", "suma y sigue", "suma anterior", "a transportar", "a riportare", "riporto", "over te brengen",
    "do przeniesienia", "z przeniesienia", "átvitel", "к переносу", "次頁へ", "前頁より", "过次页", "承前页",
)  # fmt: skip
_PART: Final = (
    "of which", "out of which", "thereof", "davon", "darunter", "hiervon", "nachrichtlich", "dont", "pour mémoire",
    "de los cuales", "de las cuales", "de lo cual", "del cual", "de la cual", "dos quais", "das quais", "do qual",
    "da qual", "di cui", "waarvan", "varav", "heraf", "herav", "hvorav", "hvoraf", "josta", "joista", "w tym",
    "z tego", "z toho", "z čoho", "z čehož", "v tom", "ebből", "melyből", "amelyből", "din care", "od toga", "od čega",
    "u tome", "od tega", "од тога", "од чега", "од кои", "в това число", "от които", "от тях", "в том числе", "в т.ч.",
    "в т. ч.", "из них", "у тому числі", "в тому числі", "з них", "iš jų", "iš to skaičiaus", "tai skaitā", "no tiem",
    "no tā", "sellest", "millest", "εκ των οποίων", "εκ του οποίου", "από τα οποία", "bunun", "מזה", "מתוכם", "منها",
    "di antaranya", "trong đó", "memo item", "memo items", "memorandum items",
)  # fmt: skip
_PART_GLUED: Final = ("其中", "うち", "그중", "이 중")  # no space stands behind them
_FIGURE: Final = (
    "average", "mean", "median", "percentage", "percent", "per capita", "durchschnitt", "mittelwert", "prozent",
    "pro kopf", "je einwohner", "moyenne", "médiane", "pourcentage", "par habitant", "promedio", "mediana",
    "porcentaje", "per cápita", "média", "percentual", "porcentagem", "percentuale", "pro capite", "gemiddelde",
    "genomsnitt", "medelvärde", "gennemsnit", "gjennomsnitt", "keskiarvo", "średnia", "procent", "průměr", "procento",
    "priemer", "átlag", "százalék", "prosjek", "просек", "среднее", "процент", "середнє", "ortalama", "yüzde",
    "μέσος όρος", "ποσοστό", "ממוצע", "אחוז", "المتوسط", "النسبة", "平均", "割合", "構成比", "占比", "比重", "평균",
    "비중", "비율",
)  # fmt: skip
_BALANCE: Final = (
    "surplus", "deficit", "balance", "net balance", "difference", "saldo", "überschuss", "fehlbetrag",
    "finanzierungssaldo", "differenz", "solde", "excédent", "déficit", "superávit", "superavit", "déficit", "avanzo",
    "disavanzo", "saldo końcowe", "różnica", "schodek", "přebytek", "rozdíl", "egyenleg", "többlet", "hiány",
    "сальдо", "дефицит", "профицит", "bütçe dengesi", "açık", "fark", "πλεόνασμα", "έλλειμμα", "υπόλοιπο", "差引",
    "收支差额", "수지차",
)  # fmt: skip
_ASKED: Final = 70


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of such rows: SQL patterns (in a cell that says more, and in one that says nothing else)."""

    name: str
    kind: str  # of a rule
    pattern: str
    what: str


def _pattern(words: Sequence[str], glued: Sequence[str] = (), *, alone: bool = False) -> str:
    longest = sorted(words, key=len)[::-1]
    found = "|".join(re.escape(one).replace("\\ ", r"\s+") for one in longest)
    end = r"[\s\PL]*$" if alone else r"(?:\PL|$)"
    more = "".join(f"|{one}" for one in glued)
    return rf"(?i)^[\s\PL]*(?:(?:{found}){end}{more})"


_KINDS: Final = (
    _Kind("carried", "subtotal", _pattern(_CARRIED), said("that carry a sum to another page")),
    _Kind("part", "other", _pattern(_PART, _PART_GLUED), said("that tell a part of another row")),
    _Kind("figure", "other", _pattern(_FIGURE), said("that tell a figure of other rows")),
    _Kind("balance", "other", _pattern(_BALANCE, alone=True), said("that hold a difference")),
)


def propose_repeats(table: RowTable, usual: Sequence[int]) -> list[Proposal]:
    """What to leave out of rows with an amount whose words say that other rows have it already, or that it is none.

    `usual` are the columns that are filled in nearly all rows with amounts: where a row fills them too, it is a fact
    whose name begins with such a word."""
    found: list[Proposal] = []
    for column in table.texts:
        asked = ", ".join(f"bool_or({_says(kind, 'v')})" for kind in _KINDS)
        stated = table.one(f"SELECT {asked} FROM (SELECT DISTINCT f{column} AS v FROM {table.raw})")
        for kind, somewhere in zip(_KINDS, stated, strict=True):
            found += _of_column(table, column, kind, usual) if somewhere else []
    return found


def _says(kind: _Kind, name: str) -> str:
    return f"regexp_matches({name}, {literal(kind.pattern)})"


def _of_column(table: RowTable, column: int, kind: _Kind, usual: Sequence[int]) -> Iterator[Proposal]:
    cell, others = f"c{column}", [one for one in usual if one != column]
    blanks = " + ".join(f"(b{one})::INT" for one in others)
    sparse = f"({blanks}) * 2 > {len(others)}" if others else "TRUE"
    meant = f"(has_amount AND coalesce({_says(kind, cell)} AND NOT {names_total(cell)}, FALSE) AND {sparse})"
    if not table.count(meant) or not table.count(f"has_amount AND NOT {meant}"):
        return
    proven = kind.name == "carried" and _all_so_far(table, meant)
    confidence = 95 if proven else asked_only(_ASKED)
    because = said("each is the sum of all rows so far") if proven else said("their words say so")
    rules = exact(table, meant, _rules(table, column, others, meant))
    for number, rule in enumerate(rules):
        short = f"{table.labels[column]}-{kind.name}" + (f"-{number + 1}" if len(rules) > 1 else "")
        yield proposal(table, kind.kind, short, rule, confidence, kind.what, because)


def _rules(table: RowTable, column: int, others: Sequence[int], meant: str) -> Iterator[Rule]:
    """By their texts, and by what they leave blank where a fact has such a text too."""
    rule = where(table, {column: texts_of(table, column, meant)})
    if rule is None:
        return
    yield rule
    blank = [one for one in others if not table.count(f"{meant} AND NOT b{one}")]
    if blank:
        yield {**empty(table, blank), **rule}


def _all_so_far(table: RowTable, meant: str) -> bool:
    """Whether each of the rows is the sum of all other rows before it in its file."""
    if not table.summed:
        return False
    over = "OVER (PARTITION BY _file ORDER BY _row)"
    values = ", ".join(f"v{one}" for one in table.summed)
    sums = ", ".join(f"sum(CASE WHEN NOT m THEN v{one} END) {over}" for one in table.summed)
    width = len(table.summed)
    found = table.rows(
        f"SELECT count(*) FILTER (WHERE NOT m) {over}, {values}, {sums}"
        f" FROM (SELECT *, {meant} AS m FROM {{t}}) QUALIFY m"
    )
    return all(agreement(tuple(row[:width]), tuple(row[width:]), before) >= 88 and before > 1 for before, *row in found)
