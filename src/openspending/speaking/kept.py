"""What was said inside JSON, beside it: so that a tree of texts that is stored in English can be told later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openspending.speaking.said import Said, as_words, of_words


def apart(value: object, pointer: str = "") -> dict[str, Any]:
    """By JSON pointer, what is said in a tree of mappings and lists, as JSON holds it."""
    if isinstance(value, Said):
        return {pointer: as_words({"": value})[""]}
    if isinstance(value, Mapping):
        parts = [(str(name).replace("~", "~0").replace("/", "~1"), one) for name, one in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(str(number), one) for number, one in enumerate(value)]
    else:
        return {}
    return {at: one for name, part in parts for at, one in apart(part, f"{pointer}/{name}").items()}


def again(value: Any, said: Mapping[str, Any], pointer: str = "") -> Any:
    """The tree with what `apart` found in it; where that does not say the same in English, the texts stay as they
    are."""
    if isinstance(value, Mapping):
        return {
            name: again(one, said, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [again(one, said, f"{pointer}/{number}") for number, one in enumerate(value)]
    if not isinstance(value, str) or pointer not in said:
        return value
    try:
        found = of_words({"": said[pointer]})[""]
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        return value
    return found if found == value else value
