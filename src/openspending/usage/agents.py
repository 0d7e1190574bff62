"""Who asks: a person with a browser, a program that somebody wrote, or a bot; by the user agent's text alone.

The text itself is never counted, logged or stored. It can lie, so the kinds are an estimate: good enough to keep
crawlers, which can be most of the traffic, from passing for readers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

PERSON: Final = "person"
PROGRAM: Final = "program"
BOT: Final = "bot"
KINDS: Final = (PERSON, PROGRAM, BOT)

# The kept list has crawlers, previews, monitors and archivers by name, also those that give no hint, such as
# “Google-InspectionTool”. It has libraries too (curl, httpx): what people write scripts with is a program here.
_LIBRARY: Final = "http-library"
_WORDS: Final = r"(?i:(?<!cu)bot|crawl|spider)"  # for those that are not in the list yet; Cubot makes phones
_BOTS: Final = re.compile(
    "|".join([_WORDS, *(one["pattern"] for one in CRAWLER_USER_AGENTS_DATA if _LIBRARY not in one["tags"])])
)
_BROWSERS: Final = ("Mozilla/", "Opera/")
LONGEST: Final = 256  # characters that are looked at: the list's patterns take 0.1 ms on those of a browser, once


def kind_of(user_agent: str) -> str:
    """PERSON, PROGRAM or BOT. Whatever is no bot and does not call itself a browser is a program, also without a
    name."""
    return _kind_of(user_agent[:LONGEST])


@lru_cache(maxsize=4096)
def _kind_of(user_agent: str) -> str:
    if _BOTS.search(user_agent):
        return BOT
    return PERSON if user_agent.startswith(_BROWSERS) else PROGRAM
