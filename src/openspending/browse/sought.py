"""What a search page was asked for, and the addresses of searches that differ in one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self
from urllib.parse import quote, urlencode

from openspending.browse.languages import later
from openspending.browse.words import text

Kind = Literal["lines", "datasets"]

PAGE: Final = "/search"
FILTERS: Final[Mapping[str, str]] = {
    "dataset": later("Dataset"),
    "country": later("Country"),
    "level": later("Level of government"),
    "year": later("Fiscal year"),
    "phase": later("Phase"),
    "direction": later("Direction"),
    "currency": later("Currency"),
    "classification": later("Classification"),
    "owner": later("Owner"),
    "licence": later("Licence"),
}
ORDERS: Final[Mapping[Kind, Mapping[str, str]]] = {
    "lines": {
        "": later("Relevance"),
        "newest": later("Newest"),
        "largest": later("Largest amounts"),
        "smallest": later("Smallest amounts"),
    },
    "datasets": {
        "": later("Relevance"),
        "newest": later("Newest"),
        "lines": later("Most lines"),
        "title": later("Title"),
    },
}
_API: Final[Mapping[Kind, str]] = {"lines": "/v1/search/lines", "datasets": "/v1/search"}
_LONGEST: Final = 2000  # characters of one parameter


@dataclass(frozen=True, slots=True)
class Sought:
    """One search. `filters` has the chosen values of each filter; `least` and `most` are amounts as they were typed;
    `order` is empty for the usual one, `cursor` for the first page."""

    kind: Kind = "lines"
    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least: str = ""
    most: str = ""
    order: str = ""
    cursor: str = ""

    @classmethod
    def read(cls, asked: Iterable[tuple[str, object]]) -> Self:
        """The search that the parameters of a page ask for; those that no search has are passed over."""
        given: dict[str, list[str]] = {}
        for name, value in asked:
            given.setdefault(name, []).append(text(value, _LONGEST).strip())

        def one(name: str) -> str:
            return given.get(name, [""])[0]

        kind: Kind = "datasets" if one("show") == "datasets" else "lines"
        lines = kind == "lines"
        return cls(
            kind=kind,
            q=one("q"),
            filters={
                name: values
                for name in FILTERS
                if (lines or name != "dataset") and (values := _values(given.get(name, ())))
            },
            least=one("from") if lines else "",
            most=one("to") if lines else "",
            order=one("order") if one("order") in ORDERS[kind] else "",
            cursor=one("cursor"),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for yet."""
        return not (self.q or self.filters or self.bounded)

    @property
    def bounded(self) -> bool:
        """Whether amounts have a bound."""
        return bool(self.least or self.most)

    @property
    def href(self) -> str:
        """The page of this search."""
        return _address(PAGE, {"show": "datasets" if self.kind == "datasets" else "", **self._parameters()})

    @property
    def first(self) -> Self:
        """The first page of it."""
        return replace(self, cursor="")

    def following(self, cursor: str) -> Self:
        """The next page of it."""
        return replace(self, cursor=cursor)

    def with_words(self, q: str) -> Self:
        """The same search for other words."""
        return replace(self.first, q=q)

    def as_kind(self, kind: Kind) -> Self:
        """The same search for lines, or for datasets, of which none is chosen, and none has amounts."""
        other = replace(self.first, kind=kind, order="")
        if kind == "lines":
            return other
        filters = {name: values for name, values in self.filters.items() if name != "dataset"}
        return replace(other, filters=filters, least="", most="")

    def in_order(self, order: str) -> Self:
        """The same search in another order."""
        return replace(self.first, order=order)

    def of_dataset(self, dataset: str) -> Self:
        """The same search within one dataset."""
        return replace(self.first, kind="lines", filters={**self.filters, "dataset": (dataset,)})

    def toggled(self, name: str, value: str) -> Self:
        """The same search with one more value of a filter, or without it where it was chosen."""
        chosen = self.filters.get(name, ())
        values = tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
        filters = {**self.filters, name: values}
        return replace(self.first, filters={key: kept for key, kept in filters.items() if kept})

    def of_any_amount(self) -> Self:
        """The same search without bounds of amounts."""
        return replace(self.first, least="", most="")

    def unfiltered(self) -> Self:
        """The same words, and nothing else."""
        return replace(self.first, filters={}, least="", most="")

    def chosen(self, name: str, value: str) -> bool:
        """Whether a value of a filter is chosen."""
        return value in self.filters.get(name, ())

    def asked(self, *, known: bool) -> dict[str, str]:
        """The parameters by which the API is asked; for somebody who is known, with their private datasets."""
        return {**self._parameters(), **({"visibility": "all"} if known else {})}

    def api(self, suffix: str = "") -> str:
        """The address of the same search in the API; `suffix` names a feed."""
        parameters = self._parameters()
        if suffix:
            parameters.pop("order", None)  # feeds have the newest first
            parameters.pop("cursor", None)
        return _address(_API[self.kind] + suffix, parameters)

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """What a form that asks for `names` has to keep beside them."""
        kept = {"show": "datasets" if self.kind == "datasets" else "", **self._parameters(), "cursor": ""}
        return [(name, value) for name, value in kept.items() if value and name not in names]

    def _parameters(self) -> dict[str, str]:
        filters = {name: "|".join(values) for name, values in self.filters.items()}
        amounts = {"from": self.least, "to": self.most}
        every = {"q": self.q, **filters, **amounts, "order": self.order, "cursor": self.cursor}
        return {name: value for name, value in every.items() if value}


def _values(given: Iterable[str]) -> tuple[str, ...]:
    """The values of a filter, each once: several are joined by a line, or given one by one."""
    parts = (part.strip() for one in given for part in one.split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))


def _address(path: str, parameters: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in parameters.items() if value}, quote_via=quote, safe="|:/,")
    return f"{path}?{query}" if query else path
