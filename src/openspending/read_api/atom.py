"""Feeds as Atom (RFC 4287), page by page (RFC 5005)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from openspending.read_api.syndication import Item, Link, Syndicated

MEDIA_TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(feed: Syndicated) -> bytes:
    """The feed as Atom."""
    root = Element("feed", xmlns=_NAMESPACE)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", feed.updated)
    _link(root, feed.links)
    for one in feed.items:
        _write(SubElement(root, "entry"), one)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write(parent: Element, item: Item) -> None:
    _text(parent, "id", item.id)
    _text(parent, "title", item.title)
    _text(parent, "updated", item.updated)
    _text(SubElement(parent, "author"), "name", item.author)
    for one in item.categories:
        SubElement(parent, "category", term=_clean(one))
    _link(parent, item.links)
    _text(parent, "summary", item.summary)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _link(parent: Element, links: Sequence[Link]) -> None:
    for one in links:
        said = {"title": _clean(one.title)} if one.title else {}
        SubElement(parent, "link", {"rel": one.rel, "type": one.media_type, "href": one.href, **said})


def _clean(text: str) -> str:
    """`text` without what XML cannot say."""
    return _NO_XML.sub("\ufffd", text)
