"""What a request to `/v1` asks: its address, its parameters and its JSON body, each known or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final, TypeVar

from openspending.analytics import queryjson, querytext
from openspending.analytics.exports.formats import FORMATS, Format
from openspending.analytics.exports.negotiation import negotiated
from openspending.analytics.exports.options import Options
from openspending.analytics.query import Condition, Order
from openspending.asking import json_object, query_of
from openspending.errors import BadQueries, BadQuery
from openspending.speaking.said import said
from openspending.web import AnyRequest

_Read = TypeVar("_Read")

MOST_ROWS: Final = 10_000  # on a page; whole results come in the other formats
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Address:
    """A dataset as it was asked for; `version` None is the newest revision."""

    owner: str
    name: str
    version: str | None

    @property
    def dataset(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"


def address(owner: str, name: str) -> Address:
    """The address in two parts of a path: `owner`, and `name` or `name@version`."""
    dataset, mark, version = name.partition("@")
    return Address(owner, dataset, version if mark else None)


@dataclass(slots=True)
class Asked:
    """The query parameters of a request. What is wrong with them is collected, and told all at once by `settle`."""

    values: Mapping[str, str]
    wrong: list[BadQuery] = field(default_factory=list)
    body: Mapping[str, Any] | None = None  # of a query that came as JSON; `values` then hold its parts as JSON texts

    def text(self, name: str) -> str | None:
        """A parameter's text; None when it is absent or blank."""
        return self.values.get(name, "").strip() or None

    def read(self, name: str, reader: Callable[[str], _Read], otherwise: _Read) -> _Read:
        """A parameter as `reader` reads its text; `otherwise` when it is absent, or wrong."""
        text = self.text(name)
        if text is None:
            return otherwise
        with self.blaming(name):
            return reader(text)
        return otherwise

    def choice(self, name: str, choices: Collection[str], otherwise: str) -> str:
        """A parameter that is one of a few words."""

        def known(text: str) -> str:
            if text not in choices:
                raise BadQuery(
                    said("“{text}” is none of: {choices}.", text=text[:40], choices=", ".join(choices)), tuple(choices)
                )
            return text

        return self.read(name, known, otherwise)

    def flag(self, name: str) -> bool:
        """A parameter that is 1 or 0; in JSON true or false."""
        return self.choice(name, ("0", "1", "false", "true"), "0") in {"1", "true"}

    def number(self, name: str, otherwise: int | None, most: int) -> int | None:
        """A parameter that is a whole number from 0 to `most`."""

        def whole(text: str) -> int:
            if not _WHOLE.fullmatch(text) or int(text) > most:
                raise BadQuery(said("“{text}” is no whole number from 0 to {most}.", text=text[:40], most=most))
            return int(text)

        return self.read(name, whole, otherwise)

    def refs(self, name: str) -> tuple[str, ...]:
        """A parameter that is a list of refs."""
        if self.body is None:
            return self.read(name, querytext.parse_refs, ())
        return self._of_body(name, queryjson.refs_of)

    def conditions(self) -> tuple[Condition, ...]:
        """The parameter `cut`."""
        if self.body is None:
            return self.read("cut", querytext.parse_cuts, ())
        return self._of_body("cut", queryjson.conditions_of)

    def order(self) -> tuple[Order, ...]:
        """The parameter `order`."""
        if self.body is None:
            return self.read("order", querytext.parse_order, ())
        return self._of_body("order", queryjson.order_of)

    def _of_body(self, name: str, reader: Callable[[Any, str], tuple[_Read, ...]]) -> tuple[_Read, ...]:
        assert self.body is not None
        if name in self.body:
            with self.blaming(f"/{name}"):
                return reader(self.body[name], f"/{name}")
        return ()

    @contextmanager
    def blaming(self, name: str) -> Iterator[None]:
        """Collects what is wrong, as the fault of the parameter `name`."""
        try:
            yield
        except BadQuery as error:
            error.parameter = error.parameter or name
            self.wrong.append(error)

    def settle(self) -> None:
        """Raises BadQueries when anything was wrong."""
        if self.wrong:
            raise BadQueries(self.wrong)


def asked(request: AnyRequest, allowed: Collection[str]) -> Asked:
    """The parameters of `request`; what is wrong with them is told by `settle`."""
    return Asked(*query_of(request, allowed))


def asked_in_body(data: bytes, allowed: Collection[str]) -> Asked:
    """The parameters of a query that came as the JSON object `data`. Raises BadQuery when it is none."""
    body = json_object(data)
    unknown = [name for name in body if name not in allowed]
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
        for name, value in body.items()
        if name in allowed and value is not None
    }
    wrong = [
        BadQuery(
            said("There is no “{name}” in a query; there are: {allowed}.", name=name[:40], allowed=", ".join(allowed)),
            tuple(allowed),
            f"/{name}",
        )
        for name in unknown
    ]
    return Asked(texts, wrong, body)


def extension(request: AnyRequest) -> str:
    """The extension of the request's path, if it is that of a format: “csv” of `…/aggregate.csv`."""
    suffix = PurePosixPath(request.scope["path"]).suffix.removeprefix(".")
    return suffix if suffix in FORMATS else ""


def format_of(request: AnyRequest, found: Asked) -> Format:
    """The format that the path, the parameter `format` or the header Accept asks for. Raises NotAcceptable."""
    try:
        return negotiated(extension(request), found.text("format"), request.headers.get("accept"))
    except BadQuery as error:
        if found.text("format") is None:
            raise
        error.parameter = "format"
        found.wrong.append(error)
        return FORMATS["json"]


def options_of(found: Asked) -> Options:
    """How the answer is to be written. What is wrong with that is noted in `found`."""
    numbers = found.choice("numbers", ("string", "float"), "string")
    return Options(bom=found.flag("bom"), safe=found.flag("safe"), numbers="number" if numbers == "float" else "text")


def fingerprint(found: Asked) -> str:
    """The parameters in one order, whatever order they came in."""
    return "&".join(f"{name}={found.values[name].strip()}" for name in sorted(found.values))
