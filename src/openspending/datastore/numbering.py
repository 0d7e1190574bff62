"""How the end of a row of numbered objects is found: revisions of a dataset, entries of the changelog.

Both begin at 1, have no gaps and never lose a number, so a few questions suffice; nothing is listed.
"""

from __future__ import annotations

from collections.abc import Callable


def last_number(exists: Callable[[int], bool], known: int = 0) -> int:
    """The highest number for which `exists`; `known` is one that is certain (0 = none).

    Asks once when `known` is the last, else about 2·log2(distance) times: strides that double, then halving.
    """
    low, stride = known, 1
    while exists(low + stride):
        low += stride
        stride *= 2
    high = low + stride
    while high - low > 1:
        middle = (low + high) // 2
        if exists(middle):
            low = middle
        else:
            high = middle
    return low
