"""The facts as CSV, compressed: the same bytes for the same facts, whenever they are made."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

from openspending.analytics.downloads.contents import Facts
from openspending.analytics.exports import csvtext
from openspending.analytics.exports.options import Options

_LEVEL: Final = 5  # 1 M rows of 29 columns: 84 MB; level 6 makes it 7 percent smaller and takes half as long again


def write(facts: Facts, target: Path) -> None:
    """Write the file, without a name or a time inside."""
    with target.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
        for part in csvtext.stream(facts.table(), Options()):
            file.write(part)
