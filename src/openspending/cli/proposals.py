"""What an import proposes, for people: tables and their columns, what is left out, what must be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.text import Text

from openspending.cli.output import console, printable, show_json, show_table
from openspending.fdp.problems import shorten

if TYPE_CHECKING:
    from openspending.etl.decisions import Proposal
    from openspending.etl.importing.prepared import ColumnMade, LeftOut, Prepared, TableMade
    from openspending.fdp.drift import Drift

OPEN = 4  # the exit code for scripts: questions are open, or nobody agreed
WIDE = 70  # characters of a reason
FOLD = 32  # characters of a ColumnType on one line
MANY = 6  # amounts side by side that have rows of their own
_ROLES = {"facts": "the amounts", "list": "a code list", "apart": "kept, but not counted"}


def show_prepared(found: Prepared, *, columns: bool = True) -> None:
    """Print all of it; without `columns` only what a person has to know."""
    for table in found.tables:
        _show_table(table, columns=columns)
    _show_left_out(found.left_out)
    for one in found.drift:
        for sentence in drift_sentences(one):
            console().print(printable(sentence))
    for note in found.notes:
        console().print(printable(f"Note: {note}"))
    show_questions(found.questions)


def _show_table(table: TableMade, *, columns: bool) -> None:
    out = console()
    files = table.files[0] + _more(len(table.files) - 1)
    sheet = f", sheet “{table.sheet}”" if table.sheet else ""
    written = ", ".join(part for part in (table.format, table.encoding) if part)
    header = f"header in row {', '.join(map(str, table.header_rows))}" if table.header_rows else "no header"
    head = Text.assemble((printable(files + sheet), "bold"), f": {written}, {header}, {table.rows:,} rows")
    out.print(head.append(f" – {_ROLES[table.role]}"))
    if columns:
        show_table(("column", "written as", "means", "sure", "because"), _column_rows(table), right=("sure",))
    for sentence in table.terms:
        out.print(printable(sentence))
    out.print()


def _more(count: int) -> str:
    return "" if not count else f" and {count} more file{'s' if count > 1 else ''}"


def _column_rows(table: TableMade) -> Iterator[tuple[str, ...]]:
    """A row for each column; of many amounts side by side that are written alike, one row for all."""
    for _, group in groupby(table.columns, lambda one: one.written if one.means == "value" else id(one)):
        alike = list(group)
        if len(alike) <= MANY:
            yield from (_column_row(one, one.label) for one in alike)
        else:
            least = min(alike, key=lambda one: one.confidence)
            yield _column_row(least, f"{alike[0].label} … {alike[-1].label} ({len(alike)} columns)")


def _column_row(one: ColumnMade, label: str) -> tuple[str, ...]:
    sure = f"{one.confidence} %" if one.means else ""
    return label, one.written, _folded(one.means or "–"), sure, shorten(one.reason, WIDE)


def _folded(means: str) -> str:
    """A long ColumnType on two lines, broken where its parts meet."""
    if len(means) <= FOLD:
        return means
    at = means.rfind(":", 0, FOLD)
    return f"{means[:at]}\n{means[at:]}" if at > 0 else means


def _show_left_out(left_out: Sequence[LeftOut]) -> None:
    if not left_out:
        return
    console().print(Text("Left out", style="bold"))
    rows = [(_place(one), one.what, _counted(one), shorten(one.sample or one.reason, WIDE)) for one in left_out]
    show_table(("where", "what", "rows", "which says, or because"), rows, right=("rows",))
    console().print()


def _place(one: LeftOut) -> str:
    rows = "" if one.rows is None else f": row {one.rows[0]}" + (f"–{one.rows[1]}" if one.rows[1] > one.rows[0] else "")
    return f"{one.file}{f' “{one.sheet}”' if one.sheet else ''}{rows}"


def _counted(one: LeftOut) -> str:
    return "" if one.count is None else f"{one.count:,}"


def show_questions(questions: Sequence[Proposal], *, stderr: bool = False) -> None:
    """Print the open questions, each with its choices and how to answer it."""
    if not questions:
        return
    out = console(stderr=stderr)
    out.print(
        Text(f"{len(questions)} question{'' if len(questions) == 1 else 's'} must be answered", style="bold yellow")
    )
    for one in questions:
        show_question(one, stderr=stderr)
        out.print(printable(f"  Answer with: --set '{one.id}={one.best.value}'"))
        out.print()


def show_question(one: Proposal, *, stderr: bool = False) -> None:
    """Print one question with its choices."""
    out = console(stderr=stderr)
    place = " ".join(part for part in (one.file, f"“{one.sheet}”" if one.sheet else None, one.column) if part)
    out.print(Text.assemble(("  " + printable(one.question), "bold"), printable(f"  ({place})" if place else "")))
    for number, choice in enumerate(one.choices, start=1):
        out.print(printable(f"    {number}. {choice.value}  {choice.confidence} %  {choice.reason}"))


def drift_sentences(one: Drift) -> list[str]:
    """How a table's columns differ from those of the published revision, in sentences."""
    if one.state == "same":
        return [f"{one.resource}: the columns are those of the published revision."]
    said = [f"{one.resource}: was column {pair.was} renamed to {pair.now}?" for pair in one.renamed]
    if one.new:
        said.append(f"{one.resource}: new columns: {', '.join(one.new)}.")
    if one.gone:
        said.append(f"{one.resource}: columns that are gone: {', '.join(one.gone)}.")
    return said


def show_open(found: Prepared, said: str, shape: Mapping[str, Any], *, as_json: bool) -> None:
    """Say that questions are open: `said` is the sentence, `shape` what programs are told of nothing."""
    if as_json:
        show_json({**shape, **found.told(), "error": said, "problems": []})
        return
    show_prepared(found)
    console(stderr=True).print(Text("Nothing was stored.", style="bold red"))
