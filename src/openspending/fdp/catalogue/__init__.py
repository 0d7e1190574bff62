"""The one catalogue of problems: code → title, severity, plain words, how to fix; one file for each subject.

Codes without a prefix are frictionless's (publishers know them); `fiscal/…` are ours. Rule for the severity: what
would change, lose or double an amount, or leave the meaning of a column uncertain, is an error; everything else is a
warning. Templates are filled by `problems.problem`; the words in braces are its arguments.

    kind          what is said of each
    files         the package's files as such
    formats       files that are no delimited text
    descriptor    the descriptor as JSON, and its properties
    schemas       resources, fields and keys, as stated
    model         what the columns mean
    measures      what is said of amounts
    denormalised  how tables become one
    records       headers and rows
    shaping       rows left out, cells changed by declaration
    cells         values
    rows          rows beside other rows
    lint          what looks wrong in rows that can be read
    controls      sums beside what they must be
"""

from __future__ import annotations

from itertools import chain
from typing import Final

from openspending.fdp.catalogue import (
    cells,
    controls,
    denormalised,
    descriptor,
    files,
    formats,
    lint,
    measures,
    model,
    records,
    rows,
    schemas,
    shaping,
)
from openspending.fdp.catalogue.kind import Kinds

# In the order in which a check comes to them.
_SUBJECTS: Final = (
    files,
    formats,
    descriptor,
    schemas,
    model,
    measures,
    denormalised,
    records,
    shaping,
    cells,
    rows,
    lint,
    controls,
)


def merged(*subjects: Kinds) -> Kinds:
    """All `subjects` in one. Raises ValueError for a code that two of them have: a problem has one home."""
    codes = list(chain.from_iterable(subjects))
    doubled = sorted({one for one in codes if codes.count(one) > 1})
    if doubled:
        raise ValueError(f"more than one subject has {', '.join(doubled)}")
    return dict(chain.from_iterable(one.items() for one in subjects))


CATALOGUE: Final = merged(*(one.KINDS for one in _SUBJECTS))
