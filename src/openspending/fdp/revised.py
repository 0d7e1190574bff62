"""Where two descriptors of one dataset differ, as JSON pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openspending.fdp.versions import write_descriptor


def differing(old: Any, new: Any, pointer: str = "") -> Iterator[str]:
    """JSON pointers to what only one of two JSON values has, or has otherwise; "" when they are nothing alike.

    Lists of unequal length differ as a whole, except for what stands in both.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            here = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in old and name in new:
                yield from differing(old[name], new[name], here)
            else:
                yield here
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            if number < min(len(old), len(new)):
                yield from differing(old[number], new[number], f"{pointer}/{number}")
            else:
                yield f"{pointer}/{number}"
    elif not _same(old, new):
        yield pointer


def _same(old: Any, new: Any) -> bool:
    """Whether both are written alike, numbers to the digit, as a revision's content is compared."""
    return write_descriptor({"value": old}) == write_descriptor({"value": new})
