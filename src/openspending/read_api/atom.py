"""Changelog entries as an Atom feed (RFC 4287), page by page (RFC 5005)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from openspending.datastore.changelog import Entry
from openspending.datastore.permissions import Visibility
from openspending.read_api.datasets import latest

MEDIA_TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = "1970-01-01T00:00:00Z"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


def written(channel: Channel, entries: Sequence[Entry], query: str, following: str | None) -> bytes:
    """The page with `entries`, the newest first, which `query` asked for; `following` is the query of the next one."""
    root = Element("feed", xmlns=_NAMESPACE)
    _text(root, "id", _tag(channel, "2026", channel.path))
    _text(root, "title", channel.title)
    _text(root, "updated", entries[0].at if entries else _NEVER)
    feed = f"{channel.base}{channel.path}.atom"
    _link(root, "self", f"{feed}?{query}" if query else feed, MEDIA_TYPE)
    _link(root, "first", feed, MEDIA_TYPE)
    if following is not None:
        _link(root, "next", f"{feed}?{following}", MEDIA_TYPE)
    _link(root, "alternate", f"{channel.base}{channel.page}", "text/html")
    _link(root, "related", f"{channel.base}{channel.path}", "application/json")
    for one in entries:
        _write(SubElement(root, "entry"), channel, one)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write(parent: Element, channel: Channel, entry: Entry) -> None:
    home = "changelog" if channel.visibility == "public" else "private"
    _text(parent, "id", _tag(channel, entry.at[:10], f"{home}/{entry.position}"))
    done = _DONE.get(entry.action, f"revision {entry.revision}") + (f" to {entry.to}" if entry.to else "")
    _text(parent, "title", f"{entry.owner}/{entry.dataset}: {done}")
    _text(parent, "updated", entry.at)
    _text(SubElement(parent, "author"), "name", entry.author or entry.owner)
    SubElement(parent, "category", term=entry.action)
    dataset = channel.base + latest(entry.owner, entry.dataset)
    if not entry.gone:
        _link(parent, "alternate", f"{dataset}@{entry.revision}", "application/json", f"Revision {entry.revision}")
        _link(parent, "related", f"{dataset}@{entry.revision}/revisions", "application/json", "What changed before")
    else:
        _link(parent, "alternate", dataset, "application/json")
    _text(parent, "summary", entry.message or f"{entry.owner}/{entry.dataset}: {done}")


def _tag(channel: Channel, day: str, of: str) -> str:
    """A tag: URI (RFC 4151). It stays the same as long as the host does."""
    host = urlsplit(channel.base).hostname or "localhost"
    return f"tag:{host if ':' not in host else 'localhost'},{day}:{quote(of.lstrip('/'), safe='/@+')}"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _link(parent: Element, rel: str, address: str, media_type: str, title: str = "") -> None:
    said = {"title": _clean(title)} if title else {}
    SubElement(parent, "link", {"rel": rel, "type": media_type, "href": address, **said})


def _clean(text: str) -> str:
    """`text` without what XML cannot say."""
    return _NO_XML.sub("\ufffd", text)
