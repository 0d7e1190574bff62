"""Mixtures: every spoiling at once, chosen by dice. Right or asked, whatever falls."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from tests.journeys.nasty import (
    Case,
    Grid,
    Shape,
    Style,
    Table,
    banner,
    grid,
    indented,
    notes,
    repeated_header,
    shaped,
    subtotals,
    total_row,
    truth_of,
    words,
)
from tests.journeys.nastyfiles import delimited, ods, packed, records, web_page, xlsx
from tests.journeys.nastywords import WORDS

CODE_PAGES = {
    "en": ("ascii", "cp1252"),
    "de": ("cp1252", "latin-1", "cp850", "mac_roman"),
    "fr": ("cp1252", "latin-1", "cp850", "mac_roman"),
    "es": ("cp1252", "cp850"),
    "pt": ("cp1252", "cp850"),
    "it": ("cp1252", "mac_roman"),
    "da": ("cp1252", "cp850"),
    "pl": ("cp1250", "iso-8859-2"),
    "cs": ("cp1250", "iso-8859-2"),
    "hu": ("cp1250", "iso-8859-2"),
    "ru": ("cp1251", "koi8-r", "cp866"),
    "el": ("cp1253", "iso-8859-7"),
    "tr": ("cp1254", "iso-8859-9"),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "lt": ("cp1257",),
    "ja": ("shift_jis", "euc-jp"),
    "zh": ("gb18030", "big5"),
    "ko": ("euc-kr",),
}
MARKS = (
    (".", ""),
    (",", ""),
    (",", "."),
    (".", ","),
    (",", " "),
    (",", "\u00a0"),
    (",", "\u202f"),
    (".", "'"),
    (".", " "),
)
SIGNS = (
    ("", ""),
    ("", ""),
    ("", ""),
    ("€ ", ""),
    ("", " €"),
    ("$", ""),
    ("£", ""),
    ("", " Kč"),
    ("CHF ", ""),
    ("", " kr."),
)
MINUS = ("-", "-", "-", "()", "1-", "\N{MINUS SIGN}", "–", "- ")
NOTHING = ("", "", "", "-", "n/a", "..", "...", "–", "k.A.", "nfp", "x", "*", "NULL", "0", " ", "n.d.", "#N/A")


def mixed(seed: int) -> Case:
    """One mixture; the same for the same seed."""
    dice = random.Random(seed)
    language = dice.choice(sorted(WORDS))
    style = _style(dice)
    table = _table(dice, language, style)
    cells = grid(table, style)
    factor = 1
    if dice.random() < 0.2:
        cells[0][len(table.labels)] += dice.choice((" (in 1000)", " ('000)", " in thousands", " (x 1000)"))
        factor = 1000
    cells = _spoilt(dice, language, table, style, cells)
    name, data = _written(dice, language, cells)
    true = replace(truth_of(table, factor), sums={})
    return Case(f"mixture {seed}", {name: data}, true, clear=False)


def _style(dice: random.Random) -> Style:
    decimal, group = dice.choice(MARKS)
    before, after = dice.choice(SIGNS)
    return Style(
        decimal, group, before, after, dice.choice(MINUS), dice.choice(NOTHING), dice.choice((0, 1, 2, 2, 2, 3))
    )


def _table(dice: random.Random, language: str, style: Style) -> Table:
    """Any columns in any order, few rows or many, amounts of any size."""
    said = words(language)
    rows, measures = dice.choice((3, 5, 8, 15, 40, 90)), dice.choice((1, 1, 1, 2, 3))
    wide = dice.choice((4, 6, 9))
    texts: dict[str, Callable[[int], str]] = {
        said.year: lambda n: str(2015 + n * 3 // rows),
        said.body_code: lambda n: f"{n % 4 + 1:0{2 + wide % 3}d}",
        said.body: lambda n: said.bodies[n % 4],
        said.line_code: lambda n: str(10 ** (wide // 2) + 17 * (n // 4)),
        said.line: lambda n: said.lines[n // 4 % 8] + (f" {n // 32}" if n >= 32 else ""),
        said.payee: lambda n: f"{said.lines[n % 7]} {'ABCDE'[n % 5]}",
        "ID": lambda n: str(4000 + n),
    }
    keep = [label for label in texts if dice.random() < 0.7] or [said.line]
    made = []
    for number in range(rows):
        amounts = tuple(_amount(dice, style, wide, number) for _ in range(measures))
        made.append((tuple(texts[label](number) for label in keep), amounts))
    labels = [said.amount, said.second, f"{said.amount} 2"][:measures]
    return Table(tuple(keep), tuple(labels), tuple(made))


def _amount(dice: random.Random, style: Style, wide: int, number: int) -> Decimal | None:
    if number and dice.random() < 0.1 and style.missing != "0":
        return None
    value = Decimal(dice.randrange(1, 10 ** dice.randrange(1, wide + 1))).scaleb(-dice.choice((0, style.places)))
    value = value.quantize(Decimal(1).scaleb(-style.places))
    return -value if dice.random() < 0.1 else value


def _spoilt(dice: random.Random, language: str, table: Table, style: Style, cells: Grid) -> Grid:
    said = words(language)
    at = dice.randrange(len(table.labels))
    shapes: list[tuple[float, Shape]] = [
        (0.15, subtotals(table, style, said.total, by=dice.randrange(len(table.labels)), at=at)),
        (0.25, total_row(table, style, said.total, at=at, first=dice.random() < 0.3)),
        (0.1, repeated_header(dice.choice((2, 10, 25)))),
        (0.3, notes(said.note, *([f"* {said.title}"] if dice.random() < 0.5 else []), blank=dice.choice((0, 1, 2)))),
        (0.3, banner(said.title, *(["2021"] if dice.random() < 0.5 else []), blank=dice.choice((0, 1, 2)))),
        (0.1, indented(dice.choice((0, 1, 2)), dice.choice((0, 1, 3)))),
    ]
    chosen = [shape for share, shape in shapes if dice.random() < share]
    if chosen and shapes[0][1] is chosen[0] and _grouping_changed(table):
        chosen = chosen[1:]
    return shaped(cells, *chosen)


def _grouping_changed(table: Table) -> bool:
    """Subtotals need rows in the order of their groups; here they would sum across them."""
    return len(table.rows) > 40


def _written(dice: random.Random, language: str, cells: Grid) -> tuple[str, bytes]:
    kind = dice.random()
    if kind < 0.6:
        return _delimited(dice, language, cells)
    width = max(map(len, cells))
    padded: Sequence[list[str]] = [[*row, *([""] * (width - len(row)))] for row in cells]
    if kind < 0.75:
        return "b.xlsx", xlsx({"Sheet1": padded})
    if kind < 0.85:
        return "b.ods", ods({"Sheet1": padded})
    if kind < 0.95 or len(set(cells[0])) < width:
        return "b.html", web_page([list(row) for row in padded], head=dice.choice((0, 1)))
    return "b.json", records([list(row) for row in padded])


def _delimited(dice: random.Random, language: str, cells: Grid) -> tuple[str, bytes]:
    text = "".join(one for row in cells for one in row)
    pages = [page for page in (*CODE_PAGES[language], "utf-8", "utf-8-sig", "utf-16") if _fits(text, page)]
    data = delimited(
        cells,
        delimiter=dice.choice(",;\t|"),
        encoding=dice.choice(pages),
        newline=dice.choice(("\n", "\r\n", "\r\n")),
        quote_all=dice.random() < 0.2,
        pad=dice.random() < 0.7,
    )
    return ("b.csv.gz", packed(data)) if dice.random() < 0.1 else ("b.csv", data)


def _fits(text: str, encoding: str) -> bool:
    try:
        return bool(text.encode(encoding))
    except UnicodeEncodeError:
        return False
