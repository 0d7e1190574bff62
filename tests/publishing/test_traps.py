"""Sums over what excludes each other: none is given silently, and each choice that is offered gives the right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from openspending.analytics.cube import Cube
from openspending.analytics.guards.guard import Stamp, counting, judged
from openspending.analytics.guards.roles import Roles, roles_from, roles_of
from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.query import AggregateQuery, Order
from openspending.analytics.querytext import parse_cuts, parse_refs
from openspending.datastore.store import open_datastore
from openspending.errors import Mixed
from openspending.publishing import publish
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package
from tests.publishing.trapped import PHASE, SOUND, TRAPS, Trap

pytestmark = pytest.mark.slow


class Guarded:
    """A published package, asked as `/v1` asks."""

    def __init__(self, cube: Cube, roles: Roles) -> None:
        self.cube = cube
        self.roles = roles

    def stamps(self, drilldown: str = "", cut: str = "", aggregates: str = "") -> tuple[Stamp, ...]:
        return judged(self._query(drilldown, cut, aggregates), self.roles, self.cube.model)

    def allowed(self) -> tuple[Stamp, ...]:
        return judged(self._query(aggregates="amount.sum"), self.roles, self.cube.model, allow_mixed=True)

    def exact(self, drilldown: str = "", cut: str = "") -> tuple[Stamp, ...]:
        """The stamps when the facts are asked where the query does not tell."""
        query = self._query(drilldown, cut, "amount.sum")
        return judged(query, self.roles, self.cube.model, cells=counting(self.cube, query))

    def total(self, cut: str = "", ref: str = "amount.sum") -> Decimal:
        return Decimal(self.cube.aggregate(self._query(cut=cut)).summary[ref])

    def cells(self, **asked: str) -> list[dict[str, Any]]:
        return self.cube.aggregate(self._query(**asked)).cells

    def refusal(self, drilldown: str = "", cut: str = "", aggregates: str = "amount.sum") -> Mixed:
        with pytest.raises(Mixed) as caught:
            self.stamps(drilldown=drilldown, cut=cut, aggregates=aggregates)
        return caught.value

    def _query(self, drilldown: str = "", cut: str = "", aggregates: str = "") -> AggregateQuery:
        return AggregateQuery(
            parse_refs(drilldown) if drilldown else (),
            parse_refs(aggregates) if aggregates else (),
            parse_cuts(cut) if cut else (),
        )


Publisher = Callable[[Trap], Guarded]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    """Publishes the package of a trap, once, and opens it."""
    folder = tmp_path_factory.mktemp("traps")
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    cubes = LiveCubes(store, folder / "cache")
    known: dict[str, Guarded] = {}

    def open_(trap: Trap) -> Guarded:
        if trap.name not in known:
            name = f"trap-{len(known)}"
            package = write_package(folder / name, trap.text, fields=trap.fields, **trap.package)
            publish(str(package), owner="ministry", name=name, store=store)
            opened = cubes.at("ministry", name)
            known[trap.name] = Guarded(opened.cube, roles_of(opened.stored))
        return known[trap.name]

    yield open_
    cubes.close()


def named(traps: tuple[Trap, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("trap", traps, ids=lambda one: re.sub(r"\W+", "-", one.name))


@named(TRAPS)
def test_a_plain_total_is_refused_and_every_choice_gives_the_right_one(trap: Trap, guarded: Publisher) -> None:
    asked = guarded(trap)

    error = asked.refusal()
    (mixed,) = [one for one in error.mixed if one["kind"] == trap.kind]
    cuts = {one["label"]: one["cut"] for one in mixed["choices"]}

    others = "|".join(_largest(one) for one in error.mixed if one is not mixed)
    assert {label: asked.total(_joined(cut, others)) for label, cut in cuts.items()} == {
        label: Decimal(amount) for label, amount in trap.sums.items()
    }
    for cut in cuts.values():
        stamps = asked.stamps(cut=_joined(cut, others), aggregates="amount.sum")
        assert not [one for one in stamps if one.code.startswith("mixed")]
        assert f"cut={cut}" in error.choices


def _joined(*cuts: str) -> str:
    return "|".join(one for one in cuts if one)


def _largest(mixed: Mapping[str, Any]) -> str:
    """The cut to the member with most facts."""
    return str(max(mixed["choices"], key=lambda one: one["facts"] or 0)["cut"])


@named(TRAPS)
def test_drilling_down_as_offered_mixes_nothing_but_the_summary(trap: Trap, guarded: Publisher) -> None:
    asked = guarded(trap)
    error = asked.refusal()
    by = "|".join(one["drilldown"] for one in error.mixed)

    stamps = asked.stamps(drilldown=by, aggregates="amount.sum")

    assert [(one.where, one.code) for one in stamps if one.code == f"mixed-{trap.kind}"] == [
        ("summary", f"mixed-{trap.kind}")
    ]


@named(TRAPS)
def test_what_is_allowed_is_stamped(trap: Trap, guarded: Publisher) -> None:
    asked = guarded(trap)

    stamps = asked.allowed()

    assert f"mixed-{trap.kind}" in {one.code for one in stamps if one.where == "cells"}


@named(TRAPS)
def test_the_default_is_one_of_the_choices(trap: Trap, guarded: Publisher) -> None:
    asked = guarded(trap)

    (mixed,) = [one for one in asked.refusal().mixed if one["kind"] == trap.kind]
    chosen = [one["label"] for one in mixed["choices"] if one["default"]]

    assert len(chosen) == 1
    assert trap.default in (None, chosen[0])


@named(TRAPS)
def test_counts_are_not_refused(trap: Trap, guarded: Publisher) -> None:
    assert guarded(trap).stamps(aggregates="_count") == ()


@named(TRAPS)
def test_the_roles_survive_their_json(trap: Trap, guarded: Publisher) -> None:
    roles = guarded(trap).roles

    assert roles_from(roles.to_json()) == roles


@named(SOUND)
def test_what_may_be_added_up_is_not_refused(trap: Trap, guarded: Publisher) -> None:
    asked = guarded(trap)

    stamps = asked.stamps()

    assert asked.total() == Decimal(trap.sums[""])
    assert not [one for one in stamps if one.code.startswith("mixed")]


def by_name(name: str) -> Trap:
    return next(one for one in (*TRAPS, *SOUND) if one.name == name)


PHASES, CURRENCIES, IN_COLUMNS = "phases by ColumnType", "currencies by ColumnType", "three levels in columns"
CODES = "three levels in one column of codes"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (PHASES, {"drilldown": "code"}),
        (PHASES, {"drilldown": "code.code|year"}),
        (PHASES, {"cut": 'code:"1"'}),
        (PHASES, {"cut": 'phase:"approved";"executed"'}),
        (PHASES, {"cut": 'phase!:"proposed"'}),
        (PHASES, {"cut": 'any(phase:"approved"|code:"1")'}),
        (PHASES, {"cut": 'not(phase:"proposed")'}),
        (PHASES, {"aggregates": "amount.avg"}),
        (CURRENCIES, {"aggregates": "amount.max"}),
        (IN_COLUMNS, {"drilldown": "chapter"}),
        (IN_COLUMNS, {"drilldown": "line"}),
        (IN_COLUMNS, {"cut": 'chapter:"01"'}),
        (IN_COLUMNS, {"cut": "line:null"}),
        (CODES, {"cut": 'code^:"01"'}),
        (CODES, {"cut": 'code:"01";"01.1.1"'}),
        (CODES, {"cut": 'code!:"02"'}),
        (CODES, {"drilldown": "year"}),
    ],
    ids=str,
)
def test_half_a_cut_is_no_way_out(name: str, asked: dict[str, str], guarded: Publisher) -> None:
    assert guarded(by_name(name)).refusal(**asked)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (PHASES, {"drilldown": "phase"}),
        (PHASES, {"drilldown": "code|phase.phase"}),
        (PHASES, {"cut": 'phase:"approved"|code:"1"'}),
        (PHASES, {"cut": 'phase!:"approved"'}),
        (PHASES, {"cut": 'any(phase:"approved"|all(phase:"approved"|code:"1"))'}),
        (PHASES, {"cut": 'not(phase:"executed")'}),
        (PHASES, {"cut": 'phase:"no such phase"'}),
        ("phases with labels", {"cut": 'phase.phase_name:"Plan"'}),
        ("phases with labels", {"drilldown": "phase.phase_name"}),
        (IN_COLUMNS, {"drilldown": "chapter|article|line"}),
        (IN_COLUMNS, {"cut": 'line:"0111"'}),
        (IN_COLUMNS, {"cut": "line!:null", "drilldown": "chapter"}),
        (CODES, {"cut": 'code:"01.1";"02.1"'}),
        (CODES, {"drilldown": "code"}),
        (CODES, {"cut": 'code:"01"'}),
    ],
    ids=str,
)
def test_a_cut_or_drilldown_that_parts_everything_is_enough(
    name: str, asked: dict[str, str], guarded: Publisher
) -> None:
    stamps = guarded(by_name(name)).stamps(**{"aggregates": "amount.sum", **asked})

    assert not [one for one in stamps if one.code.startswith("mixed") and one.where == "cells"]


def test_where_the_query_does_not_tell_the_facts_are_asked(guarded: Publisher) -> None:
    rows = "year,code,phase,amount\n2024,1,approved,100\n2024,1,executed,90\n2025,1,approved,110\n2025,2,approved,50\n"
    asked = guarded(Trap("a year with one phase", "phase", rows, {}, (YEAR, CODE, PHASE, AMOUNT)))

    assert asked.refusal(cut="year:2025")
    assert not [one for one in asked.exact(cut="year:2025") if one.code == "mixed-phase"]
    assert asked.exact("year", 'code:"2"')
    with pytest.raises(Mixed):
        asked.exact(cut="year:2024")
    with pytest.raises(Mixed):
        asked.exact("year")


def test_ordering_by_a_sum_that_mixes_is_refused_too(guarded: Publisher) -> None:
    asked = guarded(by_name(PHASES))
    query = AggregateQuery(("code.code",), ("_count",), (), (Order("amount.sum"),))

    with pytest.raises(Mixed):
        judged(query, asked.roles, asked.cube.model)


YEARS = Trap(
    "years that are added together",
    "",
    "year,code,amount\n2023,1,100\n2024,1,90\n2025,1,-5\n2025,2,0\n",
    {},
    (YEAR, CODE, AMOUNT),
)


@pytest.mark.parametrize(
    ("asked", "added"),
    [
        ({}, (2023, 2024, 2025)),
        ({"drilldown": "code"}, (2023, 2024, 2025)),
        ({"cut": "year:2024..2025"}, (2024, 2025)),
        ({"cut": "year>:2023"}, (2024, 2025)),
        ({"cut": "year:2024"}, ()),
        ({"drilldown": "year"}, ()),
    ],
    ids=str,
)
def test_years_that_are_added_together_are_stamped(
    asked: dict[str, str], added: tuple[int, ...], guarded: Publisher
) -> None:
    stamps = guarded(YEARS).stamps(**asked)

    assert [one.members for one in stamps if one.code == "years-added"] == ([added] if added else [])


def test_years_are_stamped_where_the_facts_of_a_cut_are_of_several(guarded: Publisher) -> None:
    asked = guarded(YEARS)

    def years(**query: str) -> list[tuple[Any, ...]]:
        return [one.members for one in asked.exact(**query) if one.code == "years-added"]

    assert years() == [(2023, 2024, 2025)]
    assert years(cut="code:1") == [(2023, 2024, 2025)]
    assert years(cut="code:2") == []
    assert years(cut="code:1;2", drilldown="code") == [(2023, 2024, 2025)]
    assert years(cut="amount>:95", drilldown="code") == []


def test_days_of_several_years_are_stamped(guarded: Publisher) -> None:
    fields = ({"name": "day", "type": "date", "columnType": "date:generic"}, CODE, AMOUNT)
    rows = "day,code,amount\n2023-05-01,1,100\n2024-01-01,1,90\n2024-12-31,1,7\n"
    asked = guarded(Trap("days of two years", "", rows, {}, fields))

    def years(**query: str) -> list[tuple[Any, ...]]:
        return [one.members for one in asked.stamps(**query) if one.code == "years-added"]

    assert years() == [(2023, 2024)]
    assert years(cut="day:2024-01-01..2024-12-31") == []
    assert years(cut="day>=:2024-01-01") == []
    assert years(cut="day>=:2023-12-31") == [(2023, 2024)]
    assert years(drilldown="day") == []


def test_amounts_below_zero_are_stamped_with_what_they_take_away(guarded: Publisher) -> None:
    asked = guarded(YEARS)

    (signs,) = asked.roles.signs
    (stamp,) = [one for one in asked.stamps() if one.code == "negatives"]

    assert (signs.positives, signs.negatives, signs.zeros, signs.missing) == (2, 1, 1, 0)
    assert (signs.positive, signs.negative) == ("190", "-5")
    assert "-5" in stamp.sentence
    assert asked.stamps(aggregates="_count") == ()


def test_phases_that_the_package_is_silent_about_are_stamped(guarded: Publisher) -> None:
    rows = "year,code,Stage,amount\n2024,1,Budget,100\n2024,1,Actual,90\n"
    stage = {"name": "Stage", "type": "string"}
    asked = guarded(Trap("an undeclared stage", "", rows, {}, (YEAR, CODE, stage, AMOUNT)))

    (stamp,) = [one for one in asked.stamps() if one.code == "undeclared-phase"]

    assert stamp.members == ("Actual", "Budget")


def test_levels_that_are_not_proven_are_stamped(guarded: Publisher) -> None:
    rows = "".join(f"2024,{a},{a}0\n2024,{a}.1,{a}7\n2024,{a}.2,{a}9\n" for a in ("01", "02", "03"))
    fields = (YEAR, {**CODE, "columnType": "functional-classification:generic:code"}, AMOUNT)
    asked = guarded(Trap("levels without proof", "", f"year,code,amount\n{rows}", {}, fields))

    assert "levels-mixed" in {one.code for one in asked.stamps()}
    assert "levels-mixed" not in {one.code for one in asked.stamps(drilldown="code")}
    assert asked.roles.nested == ()


def test_more_currencies_than_are_listed_are_counted(guarded: Publisher) -> None:
    codes = (
        "AED AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KES KRW KZT LKR MAD"
    )
    more = "MDL MKD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR"
    rows = "".join(f"2024,1,{one},{n}\n" for n, one in enumerate(f"{codes} {more}".split(), 1))
    fields = (YEAR, CODE, {"name": "money", "type": "string", "columnType": "value-currency:code"}, AMOUNT)
    asked = guarded(Trap("54 currencies", "", f"year,code,money,amount\n{rows}", {}, fields))

    (mixed,) = asked.refusal().mixed

    assert (mixed["members"], len(mixed["choices"])) == (54, 50)
    assert asked.refusal(cut='money!:"AED"').mixed[0]["members"] == 53
    assert asked.stamps(cut='money:"ZAR"') == ()
