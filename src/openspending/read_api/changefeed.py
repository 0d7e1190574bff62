"""Changelog entries as the entries of a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.datastore.changelog import Entry
from openspending.datastore.permissions import Visibility
from openspending.read_api import atom
from openspending.read_api.datasets import latest
from openspending.read_api.syndication import Item, Link, Syndicated, tag

_DONE: Final[Mapping[str, str]] = {
    "publish": "published",
    "hide": "hidden",
    "withdraw": "withdrawn",
    "rename": "renamed",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is about: its title, its path without extension, the home that it tells of, and the page for people.
    `base` is the address of this OpenSpending."""

    base: str
    title: str
    path: str
    visibility: Visibility
    page: str


def feed_of(channel: Channel, entries: Sequence[Entry], query: str, following: str | None) -> Syndicated:
    """The page with `entries`, the newest first, which `query` asked for; `following` is the query of the next one."""
    feed = f"{channel.base}{channel.path}.atom"
    links = [
        Link("self", f"{feed}?{query}" if query else feed, atom.MEDIA_TYPE),
        Link("first", feed, atom.MEDIA_TYPE),
    ]
    if following is not None:
        links.append(Link("next", f"{feed}?{following}", atom.MEDIA_TYPE))
    links += [
        Link("alternate", f"{channel.base}{channel.page}", "text/html"),
        Link("related", f"{channel.base}{channel.path}", "application/json"),
    ]
    items = tuple(_item(channel, one) for one in entries)
    return Syndicated(tag(channel.base, "2026", channel.path), channel.title, tuple(links), items)


def _item(channel: Channel, entry: Entry) -> Item:
    home = "changelog" if channel.visibility == "public" else "private"
    done = _DONE.get(entry.action, f"revision {entry.revision}") + (f" to {entry.to}" if entry.to else "")
    title = f"{entry.owner}/{entry.dataset}: {done}"
    dataset = channel.base + latest(entry.owner, entry.dataset)
    links = [Link("alternate", dataset, "application/json")]
    if not entry.gone:
        links = [
            Link("alternate", f"{dataset}@{entry.revision}", "application/json", f"Revision {entry.revision}"),
            Link("related", f"{dataset}@{entry.revision}/revisions", "application/json", "What changed before"),
        ]
    return Item(
        id=tag(channel.base, entry.at[:10], f"{home}/{entry.position}"),
        title=title,
        updated=entry.at,
        author=entry.author or entry.owner,
        summary=entry.message or title,
        links=tuple(links),
        categories=(entry.action,),
    )
