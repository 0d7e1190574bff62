"""Texts and values as any database takes them: PostgreSQL knows no NUL, and no half of a character."""

from __future__ import annotations

import json
from typing import Any


def clean(text: str) -> str:
    """The text, with something harmless for what cannot be stored."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()


def storable(text: str) -> bool:
    """Whether a database can hold the text at all, and so whether it is worth looking for."""
    return clean(text) == text


def plain(value: object) -> Any:
    """The value as JSON can hold it; what JSON does not know becomes its text."""
    return json.loads(json.dumps(value, default=str, allow_nan=False))
