"""What can be wrong with a file that is no delimited text: workbooks, web pages, JSON, archives of them."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/unreadable-file": Kind("A file that is not read", ERROR, "{file} is not read: {detail}.", "{remedy}"),
    "fiscal/no-such-sheet": Kind(
        "A sheet that the file does not have",
        ERROR,
        "{file} has no {value}. It has: {sheets}.",
        "Name one of them in the dialect: “sheetName” or “sheetNumber” of a workbook or web page, “property” of JSON.",
    ),
    "fiscal/formula-without-value": Kind(
        "Formulas that were never calculated",
        ERROR,
        "{file}, sheet “{sheet}”: {count} formulas have no value, such as those in {cells}. A program wrote them that"
        " does not calculate, and we do not either.",
        "Open the file in a spreadsheet program, save it again, and give the saved file.",
    ),
}
