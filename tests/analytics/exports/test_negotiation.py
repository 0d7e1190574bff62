from __future__ import annotations

import pytest

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.exports.negotiation import negotiated
from openspending.errors import BadQuery, NotAcceptable

PARQUET = "application/vnd.apache.parquet"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        (BROWSER, "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("TEXT/CSV; charset=utf-8; header=present", "csv"),
        ("application/json;q=0.5, text/csv", "csv"),
        ("*/*;q=0.1, application/x-ndjson", "jsonl"),
        ("application/*, application/vnd.apache.parquet", "parquet"),
        ("application/json;q=0, */*", "jsonl"),
        (f"{PARQUET}, text/csv", "parquet"),
        (f"text/csv, {PARQUET}", "csv"),
        ("nonsense, text/csv", "csv"),
    ],
)
def test_the_header_chooses_as_the_standard_says(accept: str | None, name: str) -> None:
    assert negotiated(None, None, accept).name == name


def test_the_extension_comes_before_the_parameter_and_both_before_the_header() -> None:
    assert negotiated("xlsx", "csv", PARQUET).name == "xlsx"
    assert negotiated("", "csv", PARQUET).name == "csv"


@pytest.mark.parametrize("accept", ["text/html", "text/csv;q=0", "image/*", "nonsense"])
def test_a_header_that_allows_no_format_is_answered_with_the_choices(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiated(None, None, accept)
    assert caught.value.choices == tuple(FORMATS)


def test_an_unknown_format_is_answered_with_the_choices() -> None:
    with pytest.raises(BadQuery, match="There is no format “pdf”") as caught:
        negotiated("pdf", None, None)
    assert caught.value.choices == tuple(FORMATS)
