"""`…/compare`: two sums of a dataset's facts side by side, member by member: what its parameters ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from openspending.analytics import canonical
from openspending.analytics.canonical import cut_text
from openspending.analytics.comparing import compareguard
from openspending.analytics.comparing.compare import Comparison, compared, comparison
from openspending.analytics.comparing.sides import MEASURE, Side, WrittenSide, parse_side, side_of, side_of_json
from openspending.analytics.livecubes import Opened
from openspending.analytics.query import Condition, Order, Page
from openspending.errors import BadQuery
from openspending.read_api import cursors
from openspending.read_api.asked import MOST_ROWS, Address, Asked
from openspending.read_api.compareanswer import Answer, AnsweredSide
from openspending.read_api.door import Door
from openspending.read_api.respond import Named, Question, Result
from openspending.speaking.said import said
from openspending.web import AnyRequest

SIDES: Final = ("left", "right")
PARAMETERS: Final = (
    *(*SIDES, "drilldown", "cut", MEASURE, "order", "allow", "pagesize", "cursor"),
    *("format", "numbers", "bom", "safe"),
)
PAGE: Final = 100
EVERY: Final = 1_000_000_000  # rows: no page at all


def beside_of(door: Door) -> Callable[[AnyRequest, Address, Asked], tuple[Named, ...]]:
    """Tells which revisions the sides of a question name, each of which its asker must be able to read. What makes no
    sense is left for the answer to tell."""

    def beside(request: AnyRequest, where: Address, asked: Asked) -> tuple[Named, ...]:
        quiet = Asked(asked.values, body=asked.body)
        named = [_named(door, request, where, name, _written(quiet, name)) for name in SIDES]
        return tuple(one for one in named if one is not None)

    return beside


def result(question: Question, opened: Opened) -> Result:
    """The answer to a comparison. Raises BadQueries, or Mixed when a side or the difference would mix what is no one
    sum."""
    sides = dict.fromkeys(SIDES, opened) | {one.part: one.api.cubes.opened(one.revision) for one in question.beside}
    asked = asked_of(question.asked, sides, opened, whole=question.format.name != "json")
    stamps = compareguard.judged(asked.comparison, allow_mixed=asked.mixed)
    answer = Answer(
        question,
        opened,
        tuple(AnsweredSide(sides[name], side) for name, side in zip(SIDES, asked.sides, strict=True)),
        asked.comparison,
        compared(asked.comparison),
        tuple(one.to_json() for one in stamps),
        asked.parameters,
        asked.id,
    )
    return Result(answer.body, answer.table, answer.meta, len(answer.found.rows))


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """A comparison that was understood, and its canonical parameters."""

    comparison: Comparison
    mixed: bool
    parameters: Mapping[str, str]
    id: str

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right."""
        return self.comparison.left, self.comparison.right


def asked_of(asked: Asked, opened: Mapping[str, Opened], here: Opened, *, whole: bool) -> AskedComparison:
    """What the parameters ask; a `whole` result has all rows unless `pagesize` is given. Raises BadQueries."""
    if not any(asked.text(name) for name in SIDES):
        text = said("What is compared? Say left, right or both, such as left=year:2014 or left=@1.")
        asked.wrong.append(BadQuery(text, parameter=SIDES[0]))
        asked.settle()
    cuts = _cuts(asked, opened)
    left, right = (_side(asked, name, opened[name], cuts) for name in SIDES)
    mixed = asked.choice("allow", ("mixed",), "") == "mixed"
    size = asked.number("pagesize", EVERY if whole else PAGE, EVERY if whole else MOST_ROWS)
    drilldowns, order = asked.refs("drilldown"), asked.order()
    asked.settle()
    assert left is not None
    assert right is not None
    found = _understood(asked, left, right, drilldowns, order)
    parameters = {
        "left": _text(left, opened["left"], here),
        "right": _text(right, opened["right"], here),
        "drilldown": "|".join(one.left.key for one in found.groups),
        "order": canonical.order_text(order),
        "allow": "mixed" if mixed else "",
    }
    hashes = [opened[name].revision.hash for name in SIDES]
    id_ = canonical.query_id({"revision": hashes, "compare": parameters})
    start = 0
    with asked.blaming("cursor"):
        start = cursors.offset_of(asked.text("cursor"), id_)
    asked.settle()
    page = Page(size=size or 0, start=start)
    return AskedComparison(Comparison(left, right, found.groups, found.order, page), mixed, parameters, id_)


def _understood(
    asked: Asked, left: Side, right: Side, drilldowns: tuple[str, ...], order: tuple[Order, ...]
) -> Comparison:
    """The comparison; what is wrong is the fault of one of its two parameters."""
    found = None
    with asked.blaming("drilldown"):
        found = comparison(left, right, drilldowns)
    asked.settle()
    with asked.blaming("order"):
        found = comparison(left, right, drilldowns, order)
    asked.settle()
    assert found is not None
    return found


def _written(asked: Asked, name: str) -> WrittenSide:
    if asked.body is not None and isinstance(asked.body.get(name), dict):
        with asked.blaming(f"/{name}"):
            return side_of_json(asked.body[name], f"/{name}")
        return WrittenSide()
    return asked.read(name, parse_side, WrittenSide())


def _named(door: Door, request: AnyRequest, where: Address, name: str, written: WrittenSide) -> Named | None:
    """The revision that a side names; None for that of the path."""
    if written.dataset is None and written.version is None:
        return None
    owner, dataset = (written.dataset or where.dataset).split("/")
    try:
        api = door.beside(request, owner, dataset)
        revision = api.cubes.revision(owner, dataset, written.version)
    except BadQuery as error:
        error.parameter = name
        raise
    return Named(name, revision, pinned=written.version == str(revision.number), api=api)


def _cuts(asked: Asked, opened: Mapping[str, Opened]) -> tuple[Condition, ...]:
    """What `cut` says of both sides; nothing where it is wrong, so that this is told once."""
    cuts = asked.conditions()
    with asked.blaming("cut"):
        for one in opened.values():
            one.cube.checked(cuts)
        return cuts
    return ()


def _side(asked: Asked, name: str, opened: Opened, cuts: tuple[Condition, ...]) -> Side | None:
    written = _written(asked, name)
    with asked.blaming(name):
        return side_of(written, opened.cube, asked.text(MEASURE), cuts)
    return None


def _text(side: Side, opened: Opened, here: Opened) -> str:
    """A side as its canonical text, in which it says everything: where it is from, its measure and all its cuts."""
    return "|".join(_parts(side, opened, here))


def _parts(side: Side, opened: Opened, here: Opened) -> Iterator[str]:
    revision = opened.revision
    if revision.hash != here.revision.hash:
        same = (revision.owner, revision.name) == (here.revision.owner, here.revision.name)
        yield f"{'' if same else f'{revision.owner}/{revision.name}'}@{revision.number}"
    yield f"{MEASURE}:{side.measure.ref}"
    if side.cuts:
        yield cut_text(side.cuts, side.cube.model)
