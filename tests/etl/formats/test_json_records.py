"""Records in JSON and in lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from openspending.etl.formats import jsonstream
from openspending.etl.formats.sheets import Book
from openspending.fdp.problems import PackageRejected

Opens = Callable[[bytes], Book]


def tables(book: Book) -> dict[str, list[list[str]]]:
    return {one.name: list(book.rows(one)) for one in book.sheets}


def test_records_are_rows_under_all_their_keys_in_order_of_appearance(book: Opens) -> None:
    data = (
        b'[{"a": 1.10, "b": {"c": "x", "d": {"e": null}}},'
        b' {"f": [1, 2.50, "y", {"z": true}], "a": 12345678901234567890}]'
    )

    assert tables(book(data)) == {
        "": [
            ["a", "b.c", "b.d.e", "f"],
            ["1.10", "x", "", ""],
            ["12345678901234567890", "", "", '[1, 2.50, "y", {"z": true}]'],
        ]
    }


def test_lists_of_lists_have_their_own_first_row(book: Opens) -> None:
    assert tables(book(b'[["a", "b"], [1, false], [2e3]]')) == {"": [["a", "b"], ["1", "false"], ["2e3", ""]]}


def test_lists_are_found_at_their_paths(book: Opens) -> None:
    data = (
        b'{"help": "x", "result": {"total": 1, "fields": ["a"], "records": [{"a": 1}]}, "more": [{"b": 2}, {"b": 3}]}'
    )

    assert tables(book(data)) == {"result.records": [["a"], ["1"]], "more": [["b"], ["2"], ["3"]]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_are_records(book: Opens, encoding: str) -> None:
    data = '{"a": "ü", "b": 1}\n\n{"b": 2}\r\n{"a": "\\n"}'.encode(encoding)

    assert book(data).kind == "jsonl"
    assert tables(book(data)) == {"": [["a", "b"], ["ü", "1"], ["", "2"], ["\n", ""]]}


def test_records_are_the_same_wherever_the_text_is_cut(book: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[dict[str, Any]] = [
        {"a": number, "b": "ü" * (number % 7), "c": {"d": -number}} for number in range(50)
    ]
    data = json.dumps(records).encode()
    whole = tables(book(data))
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(
            jsonstream, "blocks", lambda path, n=size: (path.read_bytes()[at : at + n] for at in range(0, len(data), n))
        )
        assert tables(book(data)) == whole


BAD: dict[str, tuple[bytes, str]] = {
    "a key with two values": (b'[{"a": 1, "a": 2}]', "“a” has two values"),
    "keys equal when joined": (b'[{"a.b": 1, "a": {"b": 2}}]', "“a.b” when nested ones are joined"),
    "NaN": (b'[{"a": NaN}]', "NaN is no number"),
    "a broken end": (b'[{"a": 1}, {"a": 2', "damaged"),
    "a missing comma": (b'[{"a": 1} {"a": 2}]', "“,” is missing"),
    "something after the end": (b'[{"a": 1}] x', "follows after its end"),
    "deep nesting": (b'[{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}]", "nested too deep"),
    "no list": (b'{"a": 1, "b": {"c": [1, 2]}}', "no list of records"),
    "not UTF-8": (b'[{"a": "\xfc"}]', "is not utf-8"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_damaged_or_ambiguous_is_refused(book: Opens, name: str) -> None:
    data, words = BAD[name]

    with pytest.raises(PackageRejected, match=words):
        book(data)


def test_a_list_of_records_and_other_things_is_refused(book: Opens) -> None:
    opened = book(b'[{"a": 1}, {"a": 2}, "total"]')

    with pytest.raises(PackageRejected, match="item 3"):
        list(opened.rows(opened.sheets[0]))
