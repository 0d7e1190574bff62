"""Which browser on which system a session is of, in two words of a short list, by which its person knows it again.

What a browser says of itself in full would tell people apart, so it is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The first that is named holds: browsers name those that they want to be taken for, too.
_BROWSERS: Final = (
    *(("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung")),
    *(("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome")),
    *(("Chromium/", "Chrome"), ("Version/", "Safari"), ("curl/", "curl")),
)
_SYSTEMS: Final = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"), ("Windows", "Windows")),
    *(("Macintosh", "macOS"), ("Linux", "Linux"), ("X11", "Linux")),
)


@dataclass(frozen=True, slots=True)
class Device:
    """The browser and the system; "" for what is not of the list."""

    browser: str = ""
    system: str = ""


def device(user_agent: str) -> Device:
    """What a header User-Agent says."""
    return Device(_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS))


def _first(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((word for sign, word in known if sign in user_agent), "")
