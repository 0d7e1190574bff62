"""The files of an import: whatever they are called, wherever they are, and what becomes of those that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from openspending.datastore.objects import ObjectStore
from openspending.etl.marked import MarkedCopy
from openspending.fdp.problems import PackageRejected
from openspending.fetch import Fetcher
from openspending.fetchcache import CachedFetcher
from openspending.importing import Imported, OpenQuestions, Wish, import_files
from tests.etl.importing.files import amount, asked, lines, total, workbook, write
from tests.sites import Site, site

pytestmark = pytest.mark.slow

NAMES = [
    "budget 2025.csv",
    "Staatshaushalt – Übersicht „2025“.csv",
    "预算.csv",
    ".hidden.csv",
    "-rf.csv",
    "a'b\"c.csv",
    "50%20off#1?.csv",
    "C:\\budget\\2025.csv",
    "..csv",
    "~home.csv",
    "javascript:alert(1).csv",
    " spaces outside .csv ",
    "x" * 200 + ".csv",
    "new\nline.csv",
    "no-suffix",
    "预" * 80 + ".csv",
    "not \udcff text.csv",
]


def imported(store: ObjectStore, *files: Path | str, **wish: Any) -> Imported:
    done = import_files(Wish(tuple(map(str, files)), **wish), owner="ministry", name="budget", store=store)
    assert done is not None
    return done


def refused(store: ObjectStore, *files: Path | str, **wish: Any) -> list[str]:
    with pytest.raises(PackageRejected) as caught:
        imported(store, *files, **wish)
    return [f"{one.file}: {one.message}" for one in caught.value.report.problems if one.severity == "error"]


def stored(folder: Path) -> list[str]:
    return [one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()]


def test_files_are_imported_whatever_they_are_called(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path / "files", {name: lines(2000 + at) for at, name in enumerate(NAMES)})
    done = imported(store, *files)

    assert done.published.rows == 24 * len(NAMES)
    assert done.published.measures == {"Amount_EUR": sum(total(2000 + at) for at in range(len(NAMES)))}
    assert len(set(done.prepared.tables[0].files)) == len(NAMES)
    assert all(".." not in one.split("/") for one in stored(tmp_path / "store"))


def test_a_path_with_dots_is_that_file_and_its_folder_is_told_nobody(tmp_path: Path, store: ObjectStore) -> None:
    write(tmp_path / "secret-folder", {"2025.csv": lines(2025)})
    (tmp_path / "other").mkdir()
    done = imported(store, f"{tmp_path}/other/../secret-folder/2025.csv")

    assert done.prepared.tables[0].files == ("2025.csv",)
    descriptors = [one for one in (tmp_path / "store").rglob("*.json") if "secret-folder" in one.read_text("utf-8")]
    assert descriptors == []


def test_two_files_of_one_name_are_both_imported(tmp_path: Path, store: ObjectStore) -> None:
    files = [*write(tmp_path / "a", {"budget.csv": lines(2025)}), *write(tmp_path / "b", {"BUDGET.csv": lines(2026)})]
    done = imported(store, *files)

    assert done.prepared.tables[0].files == ("budget.csv", "2-BUDGET.csv")
    assert done.published.measures == {"Amount_EUR": total(2025) + total(2026)}


def test_the_same_file_named_twice_is_counted_once(tmp_path: Path, store: ObjectStore) -> None:
    (file,) = write(tmp_path / "a", {"budget.csv": lines(2025)})
    (copy,) = write(tmp_path / "b", {"budget.csv": lines(2025)})
    done = imported(store, file, file, copy)

    assert done.published.measures == {"Amount_EUR": total(2025)}


def test_the_same_bytes_under_another_name_are_not_counted_twice_unasked(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"budget.csv": lines(2025), "copy.csv": lines(2025)})
    with pytest.raises(OpenQuestions) as open_:
        imported(store, *files)

    assert asked(open_.value.prepared) == ["overlap:budget.csv"]


def test_every_file_that_is_missing_is_named_at_once_and_so_is_a_folder(tmp_path: Path, store: ObjectStore) -> None:
    (file,) = write(tmp_path, {"2025.csv": lines(2025)})
    said = refused(store, file, tmp_path / "gone.csv", tmp_path, tmp_path / "gone too.csv", "http://", "")

    words = " ".join(said)
    assert all(word in words for word in ("gone.csv", "gone too.csv", "folder"))
    assert len(said) == 5
    assert stored(tmp_path / "store") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n\n  \n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
        ("broken.xlsx", b"PK\x03\x04" + b"\0" * 300),
        ("broken.gz", b"\x1f\x8b\x08\x00rubbish"),
        ("letter.txt", b"Dear Sir,\nplease find enclosed\nthe budget.\n"),
        ("header.csv", b"Year,Ministry,Amount\n"),
        ("book.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
    ],
)
def test_what_holds_no_table_is_refused_with_a_reason_and_nothing_is_stored(
    tmp_path: Path, store: ObjectStore, name: str, content: bytes
) -> None:
    (file,) = write(tmp_path, {name: content})
    with pytest.raises((PackageRejected, OpenQuestions)):
        imported(store, file)

    assert stored(tmp_path / "store") == []


def test_a_file_that_is_no_table_does_not_hide_the_others_and_is_told(tmp_path: Path, store: ObjectStore) -> None:
    files = write(tmp_path, {"2025.csv": lines(2025), "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4})
    done = imported(store, *files)

    assert done.published.rows == 24
    assert any("picture.png" in one for one in done.prepared.notes)


# ── cells that are wrong ─────────────────────────────────────────────────────────────────────────────────────────────


def test_cells_that_are_wrong_come_back_marked_in_the_publishers_own_workbook(
    tmp_path: Path, store: ObjectStore
) -> None:
    rows: list[list[Any]] = [["Year", "Ministry", "Amount"]]
    rows += [[2025, f"Ministry {at}", amount(at)] for at in range(30)]
    rows[8][2] = "seven hundred"
    path = workbook(tmp_path / "budget.xlsx", {"Cover": [["Ministry of Finance"]], "Lines": rows})
    copy = MarkedCopy(tmp_path / "marked.xlsx")
    with pytest.raises(OpenQuestions) as open_:
        imported(store, path)
    (question,) = open_.value.prepared.questions
    answer = {question.id: question.choices[-1].value}
    with pytest.raises(PackageRejected):
        import_files(Wish((str(path),), given=answer), owner="ministry", name="budget", store=store, marked=copy)

    book = load_workbook(copy.paths[0])
    assert book.sheetnames == ["To fix", "Cover", "Lines"]
    assert book["Lines"]["C9"].value == "seven hundred"
    assert "seven hundred" in book["Lines"]["C9"].comment.text
    assert book["Cover"]["A1"].value == "Ministry of Finance"
    assert stored(tmp_path / "store") == []


# ── files at URLs ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        found.files["/open data/budget 2025.csv"] = (lines(2025).encode(), '"one"')
        yield found


def test_a_file_at_a_url_is_sent_once_and_the_result_is_the_same(tmp_path: Path, store: ObjectStore, web: Site) -> None:
    fetch = CachedFetcher(tmp_path / "cache", Fetcher(allow_private_hosts=True))
    url = web.url("/open%20data/budget%202025.csv")
    first, second = imported(store, url, fetch=fetch), imported(store, url, fetch=fetch)

    assert [status for *_, status in web.asked] == [200, 304]
    assert first.prepared.tables[0].files == ("budget 2025.csv",)
    assert first.published.measures == {"Amount_EUR": total(2025)}
    assert (second.published.revision, second.published.created) == (1, False)


def test_a_url_and_a_file_are_parts_of_one_table(tmp_path: Path, store: ObjectStore, web: Site) -> None:
    (file,) = write(tmp_path, {"budget 2026.csv": lines(2026)})
    fetch = CachedFetcher(tmp_path / "cache", Fetcher(allow_private_hosts=True))
    done = imported(store, web.url("/open%20data/budget%202025.csv"), file, fetch=fetch)

    assert done.published.measures == {"Amount_EUR": total(2025) + total(2026)}


def test_a_private_address_is_refused_and_named_with_everything_else_that_is_missing(
    tmp_path: Path, store: ObjectStore, web: Site
) -> None:
    fetch = CachedFetcher(tmp_path / "cache", Fetcher())
    said = refused(store, web.url("/open%20data/budget%202025.csv"), tmp_path / "gone.csv", fetch=fetch)

    assert "not on the public internet" in said[0]
    assert "gone.csv" in said[1]
    assert web.asked == []


def test_without_anything_that_fetches_a_url_is_refused(store: ObjectStore, web: Site) -> None:
    assert "not fetched here" in refused(store, web.url("/open%20data/budget%202025.csv"))[0]
