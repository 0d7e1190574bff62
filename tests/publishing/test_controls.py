"""Control totals: what a package says that its sums must be holds, or the rows behind the difference are named."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.datastore import revisions
from openspending.datastore.objects import ObjectStore
from openspending.fdp.amounts import plain
from openspending.fdp.problems import PackageRejected, Problem
from openspending.publishing import publish, validate
from tests.publishing.packages import AMOUNT, CODE, FIELDS, LABEL, YEAR, write_package

pytestmark = pytest.mark.slow

HEADER = "year,code,label,amount\n"
ROWS = (
    "2024,01,Schools,1200.50\n2024,02,Clinics,800\n2024,03,Roads,450.25\n2025,01,Schools,1300\n2025,02,Clinics,900.75\n"
)


def rejected(folder: Path, text: str, *controls: dict[str, Any], **more: Any) -> PackageRejected:
    with pytest.raises(PackageRejected) as refused:
        validate(str(write_package(folder, text, controls=list(controls), **more)))
    return refused.value


def failing(folder: Path, text: str, control: dict[str, Any], **more: Any) -> Problem:
    """The one error of the one control, which does not hold."""
    (found,) = rejected(folder, text, control, **more).report.errors
    assert found.code == "fiscal/control-total"
    return found


def test_controls_hold_for_all_facts_members_lists_and_missing_values(tmp_path: Path) -> None:
    controls = [
        {"equals": "4651.50"},
        {"title": "2024", "where": {"year": 2024}, "equals": "2450.75", "source": "Law 1"},
        {"where": {"functional-classification.code": ["01", "02"], "year": "2025"}, "equals": "2200.75"},
        {"where": {"label": None}, "equals": "0"},
    ]
    done = validate(str(write_package(tmp_path, HEADER + ROWS, controls=controls)))
    assert [(one.holds, one.facts, plain(one.difference)) for one in done.controls] == [
        (True, 5, "0"),
        (True, 3, "0"),
        (True, 2, "0"),
        (True, 0, "0"),
    ]
    assert (done.controls[1].title, done.controls[1].source) == ("2024", "Law 1")


def test_facts_without_a_member_are_summed_by_null(tmp_path: Path) -> None:
    control = {"where": {"code": [None, "01"]}, "equals": "12"}
    done = validate(str(write_package(tmp_path, HEADER + "2024,,,5\n2024,01,a,7\n2024,02,b,9\n", controls=[control])))
    assert [(plain(one.actual), one.facts) for one in done.controls] == [("12", 2)]


def test_a_difference_within_the_tolerance_holds_and_is_kept(tmp_path: Path) -> None:
    folder = write_package(tmp_path, HEADER + ROWS, controls=[{"equals": 4652, "tolerance": "0.5"}])
    (held,) = validate(str(folder)).controls
    assert (held.holds, held.difference, held.tolerance) == (True, Decimal("-0.50"), Decimal("0.5"))
    found = failing(tmp_path, HEADER + ROWS, {"equals": 4652, "tolerance": "0.49"})
    assert "0.5 too little" in found.message


def test_the_factor_is_applied_before_the_sum(tmp_path: Path) -> None:
    fields: list[Mapping[str, Any]] = [YEAR, CODE, LABEL, {**AMOUNT, "factor": 1000}]
    folder = write_package(tmp_path, HEADER + ROWS, fields=fields, controls=[{"equals": "4651500"}])
    assert validate(str(folder)).controls[0].holds


def test_sums_of_more_than_28_digits_are_compared_to_the_last_one(tmp_path: Path) -> None:
    text = HEADER + f"2024,01,a,{'9' * 33}.11\n2024,02,b,0.01\n"
    right = f"{'9' * 33}.12"
    assert validate(str(write_package(tmp_path, text, controls=[{"equals": right}]))).controls[0].holds
    found = failing(tmp_path, text, {"equals": f"{'9' * 33}.11"})
    assert "0.01 too much" in found.message
    assert found.row == 3


def test_phases_and_constants_of_the_denormalised_form_can_be_asked_for(tmp_path: Path) -> None:
    columns = [
        {"name": "planned", "type": "number", "normalize": {"phase": "approved"}},
        {"name": "paid", "type": "number", "normalize": {"phase": "executed"}},
    ]
    extra = [
        {"name": "phase", "type": "string", "columnType": "phase:id"},
        {"name": "money", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "EUR"},
    ]
    controls = [{"where": {"phase": "executed"}, "equals": "7"}, {"where": {"phase": "approved"}, "equals": "11"}]
    text = "year,code,label,planned,paid\n2024,1,a,5,3\n2024,2,b,6,4\n"
    folder = write_package(
        tmp_path, text, fields=[*FIELDS[:3], *columns], schema={"extraFields": extra}, controls=controls
    )
    assert [one.holds for one in validate(str(folder)).controls] == [True, True]


def test_a_wrong_total_says_what_was_expected_found_and_by_how_much_it_differs(tmp_path: Path) -> None:
    text = HEADER + ROWS + "2025,09,Extra,77.77\n"
    found = failing(tmp_path, text, {"title": "2025", "where": {"year": 2025}, "equals": "2200.75", "source": "Law 2"})
    assert "“2025”: 2,200.75 is expected by Law 2" in found.message
    assert "the sum of amount is 2,278.52: 77.77 too much" in found.message
    assert "77.77 of row 7 of lines.csv is the difference" in found.message
    assert (found.file, found.row, found.field, found.pointer) == ("lines.csv", 7, "amount", "/controls/0")
    assert "row 7 of lines.csv" in found.fix


def test_a_missing_row_is_told_by_one_of_its_amount(tmp_path: Path) -> None:
    found = failing(tmp_path, HEADER + ROWS, {"equals": "5101.75"})
    assert "450.25 of row 4 of lines.csv is what is missing" in found.message


def test_a_wrong_sign_is_found(tmp_path: Path) -> None:
    found = failing(tmp_path, HEADER + ROWS.replace("900.75", "-900.75"), {"equals": "4651.50"})
    assert found.row == 6
    assert "with the other sign" in found.message


@pytest.mark.parametrize(("amount", "said"), [("900750", "divided by 1,000"), ("0.90075", "times 1,000")])
def test_a_row_in_another_unit_is_found(tmp_path: Path, amount: str, said: str) -> None:
    found = failing(tmp_path, HEADER + ROWS.replace("900.75", amount), {"equals": "4651.50"})
    assert found.row == 6
    assert said in found.message
    assert "another unit" in found.fix


def test_amounts_that_are_all_in_another_unit_are_found(tmp_path: Path) -> None:
    found = failing(tmp_path, HEADER + ROWS, {"equals": "4651500"})
    assert "The whole sum, times 1,000, is the expected one" in found.message
    assert "factor" in found.fix


def test_a_subtotal_row_is_found_by_its_label(tmp_path: Path) -> None:
    text = HEADER + "2024,1,Schools,100\n2024,1,Pupils,30\n2024,1,Subtotal education,130\n2024,2,Clinics,70\n"
    found = failing(tmp_path, text, {"equals": "200"})
    assert found.row == 4
    assert (
        "“Subtotal education” says that totals stand in row 4 of lines.csv; they sum up to 130, which is"
        in found.message
    )


def test_a_label_of_a_total_that_does_not_explain_the_difference_comes_last(tmp_path: Path) -> None:
    text = HEADER + "2024,1,Total Oil Ltd,100\n2024,1,Pupils,30\n2024,2,Twice,70\n2024,2,Once,41\n"
    found = failing(tmp_path, text, {"equals": "200"})
    assert found.row == 5
    assert found.message.index("41 of row 5") < found.message.index("Total Oil")


def test_a_chapter_that_was_pasted_in_twice_is_found(tmp_path: Path) -> None:
    chapter = "".join(f"2024,05,Item {number},{number}.5\n" for number in range(1, 8))
    text = HEADER + "2024,01,a,1000\n" + chapter + "2024,06,b,50\n" + chapter + "2024,07,c,60\n"
    found = failing(tmp_path, text, {"equals": "1141.5"})
    assert found.row == 11
    assert "What is in rows 11 to 17 of lines.csv (7 facts) repeats rows 3 to 9 of lines.csv" in found.message


def test_of_repeated_rows_only_the_block_that_explains_the_difference_is_named(tmp_path: Path) -> None:
    text = HEADER + "2024,1,a,5\n2024,1,a,5\n2024,2,b,7\n2024,3,c,11\n2024,2,b,7\n2024,3,c,11\n"
    found = failing(tmp_path, text, {"equals": "28"})
    assert "What is in rows 6 to 7 of lines.csv (2 facts) repeats rows 4 to 5" in found.message


def test_scattered_repeats_are_found_together(tmp_path: Path) -> None:
    text = HEADER + "2024,1,a,5\n2024,1,a,5\n2024,2,b,7\n2024,2,b,7\n2024,3,c,100\n"
    found = failing(tmp_path, text, {"equals": "112"})
    assert "2 facts repeat others and together come to the difference" in found.message
    assert found.row == 3


def test_a_member_that_no_fact_has_is_named_with_those_like_it(tmp_path: Path) -> None:
    found = failing(tmp_path, HEADER + ROWS, {"where": {"label": ["schools", "Roads"]}, "equals": "2950.75"})
    assert "No fact has “schools” in label; there is “Schools”" in found.message
    found = failing(tmp_path, HEADER + ROWS, {"where": {"code": 1}, "equals": "2500.5"})
    assert "No fact has “1” in code; there is “01”" in found.message
    found = failing(tmp_path, HEADER + ROWS, {"where": {"code": "03", "year": 2025}, "equals": "1"})
    assert "no fact has all of them together" in found.message


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    names = ["total", "kind", "facts", "place"]
    fields = [{**one, "name": name} for one, name in zip(FIELDS, names, strict=True)]
    text = ",".join(names) + "\n" + ROWS + "2025,04,Subtotal,1\n2025,04,Subtotal,1\n"
    found = failing(tmp_path, text, {"equals": "4651.50"}, fields=fields)
    assert found.row == 7
    assert "says that totals stand in" in found.message


def test_all_controls_are_reported_at_once_beside_the_warnings(tmp_path: Path) -> None:
    controls = [
        {"where": {"year": year}, "equals": equals} for year, equals in ((2024, 1), (2025, "2200.75"), (2026, 3))
    ]
    refused = rejected(tmp_path, HEADER + ROWS + ",,,\n", *controls)
    assert [one.pointer for one in refused.report.errors] == ["/controls/0", "/controls/2"]
    assert "blank-row" in [one.code for one in refused.report.warnings]
    assert [one.holds for one in refused.controls] == [False, True, False]


def test_many_controls_are_summed_and_each_failure_is_told(tmp_path: Path) -> None:
    controls = [{"title": f"Nr. {number}", "equals": f"{number}"} for number in range(150)]
    refused = rejected(tmp_path, HEADER + "2024,1,a,149\n", *controls)
    assert len(refused.report.errors) == 149
    assert refused.controls[-1].holds


def test_a_hostile_value_is_only_a_value(tmp_path: Path) -> None:
    text = HEADER + "2024,1,a'); DROP TABLE x; --,5\n2024,2,b,6\n"
    control = {"where": {"label": "a'); DROP TABLE x; --", "year": "2024 OR 1=1"}, "equals": "0"}
    (held,) = validate(str(write_package(tmp_path, text, controls=[control]))).controls
    assert (held.facts, plain(held.actual)) == (0, "0")


def test_nothing_is_stored_when_a_control_does_not_hold(tmp_path: Path, store: ObjectStore) -> None:
    folder = write_package(tmp_path / "p", HEADER + ROWS, controls=[{"equals": "1"}])
    with pytest.raises(PackageRejected):
        publish(str(folder), owner="ministry", store=store)
    assert not list((tmp_path / "store").rglob("*.*"))


def test_the_outcomes_are_kept_with_the_revision(tmp_path: Path, store: ObjectStore) -> None:
    control = {"where": {"year": 2025}, "equals": "2200.7", "tolerance": "0.1", "source": "Law 2"}
    folder = write_package(tmp_path / "p", HEADER + ROWS, controls=[control])
    done = publish(str(folder), owner="ministry", store=store)
    revision = revisions.latest(store, "ministry", "budget")
    assert revision is not None
    assert revision.controls == revision.descriptor["openspending"]["controls"]
    assert revision.controls == [one.to_dict() for one in done.controls]
    assert revision.controls == [
        {
            "title": "Sum of amount, year 2025",
            "measure": "amount",
            "where": {"year": "2025"},
            "expected": "2200.7",
            "actual": "2200.75",
            "difference": "0.05",
            "tolerance": "0.1",
            "source": "Law 2",
            "facts": 2,
            "holds": True,
        }
    ]
    assert revision.descriptor["controls"] == [control]


def test_publishing_again_tells_the_outcomes_again(tmp_path: Path, store: ObjectStore) -> None:
    folder = write_package(tmp_path / "p", HEADER + ROWS, controls=[{"equals": "4651.5"}])
    first, second = (publish(str(folder), owner="ministry", store=store) for _ in range(2))
    assert (second.created, second.controls) == (False, first.controls)
