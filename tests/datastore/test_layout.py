"""Keys and the names in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.datastore import layout
from openspending.datastore.keys import check_key
from openspending.errors import BadQuery
from openspending.fdp.paths import check_path

SHA = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "owner",
    ["a", "officer@data.gov.uk", "example@example.com", "__testing", "+x", "Ministry-1", "d" * 100, "0" * 32],
)
def test_owners_of_the_original_are_owners(owner: str) -> None:
    layout.check_owner(owner)


@pytest.mark.parametrize(
    "owner",
    [
        "",
        ".",
        "..",
        ".a",
        "-a",
        "a/b",
        "a\\b",
        "a b",
        "a\n",
        "ä",
        "a:b",
        "d" * 101,
        "changelog",
        "Registry",
        "a%2f",
        "api",
        "Data",
        "usage",
        "metrics",
        "v1",
    ],
)
def test_other_owners_are_refused(owner: str) -> None:
    with pytest.raises(BadQuery):
        layout.check_owner(owner)


@pytest.mark.parametrize("name", ["a", "_x", "ukgov-finances-cra", "boost.moldova_2014", "0", "n" * 100])
def test_names_of_datasets(name: str) -> None:
    layout.check_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "-a", ".a", "A", "a/b", "a\n", "ä", "a@b", "a:b", "n" * 101])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(BadQuery):
        layout.check_name(name)


def test_keys_are_as_the_architecture_says() -> None:
    assert layout.descriptor_key("o", "n") == "o/n/datapackage.json"
    assert layout.revision_key("o", "n", 12) == "o/n/r12.datapackage.json"
    assert layout.revision_number("o/n/r12.datapackage.json") == 12
    assert layout.revision_number("o/n/datapackage.json") is None
    assert layout.stored_key("o", "n", layout.file_path(SHA, "data/x.csv")) == f"o/n/files/{SHA}/x.csv"
    assert layout.sha256_of(f"files/{SHA}/x.csv") == SHA
    assert layout.sha256_of("data/x.csv") is None
    assert layout.derived_prefix("o", "n", 3, "b1") == "o/n/derived/r3-b1/"
    assert layout.changelog_key(7) == "changelog/7.json"


def test_keys_are_made_of_checked_parts_only() -> None:
    for owner, name in (("a/..", "n"), ("o", "../n")):
        with pytest.raises(BadQuery):
            layout.descriptor_key(owner, name)
    with pytest.raises(ValueError):
        layout.file_path("../" + SHA, "x.csv")
    with pytest.raises(ValueError):
        layout.derived_prefix("o", "n", 1, "../x")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("data/Βουλή 2020.csv", "Βουλή 2020.csv"),
        ("a\\b\\c.csv", "c.csv"),
        ("https://example.org/x/export.csv?x=1#part", "export.csv_x=1_part"),
        (".hidden.csv", "_hidden.csv"),
        ("..", "_"),
        ("", "data"),
        ("///", "data"),
        ("a%2e%2e.csv", "a_2e_2e.csv"),
        ("line\nbreak\u2028.csv", "line_break_.csv"),
        ("x#1", "x_1"),
    ],
)
def test_file_names_stay_readable_and_become_safe(given_name: str, safe: str) -> None:
    assert layout.safe_filename(given_name) == safe


def test_long_file_names_keep_their_suffixes() -> None:
    name = layout.safe_filename("ü" * 300 + ".csv.gz")
    assert name.endswith("ü.csv.gz")
    assert len(name.encode()) <= 200


@given(st.text())
def test_any_file_name_makes_a_safe_key_and_a_safe_path(text: str) -> None:
    path = layout.file_path(SHA, text)
    check_key(path)
    assert check_path(path) is None
    assert layout.safe_filename(path) == layout.safe_filename(text)


def test_usage_is_kept_by_day_and_process() -> None:
    key = layout.usage_key("2026-11-26", "0" * 32)
    assert key == f"usage/2026-11-26/{'0' * 32}.csv"
    assert layout.usage_day(key) == "2026-11-26"


@pytest.mark.parametrize("key", ["usage/notes.txt", "usage/2026-11-26/a.csv", f"a/2026-11-26/{'0' * 32}.csv"])
def test_other_keys_are_no_usage(key: str) -> None:
    assert layout.usage_day(key) is None


@pytest.mark.parametrize(
    ("key", "dataset"),
    [
        ("a/b/datapackage.json", ("a", "b")),
        (f"a/b/files/{SHA}/data.csv", ("a", "b")),
        ("registry/catalog.csv", None),
        (f"usage/2026-11-26/{'0' * 32}.csv", None),
        ("a/b", None),
        ("a", None),
    ],
)
def test_a_key_tells_its_dataset(key: str, dataset: tuple[str, str] | None) -> None:
    assert layout.dataset_of(key) == dataset
