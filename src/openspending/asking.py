"""What requests ask, in their query and in JSON bodies: all of it is known or refused, and all that is wrong is told at
once, with names and pointers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import parse_qsl

from openspending.errors import BadQueries, BadQuery, TooLarge
from openspending.fdp import strictjson
from openspending.speaking import LANGUAGES, said
from openspending.web import AnyRequest

LARGEST: Final = 1024 * 1024  # bytes of a body; descriptors' properties are far smaller
LONGEST: Final = 10_000  # characters of a text
ABSENT: Final = object()
LANGUAGE: Final = "lang"


def query_of(request: AnyRequest, allowed: Collection[str]) -> tuple[dict[str, str], list[BadQuery]]:
    """The parameters of the query, and what is wrong with them: unknown and repeated ones, which, if they were ignored,
    would make an answer to another question than was asked. Every question may come with `lang`, which is none of
    them: it changes no figure."""
    values: dict[str, str] = {}
    wrong: list[BadQuery] = []
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name == LANGUAGE and name not in allowed:
            if value not in LANGUAGES:
                wrong.append(
                    BadQuery(said("“{value}” is no language of ours.", value=value[:40]), tuple(LANGUAGES), name)
                )
        elif name not in allowed:
            near = get_close_matches(name, allowed, n=3)
            message = said(
                "There is no parameter “{name}” here; there are: {allowed}.",
                name=name[:40],
                allowed=", ".join(allowed) or said("none"),
            )
            wrong.append(BadQuery(message, near or tuple(allowed), name[:40]))
        elif name in values:
            wrong.append(BadQuery(said("The parameter “{name}” is given more than once.", name=name), parameter=name))
        else:
            values[name] = value
    return values, wrong


def asked(request: AnyRequest, allowed: Collection[str] = ()) -> dict[str, str]:
    """The parameters of the query. Raises BadQueries with all that is wrong."""
    values, wrong = query_of(request, allowed)
    if wrong:
        raise BadQueries(wrong)
    return values


@dataclass(slots=True)
class Body:
    """A JSON object, at `pointer` within the body. Its readers return what is there, or something harmless
    where that is wrong: what is wrong is collected, and told by `settle`."""

    members: Mapping[str, Any]
    pointer: str = ""
    wrong: list[BadQuery] = field(default_factory=list)

    def blame(self, name: str, message: str, choices: Collection[str] = ()) -> None:
        """Note that the member `name` is wrong."""
        escaped = name.replace("~", "~0").replace("/", "~1")
        self.wrong.append(BadQuery(message, tuple(choices), f"{self.pointer}/{escaped}"))

    def only(self, *known: str) -> None:
        """Note members that are none of `known`."""
        for name in self.members:
            if name not in known:
                near = get_close_matches(name, known, n=3)
                message = said(
                    "There is no “{name}” here; there are: {known}.",
                    name=name[:40],
                    known=", ".join(known) or said("none"),
                )
                self.blame(name[:100], message, near or known)

    def text(self, name: str, *, longest: int = LONGEST, otherwise: str | None = None, pattern: str = "") -> str:
        """A text of at least one character, unless `otherwise` stands for an absent one; of this pattern, if any."""
        value = self.members.get(name, ABSENT)
        if value is ABSENT or (value is None and otherwise is not None):
            if otherwise is None:
                self.blame(name, said("“{name}” is missing.", name=name))
            return otherwise or ""
        if not isinstance(value, str) or (otherwise is None and not value):
            self.blame(name, said("“{name}” must be a text.", name=name))
        elif len(value) > longest:
            self.blame(
                name,
                said(
                    "“{name}” has {count} characters; at most {longest} are taken.",
                    name=name,
                    count=len(value),
                    longest=longest,
                ),
            )
        elif pattern and not re.fullmatch(pattern, value):
            self.blame(
                name,
                said(
                    "“{value}” cannot be read as {name}; it must match {pattern}.",
                    value=value[:80],
                    name=name,
                    pattern=pattern,
                ),
            )
        else:
            return value
        return ""

    def whole(self, name: str, least: int, most: int, otherwise: int | None = None) -> int:
        """A whole number from `least` to `most`."""
        value = self.members.get(name, otherwise)
        if value is None:
            self.blame(name, said("“{name}” is missing.", name=name))
        elif isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.blame(
                name, said("“{name}” must be a whole number from {least} to {most}.", name=name, least=least, most=most)
            )
        else:
            return value
        return least

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """True or false."""
        value = self.members.get(name, otherwise)
        if isinstance(value, bool):
            return value
        self.blame(name, said("“{name}” must be true or false.", name=name))
        return otherwise

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts; {} when it is absent."""
        value = self.members.get(name, {})
        if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
            return dict(value)
        self.blame(name, said("“{name}” must be an object of texts.", name=name))
        return {}

    def object(self, name: str) -> Mapping[str, Any]:
        """Any object; {} when it is absent."""
        value = self.members.get(name, {})
        if isinstance(value, dict):
            return value
        self.blame(name, said("“{name}” must be an object.", name=name))
        return {}

    def listed(self, name: str, most: int) -> list[Any]:
        """A list of one to `most` values."""
        value = self.members.get(name, ABSENT)
        if isinstance(value, list) and 0 < len(value) <= most:
            return value
        if value is ABSENT:
            self.blame(name, said("“{name}” is missing.", name=name))
        else:
            self.blame(name, said("“{name}” must be a list of 1 to {most} values.", name=name, most=most))
        return []

    def objects(self, name: str, most: int) -> Iterator[Body]:
        """A list of one to `most` objects, each a body of its own."""
        for number, value in enumerate(self.listed(name, most)):
            inner = Body(value if isinstance(value, dict) else {}, f"{self.pointer}/{name}/{number}", self.wrong)
            if isinstance(value, dict):
                yield inner
            else:
                self.wrong.append(BadQuery(said("This must be an object."), parameter=inner.pointer))

    def checked(self, name: str, check: Any, *values: str) -> None:
        """Note what `check` of these values refuses as the fault of the member `name`."""
        try:
            check(*values)
        except BadQuery as error:
            self.blame(name, str(error), error.choices)

    def settle(self) -> None:
        """Raises BadQueries when anything was wrong."""
        if self.wrong:
            raise BadQueries(self.wrong)


def read_body(data: bytes, largest: int = LARGEST) -> Body:
    """The JSON object of a request; none at all counts as {}. Raises BadQuery when it is none, TooLarge."""
    if len(data) > largest:
        raise TooLarge(
            said("The body has {count} bytes; at most {largest} are read.", count=len(data), largest=largest)
        )
    if not data.strip():
        return Body({})
    return Body(json_object(data))


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object that a body is, its numbers exact. Raises BadQuery when it is none."""
    found, problems = strictjson.parse(data)
    if problems or not isinstance(found, dict):
        reasons = "; ".join(one.message for one in problems) or "The body is no JSON object."
        raise BadQuery(reasons, parameter="/")
    return found
