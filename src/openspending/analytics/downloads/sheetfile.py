"""The facts as a workbook."""

from __future__ import annotations

from pathlib import Path

from openspending.analytics.downloads.contents import Facts
from openspending.analytics.exports import xlsx
from openspending.analytics.exports.options import Options


def write(facts: Facts, target: Path) -> None:
    """Write the workbook. Raises TooLargeForSheet."""
    with target.open("wb") as file:
        for part in xlsx.stream(facts.table(), Options(meta=facts.about)):
            file.write(part)
