"""Oddities: what programs and habits leave in files, one at a time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.journeys.nasty import COMMA, ENGLISH, NBSP, PLAIN, Case, Grid, Table, budget, grid, truth_of, words
from tests.journeys.nastyfiles import delimited


def below_headers() -> Iterator[Case]:
    """A second row below the labels that is no fact: numbers of columns, units, names of fields."""
    table = budget("ru", 41, negative=False)
    cells = grid(table, NBSP)
    numbers = {
        "numbers of columns": ["1", "2", "3", "4", "5", "6"],
        "numbers in brackets": ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        "letters and numbers": ["А", "Б", "В", "1", "2", "3"],
        "units below labels": ["", "", "", "", "", "тыс. руб."],
    }
    for name, row in numbers.items():
        factor = 1000 if "units" in name else 1
        data = delimited([cells[0], row, *cells[1:]], delimiter=";")
        yield Case(name, {"b.csv": data}, truth_of(table, factor), clear=False)
    two = budget("pl", 41, measures=2, negative=False)
    rows = grid(two, NBSP)
    wide = [
        [*row, NBSP.write(sum((one or Decimal(0) for one in amounts), Decimal(0)))]
        for row, (_, amounts) in zip(rows[1:], two.rows, strict=True)
    ]
    data = delimited([[*rows[0], "Razem"], ["1", "2", "3", "4", "5", "6", "7", "8=6+7"], *wide], delimiter=";")
    yield Case("numbers and sums of columns", {"b.csv": data}, replace(truth_of(two), beside=("Razem",)), clear=False)
    broken = replace(table, labels=tuple(one.replace(" ", "\n") for one in table.labels))
    yield Case("line breaks in labels", {"b.csv": delimited(grid(broken, NBSP), delimiter=";")}, truth_of(broken))
    units = [[*cells[0][:-1], "Сумма\n(тыс. руб.)"], *cells[1:]]
    data = delimited(units, delimiter=";")
    yield Case("unit behind a line break", {"b.csv": data}, replace(truth_of(table, 1000), sums={}))


def programs() -> Iterator[Case]:
    """What programs write."""
    table = budget("en", 42)
    true, cells = truth_of(table), grid(table, PLAIN)
    r_rows = [[str(number), *row] for number, row in enumerate(cells)]
    shifted = [cells[0], *r_rows[1:]]
    yield Case("a label too few, as R writes", {"b.csv": delimited(shifted, pad=False)}, true, clear=False)
    indexed = [["", *cells[0]], *([str(number), *row] for number, row in enumerate(cells[1:]))]
    yield Case("an index without label", {"b.csv": delimited(indexed)}, true)
    semicolons = delimited([cells[0]], delimiter=";") + delimited(cells[1:], delimiter=",")
    yield Case("another delimiter in the header", {"b.csv": semicolons}, true, clear=False)
    yield Case("a zero byte", {"b.csv": delimited(cells).replace(b"Rent", b"Re\x00nt")}, None, asked=True)
    breaks = [cells[0], *([*row[:4], row[4].replace(" ", "\n"), row[5]] for row in cells[1:])]
    rows = tuple(((*texts[:4], texts[4].replace(" ", "\n")), amounts) for texts, amounts in table.rows)
    data = delimited(breaks, newline="\n")
    yield Case("line breaks in texts", {"b.csv": data}, truth_of(replace(table, rows=rows)))
    gaps: Grid = [[*row[:3], "", *row[3:5], "", row[5]] for row in cells]
    yield Case("blank columns between", {"b.csv": delimited(gaps)}, true)
    yield Case("the last line cut", {"b.csv": delimited(cells)[:-25]}, None, asked=True)


def odd_numbers() -> Iterator[Case]:
    """Numbers whose meaning hangs on a letter or two."""
    dice, said = random.Random("odd"), words("en")

    def simple(texts: list[str]) -> bytes:
        rows = [[f"{n:03d}", said.lines[n % 8] + f" {n // 8}", text] for n, text in enumerate(texts)]
        return delimited([[said.line_code, said.line, said.amount], *rows])

    def told(values: list[Decimal]) -> Table:
        rows = tuple(((f"{n:03d}", said.lines[n % 8] + f" {n // 8}"), (value,)) for n, value in enumerate(values))
        return Table((said.line_code, said.line), (said.amount,), rows)

    values = [Decimal(dice.randrange(10_000, 90_000_000)).scaleb(-2) for _ in range(24)]
    credit = [f"{ENGLISH.write(one)} {'CR' if n % 3 == 0 else 'DR'}" for n, one in enumerate(values)]
    signed = [-one if n % 3 == 0 else one for n, one in enumerate(values)]
    yield Case("credits and debits", {"b.csv": simple(credit)}, truth_of(told(signed)), clear=False)
    some = [ENGLISH.write(one) + (" CR" if n % 3 == 0 else "") for n, one in enumerate(values)]
    yield Case("credits", {"b.csv": simple(some)}, truth_of(told(signed)), clear=False)
    shares = [f"{one:.2f}%" if n % 5 == 0 else f"{one:.2f}" for n, one in enumerate(values)]
    yield Case("percents among amounts", {"b.csv": simple(shares)}, None, asked=True)
    sizes = [f"{one:.2f}m" if n % 5 == 0 else f"{one:.2f}k" for n, one in enumerate(values)]
    yield Case("k and m", {"b.csv": simple(sizes)}, None, asked=True)
    places = ["12.50", "1.250", "3.75", "99.10", "2.500", "17.25"] * 4
    yield Case("two places and three", {"b.csv": simple(places)}, None, asked=True)
    ranges = [f"{one:.0f}-{one + 500:.0f}" for one in values]
    yield Case("ranges", {"b.csv": simple(ranges)}, None, asked=True)
    about = [f"ca. {one:.2f}" if n % 6 == 0 else f"{one:.2f}" for n, one in enumerate(values)]
    yield Case("about", {"b.csv": simple(about)}, None, asked=True)
    less = [f"<{one:.2f}" if n % 6 == 0 else f"{one:.2f}" for n, one in enumerate(values)]
    yield Case("less than", {"b.csv": simple(less)}, None, asked=True)
    wide = [f"{int(one):,}".replace(",", ".") for one in (value * 1000 for value in values)]
    whole = told([Decimal(int(value * 1000)) for value in values])
    yield Case("1.234.567", {"b.csv": simple(wide)}, truth_of(whole))
    tiny = [f"0.{dice.randrange(100, 999)}" for _ in values]
    yield Case("0.123", {"b.csv": simple(tiny)}, truth_of(told([Decimal(one) for one in tiny])))
    currencies = [["EUR", "USD"][n % 2] for n in range(24)]
    cells = [[*row, "Currency" if not n else currencies[n - 1]] for n, row in enumerate(grid(told(values), PLAIN))]
    yield Case("a currency in each row", {"b.csv": delimited(cells)}, truth_of(told(values)), clear=False)
    same = [[*row, "Unit" if not n else "thousands"] for n, row in enumerate(grid(told(values), PLAIN))]
    yield Case("the same unit in each row", {"b.csv": delimited(same)}, truth_of(told(values), 1000), clear=False)


def odd_dates() -> Iterator[Case]:
    """Dates that only another column decides."""
    dice = random.Random("dates")
    rows = []
    for number in range(30):
        first, second = dt.date(2021, dice.randrange(1, 13), dice.randrange(1, 13)), dt.date(2021, 5, 1 + number % 28)
        rows.append((first, second, f"P{number:03d}", Decimal(dice.randrange(1000, 900000)).scaleb(-2)))
    head = ["Order date", "Payment date", "Project code", "Amount"]

    def case(name: str, one: str, two: str, *, clear: bool) -> Case:
        cells = [[a.strftime(one), b.strftime(two), code, str(amount)] for a, b, code, amount in rows]
        told = tuple(((a.isoformat(), b.isoformat(), code), (amount,)) for a, b, code, amount in rows)
        table = Table(tuple(head[:3]), ("Amount",), told)
        return Case(name, {"s.csv": delimited([head, *cells])}, truth_of(table), clear=clear)

    yield case("another column decides", "%d/%m/%Y", "%d/%m/%Y", clear=True)
    yield case("month and year", "%Y-%m-%d", "%d.%m.%Y", clear=True)


def indents() -> Iterator[Case]:
    """Levels told by spaces before the names, three of them; some sums are rounded."""
    for name, places, space in (
        ("indents", 2, "  "),
        ("indents by no-break spaces", 2, "\u00a0\u00a0"),
        ("rounded indents", 0, "  "),
    ):
        cells, table = _indented(places, space)
        # spaces before a name are its indent, not its text
        true = replace(truth_of(table, texts=()), labels=())
        yield Case(name, {"b.csv": delimited(cells, delimiter=";")}, true, clear=False)


def _indented(places: int, space: str) -> tuple[Grid, Table]:
    dice, said = random.Random("indents"), words("en")
    style, leaves = replace(COMMA, places=places), []
    cells: Grid = [[said.line, said.amount]]
    for chapter in range(4):
        block: Grid = []
        whole = Decimal(0)
        for section in range(3):
            lines: Grid = []
            part = Decimal(0)
            for line in range(4):
                value = Decimal(dice.randrange(10_000, 10_000_000)).scaleb(-2)
                text = f"{said.lines[line]} {chapter}{section}"
                lines.append([space * 2 + text, style.write(value)])
                leaves.append(((text,), (Decimal(f"{value:.{places}f}"),)))
                part += value
            whole += part
            block += [[f"{space}Section {chapter}{section}", style.write(part)], *lines]
        cells += [[said.bodies[chapter], style.write(whole)], *block]
    return cells, Table((said.line,), (said.amount,), tuple(leaves))


def oddities() -> Iterator[Case]:
    """All of them."""
    for group in (below_headers, programs, odd_numbers, odd_dates, indents):
        yield from group()
