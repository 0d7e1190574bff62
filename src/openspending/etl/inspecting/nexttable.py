"""Where a table ends because another begins below it, with labels of its own or the same under another title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from openspending.etl.inspecting.again import repeats
from openspending.etl.inspecting.around import sample
from openspending.etl.inspecting.grid import TEXT, Column, Grid
from openspending.etl.inspecting.headers import Header, is_data, label_share, repeated_share

_PAGE: Final = re.compile(r"(?<!\d)\d{1,3}(?!\d)")


def next_table(
    grid: Grid, rows: Sequence[int], columns: Sequence[Column], header: Header, above: Sequence[int]
) -> int | None:
    """Where another table begins: below a blank row with labels of its own, or with the same below another title."""
    titles = {_undigited(sample(grid, row)) for row in above}
    for at, row in enumerate(rows):
        if at < 2:
            continue
        if header.rows and repeats(grid, row, header.rows[-1]):
            title = _title_above(grid, rows, at)
            if title is not None and _other_title(sample(grid, title), titles):
                return title
        elif grid.after_blank(row) and _begins_another(grid, rows[at : at + 4], columns, header):
            return row
    return None


def _other_title(title: str, titles: AbstractSet[str]) -> bool:
    """Whether a text names another table; one that is there again, or has a page's number, does not."""
    return _undigited(title) not in titles and not _PAGE.search(title)


def _undigited(text: str) -> str:
    return "".join(char for char in text if not char.isdigit())


def _title_above(grid: Grid, rows: Sequence[int], at: int) -> int | None:
    """The first of the rows of one text right above a row."""
    first = None
    while at > 0 and len(grid.filled(rows[at - 1])) == 1 and rows[at - 1] >= rows[at] - 2:
        at -= 1
        first = rows[at]
    return first


def _begins_another(grid: Grid, rows: Sequence[int], columns: Sequence[Column], header: Header) -> bool:
    """Whether labels that are not this table's have figures below them."""
    for row, following in pairwise(rows):
        if is_data(grid, row, columns) or (header.rows and repeats(grid, row, header.rows[-1])):
            return False
        labels = [at for at, kind in enumerate(grid.kinds_of(row)) if kind == TEXT]
        kinds = grid.kinds_of(following)
        over = [at for at in labels if at < len(kinds) and kinds[at] not in ("", TEXT)]
        fresh = label_share(grid, row, columns) >= 0.5 or (not header.rows and not repeated_share(grid, row, columns))
        strange = not is_data(grid, following, columns) and any(_of_texts(columns, at) for at in over)
        if len(labels) >= 2 and over and (fresh or strange):
            return True
    return False


def _of_texts(columns: Sequence[Column], at: int) -> bool:
    """Whether the table has only texts in a column, and no figures."""
    return at < len(columns) and columns[at].kind == TEXT
