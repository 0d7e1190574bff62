"""Files of an archive with the same columns: one table, as if they lay beside each other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from openspending.datastore.store import open_datastore
from openspending.etl.importing.precedent import precedent_of
from openspending.fdp.problems import PackageRejected
from openspending.importing import Wish, import_files
from tests.etl.importing.files import asked, decided, inspected, lines, write

pytestmark = pytest.mark.slow


def zipped(members: Mapping[str, str]) -> bytes:
    """The bytes of a zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


BOTH = zipped({"2024.csv": lines(2024), "2025.csv": lines(2025)})


def test_all_files_of_an_archive_are_read_without_a_question(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"all.zip": BOTH})
    assert asked(found) == []
    assert [one["innerpath"] for one in found.descriptor["resources"]] == ["2024.csv", "2025.csv"]
    assert [(one.rows, one.role) for one in found.tables] == [(24, "facts"), (24, "facts")]


def test_the_questions_about_each_of_them_have_ids_of_their_own(tmp_path: Path) -> None:
    found = decided(inspected(tmp_path, {"all.zip": BOTH}))
    assert found["table"] == ("all of them", "proposal")
    assert found["header:all.zip › 2024.csv"] == found["header:all.zip › 2025.csv"] == ("row 1", "proposal")


def test_a_person_may_want_one_of_them_only(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"all.zip": BOTH}, {"table": "all.zip › 2025.csv"})
    (one,) = found.descriptor["resources"]
    assert one["innerpath"] == "2025.csv"


def test_the_next_archive_is_read_as_the_last_one_was(tmp_path: Path) -> None:
    before = inspected(tmp_path / "before", {"all.zip": BOTH})
    three = zipped({f"{year}.csv": lines(year) for year in (2024, 2025, 2026)})
    found = inspected(tmp_path / "after", {"all.zip": three}, recipe=precedent_of(before.descriptor, "dataset"))
    assert asked(found) == []
    assert len(found.tables) == 3


def test_more_files_than_were_wanted_the_last_time_are_asked_about(tmp_path: Path) -> None:
    before = inspected(tmp_path / "before", {"all.zip": BOTH}, {"table": "all.zip › 2025.csv"})
    found = inspected(tmp_path / "after", {"all.zip": BOTH}, recipe=precedent_of(before.descriptor, "dataset"))
    assert asked(found) == ["table"]


def test_a_file_of_all_years_beside_one_for_each_year_is_refused(tmp_path: Path) -> None:
    whole = lines(2024) + "".join(lines(2025).splitlines(keepends=True)[1:])
    paths = write(tmp_path, {"all.zip": zipped({"2024.csv": lines(2024), "all.csv": whole})})
    store = open_datastore(f"file://{tmp_path}/public", f"file://{tmp_path}/private").public
    with pytest.raises(PackageRejected) as refused:
        import_files(Wish(paths), owner="o", name="d", store=store)
    assert "fiscal/stacked-twice" in {one.code for one in refused.value.report}
