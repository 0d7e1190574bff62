"""Where a browser may be sent after signing in: to pages of this OpenSpending, and to a client on the same machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

_LONGEST: Final = 2000
# Printable ASCII without the backslash, which browsers read as a slash.
_REST: Final = r"(?:[/?#][!-\[\]-~]*)?"
_LOOPBACK: Final = re.compile(
    rf"https?://(?:localhost|127(?:\.[0-9]{{1,3}}){{3}}|\[::1\])(?::[0-9]{{1,5}})?{_REST}", re.IGNORECASE
)
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class Next:
    """An address to go to. `on_machine`: a program on the asker's own machine listens there."""

    address: str
    on_machine: bool

    def with_token(self, token: str) -> str:
        """The address with the parameter `jwt`, its query kept."""
        before, mark, fragment = self.address.partition("#")
        joint = "&" if "?" in before else "?"
        return f"{before}{joint}jwt={quote(token, safe='')}{mark}{fragment}"


def next_of(text: str, base_url: str) -> Next | None:
    """The address that `text` means; None where nobody may be sent there. "" is the home page."""
    if len(text) > _LONGEST:
        return None
    if not text or _LOCAL.fullmatch(text):
        return Next(f"{base_url}{text or '/'}", on_machine=False)
    if text.startswith(base_url) and re.fullmatch(_REST, text[len(base_url) :]):
        return Next(text, on_machine=False)
    return Next(text, on_machine=True) if _LOOPBACK.fullmatch(text) else None
