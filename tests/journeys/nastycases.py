"""The cases: each is one table as a ministry might publish it, spoilt in one way or in several."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.journeys.nasty import (
    ACCOUNTS,
    COMMA,
    ENGLISH,
    FRENCH,
    GERMAN,
    INDIAN,
    NBSP,
    PLAIN,
    SPACED,
    SWISS,
    Case,
    Table,
    Truth,
    banner,
    budget,
    grid,
    indented,
    notes,
    renamed,
    repeated_header,
    shaped,
    subtotals,
    total_row,
    truth_of,
    words,
)
from tests.journeys.nastyfiles import archive, delimited, ods, packed, records, typed, web_page, xlsx

ENCODED = (
    ("fr", "utf-16", "\t", FRENCH),
    ("pl", "cp1250", ";", SPACED),
    ("cs", "cp1250", ";", NBSP),
    ("hu", "iso-8859-2", ";", NBSP),
    ("ru", "cp1251", ";", NBSP),
    ("ru", "koi8-r", ";", COMMA),
    ("pt", "latin-1", ";", GERMAN),
    ("es", "cp1252", "\t", GERMAN),
    ("el", "cp1253", ";", GERMAN),
    ("tr", "cp1254", ";", GERMAN),
    ("he", "cp1255", ",", ENGLISH),
    ("ar", "cp1256", ",", ENGLISH),
    ("lt", "cp1257", ";", SPACED),
    ("fr", "cp850", ";", COMMA),
    ("it", "mac_roman", ";", GERMAN),
    ("ja", "shift_jis", ",", ENGLISH),
    ("zh", "gb18030", ",", PLAIN),
    ("ko", "euc-kr", ",", ENGLISH),
    ("da", "latin-1", "|", GERMAN),
)


def encoded() -> Iterator[Case]:
    """Texts in the encodings of their countries."""
    for language, encoding, delimiter, style in ENCODED:
        written = replace(style, places=0) if language in {"ja", "ko"} else style
        table = budget(language, places=written.places)
        data = delimited(grid(table, written), delimiter=delimiter, encoding=encoding)
        yield Case(f"{language} in {encoding}", {"budget.csv": data}, truth_of(table))
    table = budget("de")
    yield Case("bom", {"b.csv": delimited(grid(table, GERMAN), delimiter=";", bom=True)}, truth_of(table))
    data = delimited(grid(table, GERMAN), delimiter=";", bom=True, encoding="utf-16-be")
    yield Case("utf-16-be", {"b.txt": data}, truth_of(table))
    data = delimited(grid(table, GERMAN), delimiter=";", encoding="utf-16-le")
    yield Case("utf-16-le without a mark", {"b.txt": data}, truth_of(table), clear=False)
    table = budget("cs")
    yield Case("line ends of old Macs", {"b.csv": delimited(grid(table, COMMA), newline="\r")}, truth_of(table))
    table = budget("en")
    yield Case("all quoted", {"b.csv": delimited(grid(table, ENGLISH), quote_all=True)}, truth_of(table))
    yield Case("tabs", {"b.tsv": delimited(grid(table, ENGLISH), delimiter="\t", newline="\n")}, truth_of(table))


NUMBERS = {
    "swiss": ("de", SWISS),
    "typographic apostrophe": ("de", replace(SWISS, group="’")),
    "indian": ("en", INDIAN),
    "brackets": ("en", ACCOUNTS),
    "closing minus": ("de", replace(GERMAN, negative="1-")),
    "minus sign": ("en", replace(ENGLISH, negative="\N{MINUS SIGN}")),
    "en dash": ("pl", replace(NBSP, negative="–")),
    "pounds": ("en", replace(ENGLISH, before="£")),
    "euros behind": ("de", replace(GERMAN, after=" €")),
    "złoty": ("pl", replace(NBSP, after=" zł")),
    "francs before": ("de", replace(SWISS, before="CHF ")),
    "crowns": ("da", replace(GERMAN, after=" kr")),
    "dollars in brackets": ("en", replace(ACCOUNTS, before="$")),
    "reais": ("pt", replace(GERMAN, before="R$ ")),
    "roubles": ("ru", replace(NBSP, after=" руб.")),
    "yen": ("ja", replace(ENGLISH, before="¥", places=0)),
    "accounting padding": ("en", replace(ENGLISH, before=" ", after=" ", negative="-")),
    "three places": ("ar", replace(ENGLISH, places=3)),
}
MISSING = {
    "-": "de",
    "n/a": "en",
    "..": "fr",
    "nfp": "en",
    "k.A.": "de",
    "–": "cs",
    "x": "pl",
    "NULL": "es",
    "-   ": "en",
}


def numbers() -> Iterator[Case]:
    """Amounts as they are written somewhere."""
    for name, (language, style) in NUMBERS.items():
        table = budget(language, places=style.places)
        delimiter = ";" if style.decimal == "," else ","
        yield Case(name, {"b.csv": delimited(grid(table, style), delimiter=delimiter)}, truth_of(table))
    for token, language in MISSING.items():
        style = replace(ENGLISH if language == "en" else GERMAN, missing=token)
        table = budget(language, gaps=True)
        clear = token != "x"
        data = delimited(grid(table, style), delimiter=";")
        yield Case(f"missing as {token}", {"b.csv": data}, truth_of(table), clear=clear)


DATES = {
    "dd.mm.yyyy": ("de", "%d.%m.%Y"),
    "dd/mm/yyyy": ("en", "%d/%m/%Y"),
    "mm/dd/yyyy": ("en", "%m/%d/%Y"),
    "dd-Mon-yyyy": ("en", "%d-%b-%Y"),
    "dd/mm/yy": ("fr", "%d/%m/%y"),
    "yyyymmdd": ("es", "%Y%m%d"),
    "yyyy-mm-dd hh:mm:ss": ("pl", "%Y-%m-%d 00:00:00"),
    "yyyy. mm. dd.": ("hu", "%Y. %m. %d."),
    "yyyy年m月d日": ("ja", "%Y年%m月%d日"),
    "yyyy/mm/dd": ("zh", "%Y/%m/%d"),
}


def spending(language: str, pattern: str, seed: int = 1, rows: int = 40, days: tuple[int, int] = (1, 28)) -> Table:
    """Invoices: date, payee, number with leading zeros, account, amount. The truth has dates as they stand."""
    said, dice = words(language), random.Random(f"{language}{seed}")
    made = []
    for number in range(rows):
        day = dt.date(2021, dice.randrange(1, 13), dice.randrange(*days))
        payee = f"{dice.choice(said.lines)} {dice.choice('ABCDE')}{dice.randrange(10, 99)}"
        value = Decimal(dice.randrange(100, 10 ** dice.randrange(4, 9))).scaleb(-2)
        made.append(((day.strftime(pattern), payee, f"00{4711 + 3 * number}", dice.choice(said.bodies)), (value,)))
    return Table((said.date, said.payee, "Nr.", said.body), (said.amount,), tuple(made))


def dates() -> Iterator[Case]:
    """Spending with dates as people write them; the truth has them as ISO dates."""
    for name, (language, pattern) in DATES.items():
        shown, true = spending(language, pattern), spending(language, "%Y-%m-%d")
        style = COMMA if language in {"de", "fr", "pl", "hu", "es"} else PLAIN
        data = delimited(grid(shown, style), delimiter=";" if style is COMMA else ",")
        yield Case(f"dates as {name}", {"s.csv": data}, truth_of(true))


YEARS = {
    "2015/16": ("2015/16", "2016/17", "2017/18"),
    "FY16-17": ("FY16-17", "FY17-18", "FY18-19"),
    "2015-2016": ("2015-2016", "2016-2017", "2017-2018"),
    "1402 of another calendar": ("2020", "2021", "2022"),
}


def years() -> Iterator[Case]:
    """Years of account; the truth leaves the year itself to the reader."""
    for name, texts in YEARS.items():
        table = budget("en", years=texts, rows=8)
        data = delimited(grid(table, ENGLISH))
        yield Case(f"years as {name}", {"b.csv": data}, truth_of(table, texts=(1, 2, 3, 4)))


UNITS = {
    "dollars in header": ("en", "Amount ($000)", None, 1000, ENGLISH),
    "thousands in banner": ("en", None, "(in thousands of euros)", 1000, ENGLISH),
    "tis. Kč": ("cs", "Částka (tis. Kč)", None, 1000, NBSP),
    "Mio. EUR": ("de", "Ansatz in Mio. EUR", None, 1000000, GERMAN),
    "T€": ("de", "Ansatz (T€)", None, 1000, GERMAN),
    "1.000 EUR in banner": ("de", None, "Beträge in 1.000 EUR", 1000, GERMAN),
    "千円": ("ja", None, "（単位：千円）", 1000, replace(ENGLISH, places=0)),
    "百万円": ("ja", "予算額（百万円）", None, 1000000, replace(ENGLISH, places=0)),
    "万元": ("zh", None, "单位：万元", 10000, PLAIN),
    "тыс. руб.": ("ru", "Сумма, тыс. руб.", None, 1000, NBSP),
    "milliers": ("fr", None, "En milliers d'euros", 1000, FRENCH),
    "millones": ("es", "Importe (millones de €)", None, 1000000, GERMAN),
    "Rs. in lakh": ("en", None, "(Rs. in lakh)", 100000, INDIAN),
    "tys. zł": ("pl", "Kwota w tys. zł", None, 1000, NBSP),
    "R$ mil": ("pt", "Valor (R$ mil)", None, 1000, GERMAN),
    "mln": ("it", "Importo (mln €)", None, 1000000, GERMAN),
    "bin TL": ("tr", "Tutar (bin TL)", None, 1000, GERMAN),
    "E Ft": ("hu", None, "ezer Ft-ban", 1000, NBSP),
    "천원": ("ko", None, "(단위: 천원)", 1000, replace(ENGLISH, places=0)),
    "x 1.000": ("de", "Ansatz (x 1.000 €)", None, 1000, GERMAN),
    "plain euros": ("de", "Ansatz in EUR", None, 1, GERMAN),
}


def units() -> Iterator[Case]:
    """Amounts in thousands or millions, said in a header or above the table."""
    for name, (language, label, line, factor, style) in UNITS.items():
        table = budget(language, places=style.places)
        if label:
            table = renamed(table, label)
        cells = grid(table, style)
        if line:
            cells = shaped(cells, banner(words(language).title, line))
        yield Case(f"unit {name}", {"b.csv": delimited(cells, delimiter=";")}, truth_of(table, factor))


def layouts() -> Iterator[Case]:
    """Tables with something around them or between their rows."""
    for language, style in (("de", GERMAN), ("ja", replace(ENGLISH, places=0))):
        table, said = budget(language, 2, places=style.places, rows=32), words(language)
        true, cells = truth_of(table), grid(table, style)
        shapes = {
            "banner": [banner(said.title, "2021")],
            "notes": [notes(said.note)],
            "banner and notes": [notes(said.note, "1) " + said.note), banner(said.title, said.note)],
            "indented": [indented()],
            "total": [total_row(table, style, said.total)],
            "total under its code": [total_row(table, style, said.total, at=2)],
            "total first": [total_row(table, style, said.total, first=True)],
            "subtotals": [subtotals(table, style, said.total)],
            "subtotals above": [subtotals(table, style, said.total, before=True)],
            "header again": [repeated_header(10)],
            "all of it": [
                repeated_header(16),
                total_row(table, style, said.total),
                notes(said.note),
                banner(said.title, "2021"),
            ],
        }
        for name, chosen in shapes.items():
            data = delimited(shaped(cells, *chosen), delimiter=";", pad=name != "notes")
            yield Case(f"{name}, {language}", {"b.csv": data}, true)


def grouped() -> Iterator[Case]:
    """Lines below a heading of their body; bodies named once only."""
    for language in ("fr", "tr"):
        said, table = words(language), budget(language, 3, rows=32)
        cells: list[list[str]] = [[said.line_code, said.line, said.amount]]
        before = ""
        for texts, amounts in table.rows:
            if texts[2] != before:
                cells.append([texts[2], "", ""])
                before = texts[2]
            cells.append([texts[3], texts[4], GERMAN.write(amounts[0])])
        true = truth_of(table, texts=(3, 4))
        yield Case(f"headings of groups, {language}", {"b.csv": delimited(cells, delimiter=";")}, true)
        cells, before = [[said.body, said.line_code, said.line, said.amount]], ""
        for texts, amounts in table.rows:
            cells.append(["" if texts[2] == before else texts[2], *texts[3:], GERMAN.write(amounts[0])])
            before = texts[2]
        data = delimited(cells, delimiter=";")
        # blank cells below a name: filled down, or left as they are, but no amount is lost
        yield Case(f"bodies named once, {language}", {"b.csv": data}, true)


def books() -> Iterator[Case]:
    """Workbooks."""
    table, said = budget("en", 4, gaps=True), words("en")
    true, cells = truth_of(table), typed(table)
    yield Case("plain workbook", {"b.xlsx": xlsx({"Data": cells})}, true)
    yield Case("formatted", {"b.xlsx": xlsx({"Data": cells}, formats={"F": "#,##0.00"})}, true)
    yield Case("cover and notes", {"b.xlsx": xlsx({"Cover": [[said.title], ["2021"]], "Data": cells})}, true)
    old = typed(budget("en", 5))
    yield Case("hidden sheet", {"b.xlsx": xlsx({"old": old, "Data": cells}, hidden=["old"])}, true)
    lookup = [["Code", "Meaning"], ["A", "approved"], ["P", "provisional"]]
    yield Case("sheet of codes", {"b.xlsx": xlsx({"Data": cells, "Codes": lookup})}, true)
    total = ["", "", "Total", "", "", sum(one[1][0] or 0 for one in table.rows)]
    body = [[said.title], [], *cells, total, [], [said.note]]
    yield Case("banner and total in a workbook", {"b.xlsx": xlsx({"Data": body})}, true)
    yield Case("amounts as text", {"b.xlsx": xlsx({"Data": grid(table, ENGLISH)})}, true)
    yield Case("ods", {"b.ods": ods({"Tabelle1": cells})}, true)
    yield Case("ods with banner", {"b.ods": ods({"Tabelle1": [[said.title], [""], *cells]})}, true)
    codes = replace(table, labels=(*table.labels[:3], "Account", "Account name"))
    numeric: list[list[object]] = [typed(codes)[0]]
    numeric += [[int(texts[0]), texts[1], texts[2], int(texts[3]), texts[4], *amounts] for texts, amounts in codes.rows]
    yield Case("codes as numbers", {"b.xlsx": xlsx({"Data": numeric})}, true)
    merged = [["Line", "", "", "", "", "Money"], *cells]
    yield Case("merged line above", {"b.xlsx": xlsx({"Data": merged}, merged={"Data": ["A1:E1"]})}, true)


def wide_truth(table: Table, labels: tuple[str, ...], factor: int = 1) -> Truth:
    """The truth of a table with a column for each year; the codes are those of the rows."""
    return replace(truth_of(table, factor), sums=dict(zip(labels, table.sums().values(), strict=True)))


def wide() -> Iterator[Case]:
    """Columns that are years, phases, quarters."""
    table = budget("de", 6, measures=2, gaps=True)
    table = replace(
        table,
        labels=table.labels[1:],
        rows=tuple((texts[1:], (*amounts, amounts[0])) for texts, amounts in table.rows),
        measures=("2019", "2020", "2021"),
    )
    cells = grid(table, GERMAN)
    yield Case("years as columns", {"b.csv": delimited(cells, delimiter=";")}, truth_of(table))
    named = renamed(table, "Ist 2019", "Soll 2020", "Entwurf 2021")
    yield Case("phases and years", {"b.csv": delimited(grid(named, GERMAN), delimiter=";")}, truth_of(named))
    fiscal = renamed(table, "2018/19", "2019/20", "2020/21")
    yield Case("fiscal years as columns", {"b.csv": delimited(grid(fiscal, GERMAN), delimiter=";")}, truth_of(fiscal))
    yield Case("years as numbers in a book", {"b.xlsx": xlsx({"A": typed(table, (2019, 2020, 2021))})}, truth_of(table))
    yield from _two_rows()
    yield from _quarters()


def _two_rows() -> Iterator[Case]:
    table = budget("en", 7, measures=2)
    rows = tuple((texts[1:], (*amounts, amounts[1], amounts[0])) for texts, amounts in table.rows)
    table = Table(table.labels[1:], ("a", "b", "c", "d"), rows)
    true = replace(truth_of(table), sums={})
    upper: list[object] = ["", "", "", "", "2020", "", "2021", ""]
    lower: list[object] = [*table.labels, "Budget", "Actual", "Budget", "Actual"]
    body = typed(table)[1:]
    data = xlsx({"A": [upper, lower, *body]}, merged={"A": ["E1:F1", "G1:H1"]})
    yield Case("years above phases, merged", {"b.xlsx": data}, true)
    cells = [list(map(str, upper)), list(map(str, lower)), *grid(table, ENGLISH)[1:]]
    yield Case("years above phases", {"b.csv": delimited(cells)}, true)


def _quarters() -> Iterator[Case]:
    table = budget("en", 8, measures=2)
    quarters = ("Q1", "Q2", "Q3", "Q4")
    rows = tuple((texts, (*amounts, amounts[1], amounts[0])) for texts, amounts in table.rows)
    table = Table(table.labels, quarters, rows)
    yield Case("quarters as columns", {"b.csv": delimited(grid(table, ENGLISH))}, truth_of(table))
    cells = grid(table, ENGLISH)
    for row, (_, amounts) in zip(cells[1:], table.rows, strict=True):
        row.append(ENGLISH.write(sum((one or Decimal(0) for one in amounts), Decimal(0))))
    cells[0].append("Total")
    yield Case("quarters and their total", {"b.csv": delimited(cells)}, truth_of(table))


def several() -> Iterator[Case]:
    """Several files, and files in files."""
    one, two = budget("pl", 9, years=("2020",), rows=16), budget("pl", 10, years=("2021",), rows=16)
    both = replace(one, rows=(*one.rows, *two.rows))
    parts = {"b-2020.csv": delimited(grid(one, NBSP), delimiter=";")}
    parts["b-2021.csv"] = delimited(grid(two, NBSP), delimiter=";")
    yield Case("two years in two files", parts, truth_of(both))
    turned = [[row[5], *row[:5]] for row in grid(two, NBSP)]
    other = parts | {"b-2021.csv": delimited(turned, delimiter=";")}
    yield Case("columns in another order", other, truth_of(both))
    commas = parts | {"b-2021.csv": delimited(grid(two, ENGLISH))}
    yield Case("the second file is English", commas, truth_of(both))
    yield Case("gz", {"b.csv.gz": packed(parts["b-2020.csv"])}, truth_of(one))
    yield Case("zip", {"b.zip": archive({"b-2020.csv": parts["b-2020.csv"]})}, truth_of(one))
    yield Case("zip of two", {"b.zip": archive(parts)}, truth_of(both))
    yield from _coded()


def _coded() -> Iterator[Case]:
    table, said = budget("cs", 11), words("cs")
    facts = [[texts[0], texts[1], texts[3], COMMA.write(amounts[0])] for texts, amounts in table.rows]
    head = [said.year, said.body_code, said.line_code, said.amount]
    lines = sorted({(texts[3], texts[4]) for texts, _ in table.rows})
    files = {
        "facts.csv": delimited([head, *facts], delimiter=";"),
        "codes.csv": delimited([[said.line_code, said.line], *map(list, lines)], delimiter=";"),
    }
    yield Case("facts and a list of codes", files, truth_of(table, texts=(0, 1, 3)))


def marked_up() -> Iterator[Case]:
    """JSON and web pages."""
    table = budget("es", 12)
    true = truth_of(table)
    yield Case("json", {"b.json": records(grid(table, PLAIN))}, true)
    yield Case("json within", {"b.json": records(grid(table, PLAIN), within="data")}, true)
    yield Case("jsonl", {"b.jsonl": records(grid(table, PLAIN), lines=True)}, true)
    around = "<h1>Presupuesto</h1><table><tr><td>Inicio</td><td>Buscar</td></tr></table>"
    yield Case("web page", {"b.html": web_page(grid(table, GERMAN), around=around)}, true)
    yield Case("web page as xls", {"b.xls": web_page(grid(table, GERMAN), encoding="utf-8")}, true)
    data = web_page(grid(budget("ru", 12), NBSP), encoding="windows-1251")
    yield Case("russian page as xls", {"b.xls": data}, truth_of(budget("ru", 12)))


def codes() -> Iterator[Case]:
    """Codes that numbers would damage."""
    dice = random.Random("codes")
    rows = []
    for body in range(1, 9):
        for line in range(1, 5):
            value = Decimal(dice.randrange(100, 10**7)).scaleb(-2)
            rows.append(((f"{body:02d}", str(line), f"{body:02d}.{line}"), (value,)))
    table = Table(("Chapter", "Item", "Position"), ("Amount",), tuple(rows))
    yield Case("codes under a parent", {"b.csv": delimited(grid(table, PLAIN))}, truth_of(table))
    numeric = tuple(
        ((f"{10000 + 37 * n}", f"{dice.randrange(1, 9)}"), (Decimal(dice.randrange(10000, 99999)),)) for n in range(40)
    )
    table = Table(("Account code", "Fund"), ("Amount",), numeric)
    data = delimited(grid(table, replace(PLAIN, places=0)))
    yield Case("codes that look like amounts", {"b.csv": data}, truth_of(table))
    exponents = tuple(
        ((f"{n:02d}E{n:02d}", f"1-{n}"), (Decimal(dice.randrange(100, 99999)).scaleb(-2),)) for n in range(1, 30)
    )
    table = Table(("Project code", "Line number"), ("Amount",), exponents)
    yield Case("codes like exponents and dates", {"b.csv": delimited(grid(table, PLAIN))}, truth_of(table))


def hard() -> Iterator[Case]:
    """What nobody can know must be asked."""
    dice, said = random.Random("hard"), words("es")

    def simple(texts: list[str], label: str = said.amount) -> bytes:
        rows = [[f"{n:03d}", said.lines[n % 8], text] for n, text in enumerate(texts)]
        return delimited([[said.line_code, said.line, label], *rows], delimiter=";")

    points = [f"{dice.randrange(1, 900)}.{dice.randrange(0, 999):03d}" for _ in range(24)]
    yield Case("only 1.234", {"b.csv": simple(points)}, None, asked=True)
    commas = [one.replace(".", ",") for one in points]
    yield Case("only 1,234", {"b.csv": simple(commas)}, None, asked=True)
    mixed = [f"{n},{n + 10}" if n % 2 else f"{n}.{n + 10}" for n in range(11, 40)]
    yield Case("two decimal marks", {"b.csv": simple(mixed)}, None, asked=True)
    mixed = [f"1.{n}0,50" if n % 2 else f"1,{n}0.50" for n in range(11, 40)]
    yield Case("two styles", {"b.csv": simple(mixed)}, None, asked=True)
    table = budget("en", 20)
    other = budget("en", 21)
    yield Case("two equal sheets", {"b.xlsx": xlsx({"A": typed(table), "B": typed(other)})}, None, asked=True)
    both = renamed(table, "Amount ($000)")
    data = delimited(shaped(grid(both, ENGLISH), banner("Budget", "(in millions of dollars)")))
    yield Case("thousands and millions", {"b.csv": data}, None, asked=True)
    days = spending("en", "%d/%m/%Y", days=(1, 12))
    yield Case("only days below 13", {"s.csv": delimited(grid(days, PLAIN))}, None, asked=True)
    wrong = shaped(grid(table, ENGLISH), total_row(replace(table, rows=table.rows[:-3]), ENGLISH, "Total"))
    yield Case("a total that does not add up", {"b.csv": delimited(wrong)}, truth_of(table), clear=False)
    unlabelled = [
        [f"A{n:02d}", str(dice.randrange(10000, 99999)), str(dice.randrange(10000, 99999))] for n in range(30)
    ]
    yield Case("no labels", {"b.csv": delimited(unlabelled)}, None, asked=True)
    scientific = ["1.23E+09", "4.5E+08", "7.77E+07", "1200", "1500", "88000"] * 4
    yield Case("digits lost", {"b.csv": simple(scientific)}, None, asked=True)
    bad = ["1200.50", "1300.10", "#REF!", "12OO", "1500.00", "99.10"] * 4
    yield Case("not a number", {"b.csv": simple(bad)}, None, asked=True)
    currencies = ["€ 1200.50", "$ 1300.10", "€ 88.00", "$ 12.00"] * 6
    yield Case("two currencies", {"b.csv": simple(currencies)}, None, asked=True)


def cases() -> tuple[Case, ...]:
    """All of them."""
    groups = (encoded, numbers, dates, years, units, layouts, grouped, books, wide, several, marked_up, codes, hard)
    found = tuple(case for group in groups for case in group())
    assert max(Counter(one.name for one in found).values()) == 1
    return found
