"""Who asks, as far as it takes to slow down one who asks too often: an account, or else a number that means nothing.

For whoever is not signed in, it is a hash of their network with a secret that this process made up and forgets. It is
stored nowhere, logged nowhere, and cannot be turned back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from openspending.web import AnyRequest, actor_of

_SECRET: Final = secrets.token_bytes(32)


def client_of(request: AnyRequest) -> str:
    """A name of the asker that is the same for some time."""
    actor = actor_of(request)
    if actor.known:
        return f"account {actor.account}"
    return hmac.new(_SECRET, _network(request).encode(), hashlib.sha256).hexdigest()[:24]


def _network(request: AnyRequest) -> str:
    """The network from which a request comes; behind a gateway, which is in ours, what the gateway says of it."""
    peer = _address(request.client.host if request.client else "")
    if peer is None or peer.is_private:
        last = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        peer = _address(last) or peer
    if isinstance(peer, IPv6Address):
        return str(ip_network((peer, 64), strict=False))
    return str(peer)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
