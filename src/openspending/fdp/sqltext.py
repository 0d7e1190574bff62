"""Small pieces of SQL text: quoted literals, identifiers, and characters made harmless in a regular expression."""

from __future__ import annotations

from collections.abc import Iterable


def literal(text: str) -> str:
    """`text` as SQL string literal. NUL, which SQL text cannot hold and data may not contain, is dropped."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """SQL list of string literals for `IN (…)`."""
    return ", ".join(literal(text) for text in texts)


def identifier(name: str) -> str:
    """`name` as quoted SQL identifier."""
    return '"' + name.replace("\0", "").replace('"', '""') + '"'


def plain(text: str) -> str:
    """`text` as RE2 expression that matches exactly it."""
    return "".join(one if one.isascii() and one.isalnum() else f"\\x{{{ord(one):X}}}" for one in text)


def full_match(column: str, expression: str) -> str:
    """SQL: does the whole of `column` match the RE2 `expression`?"""
    return f"regexp_full_match({column}, {literal(expression)})"
