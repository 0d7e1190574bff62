"""Feeds as JSON Feed 1.1."""

from __future__ import annotations

from typing import Any, Final

from openspending.read_api.syndication import Item, Syndicated, address

MEDIA_TYPE: Final = "application/feed+json"
VERSION: Final = "https://jsonfeed.org/version/1.1"


def written(feed: Syndicated) -> dict[str, Any]:
    """The feed as JSON Feed has it."""
    found = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": address(feed.links, "alternate"),
        "feed_url": address(feed.links, "self"),
        "next_url": address(feed.links, "next"),
        "items": [_item(one) for one in feed.items],
    }
    return {name: value for name, value in found.items() if value is not None}


def _item(item: Item) -> dict[str, Any]:
    found = {
        "id": item.id,
        "url": address(item.links, "alternate"),
        "title": item.title,
        "content_text": item.summary,
        "date_published": item.updated,
        "date_modified": item.updated,
        "authors": [{"name": item.author}],
        "tags": list(item.categories),
    }
    return {name: value for name, value in found.items() if value is not None}
