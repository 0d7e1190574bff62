"""The difference of two fact tables: nothing is lost, nothing counted twice, and the money adds up to the digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.analytics.differences.difference import Difference, difference
from openspending.analytics.differences.exact import minus, total_of
from openspending.analytics.factfile import FactFile
from openspending.etl.workspace import Workspace
from openspending.fdp.amounts import plain
from openspending.fdp.model import Attribute, Dimension, Measure, Model

pytestmark = pytest.mark.slow

Row = tuple[int, str | None, str | None, Decimal | None]  # year, code, label, amount

BIG = Decimal("99999999999999999999999999999999.99")


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace() as opened:
        yield opened


def a_model(currency: str = "EUR", measure: str = "amount", code: str = "code") -> Model:
    def attribute(name: str, kind: str, label_of: str | None = None) -> Attribute:
        return Attribute(name, name, "lines", name, type=kind, label_of=label_of)

    money = Measure(measure, measure, "lines", measure, currency=currency)
    date = Dimension("date", "datetime", None, (attribute("year", "integer"),), ("year",))
    codes = (attribute(code, "string"), attribute("label", "string", code))
    function = Dimension("function", "classification", "functional", codes, (code,))
    return Model("1.0", ("lines",), (money,), (date, function))


def a_table(
    path: Path, rows: Sequence[Row], model: Model | None = None, *, scale: int = 2, year: pa.DataType | None = None
) -> FactFile:
    """A fact table as a build writes it: each content has one id, repeats are counted."""
    model = model or a_model()
    seen: Counter[Row] = Counter()
    ids = []
    for row in rows:
        seen[row] += 1
        ids.append(f"{row[:3]}{row[3] if row[3] is None else plain(row[3])}-{seen[row]}")
    names = [one.column for dimension in model.dimensions for one in dimension.attributes]
    types = [year or pa.int64(), pa.string(), pa.string(), pa.decimal128(38, scale)]
    columns = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(types)]
    columns += [pa.array(["files/0/lines.csv"] * len(rows)), pa.array(range(2, len(rows) + 2)), pa.array(ids)]
    fields = [*names, model.measures[0].column, "_file", "_row", "_rid"]
    columns[4] = columns[4].cast(pa.string())
    pq.write_table(pa.table(columns, names=fields), path)
    return FactFile(path, model)


def compared(
    workspace: Workspace, old: Sequence[Row], new: Sequence[Row], year: pa.DataType | None = None
) -> Difference:
    folder = workspace.folder
    before = a_table(folder / "old.parquet", old)
    return difference(workspace.connection, before, a_table(folder / "new.parquet", new, year=year))


def total(rows: Sequence[Row]) -> Decimal | None:
    amounts = [row[3] for row in rows if row[3] is not None]
    return total_of(*amounts) if amounts else None


AMOUNTS = st.none() | st.sampled_from([Decimal(0), BIG, BIG.copy_negate()]) | st.decimals(-99, 99, places=2)
CODES, LABELS = st.sampled_from(["1", "2", None]), st.sampled_from(["a", "b", None, ""])
ROWS = st.lists(
    st.tuples(st.integers(2024, 2025), CODES, LABELS, AMOUNTS),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(old=ROWS, new=ROWS, year=st.sampled_from([pa.int64(), pa.int32()]))
def test_applied_to_the_old_sums_it_gives_the_new_ones(
    workspace: Workspace, old: list[Row], new: list[Row], year: pa.DataType
) -> None:
    found = compared(workspace, old, new, year)  # of another type: content ids do not tell then
    (money,) = found.money
    moved = found.changed + found.renamed

    assert found.apply({"amount": total(old)}) == {"amount": total(new)}
    assert (money.old, money.new) == (total(old), total(new))
    assert total_of(money.unchanged, money.removed, money.before, money.renamed) == (total(old) or 0)
    assert total_of(money.unchanged, money.added, money.after, money.renamed) == (total(new) or 0)
    assert found.unchanged == (Counter(old) & Counter(new)).total()
    assert found.unchanged + moved + found.removed == len(old)
    assert found.unchanged + moved + found.added == len(new)


@settings(deadline=None, max_examples=20)
@given(rows=ROWS, chance=st.randoms())
def test_the_same_facts_in_another_order_are_no_difference(
    workspace: Workspace, rows: list[Row], chance: object
) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    found = compared(workspace, rows, mixed)

    assert not found.any
    assert found.unchanged == len(rows)
    assert (found.largest, found.renamings) == ([], [])


@settings(deadline=None, max_examples=20)
@given(old=ROWS, new=ROWS)
def test_the_totals_of_a_level_differ_by_what_the_sum_differs(
    workspace: Workspace, old: list[Row], new: list[Row]
) -> None:
    found = compared(workspace, old, new)
    for one in found.totals:
        assert total_of(*(member.difference for member in one.shown)) == minus(total(new), total(old))
    assert {one.column for one in found.totals} == {"year", "code"}


def test_an_amount_that_moves_is_changed_and_a_label_that_moves_is_renamed(workspace: Workspace) -> None:
    old: list[Row] = [
        (2024, "1", "Health", Decimal(5)),
        (2024, "2", "Roads", Decimal(7)),
        (2025, "1", "Health", Decimal(1)),
    ]
    new: list[Row] = [
        (2024, "1", "Health", Decimal(6)),
        (2024, "2", "Streets", Decimal(7)),
        (2025, "3", "Art", Decimal(2)),
    ]
    found = compared(workspace, old, new)

    assert found.key == ("year", "code")
    assert (found.unchanged, found.added, found.removed, found.changed, found.renamed) == (0, 1, 1, 1, 1)
    assert [(one.column, one.old, one.new, one.facts) for one in found.renamings] == [("label", "Roads", "Streets", 1)]
    kinds = [(one.kind, one.title, one.old, one.new) for one in found.largest]
    assert kinds == [
        ("added", "2025 · Art", None, Decimal("2.00")),
        ("changed", "2024 · Health", Decimal("5.00"), Decimal("6.00")),
        ("removed", "2025 · Health", Decimal("1.00"), None),
    ]


def test_repeats_of_a_key_are_paired_in_their_order_and_equal_ones_first(workspace: Workspace) -> None:
    old: list[Row] = [(2024, "1", "a", Decimal(amount)) for amount in (5, 7, 9)]
    new: list[Row] = [(2024, "1", "a", Decimal(amount)) for amount in (9, 6, 8)]
    found = compared(workspace, old, new)

    assert (found.unchanged, found.changed, found.added, found.removed) == (1, 2, 0, 0)
    assert {(one.old, one.new) for one in found.largest} == {(Decimal(5), Decimal(6)), (Decimal(7), Decimal(8))}


def test_a_missing_amount_is_not_an_amount_of_nothing(workspace: Workspace) -> None:
    found = compared(workspace, [(2024, "1", "a", None)], [(2024, "1", "a", Decimal(0))])

    assert (found.changed, found.apply({"amount": None})) == (1, {"amount": Decimal(0)})


def test_only_the_largest_changes_are_listed_by_size(workspace: Workspace) -> None:
    old: list[Row] = [(2024, str(number), "a", Decimal(number)) for number in range(50)]
    new: list[Row] = [(2024, str(number), "a", Decimal(2 * number)) for number in range(50)]
    found = compared(workspace, old, new)

    assert [one.difference for one in found.largest] == [Decimal(number) for number in range(49, 29, -1)]
    assert found.changed == 49


def test_amounts_as_long_as_a_decimal_can_be_are_compared_whatever_their_scale(workspace: Workspace) -> None:
    folder, most = workspace.folder, Decimal("9" * 37)
    old = a_table(folder / "old.parquet", [(2024, "1", "a", most), (2024, "2", "a", Decimal(1))], scale=0)
    small = Decimal("0.123456789012345678")
    new = a_table(folder / "new.parquet", [(2024, "1", "a", small), (2024, "2", "a", Decimal(1))], scale=18)
    found = difference(workspace.connection, old, new)

    assert (found.unchanged, found.changed) == (1, 1)
    assert found.largest[0].difference == minus(small, most)
    assert [(one.shown[0].old, one.shown[0].new) for one in found.totals if one.column == "code"] == [(most, small)]
    assert found.apply({"amount": total_of(most, Decimal(1))}) == {"amount": total_of(small, Decimal(1))}


def test_columns_that_only_one_table_has_are_named_and_the_others_compared(workspace: Workspace) -> None:
    folder = workspace.folder
    rows: list[Row] = [(2024, "1", "a", Decimal(5)), (2025, "2", "b", Decimal(7))]
    old = a_table(folder / "old.parquet", rows)
    new = a_table(folder / "new.parquet", [*rows, (2025, "3", "c", Decimal(1))], a_model(code="function"))
    found = difference(workspace.connection, old, new)

    assert (found.columns.new, found.columns.gone) == (("function",), ("code",))
    assert (found.unchanged, found.added) == (2, 1)
    assert found.alike == {("code", "function"): 66}
    assert found.any


def test_a_measure_under_another_name_is_a_new_one(workspace: Workspace) -> None:
    folder = workspace.folder
    rows: list[Row] = [(2024, "1", "a", Decimal(5))]
    old, new = a_table(folder / "old.parquet", rows), a_table(folder / "new.parquet", rows, a_model(measure="paid"))
    found = difference(workspace.connection, old, new)

    assert (found.measures.new, found.measures.gone, found.unchanged) == (("paid",), ("amount",), 1)
    assert found.apply({"amount": Decimal(5)}) == {"paid": Decimal(5)}
    assert found.alike == {("amount", "paid"): 100}


def test_another_currency_is_a_difference_though_the_numbers_stay(workspace: Workspace) -> None:
    folder = workspace.folder
    rows: list[Row] = [(2024, "1", "a", Decimal(5))]
    old, new = a_table(folder / "old.parquet", rows), a_table(folder / "new.parquet", rows, a_model(currency="USD"))
    found = difference(workspace.connection, old, new)

    assert found.any
    assert found.money[0].currency == ("EUR", "USD")
    assert found.unchanged == 1
