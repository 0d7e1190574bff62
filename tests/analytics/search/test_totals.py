"""Totals: exact, of one kind of money each, and honest where there is none."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from openspending.analytics.search.engine import Tally
from openspending.analytics.search.faceting import MOST, DatasetCounts, LineCounts
from openspending.analytics.search.narrowing import narrowed
from openspending.analytics.search.record import Cell, Measure, Record
from openspending.analytics.search.totals import Kind, Total, names_of

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def record(
    uid: int, *measures: Measure, cells: tuple[Cell, ...] = (Cell(0, 1, "2024"),), countries: tuple[str, ...] = ()
) -> Record:
    return Record(
        uid, "o", f"n{uid}", 1, "sha256:0", NOW, f"Title {uid}", 1, measures=measures, cells=cells, countries=countries
    )


def counted(tallies: dict[int, Tally], *records: Record, **filters: frozenset[str]) -> LineCounts:
    counts = LineCounts()
    counts.add(narrowed({one.dataset: one for one in records}, filters), tallies)
    return counts


def whole(*records: Record, sums: tuple[int, ...], lines: int = 1) -> tuple[Total, ...]:
    tallies = {one.cell_id(cell): Tally(lines, sums) for one in records for cell in one.cells}
    return counted(tallies, *records).whole.totals.found()


def measure(ref: str = "amount", scale: int = 2, width: int = 20, **said: str) -> Measure:
    return Measure(ref, ref.title(), scale, width, **said)


def test_amounts_of_several_scales_are_added_without_rounding() -> None:
    large = 10**45 + 7
    some = [record(uid, measure(scale=scale, currency="EUR")) for uid, scale in ((1, 2), (2, 0), (3, 18))]
    (total,) = whole(*some, sums=(large,))
    assert total.lines == 3
    assert f"{total.amount:f}" == "1010000000000000001000000000000000000000000007.070000000000000007"


def test_kinds_are_never_added_to_each_other() -> None:
    cells = (Cell(0, 1, None, {"phase": "approved"}), Cell(1, 1, None, {"phase": "executed", "version": "second"}))
    totals = whole(record(1, measure(currency="EUR"), cells=cells), record(2, measure(currency="USD")), sums=(100,))
    assert {one.kind for one in totals} == {
        Kind("EUR", "approved"),
        Kind("EUR", "executed", further=(("version", "second"),)),
        Kind("USD"),
    }
    assert {one.amount for one in totals} == {Decimal("1.00")}


def test_measures_of_one_kind_are_told_apart_by_name() -> None:
    assert names_of(record(1, measure("paid"), measure("due"))) == ("Paid", "Due")
    assert names_of(record(1, measure("paid", phase="executed"), measure("due", phase="approved"))) == (None, None)
    same = (Measure("a", "Amount", 2, 20), Measure("b", "Amount", 2, 20))
    assert names_of(record(1, *same)) == ("a", "b")
    by_cell = (Cell(0, 1, None, {"phase": "executed"}),)
    assert names_of(record(1, measure("a", phase="executed"), measure("b"), cells=by_cell)) == ("A", "B")
    totals = whole(record(1, measure("paid"), measure("due")), sums=(100, 300))
    assert [(one.kind.measure, one.amount) for one in totals] == [("Due", Decimal(3)), ("Paid", Decimal(1))]


def test_a_measure_without_sums_has_no_total_and_leaves_none_to_others_of_its_kind() -> None:
    assert [one.amount for one in whole(record(1, measure(width=0)), sums=(0,))] == [None]
    mixed = whole(record(1, measure(width=0)), record(2, measure()), record(3, measure(currency="EUR")), sums=(5,))
    assert {one.kind.currency: (one.lines, one.amount) for one in mixed} == {
        None: (2, None),
        "EUR": (1, Decimal("0.05")),
    }


def test_lines_without_measures_are_counted() -> None:
    counts = counted({record(1).cell_id(Cell(0, 1)): Tally(7, ())}, record(1))
    assert counts.whole.lines == 7
    assert [(one.lines, one.amount) for one in counts.whole.totals.found()] == [(7, None)]


def test_cells_that_nobody_may_see_are_not_counted() -> None:
    seen, other = record(1, measure()), record(2, measure())
    counts = counted({one.cell_id(one.cells[0]): Tally(1, (1,)) for one in (seen, other)}, seen)
    assert (counts.whole.lines, [one.described.record for one in counts.datasets]) == (1, [seen])
    assert [one.value for one in counts.facets()["dataset"].values] == ["o/n1"]


def test_a_measure_meets_all_filters_of_kinds_by_itself() -> None:
    one = record(1, measure("a", phase="approved", currency="EUR"), measure("b", phase="executed", currency="USD"))
    tallies = {one.cell_id(one.cells[0]): Tally(4, (100, 200))}
    eur, executed = frozenset({"EUR"}), frozenset({"executed"})
    counts = counted(tallies, one, currency=eur, phase=executed)
    assert counts.whole.lines == 0
    facets = counts.facets()
    assert [(v.value, v.count, v.totals[0].amount) for v in facets["phase"].values] == [("approved", 4, Decimal(1))]
    assert [(v.value, v.count, v.totals[0].amount) for v in facets["currency"].values] == [("USD", 4, Decimal(2))]
    assert all(not facets[name].values for name in facets if name not in {"phase", "currency"})


def test_long_facets_are_cut_and_say_so() -> None:
    some = [record(uid, measure()) for uid in range(1, MOST + 31)]
    facet = counted({one.cell_id(one.cells[0]): Tally(one.uid, (1,)) for one in some}, *some).facets()["dataset"]
    assert (len(facet.values), facet.more) == (MOST, 30)
    assert (facet.values[0].value, facet.values[0].label, facet.values[0].count) == ("o/n130", "Title 130", 130)


def test_countries_are_called_by_their_names() -> None:
    one = record(1, measure(), countries=("GR", "ZZ", "XK9"))
    counts = DatasetCounts()
    assert counts.add(narrowed({one.dataset: one}, {}).values())
    labels = {value.value: value.label for value in counts.facets()["country"].values}
    assert labels["GR"] == "Greece"
    assert labels["XK9"] == "XK9"


def test_a_dataset_without_lines_is_a_dataset() -> None:
    one = record(1, measure(), cells=())
    assert DatasetCounts().add(narrowed({one.dataset: one}, {"owner": frozenset({"o"})}).values())
    assert not narrowed({one.dataset: one}, {"owner": frozenset({"x"}), "year": frozenset({"2024"})})
