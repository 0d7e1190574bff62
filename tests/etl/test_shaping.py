"""Rows left out, cells filled from above, trimmed and replaced: all as declared, all told, the source untouched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked, check
from openspending.etl.read import load_raw
from openspending.etl.shaping import left_out, shape
from openspending.etl.sources import open_package
from openspending.etl.workspace import Workspace
from openspending.fdp.problems import Problem
from tests.etl.conftest import FIELDS, Problems, Write

pytestmark = pytest.mark.slow

Check = Callable[[Path], Checked]
HEAD = "year,code,amount\n"


def rows_of(workspace: Workspace, done: Checked, columns: str = "f0, f1, f2", name: str = "budget") -> list[Any]:
    loaded = done.loaded[name]
    query = f'SELECT _row, {columns} FROM "{loaded.relation}" ORDER BY _file, _row'
    found = workspace.connection.execute(query).fetchall()
    assert len(found) == loaded.rows
    return found


def only(problems: list[Problem], code: str) -> list[Problem]:
    return [one for one in problems if one.code == code]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"empty": ["code"]}, [2, 3, 6]),
        ({"empty": ["code", "year"]}, [2, 3, 4, 6]),
        ({"where": {"year": ["Total"]}}, [2, 3, 5, 6]),
        ({"where": {"year": [" Total ", "2016"]}}, [2, 5]),
        ({"where": {"year": ["2016"], "code": ["03"]}}, [2, 3, 4, 5]),
        ({"rows": [[3, 4]]}, [2, 5, 6]),
        ({"rows": [[3, 4], [6, 9]]}, [2, 5]),
        ({"rows": [[3, 4]], "empty": ["code"]}, [2, 3, 5, 6]),
        ({"rows": [[3, 4]], "part": 1}, [2, 5, 6]),
    ],
)
def test_rows_are_left_out_when_all_conditions_hold(
    write: Write, checked: Check, workspace: Workspace, rule: dict[str, Any], kept: list[int]
) -> None:
    text = HEAD + "2015,01,1\n2016,02,2\n Total,\u00a0,3\n,,4\n2016,03 ,5\n"
    done = checked(write(text, leaveOut=[rule]))

    assert [row[0] for row in rows_of(workspace, done)] == kept


def test_what_is_left_out_is_told_for_each_file_with_kind_reason_and_rows(
    write: Write, checked: Check, workspace: Workspace
) -> None:
    rules = [
        {"kind": "total", "reason": "they sum up the others", "where": {"code": ["Total"]}},
        {"kind": "note", "empty": ["amount"]},
    ]
    many = "".join("2015,Total,9\n" for _ in range(30))
    files = {"a.csv": HEAD + "2015,01,9\n" + many, "b.csv": HEAD + "2016,01,9\n2016,Total,9\n2016,Total,\nSource,x,\n"}
    done = checked(write(path=["a.csv", "b.csv"], files=files, leaveOut=rules))
    told = only(done.report.problems, "fiscal/rows-left-out")

    assert done.report.valid
    assert [(one.file, one.row, one.count, one.severity) for one in told] == [
        ("a.csv", 3, 30, "warning"),
        ("b.csv", 3, 2, "warning"),
        ("b.csv", 5, 1, "warning"),
    ]
    assert told[0].message == "30 rows of a.csv are left out as total (they sum up the others): 3, 4, 5, 6, 7, …."
    loaded = done.loaded["budget"]
    assert [(one.rule.kind, one.part, one.count) for one in loaded.left_out] == [
        ("total", 0, 30),
        ("total", 1, 2),
        ("note", 1, 1),
    ]
    assert loaded.left_out[0].rows == tuple(range(3, 23))
    assert left_out(workspace.connection, loaded, 1) == {3, 4, 5}
    assert loaded.rows == 2


def test_a_rule_about_one_part_leaves_the_others_alone(write: Write, checked: Check, workspace: Workspace) -> None:
    files = {"a.csv": HEAD + "2015,01,1\n2015,02,2\n", "b.csv": HEAD + "2016,01,1\n2016,02,2\n"}
    done = checked(write(path=["a.csv", "b.csv"], files=files, leaveOut=[{"rows": [[3, 3]], "part": 2}]))

    assert [row[1:3] for row in rows_of(workspace, done)] == [("2015", "01"), ("2015", "02"), ("2016", "01")]


def test_a_rule_that_fits_no_row_is_told(problems: Problems) -> None:
    [one] = problems(leaveOut=[{"kind": "total", "where": {"code": ["Total"]}}])

    assert (one.code, one.severity, one.resource) == ("fiscal/rule-without-rows", "warning", "budget")


def test_notes_below_a_table_may_be_of_any_length_when_they_are_left_out(problems: Problems) -> None:
    text = HEAD + "2015,01,1\nSource: the ministry\n2015,02\nNote,a,b,c\n"
    rule = {"kind": "note", "where": {"year": ["Source: the ministry", "Note"]}}
    found = problems(text, leaveOut=[rule])

    assert [(one.code, one.row) for one in found if one.severity == "error"] == [("missing-cell", 4)]
    assert [(one.code, one.row) for one in problems(text) if one.code.endswith("-cell")] == [
        ("missing-cell", 3),
        ("missing-cell", 4),
        ("extra-cell", 5),
    ]


def test_rows_left_out_are_not_judged(write: Write, checked: Check) -> None:
    text = HEAD + "2015,01,1.5\nYear,Code,Amount\n2015,02,2\n2015,Total,3.50\n2015,Total,x\n"
    rules = [{"kind": "heading", "where": {"year": ["Year"]}}, {"kind": "total", "where": {"code": ["Total"]}}]
    done = checked(write(text, leaveOut=rules))

    assert {one.code for one in done.report} == {"fiscal/rows-left-out"}
    assert done.decimals["budget", "amount"] == (1, 1)
    assert done.loaded["budget"].distinct[0].to_pylist() == ["2015"]


def test_when_every_row_is_left_out_there_is_no_table(problems: Problems) -> None:
    found = problems(leaveOut=[{"rows": [[1, 99]]}])

    assert [one.code for one in found if one.severity == "error"] == ["source-error"]


def test_rows_of_nothing_but_spaces_are_empty(write: Write, checked: Check, workspace: Workspace) -> None:
    done = checked(write(HEAD + "2015,01,1\n , \u00a0,\n,,\n2016,02,2\n"))

    assert [row[0] for row in rows_of(workspace, done)] == [2, 5]
    assert [(one.row, one.count) for one in only(done.report.problems, "blank-row")] == [(3, 2)]


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_code(**properties: Any) -> list[dict[str, Any]]:
    return [FIELDS[0], FIELDS[1] | properties, FIELDS[2]]


def test_blank_cells_take_the_text_above_them_in_the_same_file(
    write: Write, checked: Check, workspace: Workspace
) -> None:
    files = {"a.csv": HEAD + "2015,,1\n2015,A,2\n2015, ,3\n2015,,4\n", "b.csv": HEAD + "2016,,5\n2016,B,6\n2016,,7\n"}
    done = checked(write(path=["a.csv", "b.csv"], files=files, fields=with_code(fillDown=True)))

    assert [row[2] for row in rows_of(workspace, done)] == ["", "A", "A", "A", "", "B", "B"]


def test_rows_left_out_pass_nothing_down(write: Write, checked: Check, workspace: Workspace) -> None:
    text = HEAD + "2015,A,1\n2015,Total,1\n2015,,2\n"
    done = checked(write(text, fields=with_code(fillDown=True), leaveOut=[{"where": {"code": ["Total"]}}]))

    assert [row[2] for row in rows_of(workspace, done)] == ["A", "A"]


def test_rules_see_the_cells_as_they_are_written(write: Write, checked: Check, workspace: Workspace) -> None:
    text = HEAD + "2015,A,1\n2015,,2\n2015,B,3\n"
    fields = with_code(fillDown=True, replace={"B": "A"})
    done = checked(write(text, fields=fields, leaveOut=[{"empty": ["code"]}, {"where": {"code": ["A"]}}]))

    assert rows_of(workspace, done) == [(4, "2015", "A", "3")]


def test_spaces_around_a_text_are_no_part_of_it_when_it_is_trimmed(
    write: Write, checked: Check, workspace: Workspace
) -> None:
    text = HEAD + "2015, A  b\u00a0,1\n2015,\u202f\u200b,2\n2015,A  b,3\n"

    done = checked(write(text, fields=with_code(trim=True)))
    assert [row[2] for row in rows_of(workspace, done)] == ["A  b", "", "A  b"]
    assert set(done.loaded["budget"].distinct[1].to_pylist()) == {"A  b", ""}
    done = checked(write(text, fields=with_code()))
    assert next(row[2] for row in rows_of(workspace, done)) == " A  b\u00a0"


def test_replaced_texts_are_told_and_only_exact_ones_replaced(
    write: Write, checked: Check, workspace: Workspace
) -> None:
    text = HEAD + "2015,O1,1\n2015,xO1,2\n2015,n/a,3\n2015,O1,4\n2015, O1,5\n"
    fields = with_code(replace={"O1": "01", "n/a": None, "gone": "x"})
    done = checked(write(text, fields=fields))

    assert [row[2] for row in rows_of(workspace, done)] == ["01", "xO1", None, "01", " O1"]
    [one] = only(done.report.problems, "fiscal/cells-replaced")
    assert (one.field, one.row, one.count, one.severity) == ("code", 2, 3, "warning")
    assert "rows 2, 4, 5" in one.message


def test_a_trimmed_text_is_replaced_as_it_is_once_trimmed(write: Write, checked: Check, workspace: Workspace) -> None:
    text = HEAD + "2015,O1 ,1\n2015, O1,2\n"
    done = checked(write(text, fields=with_code(trim=True, replace={" O1": "01"})))

    assert [row[2] for row in rows_of(workspace, done)] == ["01", "01"]


def test_an_amount_may_be_corrected_and_sums_with_its_corrected_value(write: Write, checked: Check) -> None:
    fields = [*FIELDS[:2], FIELDS[2] | {"replace": {"1O": "10", "?": None}}]
    done = checked(write(HEAD + "2015,01,1O\n2015,02,?\n2015,03,2\n", fields=fields))

    assert done.report.valid
    assert done.decimals["budget", "amount"] == (2, 0)


# ── tables that are loaded already ───────────────────────────────────────────────────────────────────────────────────


def test_a_loaded_table_is_checked_without_being_read_again(write: Write, workspace: Workspace, tmp_path: Path) -> None:
    text = HEAD + "2015,A,1\n2015,,2\nTotal,,3\n"
    raw = open_package(str(write(text)), tmp_path / "w", None)
    resource = raw.package.resources[0]
    loaded = load_raw(workspace.connection, "raw_0", resource, raw.files)
    raw.files["budget.csv"].path.write_text("gone")
    rule = {"where": {"year": ["Total"]}}
    for filled in (False, True, False):
        opened = open_package(
            str(write("gone", fields=with_code(fillDown=filled), leaveOut=[rule])), tmp_path / "w", None
        )
        done = check(workspace.connection, opened.package, opened.model, opened.files, loaded={"budget": loaded})
        assert done.report.valid
        assert [row[2] for row in rows_of(workspace, done)] == ["A", "A" if filled else ""]
    assert loaded.rows == 3
    assert loaded.problems == []
    assert workspace.connection.execute("SELECT count(*) FROM raw_0").fetchall() == [(3,)]


def test_tables_read_beside_a_loaded_one_have_names_of_their_own(
    write: Write, workspace: Workspace, tmp_path: Path
) -> None:
    key = {"fields": "code", "reference": {"resource": "list", "fields": "id"}}
    other = {"name": "list", "path": "list.csv", "schema": {"fields": [{"name": "id", "type": "string"}]}}
    folder = write(files={"list.csv": "id\n01\n02\n"}, schema={"foreignKeys": [key]}, others=[other])
    opened = open_package(str(folder), tmp_path / "w", None)
    loaded = load_raw(workspace.connection, "raw_1", opened.package.resources[0], opened.files)
    done = check(workspace.connection, opened.package, opened.model, opened.files, loaded={"budget": loaded})

    assert done.report.valid
    assert {name: one.relation for name, one in done.loaded.items()}["budget"] == "raw_1"
    assert len({one.relation for one in done.loaded.values()}) == len(done.loaded)


def test_nothing_declared_costs_nothing(write: Write, workspace: Workspace, tmp_path: Path) -> None:
    opened = open_package(str(write()), tmp_path / "w", None)
    resource = opened.package.resources[0]
    loaded = load_raw(workspace.connection, "raw_0", resource, opened.files)

    assert shape(workspace.connection, loaded, resource).relation == "raw_0"


def test_negative_amounts_in_brackets_have_their_digits_counted(write: Write, checked: Check) -> None:
    fields = [FIELDS[0], FIELDS[1], FIELDS[2] | {"negative": ["parentheses"], "groupChar": ","}]
    done = checked(write(HEAD + '2015,01,"(1,234.50)"\n2015,02," "\n', fields=fields))

    assert done.report.valid
    assert done.decimals["budget", "amount"] == (4, 1)
