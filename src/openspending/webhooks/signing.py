"""Signatures of Standard Webhooks: whoever has the secret can tell that a message is ours, and when it was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret for one webhook, in the form that libraries of Standard Webhooks take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed(secret: str, message: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers that sign `body` as the message with that id, sent at that time (Unix)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {"webhook-id": message, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{signature}"}
