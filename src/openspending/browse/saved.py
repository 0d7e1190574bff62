"""Saved views: a view as it was, under its short address, and what has become of its total since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from openspending.browse.locales import in_line
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.page import ViewPage
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.sums import Amount, amount
from openspending.client import ApiError, Client
from openspending.errors import NotFound
from openspending.fdp.amounts import plain
from openspending.view import View

_BACK: Final = 10  # revisions that are asked since when a total is what it is


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page of a view of revision `revision`, saved under `id`. `newest` is the number of the newest revision, 0
    where that is the same; `now` is its address. `was` and `becomes` are both totals, empty where one cannot be had;
    `since` is the first revision that has the new one, 0 where it was not found."""

    id: str
    created: str
    revision: int
    page: ViewPage
    newest: int = 0
    now: str = ""
    was: str = ""
    becomes: str = ""
    since: int = 0

    @property
    def same(self) -> bool:
        """Whether the newest revision has the same total, digit for digit."""
        return bool(self.was) and self.was == self.becomes

    def citation(self, base: str) -> str:
        """How the view is cited, at its short address below `base`."""
        page, year = self.page, str(self.page.about["created"])[:4]
        view = f"{page.title}: {page.heading} (Revision {self.revision}) [Data set]"
        return f"{page.place.owner} ({year}). {view}. OpenSpending. {base}/q/{self.id}"


async def saved_page(client: Client, id_: str, base: str) -> SavedPage:
    """The page of a saved view. Raises NotFound."""
    found = await client.saved_view(id_)
    owner, _, name = str(found["dataset"]).partition("/")
    place = Place(owner, name, str(found["revision"]))
    asked: dict[str, list[str]] = {}
    for key, value in parse_qsl(str(found["view"])):
        asked.setdefault(key, []).append(value)
    page = await viewer_page(client, place, asked, base)
    revision = int(found["revision"])
    saved = SavedPage(id_, str(found["created"]), revision, page)
    newest = int((await client.v1(owner, name))["revision"])
    if newest <= revision:
        return saved
    now = place.at(newest).view(page.view)  # whatever is newest has an address that a browser may have kept
    return replace(saved, newest=newest, now=now, **await _since(client, page, newest))


async def _since(client: Client, page: ViewPage, newest: int) -> dict[str, Any]:
    """Both totals, exactly, and since which revision the newer one is what it is."""
    revision = int(page.about["revision"])
    was, becomes = [await _total(client, page, one) for one in (revision, newest)]
    if was is None or becomes is None:
        return {}
    currency = page.table.currency if page.table else ""
    both = [f"{one} {currency}".strip() for one in in_line([plain(was), plain(becomes)])]
    said: Mapping[str, Any] = dict(zip(("was", "becomes"), both, strict=True))
    if was == becomes:
        return dict(said)
    since = newest
    while since - 1 > revision:
        if newest - since >= _BACK:
            return dict(said)
        if await _total(client, page, since - 1) != becomes:
            break
        since -= 1
    return {**said, "since": since}


async def _total(client: Client, page: ViewPage, revision: int) -> Amount:
    """The total of the view in a revision; None where that cannot be asked for it."""
    view: View = page.view
    place = page.place.at(revision)
    try:
        answer = await client.v1(
            place.owner, place.versioned, "aggregate", cut=view.whole_cut, aggregates=view.measure, pagesize="0"
        )
    except (ApiError, NotFound):
        return None
    return amount(answer["summary"].get(view.measure))
