"""The facts as a workbook."""

from __future__ import annotations

from pathlib import Path

from openspending.analytics.downloads.contents import Facts
from openspending.analytics.exports import xlsx
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.sheetcells import LEAST_NUMBER, LEAST_TEXT


def write(facts: Facts, target: Path) -> None:
    """Write the workbook. Raises TooLargeForSheet, where the numbers of cells tell before any is written."""
    xlsx.check_size(_least(facts))
    with target.open("wb") as file:
        for part in xlsx.stream(facts.table(), Options(meta=facts.about)):
            file.write(part)


def _least(facts: Facts) -> int:
    """Bytes that the cells which are not empty take at least, before compression."""
    cells = facts.filled()
    return sum(cells[one.name] * (LEAST_TEXT if one.kind == "text" else LEAST_NUMBER) for one in facts.columns)
