"""Files as a ministry has them become revisions of a dataset; the next year's file goes the same way unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.etl.importing.answers import WrongAnswer
from openspending.etl.importing.recipe import read_recipe, recipe_of, write_recipe
from openspending.fdp.problems import PackageRejected
from openspending.importing import Imported, OpenQuestions, Wish, import_files, plan_import
from openspending.publishing import Published
from tests.etl.importing.files import HEADER, amount, asked, lines, total, wide, workbook, write

pytestmark = pytest.mark.slow

Facts = Callable[[Published], list[dict[str, Any]]]
RENAMED = HEADER.replace("Amount (EUR)", "Amount in EUR")

TOWNS = "Place,Name\n" + "".join(f"Z{at:03},Town of {chr(65 + at)}\n" for at in range(12))


def undated(start: int) -> str:
    """Amounts of which no column tells the year."""
    rows = (f"Ministry {at},{amount(at + start)}\n" for at in range(10))
    return "Ministry,Amount (EUR)\n" + "".join(rows)


def imported(store: ObjectStore, files: tuple[str, ...], **wish: Any) -> Imported:
    done = import_files(Wish(files, **wish), owner="ministry", name="budget", store=store)
    assert done is not None
    return done


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def another(folder: Path) -> ObjectStore:
    return open_datastore(f"file://{folder}/public", f"file://{folder}/private").public


def summed(done: Imported) -> Decimal | None:
    (whole,) = done.published.measures.values()
    return whole


def test_rows_and_sums_are_those_of_the_file(tmp_path: Path, store: ObjectStore, facts: Facts) -> None:
    done = imported(store, write(tmp_path, {"2025.csv": lines(2025)}))

    (table,) = done.published.tables
    assert (done.published.revision, done.published.created, done.published.rows) == (1, True, 24)
    assert (table.rows, dict(table.sums)) == (24, {"Amount (EUR)": total(2025)})
    assert summed(done) == total(2025)
    assert len(facts(done.published)) == 24
    assert "010" in {str(value) for row in facts(done.published) for value in row.values()}


def test_importing_the_same_file_again_stores_nothing_new(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path / "files", {"2025.csv": lines(2025)})
    imported(store, files)
    before = everything(tmp_path / "store")
    again = imported(store, files)

    assert (again.published.revision, again.published.created) == (1, False)
    assert everything(tmp_path / "store") == before


def test_the_next_years_file_is_a_second_revision_without_a_question(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025), "2026.csv": lines(2026)})
    imported(store, files[:1])
    done = imported(store, files[1:])

    assert (done.published.revision, done.published.created) == (2, True)
    assert summed(done) == total(2026)
    assert [one.state for one in done.prepared.drift] == ["same"]


def test_a_third_file_knows_the_name_that_a_column_was_given_by_the_second(tmp_path: Path, store: ObjectStore) -> None:
    texts = {"2025.csv": lines(2025), "2026.csv": lines(2026, header=RENAMED), "2027.csv": lines(2027, header=RENAMED)}
    files = write(tmp_path, texts)
    imported(store, files[:1])
    with pytest.raises(OpenQuestions) as open_:
        imported(store, files[1:2])
    imported(store, files[1:2], given={"renamed:Amount (EUR)": "Amount in EUR"})
    third = imported(store, files[2:])

    assert asked(open_.value.prepared) == ["renamed:Amount (EUR)"]
    assert (third.published.revision, summed(third)) == (3, total(2027))


def test_files_are_added_to_those_of_the_dataset_or_take_their_place(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025), "2026.csv": lines(2026)})
    imported(store, files[:1])
    added = imported(store, files[1:], add=True)
    again = imported(store, files[1:], add=True)
    alone = imported(store, files[1:])

    (table,) = added.prepared.tables
    assert (table.files, table.rows) == (("2025.csv", "2026.csv"), 48)
    assert summed(added) == total(2025) + total(2026)
    assert (added.published.revision, again.published.created) == (2, False)
    assert (alone.published.revision, summed(alone)) == (3, total(2026))


def test_added_to_a_dataset_that_is_not_there_the_files_are_its_first(tmp_path: Path, store: ObjectStore) -> None:
    done = imported(store, write(tmp_path, {"2025.csv": lines(2025)}), add=True)

    assert (done.published.revision, summed(done)) == (1, total(2025))


def test_years_that_only_the_names_of_files_tell_are_kept_when_files_are_added(
    tmp_path: Path, store: ObjectStore, facts: Facts
) -> None:
    rows = "Ministry,Amount (EUR)\n" + "".join(f"Ministry {at},{amount(at)}\n" for at in range(10))
    files = write(tmp_path, {"Budget 2025.csv": rows, "Budget 2026.csv": rows.replace(".", "1.")})
    imported(store, files[:1])
    added = imported(store, files[1:], add=True)

    found = {str(row.get("Fiscal year", row.get("Fiscal_year"))) for row in facts(added.published)}
    assert (found, added.published.rows) == ({"2025", "2026"}, 20)


def test_added_files_have_a_year_and_a_unit_of_their_own(tmp_path: Path, store: ObjectStore, facts: Facts) -> None:
    files = write(tmp_path, {"a.csv": undated(0), "b.csv": undated(100), "c.csv": undated(200)})
    imported(store, files[:1], given={"year": "2025"})
    again = imported(store, files[:1])
    imported(store, files[1:2], add=True, given={"year": "2026"})
    with pytest.raises(OpenQuestions) as open_:
        imported(store, files[2:], add=True)
    done = imported(store, files[2:], add=True, given={"year": "2027"})

    assert (again.published.created, asked(open_.value.prepared)) == (False, ["year"])
    found: dict[str, Decimal] = {}
    for row in facts(done.published):
        year, money = str(row["Fiscal_year"]), row["Amount_EUR"]
        found[year] = found.get(year, Decimal(0)) + money
    assert found == {
        str(2025 + part): sum((amount(at + 100 * part) for at in range(10)), Decimal(0)) for part in range(3)
    }


def test_expenditure_and_revenue_of_the_next_year_find_their_tables_again(tmp_path: Path, store: ObjectStore) -> None:
    first = write(tmp_path / "a", {"expenditure 2025.csv": lines(2025), "revenue 2025.csv": lines(1925)})
    second = write(tmp_path / "b", {"revenue 2026.csv": lines(1926), "expenditure 2026.csv": lines(2026)})
    imported(store, first)
    done = imported(store, second)

    directions = {}
    for one in done.prepared.descriptor["resources"]:
        (made,) = [each for each in one["schema"]["extraFields"] if each["columnType"] == "direction"]
        directions[one["path"]] = made["constant"]
    assert directions == {"revenue 2026.csv": "revenue", "expenditure 2026.csv": "expenditure"}
    assert summed(done) == total(1926) + total(2026)


def saved(done: Imported, path: Path) -> Path:
    """The recipe as `--save` writes it."""
    path.write_text(write_recipe(recipe_of(done.prepared.descriptor, done.prepared.decisions)), encoding="utf-8")
    return path


def test_the_same_bytes_and_a_saved_recipe_make_the_same_content_anywhere(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"plan.csv": "in thousand EUR,,,\n\n" + wide([2023, 2024])})
    first = imported(store, files, given={"direction": "expenditure", "column:Programme:role": "nothing"})
    recipe = saved(first, tmp_path / "package.yaml")
    second = imported(another(tmp_path / "elsewhere"), files, recipe=read_recipe(recipe))

    assert second.published.content == first.published.content
    assert second.published.measures == first.published.measures
    assert second.prepared.descriptor == first.prepared.descriptor


def test_a_saved_recipe_answers_every_question_that_a_person_answered(tmp_path: Path, store: ObjectStore) -> None:
    rows = [row.split(",") for row in lines(2026).splitlines()]
    more = "\n".join(",".join([*row[:3], "Remark" if at == 0 else f"note {at}", row[3]]) for at, row in enumerate(rows))
    files = write(tmp_path, {"expenditure.csv": lines(2025), "revenue.csv": more, "towns.csv": TOWNS})
    given = {"facts": "together", "header:towns.csv": "row 1"}
    with pytest.raises(OpenQuestions):
        imported(store, files)
    first = imported(store, files, given=given)
    recipe = saved(first, tmp_path / "package.yaml")
    second = imported(another(tmp_path / "elsewhere"), files, recipe=read_recipe(recipe))
    third = saved(second, tmp_path / "again.yaml")

    assert second.published.content == first.published.content
    assert third.read_text(encoding="utf-8") == recipe.read_text(encoding="utf-8")


def test_without_the_recipe_the_content_is_another(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025)})
    first = imported(store, files, given={"direction": "revenue"})
    second = imported(another(tmp_path / "elsewhere"), files)

    assert first.published.content != second.published.content


def test_control_totals_of_a_recipe_are_checked(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025)})
    recipe = imported(another(tmp_path / "first"), files).prepared.descriptor
    recipe["controls"] = [{"title": "All", "equals": str(total(2025)), "source": "The printed budget, page 3"}]
    path = tmp_path / "package.yaml"
    path.write_text(write_recipe(recipe), encoding="utf-8")
    done = imported(store, files, recipe=read_recipe(path))

    assert [(one.title, one.holds) for one in done.published.controls] == [("All", True)]


def test_a_control_total_that_does_not_hold_stores_nothing_and_names_the_row(
    tmp_path: Path, store: ObjectStore
) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025)})
    recipe = imported(another(tmp_path / "first"), files).prepared.descriptor
    recipe["controls"] = [{"title": "All", "equals": str(total(2025) - amount(2025 + 7)), "source": "The law"}]
    path = tmp_path / "package.yaml"
    path.write_text(write_recipe(recipe), encoding="utf-8")
    with pytest.raises(PackageRejected) as refused:
        imported(store, files, recipe=read_recipe(path))

    (error,) = [one for one in refused.value.report.problems if one.severity == "error"]
    assert "9" in f"{error.row} {error.message} {error.fix}"  # the eighth line below the header
    assert everything(tmp_path / "store") == {}


def test_a_plan_stores_nothing_and_tells_the_money(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025), "2026.csv": lines(2026)})
    imported(store, files[:1])
    before = everything(tmp_path / "store")
    found, prepared = plan_import(Wish(files[1:]), owner="ministry", name="budget", store=store)

    assert everything(tmp_path / "store") == before
    assert (found.published, found.revision, found.changes) == (1, 2, True)
    assert dict(found.measures) == {next(iter(found.measures)): total(2026)}
    assert found.difference is not None
    (money,) = found.difference.money
    assert (money.old, money.new) == (total(2025), total(2026))
    assert asked(prepared) == []


def test_open_questions_leave_the_store_as_it_was(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path / "files", {"plan.csv": "in thousand EUR,\nin million EUR,\n\n" + lines(2025)})
    with pytest.raises(OpenQuestions, match="must be answered first"):
        imported(store, files)

    assert everything(tmp_path / "store") == {}


@pytest.mark.parametrize("given", [{"nothing": "x"}, {"unit": "many"}, {"encoding": "klingon"}])
def test_answers_that_make_no_sense_leave_the_store_as_it_was(
    tmp_path: Path, store: ObjectStore, given: Mapping[str, str]
) -> None:
    with pytest.raises(WrongAnswer, match=next(iter(given))):
        imported(store, write(tmp_path / "files", {"2025.csv": lines(2025)}), given=given)

    assert everything(tmp_path / "store") == {}


def test_a_person_who_says_no_leaves_the_store_as_it_was(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path / "files", {"2025.csv": lines(2025)})
    done = import_files(Wish(files), owner="ministry", name="budget", store=store, agreed=lambda _: False)

    assert done is None
    assert everything(tmp_path / "store") == {}


def test_a_workbook_is_read_from_the_sheet_that_holds_the_figures(tmp_path: Path, store: ObjectStore) -> None:
    rows: list[list[Any]] = [["Budget of the ministry"], ["in thousand EUR"], [], ["Year", "Ministry", "Amount"]]
    rows += [[2025, f"Ministry {at}", amount(at)] for at in range(12)]
    rows += [[None, "Total", sum(amount(at) for at in range(12))]]
    path = workbook(tmp_path / "budget.xlsx", {"Cover": [["Ministry of Finance"]], "Lines": rows})
    done = imported(store, (str(path),))

    assert summed(done) == 1000 * sum(amount(at) for at in range(12))
    left = {one.what: one.count for one in done.prepared.left_out}
    assert left["total"] == 1
    assert done.prepared.tables[0].sheet == "Lines"


def test_a_source_spec_of_the_old_platform_is_followed(tmp_path: Path, store: ObjectStore) -> None:
    rows: list[list[Any]] = [["Šifra", "Naziv", "Plan", "Plan"], ["1", "2", "3", "4"]]
    rows += [[f"{at:03}", f"Ministarstvo {at}", amount(at), amount(at + 50)] for at in range(1, 13)]
    path = workbook(tmp_path / "plan.xlsx", {"Upute": [["x"]], "Podaci": rows})
    spec = tmp_path / "plan.source-spec.yaml"
    spec.write_text(
        """\
title: Budget plan
dataset-name: plan
sources:
- {url: plan.xlsx, sheet: 2, format: xlsx, headers: [code, label, plan_2016, plan_2017], skip_rows: 2}
fields:
- {header: Year, columnType: "date:fiscal-year"}
- {header: code, columnType: "administrative-classification:generic:level1:code"}
- {header: label, columnType: "administrative-classification:generic:level1:label"}
measures:
  currency: HRK
  mapping: {plan_2016: {Year: "2016"}, plan_2017: {Year: "2017"}}
""",
        encoding="utf-8",
    )
    done = imported(store, (str(path),), recipe=read_recipe(spec))

    assert done.published.rows == 24
    assert summed(done) == sum(amount(at) + amount(at + 50) for at in range(1, 13))
    assert done.prepared.descriptor["title"] == "Budget plan"
    assert {one.by for one in done.prepared.tables[0].columns} == {"recipe"}
    assert ("banner", (1, 2)) in {(one.what, one.rows) for one in done.prepared.left_out}
