"""What the search page shows: what was found, how it was read, how much money it is, and how it can be narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from openspending.browse import hits
from openspending.browse.hits import FoundDataset, Group
from openspending.browse.languages import gettext as _
from openspending.browse.languages import ngettext
from openspending.browse.locales import count as counted
from openspending.browse.money import Figure, figures
from openspending.browse.money import datasets as datasets_of
from openspending.browse.money import lines as lines_of
from openspending.browse.narrowed import Chip, Facet, chips, facets
from openspending.browse.sought import ORDERS, Sought
from openspending.browse.words import text
from openspending.client import Client
from openspending.errors import BadQuery


@dataclass(frozen=True, slots=True)
class Reading:
    """How a word was read that is not in the data as it was asked; `why` follows the word."""

    word: str
    why: str
    forms: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What has to be known to read the totals, and of which datasets (title, address)."""

    message: str
    datasets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search and its answer. Nothing was asked yet: `total` is empty. The API refused: `refused` says why."""

    sought: Sought
    refused: str = ""
    total: str = ""
    found: bool = False
    groups: tuple[Group, ...] = ()
    datasets: tuple[FoundDataset, ...] = ()
    figures: tuple[Figure, ...] = ()
    facets: tuple[Facet, ...] = ()
    chips: tuple[Chip, ...] = ()
    readings: tuple[Reading, ...] = ()
    meant: str = ""
    notices: tuple[Notice, ...] = ()
    pending: str = ""
    following: str = ""

    @property
    def narrowing(self) -> bool:
        """Whether there is anything to narrow it by: facets, or the amounts of lines."""
        return bool(self.facets) or (self.sought.kind == "lines" and (self.found or self.sought.bounded))

    @property
    def orders(self) -> tuple[tuple[str, str, bool], ...]:
        """(title, address, whether it is this one) of each order."""
        sought = self.sought
        return tuple(
            (_(title), sought.in_order(one).href, one == sought.order) for one, title in ORDERS[sought.kind].items()
        )


async def search_page(client: Client, sought: Sought, *, known: bool) -> SearchPage:
    """The page of a search. `known` is whether the visitor is somebody, who may have private datasets."""
    if sought.empty and sought.kind == "lines":
        return SearchPage(sought)
    try:
        return answered(sought, await client.search(sought.kind, sought.asked(known=known)))
    except BadQuery as refusal:
        return SearchPage(sought, refused=text(refusal.args[0]), chips=chips(sought, {}))


def answered(sought: Sought, answer: Mapping[str, Any]) -> SearchPage:
    """The page of a search that the API has answered."""
    lines = sought.kind == "lines"
    return SearchPage(
        sought,
        total=(lines_of if lines else datasets_of)(answer["total"]),
        found=bool(answer["total"]),
        groups=hits.groups(sought, answer) if lines else (),
        datasets=() if lines else hits.datasets(sought, answer),
        figures=figures(answer.get("totals")),
        facets=facets(sought, answer),
        chips=chips(sought, answer),
        readings=_readings(answer.get("query") or {}),
        meant=text(answer.get("did_you_mean"), 300),
        notices=tuple(_notice(one) for one in answer.get("warnings") or ()),
        pending=_pending((answer.get("meta") or {}).get("pending")),
        following=_following(sought, answer.get("next")),
    )


def _readings(query: Mapping[str, Any]) -> tuple[Reading, ...]:
    """The words that were not read as they stand."""
    said = {
        "typo": _("read as"),
        "compound": _("read as"),
        "begins": _("read as the beginning of"),
        "unknown": _("is in no line"),
        "dataset": _("read as the name of a dataset or its country"),
    }
    alone = ("unknown", "dataset")
    found = []
    for one in query.get("words") or ():
        word, how = text(one.get("asked"), 100), text(one.get("how"))
        forms = [text(form, 60) for form in one.get("forms") or () if form != word]
        if how in said and (forms or how in alone):
            shown = ", ".join(forms[:4]) + (" …" if len(forms) > 4 else "")
            found.append(Reading(word, said[how], "" if how in alone else shown))
    return tuple(found)


def _notice(warning: Mapping[str, Any]) -> Notice:
    concerned = [text(one, 220) for one in warning.get("datasets") or ()]
    return Notice(text(warning.get("message"), 500), tuple((one, hits.page_of(one)) for one in concerned[:6]))


def _pending(count: object) -> str:
    if not isinstance(count, int) or count < 1:
        return ""
    sentence = ngettext(
        "%(number)s dataset is still being indexed; what is new there is not found yet.",
        "%(number)s datasets are still being indexed; what is new there is not found yet.",
        count,
    )
    return sentence % {"number": counted(count)}


def following(given: object) -> str:
    """The cursor of the next page; the API's own address of it has it."""
    return parse_qs(urlsplit(text(given)).query).get("cursor", [""])[0]


def _following(sought: Sought, given: object) -> str:
    """The address of the next page."""
    cursor = following(given)
    return sought.following(cursor).href if cursor else ""
