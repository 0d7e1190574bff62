"""Only files below the descriptor and http(s) URLs are opened."""

from __future__ import annotations

import pytest

from openspending.fdp.paths import check_path, is_url, normal_path


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "a/../b",
        "/etc/passwd",
        "~/x",
        "a/..",
        ".hid/x",
        "a/.hid/x",
        "a\\b",
        "c:\\x",
        "C:/x",
        "javascript:x",
        "data:text/csv,a",
        "file:///x",
        "s3://b/x",
        "ftp://h/x",
        "a/%2e%2e/b",
        "a/%252e%252e/b",
        "%2Fetc/passwd",
        "",
        " a.csv",
        "a.csv ",
        "a\nb",
        "a\x00b",
        "a%00b",
        "a\x7f",
        "./../a",
        "http://",
        "http:/h/x",
        "http:x",
        "a//b",
        "a/.",
        "http://user:secret@h/x",
        "http://[::1/x",
        "a" * 2000,
        "data/" + "é" * 128,
        "//host/share",
        "...",
        "%5c%5chost",
    ],
)
def test_unsafe_paths_are_refused(path: str) -> None:
    assert check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "a.csv",
        "data/a.csv",
        "a/..b",
        "data/año 2014.csv",
        "100%.csv",
        "./a.csv",
        "HTTP://h/x",
        "https://h/a.csv?b=c",
        "予算.csv",
        "a.b/c..d",
    ],
)
def test_safe_paths_are_accepted(path: str) -> None:
    assert check_path(path) is None


def test_lists_are_all_files_or_all_urls() -> None:
    assert check_path(["a.csv", "b.csv"]) is None
    assert check_path(["a.csv", "http://h/x"]) == "mixes URLs and files"
    assert check_path(["a.csv", "../b.csv"])
    assert check_path([])
    assert check_path(["a.csv", 5])
    assert check_path(5)


def test_paths_are_opened_in_their_plain_form() -> None:
    assert normal_path("././a.csv") == "a.csv"
    assert normal_path("HTTPS://Example.org/A") == "https://Example.org/A"
    assert is_url("HTTPS://Example.org/A")
    assert not is_url("ftp://example.org/a")
