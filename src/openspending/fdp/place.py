"""Where the lenient reader stands in a descriptor, and the typed ways to read a property there.

A property of the wrong type becomes a problem with a JSON pointer, never an exception.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from openspending.fdp.problems import Problem, problem
from openspending.speaking.said import said

_KINDS: Final = {
    dict: said("an object"),
    list: said("a list"),
    str: said("text"),
    bool: said("true or false"),
    int: said("a number"),
    Decimal: "a number",
    type(None): said("null"),
}


def pointer_of(*parts: str | int) -> str:
    """The JSON pointer (RFC 6901) to `parts`."""
    return "".join("/" + str(one).replace("~", "~0").replace("/", "~1") for one in parts)


def kind_of(value: object) -> str:
    """What `value` is, in plain words, such as “a list”."""
    return _KINDS.get(type(value), said("something else"))


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """An object of the descriptor: its pointer, the resource and field it belongs to, and where problems go."""

    pointer: str = ""
    resource: str | None = None
    field: str | None = None
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def at(self, *parts: str | int, resource: str | None = None, field: str | None = None) -> Place:
        """The place below this one; its problems go into the same list."""
        return dataclasses.replace(
            self,
            pointer=self.pointer + pointer_of(*parts),
            resource=resource if resource is not None else self.resource,
            field=field if field is not None else self.field,
        )

    def report(self, code: str, **words: Any) -> None:
        """Add a problem of this place."""
        given = {"pointer": self.pointer, "resource": self.resource, "field": self.field} | words
        self.problems.append(problem(code, **given))

    def wrong(self, key: str | int, value: object, wanted: str, *, error: bool = True) -> None:
        """Report that property `key` is not `wanted`: an error, or a warning when it can be ignored."""
        code = "fiscal/wrong-type" if error else "fiscal/ignored-property"
        self.at(key).report(code, property=str(key), found=kind_of(value), wanted=wanted)

    def text(self, raw: Mapping[str, Any], key: str, *, error: bool = True) -> str | None:
        """The text at `key`; None when absent, null or something else (reported)."""
        value = raw.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong(key, value, said("text"), error=error)
        return None

    def character(self, raw: Mapping[str, Any], key: str) -> str | None:
        """The text of at most one character at `key`; None when absent or something else (reported)."""
        value = self.text(raw, key)
        if value is not None and len(value) > 1:
            self.wrong(key, value, said("one character"))
            return None
        return value

    def flag(self, raw: Mapping[str, Any], key: str, default: bool) -> bool:
        """The boolean at `key`, or `default`."""
        value = raw.get(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.wrong(key, value, said("true or false"))
        return default

    def number(self, raw: Mapping[str, Any], key: str) -> int | None:
        """The whole number at `key`, or None; anything else is only worth a warning."""
        value = raw.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, value, said("a whole number"), error=False)
        return None

    def mapping(self, raw: Mapping[str, Any], key: str, *, error: bool = True) -> Mapping[str, Any]:
        """The object at `key`; empty when absent or something else (reported)."""
        value = raw.get(key)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.wrong(key, value, said("an object"), error=error)
        return {}

    def items(self, raw: Mapping[str, Any], key: str) -> list[Any]:
        """The list at `key`; empty when absent or something else (reported)."""
        value = raw.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.wrong(key, value, said("a list"))
        return []

    def names(self, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """The texts at `key`, which may be one text or a list of them, as keys were written before v2."""
        value = raw.get(key)
        if isinstance(value, str):
            return (value,)
        found = self.items(raw, key)
        for number, one in enumerate(found):
            if not isinstance(one, str):
                self.at(key).wrong(number, one, said("the name of a field"))
        return tuple(one for one in found if isinstance(one, str))
