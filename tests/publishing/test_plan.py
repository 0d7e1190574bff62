"""A plan says what publishing would do, by the same checks, and does nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from openspending.analytics.differences.planned import Planned
from openspending.datastore.objects import ObjectStore
from openspending.errors import BadQuery
from openspending.fdp.problems import PackageRejected
from openspending.publishing import Published, plan
from tests.publishing.packages import AMOUNT, CODE, FIELDS, LABEL, YEAR, write_package

pytestmark = pytest.mark.slow

Publish = Callable[[Path], Published]

HEADER = "year,code,label,amount\n"
OLD = HEADER + "2024,1,Health,5\n2024,2,Roads,7.50\n2025,1,Health,6\n"
NEW = HEADER + "2024,1,Health,5\n2025,1,Health,8\n2024,2,Streets,7.5\n2025,3,Art,1\n"


@pytest.fixture
def planned(store: ObjectStore) -> Callable[[Path], Planned]:
    """Plans to publish a package into `store` for the owner `ministry`."""
    return lambda folder: plan(str(folder), owner="ministry", store=store)


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(one): (one.stat().st_mtime_ns, one.read_bytes()) for one in folder.rglob("*") if one.is_file()}


def test_a_first_revision_is_announced_with_its_sums(tmp_path: Path, planned: Callable[[Path], Planned]) -> None:
    found = planned(write_package(tmp_path / "p", OLD))

    assert (found.dataset, found.published, found.revision, found.changes) == ("ministry/budget", None, 1, True)
    assert (found.rows, found.measures) == (3, {"amount": Decimal("18.50")})
    assert found.difference is None


def test_the_same_content_would_change_nothing(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    folder = write_package(tmp_path / "p", OLD)
    published(folder)
    found = planned(folder)

    assert (found.published, found.revision, found.changes, found.difference) == (1, 1, False, None)
    assert found.measures == {"amount": Decimal("18.50")}


def test_a_plan_is_what_publishing_then_does_and_stores_nothing(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    before = published(write_package(tmp_path / "p", OLD))
    stored = everything(tmp_path / "store")
    folder = write_package(tmp_path / "p", NEW)
    found = planned(folder)
    assert everything(tmp_path / "store") == stored

    done = published(folder)
    assert found.difference is not None
    assert (found.revision, found.rows, found.measures) == (done.revision, done.rows, done.measures)
    assert found.difference.apply(before.measures) == done.measures
    counts = [getattr(found.difference, one) for one in ("unchanged", "added", "removed", "changed", "renamed")]
    assert counts == [1, 1, 0, 1, 1]


def test_every_change_names_its_file_and_row_on_both_sides(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    found = planned(write_package(tmp_path / "p", NEW)).difference

    assert found is not None
    changed = next(one for one in found.largest if one.kind == "changed")
    assert changed.old_place is not None
    assert changed.new_place is not None
    assert (changed.old_place.name, changed.old_place.row) == ("lines.csv", 4)
    assert (changed.new_place.name, changed.new_place.row) == ("lines.csv", 3)
    assert changed.old_place.file != changed.new_place.file
    assert (changed.attributes["code"], changed.title) == ("1", "2025 · Health")


def test_what_was_never_derived_is_derived_for_the_plan_only(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    folder = write_package(tmp_path / "p", NEW)
    with_facts = planned(folder).difference
    shutil.rmtree(tmp_path / "store/public/ministry/budget/derived")

    assert planned(folder).difference == with_facts
    assert not (tmp_path / "store/public/ministry/budget/derived").exists()


def test_a_package_with_errors_is_refused_as_publish_refuses_it(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    with pytest.raises(PackageRejected) as refused:
        planned(write_package(tmp_path / "p", HEADER + "2024,1,a,five\n"))

    assert [(one.code, one.row, one.value) for one in refused.value.report.errors] == [("type-error", 2, "five")]


def test_impossible_owners_are_refused_before_anything_is_read(tmp_path: Path, store: ObjectStore) -> None:
    with pytest.raises(BadQuery, match="cannot be an owner"):
        plan(str(tmp_path / "nothing"), owner="../up", store=store)


def test_another_title_changes_the_descriptor_and_no_fact(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    found = planned(write_package(tmp_path / "p", OLD, title="The budget"))

    assert found.difference is not None
    assert (found.changes, found.difference.any, found.descriptor) == (True, False, ["/title"])
    assert (found.new_files, found.gone_files) == ([], [])


def test_warnings_are_new_or_gone_whatever_their_rows(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    remark = {"name": "remark", "type": "string"}
    old = "year,code,label,amount,remark\n2024,1,a,5,x\n"
    published(write_package(tmp_path / "p", old, fields=[*FIELDS, remark]))
    found = planned(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n,,,\n2024,2,b,5\n"))

    assert [one.code for one in found.new_warnings] == ["blank-row"]
    assert [one["code"] for one in found.gone_warnings] == ["fiscal/unused-column"]
    published(tmp_path / "p")
    later = planned(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n2024,2,b,5\n,,,\n"))
    assert (later.new_warnings, later.gone_warnings) == ([], [])


def test_a_renamed_column_is_recognised_by_its_values(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    fields = [YEAR, {**CODE, "name": "Kapitel"}, LABEL, AMOUNT]
    found = planned(write_package(tmp_path / "p", OLD.replace("code", "Kapitel"), fields=fields))

    (drift,) = found.headers
    assert [(one.was, one.now, one.values) for one in drift.renamed] == [("code", "Kapitel", 100)]
    assert found.difference is not None
    assert (found.difference.unchanged, found.difference.columns.new) == (3, ("Kapitel",))


def test_amounts_written_with_more_decimals_are_the_same_amounts(
    tmp_path: Path, published: Publish, planned: Callable[[Path], Planned]
) -> None:
    published(write_package(tmp_path / "p", OLD))
    found = planned(write_package(tmp_path / "p", OLD.replace(",5\n", ",5.0000000000000000\n"))).difference

    assert found is not None
    assert (found.any, found.unchanged) == (False, 3)
