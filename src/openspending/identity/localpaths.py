"""Where to go after signing in: a path of our own, and nothing that a browser could take for another site."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_LONGEST: Final = 2000
# Printable ASCII without the backslash, which browsers read as a slash; they also leave out tabs and line ends.
_PLAIN: Final = re.compile(r"/[!-\[\]-~]*")


def local_path(text: str | None) -> str:
    """`text` where it is a path of this site, with its query; else “/”.

    What is written with %-signs is looked at too, twice: something in between may decode it.
    """
    if not text or len(text) > _LONGEST:
        return "/"
    for form in (text, unquote(text), unquote(unquote(text))):
        path = form.partition("?")[0].partition("#")[0]
        if not path.startswith("/") or "//" in path or "\\" in form or any(one < " " or one == "\x7f" for one in form):
            return "/"
    return text if _PLAIN.fullmatch(text) else "/"
