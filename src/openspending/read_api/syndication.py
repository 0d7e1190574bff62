"""Feeds, whatever they tell of and however they are written: entries, links, and ids that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

NEVER: Final = "1970-01-01T00:00:00Z"  # when a feed without entries was changed last


@dataclass(frozen=True, slots=True)
class Link:
    """Where something else is, and what that is to the feed or entry."""

    rel: str
    href: str
    media_type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry; `updated` is RFC 3339."""

    id: str
    title: str
    updated: str
    author: str
    summary: str
    links: tuple[Link, ...]
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Syndicated:
    """A page of a feed, its entries the newest first."""

    id: str
    title: str
    links: tuple[Link, ...]
    items: Sequence[Item]

    @property
    def updated(self) -> str:
        """When it was changed last."""
        return self.items[0].updated if self.items else NEVER


def tag(base: str, day: str, of: str) -> str:
    """A tag: URI (RFC 4151) of something here, at the address `base`. It stays the same as long as the host does."""
    host = urlsplit(base).hostname or "localhost"
    return f"tag:{host if ':' not in host else 'localhost'},{day}:{quote(of.lstrip('/'), safe='/@+')}"


def address(links: Sequence[Link], rel: str) -> str | None:
    """Where the first link of this relation leads; None without one."""
    return next((one.href for one in links if one.rel == rel), None)
