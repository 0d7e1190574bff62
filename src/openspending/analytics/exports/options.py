"""How a table should be written, beyond its format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Numbers = Literal["text", "number"]


@dataclass(frozen=True, slots=True)
class Options:
    """`bom` and `safe` are CSV's; `numbers` says how the JSON formats write decimals: as text with all digits, or as
    JSON numbers, which most readers take through binary floating point. `meta` is what is said of the whole table
    (source, revision, hash, query, licence, warnings …), JSON-able, in whichever place a format has for it."""

    bom: bool = False
    safe: bool = False
    numbers: Numbers = "text"
    meta: Mapping[str, Any] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, str]]:
        """`meta` as keys and values: "licence.name", one line for each item of a list; without what is null."""
        return _lines("", self.meta)


def _lines(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _lines(f"{key}.{name}" if key else str(name), one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _lines(key, one)
    elif isinstance(value, bool):
        yield key, "true" if value else "false"
    elif value is not None:
        yield key, str(value)
