"""Made-up tables of which everything is known exactly, and the shapes in which ministries publish such tables.

A `Table` is the truth: texts and exact amounts. It is written into a grid of cells, the grid is disfigured, and
becomes the bytes of a file. What must come out again is counted from the table alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tests.journeys.nastywords import WORDS, Words

Fact = tuple[tuple[str, ...], Decimal]
Amounts = tuple[Decimal | None, ...]
Grid = list[list[str]]


@dataclass(frozen=True)
class Table:
    """Labels of the columns of text and of amounts, and the rows."""

    labels: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Amounts], ...]

    def sums(self) -> dict[str, Decimal]:
        """The exact sum of each column of amounts."""
        columns = range(len(self.measures))
        return {self.measures[at]: sum((row[1][at] or Decimal(0) for row in self.rows), Decimal(0)) for at in columns}

    def facts(self, factor: int = 1, texts: Sequence[int] | None = None) -> Counter[Fact]:
        """Every amount with the texts beside it (those of the columns `texts`)."""
        chosen = range(len(self.labels)) if texts is None else texts
        return Counter(
            (tuple(row[at] for at in chosen), (amount * factor).normalize())
            for row, amounts in self.rows
            for amount in amounts
            if amount is not None
        )


@dataclass(frozen=True)
class Style:
    """How numbers are written."""

    decimal: str = "."
    group: str = ""
    before: str = ""
    after: str = ""
    negative: str = "-"  # what stands before, or “()”, or “1-”
    missing: str = ""
    places: int = 2
    indian: bool = False

    def write(self, value: Decimal | None) -> str:
        """A number as text."""
        if value is None:
            return self.missing
        digits, _, rest = f"{abs(value):.{self.places}f}".partition(".")
        text = self.before + self._grouped(digits) + (self.decimal + rest if rest else "") + self.after
        if value >= 0:
            return text
        ways = {"()": f"({text})", "1-": f"{text}-"}
        return ways.get(self.negative, self.negative + text)

    def _grouped(self, digits: str) -> str:
        if not self.group:
            return digits
        head, parts, size = digits[:-3], [digits[-3:]], 2 if self.indian else 3
        while head:
            parts.insert(0, head[-size:])
            head = head[:-size]
        return self.group.join(parts)


PLAIN: Final = Style()
COMMA: Final = Style(decimal=",")
GERMAN: Final = Style(decimal=",", group=".")
FRENCH: Final = Style(decimal=",", group="\N{NARROW NO-BREAK SPACE}")
NBSP: Final = Style(decimal=",", group="\N{NO-BREAK SPACE}")
SPACED: Final = Style(decimal=",", group=" ")
SWISS: Final = Style(group="'")
ENGLISH: Final = Style(group=",")
INDIAN: Final = Style(group=",", indian=True)
ACCOUNTS: Final = Style(group=",", negative="()")


@dataclass(frozen=True)
class Truth:
    """What must be published: rows of the tables of facts, sums of columns of the files, and every fact."""

    rows: int
    sums: Mapping[str, Decimal]
    facts: Counter[Fact]
    labels: tuple[str, ...] = ()  # of the texts in the facts
    beside: tuple[str, ...] = ()  # columns that may be measures of their own beside those of the facts


@dataclass(frozen=True)
class Case:
    """Some files and what is true of them. `clear`: it must be imported without a question. `asked`: it must not."""

    name: str
    files: Mapping[str, bytes]
    truth: Truth | None
    clear: bool = True
    asked: bool = False


def truth_of(table: Table, factor: int = 1, texts: Sequence[int] | None = None) -> Truth:
    """What must come out of a table that is written as it is."""
    labels = table.labels if texts is None else tuple(table.labels[at] for at in texts)
    return Truth(len(table.rows), table.sums(), table.facts(factor, texts), labels)


def budget(
    language: str,
    seed: int = 1,
    *,
    rows: int = 24,
    years: Sequence[str] = ("2021",),
    measures: int = 1,
    gaps: bool = False,
    negative: bool = True,
    places: int = 2,
) -> Table:
    """A made-up budget: year, body with a code that starts with 0, line with a code of five digits, amounts."""
    words, dice = WORDS[language], random.Random(f"{language}{seed}")
    bodies = [(f"{number:03d}", name) for number, name in enumerate(words.bodies, 7)]
    lines = [(f"{51100 + 10 * number}", name) for number, name in enumerate(words.lines)]
    made = []
    keys = [(year, body, line) for year in years for body in bodies for line in lines]
    for year, body, line in keys[:rows] if len(years) == 1 else keys[: rows * len(years)]:
        amounts = tuple(_amount(dice, places, gaps=gaps, negative=negative) for _ in range(measures))
        made.append(((year, *body, *line), amounts))
    labels = (words.year, words.body_code, words.body, words.line_code, words.line)
    return Table(labels, (words.amount, words.second)[:measures], tuple(made))


def _amount(dice: random.Random, places: int, *, gaps: bool, negative: bool) -> Decimal | None:
    if gaps and dice.random() < 0.15:
        return None
    value = Decimal(dice.randrange(1, 10 ** dice.randrange(4, 10))).scaleb(-2)
    value = value.quantize(Decimal(1).scaleb(-places)) or Decimal(1)
    return -value if negative and dice.random() < 0.12 else value


def grid(table: Table, style: Style = PLAIN, *, measures: Sequence[str] | None = None) -> Grid:
    """A table as cells of text, its header first."""
    header = [*table.labels, *(measures or table.measures)]
    return [header, *([*texts, *map(style.write, amounts)] for texts, amounts in table.rows)]


def renamed(table: Table, *measures: str) -> Table:
    """The table with other labels over its amounts."""
    return replace(table, measures=measures)


def words(language: str) -> Words:
    """The words of a language."""
    return WORDS[language]


Shape = Callable[[Grid], Grid]


def banner(*lines: str, blank: int = 1) -> Shape:
    """Lines of text above the table."""
    return lambda cells: [*([line] for line in lines), *([""] for _ in range(blank)), *cells]


def notes(*lines: str, blank: int = 1) -> Shape:
    """Lines of text below the table."""
    return lambda cells: [*cells, *([""] for _ in range(blank)), *([line] for line in lines)]


def indented(columns: int = 1, rows: int = 2) -> Shape:
    """Blank rows and columns before the table."""
    return lambda cells: [*([""] for _ in range(rows)), *([""] * columns + row for row in cells)]


def repeated_header(every: int) -> Shape:
    """The header again after every so many rows, as on printed pages."""

    def shape(cells: Grid) -> Grid:
        found = [cells[0]]
        for number, row in enumerate(cells[1:]):
            if number and number % every == 0:
                found.append(list(cells[0]))
            found.append(row)
        return found

    return shape


def total_row(table: Table, style: Style, word: str, at: int = 0, *, first: bool = False) -> Shape:
    """A row with the sum of all rows, its word in the column `at`."""
    texts = ["" for _ in table.labels]
    texts[at] = word
    row = [*texts, *(style.write(total) for total in table.sums().values())]
    return lambda cells: [cells[0], row, *cells[1:]] if first else [*cells, row]


def subtotals(table: Table, style: Style, word: str, *, by: int = 1, at: int = 0, before: bool = False) -> Shape:
    """The sum of each group, below it or above it."""
    groups: dict[str, list[int]] = {}
    for number, (texts, _) in enumerate(table.rows):
        groups.setdefault(texts[by], []).append(number)

    def shape(cells: Grid) -> Grid:
        found = [cells[0]]
        for name, numbers in groups.items():
            texts = ["" for _ in table.labels]
            texts[at] = f"{word} {name}"
            sums = [
                sum((table.rows[number][1][column] or Decimal(0) for number in numbers), Decimal(0))
                for column in range(len(table.measures))
            ]
            row = [*texts, *map(style.write, sums)]
            rows = [cells[number + 1] for number in numbers]
            found += [row, *rows] if before else [*rows, row]
        return found

    return shape


def shaped(cells: Grid, *shapes: Shape) -> Grid:
    """The grid after all shapes, the first of them first."""
    for one in shapes:
        cells = one([list(row) for row in cells])
    return cells
