"""Secrets that are handed out once and kept as hashes: of sessions, links and robots' tokens.

They are 256 random bits, so a plain SHA-256 is enough: there is nothing to guess that a slow hash would slow down.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

ROBOT_PREFIX: Final = "osr_"  # how a robot's token begins
LOCKS: Final = 0x4F5310
NAMING: Final = LOCKS  # `database.engine.alone`: whoever takes a name, or changes who may do what
SIGNING: Final = LOCKS + 1  # … or the signing keys
ENDING: Final = LOCKS + 2  # … or publishes what ended

_LONGEST: Final = 200


def new_id() -> str:
    """An id that nothing has."""
    return secrets.token_hex(16)


def new_secret(prefix: str = "") -> str:
    """A secret that nobody knows, with what tells people what it is."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret[:_LONGEST].encode("utf-8", "surrogatepass")).hexdigest()
