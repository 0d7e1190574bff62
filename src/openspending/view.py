"""A view: what a chart or a table shows of a dataset, as addresses write it.

The same parameters stand in the address of a page, in an embed and in the attributes of a chart. Whether a dataset has
what they name is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self
from urllib.parse import quote

CHARTS: Final = (
    *("table", "bar", "line", "area", "treemap", "bubbles", "sunburst"),
    *("pie", "donut", "sankey", "radar", "map", "pivot"),
)
THEMES: Final = ("light", "dark", "auto")
SIZE: Final = 12
MOST: Final = 2000
FURTHEST: Final = 9999
LONGEST: Final = 4000  # characters of one parameter
_PLAIN: Final = "|:;,~*()!"
_JOINED: Final = ("group", "at", "series", "cut")
_OPERATORS: Final = ("!:", "~:", "^:", "<=:", ">=:", "<:", ">:", ":")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A parameter that is none, or whose value is none of its `choices`, which are empty where there is no list."""

    parameter: str
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What is shown. Empty texts leave it to the dataset: its suggested view, its first measure, the usual order.

    `group` has refs from broad to narrow. `at` and `cut` are conditions as the API's cuts have them: the members chosen
    on the way down, and the filters. `series` has refs too: a pivot table puts all of them beside each other, other
    charts the first. `size` is how many members are shown, after the first that `skip` leaves out.
    """

    chart: str = ""
    measure: str = ""
    group: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    order: str = ""
    size: int = SIZE
    skip: int = 0
    compare: str = ""
    lang: str = ""
    theme: str = ""

    @classmethod
    def read(cls, asked: Iterable[tuple[str, str]]) -> tuple[Self, tuple[Wrong, ...]]:
        """The view that parameters ask for, and those of them that are wrong, which it goes without. What is given
        several times is joined, where a list is meant; of the others the last one counts that says something."""
        given: dict[str, list[str]] = {}
        for name, value in asked:
            given.setdefault(name, []).append(value[:LONGEST])
        wrong = [Wrong(name, "", PARAMETERS) for name in given if name not in PARAMETERS]
        texts = {name: next((one for one in reversed(given.get(name, ())) if one), "") for name in PARAMETERS}
        for name, allowed in (("chart", CHARTS), ("theme", THEMES)):
            if texts[name] and texts[name] not in allowed:
                wrong.append(Wrong(name, texts[name], allowed))
                texts[name] = ""
        numbers = {}
        for name, least, most, usual in (("size", 1, MOST, SIZE), ("skip", 0, FURTHEST, 0)):
            number = _number(texts[name] or str(usual), least, most)
            if number is None:
                wrong.append(Wrong(name, texts[name], (f"{least}–{most}",)))
            numbers[name] = usual if number is None else number
        lists = {name: tuple(part for one in given.get(name, ()) for part in conditions(one)) for name in _JOINED}
        found: dict[str, Any] = {name: text for name, text in texts.items() if name not in {*_JOINED, *numbers}}
        found |= {name: tuple(dict.fromkeys(listed)) for name, listed in lists.items()}
        found["theme"] = "" if found["theme"] == "auto" else found["theme"]
        found |= numbers
        return cls(**found), tuple(wrong)

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for but a language or a theme."""
        return replace(self, lang="", theme="") == type(self)()

    @property
    def shown(self) -> str:
        """The ref of the level that is shown: the first of the group below what was chosen; empty without a group."""
        chosen = {dimension(one) for one in self.at}
        below = (one for one in self.group if one.partition(".")[0] not in chosen)
        return next(below, self.group[-1] if self.group else "")

    @property
    def nested(self) -> tuple[str, ...]:
        """The refs of the levels that a pivot table shows within each other: those of the group that nothing was chosen
        of, or the last one."""
        chosen = {dimension(one) for one in self.at}
        return tuple(one for one in self.group if one.partition(".")[0] not in chosen) or self.group[-1:]

    @property
    def second(self) -> str:
        """The ref of the level that is shown beside the first: the broadest of the series; empty without any."""
        return self.series[0] if self.series else ""

    @property
    def pivots(self) -> bool:
        """Whether levels are shown within each other."""
        return self.chart == "pivot" and bool(self.group) and not self.compare

    @property
    def deeper(self) -> bool:
        """Whether there is a level below the one that is shown."""
        return bool(self.group) and self.shown != self.group[-1]

    @property
    def whole_cut(self) -> str:
        """The cut that the API is asked for: the filters, and what was chosen on the way down."""
        return "|".join(dict.fromkeys((*self.cut, *self.at)))

    def drilled(self, member: Mapping[str, object]) -> Self:
        """The view one level below, of one member of the level that is shown: its code and its label, by ref."""
        chosen = (condition(ref, value) for ref, value in member.items())
        return replace(self, at=(*self.at, *chosen), order="", skip=0)

    def parameters(self) -> dict[str, str]:
        """The parameters, in their order, without those that say nothing."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        texts = {name: "|".join(value) if isinstance(value, tuple) else str(value) for name, value in found.items()}
        usual = {"size": str(SIZE), "skip": "0"}
        return {name: text for name, text in texts.items() if text and text != usual.get(name)}

    def query(self) -> str:
        """The parameters as a query string: always the same one for the same view."""
        return "&".join(f"{name}={quote(text, safe=_PLAIN)}" for name, text in self.parameters().items())


PARAMETERS: Final = tuple(one.name for one in fields(View))


def condition(ref: str, member: object) -> str:
    """The condition that leaves the facts of one member; None is the missing one."""
    return f"{ref}:null" if member is None else f"{ref}:{json.dumps(str(member), ensure_ascii=False)}"


def conditions(cut: str) -> tuple[str, ...]:
    """The conditions of a cut, as they stand: `|` in quotes or brackets separates none."""
    found, start, depth, quoted, escaped = [], 0, 0, False, False
    for at, letter in enumerate(cut):
        if quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth <= 0:
            found.append(cut[start:at])
            start = at + 1
    found.append(cut[start:])
    return tuple(one.strip() for one in found if one.strip())


def ref_of(one: str) -> str:
    """The ref that a condition is about; empty where it joins several."""
    places = [place for operator in _OPERATORS if (place := one.find(operator)) > 0]
    ref = one[: min(places)] if places else ""
    return "" if "(" in ref else ref


def dimension(one: str) -> str:
    """The dimension that a condition is about."""
    return ref_of(one).partition(".")[0]


def member_of(one: str) -> str | None:
    """The single member that a condition leaves; None where it leaves several, or the missing one."""
    ref = ref_of(one)
    value = one[len(ref) + 1 :]
    if not ref or one[len(ref) : len(ref) + 1] != ":" or value == "null":
        return None
    if value.startswith('"'):
        try:
            text = json.loads(value)
        except ValueError:
            return None
        return text if isinstance(text, str) else None
    return None if not value or ";" in value or ".." in value else value


def _number(given: str, least: int, most: int) -> int | None:
    """A number in these bounds; None for what is none."""
    number = int(given[:9]) if given.isascii() and given.isdecimal() else -1
    return number if least <= number <= most else None
