"""The cells of a table as a sheet's XML, without a Python loop over them.

Numbers of up to 15 significant digits are numbers, in a format that shows their scale; longer ones are text, because a
spreadsheet keeps 15. Dates before March 1900 are text, because spreadsheets disagree on what day they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.exports.table import Column
from openspending.analytics.exports.texts import as_text, replaced
from openspending.errors import BadQuery
from openspending.etl.celltext import MOST_CHARACTERS, fits, in_sheet

DIGITS: Final = 15
_FIRST_DAY: Final = date(1900, 3, 1)
_LAST_DAY: Final = date(9999, 12, 31)
_DAY_ZERO: Final = date(1899, 12, 30)
_EPOCH: Final = (date(1970, 1, 1) - _DAY_ZERO).days
_MARKUP: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_ESCAPED: Final = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
_SPACED: Final = r"\A[ \t\n]|[ \t\n]\z"  # programs drop such spaces of texts that do not say to keep them
_UNUSUAL: Final = f"[&<>]|{_ESCAPED}|{_SPACED}"
LEAST_NUMBER: Final = len('<c s="1"><v>0</v></c>')
LEAST_TEXT: Final = len('<c t="inlineStr" s="1"><is><t></t></is></c>')


class TooLargeForSheet(BadQuery):
    """A table, or one of its cells, is larger than a sheet of a workbook can be."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} Choose CSV or Parquet, which have no such limit.", ("csv", "parquet"))


def number_format(column: Column, kind: pa.DataType) -> str:
    """The number format of a column's cells."""
    if pa.types.is_decimal(kind):
        return "0." + "0" * kind.scale if kind.scale else "0"
    if pa.types.is_integer(kind):
        return "0"
    if pa.types.is_date(kind):
        return "yyyy-mm-dd"
    return "General" if pa.types.is_floating(kind) or column.kind == "boolean" else "@"


@dataclass(frozen=True, slots=True)
class Looks:
    """The style numbers of a column's cells: in its own format, and as text."""

    own: str
    text: str


def cells(array: pa.Array, column: Column, looks: Looks) -> pa.Array:
    """A column as `<c>` elements. Raises TooLargeForSheet for a text that no cell can hold."""
    kind = array.type
    if pa.types.is_boolean(kind):
        made = _element(f'<c t="b" s="{looks.own}"><v>', array.cast(pa.int8()).cast(pa.string()), "</v></c>")
    elif pa.types.is_decimal(kind) or pa.types.is_integer(kind):
        made = _either(_is_short(array), lambda: as_text(array), array, column, looks)
    elif pa.types.is_floating(kind):
        made = _either(pc.is_finite(array), lambda: as_text(array), array, column, looks)
    elif pa.types.is_date(kind):
        known = pc.and_(pc.greater_equal(array, _FIRST_DAY), pc.less_equal(array, _LAST_DAY))
        made = _either(known, lambda: _day_numbers(array), array, column, looks)
    else:
        made = _text_cells(as_text(array), column, looks)
    return pc.fill_null(made, "<c/>")


def _either(
    chosen: pa.Array, numbers: Callable[[], pa.Array], array: pa.Array, column: Column, looks: Looks
) -> pa.Array:
    """The `chosen` values as numbers, the others as text."""
    made = _element(f'<c s="{looks.own}"><v>', numbers(), "</v></c>")
    if pc.all(chosen, skip_nulls=True).as_py():
        return made
    return pc.if_else(chosen, made, _text_cells(as_text(array), column, looks))


def _is_short(array: pa.Array) -> pa.Array:
    """Which numbers have at most 15 significant digits; zeros at either end are none."""
    if pa.types.is_integer(array.type) or array.type.precision > DIGITS:
        extremes = pc.min_max(array).as_py()
        scale = 0 if pa.types.is_integer(array.type) else array.type.scale
        largest = max(Decimal(abs(one or 0)) for one in extremes.values())
        if largest >= Decimal(10) ** (DIGITS - scale):
            digits = pc.utf8_trim(as_text(array), "-0.")
            return pc.less_equal(pc.utf8_length(pc.replace_substring(digits, ".", "")), DIGITS)
    return pc.is_valid(array)


def _day_numbers(array: pa.Array) -> pa.Array:
    days = array.cast(pa.date32()).cast(pa.int32())
    return pc.add(days, _EPOCH).cast(pa.string())


def _text_cells(text: pa.Array, column: Column, looks: Looks) -> pa.Array:
    """Texts as cells. Nearly all texts need neither an escape nor a mark that their spaces count, and are the shorter
    for it: compressing the XML is what takes the time."""
    before, after = f'<c t="inlineStr" s="{looks.text}"><is><t', "</t></is></c>"
    long = pc.greater(pc.binary_length(text), MOST_CHARACTERS // 7)
    if not pc.any(pc.or_(long, pc.match_substring_regex(text, _UNUSUAL))).as_py():
        return _element(f"{before}>", text, after)
    spaced = pc.match_substring_regex(text, _SPACED)
    beginning = pc.if_else(spaced, f'{before} xml:space="preserve">', f"{before}>")
    return _element(beginning, _marked_up(text, long, column), after)


def _marked_up(text: pa.Array, long: pa.Array, column: Column) -> pa.Array:
    """Texts as XML has them. Raises TooLargeForSheet."""
    marked = text
    for char, entity in _MARKUP:
        if pc.any(pc.match_substring(text, char)).as_py():
            marked = pc.replace_substring(marked, char, entity)
    special = pc.or_(pc.match_substring_regex(text, _ESCAPED), long)
    return replaced(marked, special, lambda at: _special(text[at].as_py(), column))


def _special(text: str, column: Column) -> str:
    """A text with characters that XML cannot hold, or a long one."""
    if not fits(text):
        raise TooLargeForSheet(
            f"A text in column “{column.name}” is {len(text):,} characters long, and a cell holds {MOST_CHARACTERS:,}: "
            f"“{text[:60]}…”."
        )
    written = in_sheet(text)
    for char, entity in _MARKUP:
        written = written.replace(char, entity)
    return written


def _element(before: str | pa.Array, content: pa.Array, after: str) -> pa.Array:
    return pc.binary_join_element_wise(before, content, after, "")
