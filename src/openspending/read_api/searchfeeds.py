"""What a search found as a feed: one entry for each hit, the newest first, under an id that stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openspending.analytics.search.datasetsearch import FoundDataset
from openspending.analytics.search.linesearch import FoundLine
from openspending.datastore.manifest import timestamp
from openspending.fdp.amounts import grouped
from openspending.read_api.datasets import latest
from openspending.read_api.searchanswers import lines_data, page_of
from openspending.read_api.searchasked import MEDIA_TYPES, Sought, link
from openspending.read_api.syndication import Item, Link, Syndicated, tag

PAGE: Final = "/search"  # for people
_SINCE: Final = "2026"
_TOLD: Final = 3  # values in the title of a line
_LONGEST: Final = 300  # characters of a title


@dataclass(frozen=True, slots=True)
class Channel:
    """A search as a feed of the `format`, at `base` and `path`: as it was `asked`, and the `following` page, both with
    their queries."""

    base: str
    path: str
    format: str
    asked: str
    following: str | None


def lines_feed(lines: Iterable[FoundLine], sought: Sought[Any], channel: Channel) -> Syndicated:
    """The lines as a feed."""
    found = tuple(lines)
    items = (_of_line(one, told, channel.base) for one, told in zip(found, lines_data(found), strict=True))
    return _feed("Lines", sought.parameters, channel, tuple(items))


def datasets_feed(datasets: Iterable[FoundDataset], sought: Sought[Any], channel: Channel) -> Syndicated:
    """The datasets as a feed."""
    return _feed("Datasets", sought.parameters, channel, tuple(_of_dataset(one, channel.base) for one in datasets))


def _feed(what: str, parameters: Mapping[str, str], channel: Channel, items: tuple[Item, ...]) -> Syndicated:
    base, kind = channel.base, MEDIA_TYPES[channel.format][0]
    links = [
        Link("self", base + channel.asked, kind),
        Link("first", base + link(f"{channel.path}.{channel.format}", parameters), kind),
    ]
    if channel.following is not None:
        links.append(Link("next", base + channel.following, kind))
    shown = {name: text for name, text in parameters.items() if name != "visibility"}
    page = link(PAGE, {**shown, "show": "datasets" if what == "Datasets" else ""})
    links += [
        Link("alternate", base + page, "text/html"),
        Link("related", base + link(channel.path, parameters), "application/json"),
    ]
    return Syndicated(tag(base, _SINCE, link(channel.path, parameters)), _title(what, parameters), tuple(links), items)


def _title(what: str, parameters: Mapping[str, str]) -> str:
    """What is looked for, in words."""
    text = parameters.get("q")
    filters = [f"{name} {value}" for name, value in parameters.items() if name not in {"q", "visibility"}]
    said = [what, f"for {text}" if text else "", f"({', '.join(filters)})" if filters else ""]
    return " ".join(one for one in said if one)


def _of_line(found: FoundLine, told: Mapping[str, Any], base: str) -> Item:
    record = found.record
    values = [one["value"] for one in sorted(told["values"], key=lambda one: not one["highlights"])]
    marks = [one for one in (told["year"], told["phase"], told["direction"]) if one]
    money = ", ".join(_money(one, several=len(told["amounts"]) > 1) for one in told["amounts"])
    name = "; ".join(values[:_TOLD])[:_LONGEST] or found.line.fact
    said = [f"{one['title']}: {one['value']}" for one in told["values"]]
    return Item(
        id=tag(base, _SINCE, f"search/{record.dataset}/{found.line.fact}"),
        title=f"{name}: {money}" if money else name,
        updated=timestamp(record.created),
        author=record.owner,
        summary="\n".join([f"{record.title} ({', '.join((record.dataset, *marks))})", *said, *filter(None, [money])]),
        links=(
            Link("alternate", f"{base}{told['page']}/facts/{told['fact']}?revision={record.revision}", "text/html"),
            Link("related", base + told["url"], "application/json"),
            Link("related", base + told["source"], "application/json", "The file that it is from"),
        ),
        categories=tuple(marks),
    )


def _money(amount: Mapping[str, Any], *, several: bool) -> str:
    written = f"{grouped(Decimal(amount['amount']))} {amount['currency'] or ''}".strip()
    return f"{amount['title']} {written}" if several else written


def _of_dataset(found: FoundDataset, base: str) -> Item:
    record = found.record
    matching = f"{found.lines:,} matching lines of {record.lines:,}" if found.understood else f"{record.lines:,} lines"
    return Item(
        id=tag(base, _SINCE, f"search/{record.dataset}"),
        title=f"{record.title} ({record.dataset})",
        updated=timestamp(record.created),
        author=record.author or record.owner,
        summary=f"{matching}. {record.description}".strip(),
        links=(
            Link("alternate", base + page_of(record), "text/html"),
            Link("related", base + latest(record.owner, record.name), "application/json"),
        ),
        categories=record.keywords,
    )
