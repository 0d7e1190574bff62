"""Signatures of PUTs that come through this API: made as S3 makes them, of one key, its headers, and an end.

What is signed are the very headers that the client has to send, so a request with another length, MD5 or type has
another signature, and is refused before a byte of it is read.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openspending.errors import Forbidden

SECONDS: Final = 3 * 24 * 3600  # that an upload URL holds, as in the original
HEADERS: Final = ("content-length", "content-md5", "content-type")
_REFUSED: Final = "The signature does not fit this request: its address, length, MD5 and type must be those announced."


@dataclass(frozen=True, slots=True)
class PutSignature:
    """A signature as it stands in the query of an upload URL. `headers` are the names of those that are signed."""

    expires: int
    headers: tuple[str, ...]
    signature: str

    def query(self) -> dict[str, list[str]]:
        """The parameters, each a list of one value, as clients of the original want them."""
        found = {"Expires": str(self.expires), "SignedHeaders": ";".join(self.headers), "Signature": self.signature}
        return {name: [value] for name, value in found.items()}


def sign(secret: str, key: str, headers: Mapping[str, str], expires: int) -> PutSignature:
    """The signature of a PUT to `key` with these headers, whose names are in small letters, up to `expires` (seconds of
    Unix)."""
    names = tuple(name for name in HEADERS if name in headers)
    return PutSignature(expires, names, _digest(secret, key, headers, names, expires))


def check(secret: str, key: str, headers: Mapping[str, str], given: Mapping[str, str], now: int) -> None:
    """Raise Forbidden unless `given`, the parameters of a request, sign its key and headers, and have not ended."""
    names = tuple(given.get("SignedHeaders", "").split(";"))
    if not given.get("Expires", "").isdecimal() or len(given["Expires"]) > 12 or not _are_headers(names):
        raise Forbidden(_REFUSED)
    expected = _digest(secret, key, headers, names, int(given["Expires"]))
    if not hmac.compare_digest(expected, given.get("Signature", "").encode("ascii", "replace").decode()):
        raise Forbidden(_REFUSED)
    if int(given["Expires"]) < now:
        raise Forbidden("This upload URL has expired; ask /datastore/ for another one.")


def _are_headers(names: tuple[str, ...]) -> bool:
    """Whether these are headers that we sign: the type may be left out, the others never."""
    return names in (HEADERS, HEADERS[:2])


def _digest(secret: str, key: str, headers: Mapping[str, str], names: tuple[str, ...], expires: int) -> str:
    signed = "\n".join(["PUT", key, str(expires), *(f"{name}:{headers.get(name, '')}" for name in names)])
    return hmac.new(secret.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
