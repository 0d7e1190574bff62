"""Wide tables by dice: years, phases, quarters or months in columns, with what stands beside them."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import Any

from tests.journeys.nasty import (
    ENGLISH,
    GERMAN,
    NBSP,
    PLAIN,
    Case,
    Fact,
    Grid,
    Style,
    Truth,
    banner,
    notes,
    shaped,
    words,
)
from tests.journeys.nastyfiles import delimited, ods, web_page, xlsx
from tests.journeys.nastywords import WORDS, Words

PHASES = {
    "en": ("Budget", "Actual"),
    "de": ("Soll", "Ist"),
    "fr": ("Budget voté", "Réalisé"),
    "es": ("Presupuestado", "Ejecutado"),
    "pt": ("Orçado", "Executado"),
    "it": ("Previsione", "Pagato"),
    "pl": ("Plan", "Wykonanie"),
    "cs": ("Rozpočet", "Skutečnost"),
    "hu": ("Előirányzat", "Teljesítés"),
    "ru": ("План", "Исполнено"),
    "el": ("Προϋπολογισμός", "Πληρωμές"),
    "tr": ("Bütçe", "Harcama"),
    "he": ("תקציב", "ביצוע"),
    "ar": ("الموازنة", "المصروف الفعلي"),
    "lt": ("Planas", "Įvykdyta"),
    "da": ("Budget", "Regnskab"),
    "ja": ("予算額", "決算額"),
    "zh": ("预算数", "决算数"),
    "ko": ("예산액", "지출액"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Labels = list[tuple[str, str, str]]  # label above, label, year that must be told (or nothing)


def wide(seed: int) -> Case:
    """One wide table; the same for the same seed."""
    dice = random.Random(f"wide{seed}")
    language = dice.choice(sorted(WORDS))
    said = words(language)
    style = dice.choice((ENGLISH, GERMAN, NBSP, PLAIN))
    labels = _labels(dice, said, PHASES[language])
    rows = _rows(dice, said, len(labels))
    facts: Counter[Fact] = Counter(
        ((*texts, year) if year else texts, amount.normalize())
        for texts, amounts in rows
        for (_, _, year), amount in zip(labels, amounts, strict=True)
        if amount is not None
    )
    cells = _cells(dice, said, style, labels, rows)
    above = any(one for one, _, _ in labels)
    if dice.random() < 0.3:
        cells = shaped(cells, banner(said.title))
    if dice.random() < 0.3:
        cells = shaped(cells, notes(said.note))
    name, data = _written(dice, cells, above=above)
    told = (said.body_code, said.body, said.line_code, said.line)
    true = Truth(len(rows), {}, facts, told, beside=(said.total,))
    return Case(f"wide {seed}", {name: data}, true, clear=False)


def _labels(dice: random.Random, said: Words, phases: tuple[str, str]) -> Labels:
    first, many = dice.choice((1999, 2015, 2021)), dice.randrange(2, 6)
    years = [str(first + number) for number in range(many)]
    ways: list[Labels] = [
        [("", year, year) for year in years],
        [("", year, year) for year in years[::-1]],
        [("", f"{said.amount} {year}", year) for year in years],
        [("", f"{year} {phase}", year) for year in years for phase in phases],
        [("", f"{phase} {year}", year) for phase in phases for year in years],
        [(year, phase, year) for year in years for phase in phases],
        [(phase, year, year) for phase in phases for year in years],
        [("", f"{year}/{(int(year) + 1) % 100:02d}", "") for year in years],
        [("", f"FY{year[2:]}", "") for year in years],
        [("", f"Q{number}", "") for number in range(1, 5)],
        [("", f"{year} Q{number}", year) for year in years[:2] for number in range(1, 5)],
        [("", month, "") for month in MONTHS],
        [("", f"{month} {years[0]}", years[0]) for month in MONTHS[:6]],
        [("", phase, "") for phase in phases],
    ]
    return dice.choice(ways)


def _rows(dice: random.Random, said: Words, width: int) -> list[tuple[tuple[str, ...], list[Decimal | None]]]:
    rows: list[tuple[tuple[str, ...], list[Decimal | None]]] = []
    for number in range(dice.choice((4, 8, 20, 32))):
        line = number % 8
        texts = (f"{number // 8 + 1:02d}", said.bodies[number // 8], str(51100 + 10 * line), said.lines[line])
        amounts = [
            None if dice.random() < 0.08 else Decimal(dice.randrange(-900, 10 ** dice.randrange(4, 9))).scaleb(-2)
            for _ in range(width)
        ]
        rows.append((texts, amounts))
    return rows


def _cells(
    dice: random.Random,
    said: Words,
    style: Style,
    labels: Labels,
    rows: list[tuple[tuple[str, ...], list[Decimal | None]]],
) -> Grid:
    body = [[*texts, *map(style.write, amounts)] for texts, amounts in rows]
    upper = ["", "", "", "", *(above for above, _, _ in labels)]
    lower = [said.body_code, said.body, said.line_code, said.line, *(label for _, label, _ in labels)]
    if dice.random() < 0.3:
        lower.append(said.total)
        upper.append("")
        for row, (_, amounts) in zip(body, rows, strict=True):
            row.append(style.write(sum((one or Decimal(0) for one in amounts), Decimal(0))))
    if dice.random() < 0.2:
        lower.append("%")
        upper.append("")
        for row in body:
            row.append(f"{dice.randrange(-50, 150)}.{dice.randrange(0, 10)}%")
    if dice.random() < 0.3:
        sums = [sum((one[1][at] or Decimal(0) for one in rows), Decimal(0)) for at in range(len(labels))]
        body.append([said.total, "", "", "", *map(style.write, sums), *([""] * (len(lower) - 4 - len(labels)))])
    if not any(upper):
        return [lower, *body]
    if dice.random() < 0.5:  # the label above stands over the first of its columns only
        upper = [one if one != upper[at - 1] else "" for at, one in enumerate(upper)]
    return [upper, lower, *body]


def _written(dice: random.Random, cells: Grid, *, above: bool) -> tuple[str, bytes]:
    width = max(map(len, cells))
    padded: list[list[Any]] = [[*row, *([""] * (width - len(row)))] for row in cells]
    kind = dice.random()
    if kind < 0.6:
        return "w.csv", delimited(cells, delimiter=dice.choice(";\t,"))
    if kind < 0.8:
        return "w.xlsx", xlsx({"Sheet1": padded})
    if kind < 0.9:
        return "w.ods", ods({"Sheet1": padded})
    return "w.html", web_page(padded, head=2 if above else 1)
