"""Files whose amounts are counted twice, lost or damaged by whoever reads them without care."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.journeys.nasty import (
    COMMA,
    ENGLISH,
    GERMAN,
    NBSP,
    PLAIN,
    Case,
    Grid,
    Table,
    budget,
    grid,
    truth_of,
    words,
)
from tests.journeys.nastyfiles import delimited, packed, typed, xlsx

Rows = list[tuple[tuple[str, ...], tuple[Decimal | None, ...]]]


def _money(dice: random.Random, digits: int = 8) -> Decimal:
    return Decimal(dice.randrange(10_000, 10**digits)).scaleb(-2)


def _sum(rows: Rows, at: int = 0) -> Decimal:
    return sum((amounts[at] or Decimal(0) for _, amounts in rows), Decimal(0))


def trees() -> Iterator[Case]:
    """Rows above others that hold their sum, told by codes only, by words only, or by nothing."""
    for language, separator in (("en", "."), ("cs", ""), ("es", "-")):
        dice, said = random.Random(f"tree{language}"), words(language)
        leaves: Rows = []
        cells: Grid = [[said.line_code, said.line, said.amount]]
        for chapter in range(1, 6):
            below: Rows = []
            for item in range(1, 5):
                text = (f"{chapter}{separator}{item}", f"{said.lines[item]} {'ABCDE'[chapter - 1]}")
                below.append((text, (_money(dice),)))
            cells.append([str(chapter), said.bodies[chapter % 4] + f" {chapter}", COMMA.write(_sum(below))])
            cells += [[*texts, COMMA.write(amounts[0])] for texts, amounts in below]
            leaves += below
        table = Table((said.line_code, said.line), (said.amount,), tuple(leaves))
        yield Case(f"codes above codes, {language}", {"b.csv": delimited(cells, delimiter=";")}, truth_of(table))
        grand = [*cells, ["", said.total, COMMA.write(_sum(leaves))]]
        data = delimited(grand, delimiter=";")
        yield Case(f"codes above codes and total, {language}", {"b.csv": data}, truth_of(table))
        bare = [[row[1], row[2]] for row in grand]
        data = delimited(bare, delimiter=";")
        yield Case(f"sums told by nothing, {language}", {"b.csv": data}, truth_of(table, texts=(1,)), clear=False)


def sums() -> Iterator[Case]:
    """Sums in rows with other words, no word, rounded, or carried from page to page."""
    table, said = budget("de", 31, rows=32, negative=False), words("de")
    true, cells = truth_of(table), grid(table, GERMAN)
    whole = table.sums()[said.amount]

    def last(text: str, value: Decimal, at: int = 2) -> bytes:
        row = ["", "", "", "", "", GERMAN.write(value)]
        row[at] = text
        return delimited([*cells, row], delimiter=";")

    yield Case("total without a word", {"b.csv": last("", whole)}, true, clear=False)
    yield Case("total called by a country", {"b.csv": last("Republik Österreich", whole)}, true, clear=False)
    yield Case("total that is rounded", {"b.csv": last("Gesamtsumme", whole.quantize(Decimal(1)))}, true, clear=False)
    yield Case("Insgesamt", {"b.csv": last("Ausgaben insgesamt", whole)}, true)
    yield Case("average", {"b.csv": last("Durchschnitt", (whole / 32).quantize(Decimal("0.01")))}, true, clear=False)
    paged, running = [cells[0]], Decimal(0)
    for number, (row, (_, amounts)) in enumerate(zip(cells[1:], table.rows, strict=True), 1):
        paged.append(row)
        running += amounts[0] or 0
        if number % 10 == 0:
            paged.append(["", "", "Übertrag", "", "", GERMAN.write(running)])
    yield Case("carried forward", {"b.csv": delimited(paged, delimiter=";")}, true, clear=False)
    part = [cells[0]]
    for number, (row, (_, amounts)) in enumerate(zip(cells[1:], table.rows, strict=True)):
        part.append(row)
        if number % 5 == 0 and amounts[0]:
            share = (amounts[0] / 3).quantize(Decimal("0.01"))
            part.append(["", "", "davon Personal", "", "", GERMAN.write(share)])
    yield Case("of which", {"b.csv": delimited(part, delimiter=";")}, true, clear=False)
    nested = [cells[0]]
    for start in range(0, 32, 8):
        rows = list(table.rows[start : start + 8])
        nested += cells[start + 1 : start + 9]
        nested.append(["", "", f"Zwischensumme {rows[0][0][2]}", "", "", GERMAN.write(_sum(rows))])
    nested.append(["", "", "Gesamtsumme", "", "", GERMAN.write(whole)])
    yield Case("sums and their sum", {"b.csv": delimited(nested, delimiter=";")}, true)


def beside() -> Iterator[Case]:
    """Columns beside the amounts that are numbers, but no amounts to be added."""
    table, dice = budget("en", 32, measures=2, negative=False, rows=32), random.Random("beside")
    cells = grid(table, ENGLISH)
    compared: dict[str, Callable[[Decimal, Decimal], str]] = {
        "%": lambda one, two: f"{(100 * two / one):.1f}%",
        "Execution rate": lambda one, two: f"{(two / one):.4f}",
        "Change": lambda one, two: ENGLISH.write(two - one),
        "Variance": lambda one, two: ENGLISH.write(one - two),
        "Total": lambda one, two: ENGLISH.write(one + two),
    }
    made: dict[str, Callable[[], str]] = {
        "Staff": lambda: str(dice.randrange(1, 400)),
        "Quantity": lambda: str(dice.randrange(1, 40000)),
        "Population": lambda: str(dice.randrange(1000, 4000000)),
        "Rank": lambda: str(dice.randrange(1, 33)),
        "Exchange rate": lambda: f"{dice.randrange(90, 140)}.{dice.randrange(1000, 9999)}",
        "Phone": lambda: f"{dice.randrange(2000000, 9999999)}",
        "ZIP": lambda: f"{dice.randrange(10000, 99999)}",
        "Latitude": lambda: f"{dice.randrange(40, 60)}.{dice.randrange(100000, 999999)}",
    }
    clear = {"%", "Rank", "Staff", "Population", "Phone", "ZIP", "Latitude", "Exchange rate"}
    for label in (*compared, *made):
        rows = [[*cells[0], label]]
        for row, (_, amounts) in zip(cells[1:], table.rows, strict=True):
            one, two = (amount or Decimal(1) for amount in amounts)
            rows.append([*row, made[label]() if label in made else compared[label](one, two)])
        true = replace(truth_of(table), beside=(label,))
        yield Case(f"beside: {label}", {"b.csv": delimited(rows)}, true, clear=label in clear)


def crossed() -> Iterator[Case]:
    """Lines of the budget as columns, with their total."""
    dice, said = random.Random("crossed"), words("en")
    lines = said.lines[:4]
    rows: Rows = [((f"{n:02d}", f"{said.bodies[n % 4]} {n}"), tuple(_money(dice) for _ in lines)) for n in range(1, 13)]
    table = Table((said.body_code, said.body), lines, tuple(rows))
    cells = grid(table, ENGLISH)
    yield Case("lines as columns", {"b.csv": delimited(cells)}, truth_of(table), clear=False)
    for label, first in (("Total", False), ("All spending", False), ("Total", True)):
        wide = []
        for number, row in enumerate(cells):
            amounts = rows[number - 1][1] if number else ()
            text = ENGLISH.write(sum((one or Decimal(0) for one in amounts), Decimal(0))) if number else label
            wide.append([*row[:2], text, *row[2:]] if first else [*row, text])
        name = f"lines as columns and {label}{' first' if first else ''}"
        yield Case(name, {"b.csv": delimited(wide)}, replace(truth_of(table), beside=(label,)), clear=False)


def damaged() -> Iterator[Case]:
    """Files that somebody wrote without knowing their format."""
    table = budget("en", 33)
    true, cells = truth_of(table), grid(table, PLAIN)
    naive = "\n".join(",".join(row) for row in cells).encode()
    yield Case("commas in texts without quotes", {"b.csv": naive}, true, clear=False)
    naive = "\n".join(",".join(row) for row in grid(table, COMMA)).encode()
    yield Case("decimal commas without quotes", {"b.csv": naive}, true, clear=False)
    yield Case("closing delimiters", {"b.csv": delimited([[*row, ""] for row in cells])}, true)
    data = b"sep=;\r\n" + delimited(cells, delimiter=";")
    yield Case("sep=", {"b.csv": data}, true)
    yield Case("comments", {"b.csv": b"# exported\n# by a program\n" + delimited(cells, newline="\n")}, true)
    gaps: Grid = [row for pair in zip(cells, [[""]] * len(cells), strict=True) for row in pair]
    yield Case("blank lines between", {"b.csv": delimited(gaps, pad=False, newline="\n")}, true)
    twice = replace(true, beside=("Amount (2)",))
    yield Case("two equal labels", {"b.csv": delimited([[*row, row[-1]] for row in cells])}, twice, clear=False)
    yield Case("cut gz", {"b.csv.gz": packed(delimited(cells))[:-40]}, None, asked=True)
    mixed = delimited(grid(budget("de", 33), GERMAN), delimiter=";")
    mixed += "2021;007;Büro;51190;Öl;1,00\r\n".encode("cp1252")
    yield Case("two encodings", {"b.csv": mixed}, None, asked=True)
    yield from _digits("ar", "٠١٢٣٤٥٦٧٨٩٫٬-", "Arabic digits")
    yield from _digits("ja", "０１２３４５６７８９．，－", "full-width digits")
    per_row = [[*row, "Unit" if not n else ("thousands" if n % 2 else "millions")] for n, row in enumerate(cells)]
    yield Case("a unit in each row", {"b.csv": delimited(per_row)}, None, asked=True)
    marks = [
        [*row[:-1], row[-1] + (" (a)" if n % 7 == 3 else "*" if n % 7 == 5 else "")] for n, row in enumerate(cells)
    ]
    yield Case("marks of notes", {"b.csv": delimited(marks)}, true, clear=False)
    digit = [[*row[:-1], row[-1] + (" 1)" if n % 7 == 3 else "")] for n, row in enumerate(cells)]
    yield Case("numbered notes", {"b.csv": delimited(digit)}, true, clear=False)
    escaped = "\n".join(",".join(f'"{one}"' for one in row) for row in cells).replace("Grants", 'Grants \\"new\\"')
    rows = tuple((tuple(one.replace("Grants", 'Grants "new"') for one in texts), sums) for texts, sums in table.rows)
    changed = replace(table, rows=rows)
    yield Case("quotes behind backslashes", {"b.csv": escaped.encode()}, truth_of(changed), clear=False)


def _digits(language: str, marks: str, name: str) -> Iterator[Case]:
    table, other = budget(language, 33), str.maketrans("0123456789.,-", marks)
    header, *rows = grid(table, ENGLISH)
    cells = [header, *([*row[:-1], row[-1].translate(other)] for row in rows)]
    yield Case(name, {"b.csv": delimited(cells)}, truth_of(table), clear=False)


def stacked() -> Iterator[Case]:
    """Sheets and files that hold the same rows again, or belong together."""
    table = budget("en", 34, rows=32)
    true, cells = truth_of(table), typed(table)
    yield Case("a sheet twice", {"b.xlsx": xlsx({"Data": cells, "Data (2)": cells})}, true, clear=False)
    bodies: dict[str, Decimal] = {}
    for texts, amounts in table.rows:
        bodies[texts[2]] = bodies.get(texts[2], Decimal(0)) + (amounts[0] or 0)
    summary: list[list[Any]] = [["Department", "Amount"], *map(list, bodies.items())]
    yield Case("summary and details", {"b.xlsx": xlsx({"Summary": summary, "Details": cells})}, true, clear=False)
    years = {year: budget("en", int(year), rows=16) for year in ("2019", "2020")}
    bare = {year: [row[1:] for row in typed(one)] for year, one in years.items()}
    rows = [(texts[1:], amounts) for one in years.values() for texts, amounts in one.rows]
    both = Table(table.labels[1:], table.measures, tuple(rows))
    yield Case("a sheet for each year", {"b.xlsx": xlsx(bare)}, truth_of(both), clear=False)
    files = {"a.csv": delimited(grid(table, PLAIN)), "copy.csv": delimited(grid(table, PLAIN))}
    yield Case("a file twice", files, true, clear=False)
    more = replace(table, rows=table.rows[:20])
    files = {"to-june.csv": delimited(grid(more, PLAIN)), "to-december.csv": delimited(grid(table, PLAIN))}
    yield Case("a file that holds the other", files, true, clear=False)
    side = [[*row, None, *other] for row, other in zip(cells, typed(budget("en", 35, rows=32)), strict=True)]
    yield Case("two tables side by side", {"b.xlsx": xlsx({"Data": side})}, None, asked=True)
    digits = "1234567890123456.78"
    many = tuple((texts, (Decimal(f"{n}{digits}"),)) for n, (texts, _) in enumerate(table.rows, 1))
    long = replace(table, rows=many)
    yield Case("very long numbers", {"b.csv": delimited(grid(long, NBSP), delimiter=";")}, truth_of(long))
    below = [*cells, [], [], ["Revenue by source"], ["Source", "Amount"], ["Taxes", 5000], ["Fees", 700], ["Loans", 90]]
    yield Case("another table below", {"b.xlsx": xlsx({"Data": below})}, true, clear=False)


def risks() -> Iterator[Case]:
    """All of them."""
    for group in (trees, sums, beside, crossed, damaged, stacked):
        yield from group()
