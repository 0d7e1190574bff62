"""A fact has a link that stays, and its source is the publisher's own file, opened at the very row."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.analytics.proving import sourcefiles
from openspending.assembly import application, open_store
from openspending.etl import window
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.etl.formats import workbooks
from tests.publishing.packages import AMOUNT, CODE, LABEL, YEAR, write_package

pytestmark = pytest.mark.slow

Api = TestClient[Any]
Publish = Callable[[Path], None]
TEXT = "year,code,label,amount\n2024,01,Schools,10.50\n2024,02,Roads,7\n2025,01,Schools,-3\n"
ROOT = "/v1/datasets/ministry/budget"


@pytest.fixture
def published(tmp_path: Path) -> Publish:
    """Publishes a package for the owner `ministry`."""
    store = open_store(read_settings({}, data=tmp_path / "data")).public

    def put(folder: Path) -> None:
        publish(str(folder), owner="ministry", store=store)

    return put


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """The API over what was published."""
    settings = read_settings({}, data=tmp_path / "data")
    with application(settings) as app, TestClient(app) as client:
        yield client


def got(api: Api, path: str) -> Any:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def facts(api: Api, version: str = "") -> list[dict[str, Any]]:
    return list(got(api, f"{ROOT}{version}/facts")["data"])


def source(api: Api, row: int, **wanted: Any) -> Any:
    """The window of the fact that was made from a row and has these values."""
    (found,) = [
        one for one in facts(api) if one["_row"] == row and all(one[ref] == value for ref, value in wanted.items())
    ]
    return got(api, f"{ROOT}/facts/{found['_rid']}/source?around=1")


def at(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row of the fact itself."""
    (row,) = [one for one in shown["rows"] if one["fact"]]
    return dict(row)


def used(shown: Mapping[str, Any]) -> dict[str, list[str]]:
    """The columns that made something of the fact, by their labels."""
    return {one["label"]: one["refs"] for one in shown["columns"] if one["refs"]}


def rows_of(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def package(folder: Path, files: Mapping[str, bytes], **resource: Any) -> Path:
    """A package whose one table lies in `files`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    schema = {"fields": [YEAR, CODE, LABEL, AMOUNT]}
    descriptor = {"name": "budget", "resources": [{"name": "lines", "schema": schema, **resource}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_a_fact_has_all_its_fields_and_its_place(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT))
    second = facts(api)[1]

    shown = got(api, f"{ROOT}/facts/{second['_rid']}")

    assert shown["data"]["amount"] == second["amount"] == "7.0"
    assert shown["source"]["row"] == 3
    assert {one["name"] for one in shown["columns"]} == set(shown["data"])
    stored = api.get(shown["source"]["url"])
    assert stored.content == TEXT.encode()
    assert shown["source"]["hash"].removeprefix("sha256:") in shown["source"]["url"]


def test_the_same_content_keeps_its_link_in_the_next_revision(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT))
    before = {one["_rid"] for one in facts(api)}
    published(write_package(tmp_path / "p", TEXT.replace("Roads,7", "Roads,7.2")))
    after = {one["_rid"] for one in facts(api)}
    (gone,) = before - after
    (kept, *_) = before & after

    assert len(before & after) == 2
    found = got(api, f"{ROOT}/facts/{kept}/revisions")
    assert [(one["revision"], one["has"]) for one in found["revisions"]] == [(2, True), (1, True)]
    missing = api.get(f"{ROOT}/facts/{gone}")
    assert missing.status_code == 404
    assert f"Revision 1 has it: {ROOT}@1/facts/{gone}" in missing.json()["detail"]


def test_facts_of_a_moved_row_keep_their_link(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT))
    before = {one["_rid"]: one["_row"] for one in facts(api)}
    published(write_package(tmp_path / "p", TEXT.replace("2024,01", "2020,07,Parks,1\n2024,01")))

    after = {one["_rid"]: one["_row"] for one in facts(api)}

    assert {rid: after[rid] for rid in before} == {rid: row + 1 for rid, row in before.items()}


def test_two_equal_rows_have_two_links(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT + "2024,02,Roads,7\n"))
    twins = [one for one in facts(api) if one["amount"] == "7.0"]

    assert len({one["_rid"] for one in twins}) == 2
    assert [at(got(api, f"{ROOT}/facts/{one['_rid']}/source"))["row"] for one in twins] == [3, 5]


@pytest.mark.parametrize("rid", ["0" * 24, "x", "0" * 24 + "-0", "%27%20OR%201=1", "0" * 5000])
def test_an_unknown_fact_is_404(tmp_path: Path, published: Publish, api: Api, rid: str) -> None:
    published(write_package(tmp_path / "p", TEXT))

    for path in (f"{ROOT}/facts/{rid}", f"{ROOT}/facts/{rid}/source"):
        assert api.get(path).status_code == 404


def test_a_csv_is_opened_at_the_row_also_behind_texts_of_several_lines(
    tmp_path: Path, published: Publish, api: Api
) -> None:
    text = 'year,code,label,amount\n2024,01,"Schools\nand\r\nmore",1\n2024,02,"a ""b""\n",2\n2025,03,Parks,3\n'
    published(write_package(tmp_path / "p", text))

    shown = source(api, 4)

    assert [(one["row"], one["cells"]) for one in shown["rows"]] == [
        (3, ["2024", "02", 'a "b"\n', "2"]),
        (4, ["2025", "03", "Parks", "3"]),
    ]
    assert shown["header"] == [{"row": 1, "kind": "header", "cells": ["year", "code", "label", "amount"]}]
    assert len(used(shown)) == 4
    assert shown["source"]["encoding"] == "utf-8"


def test_a_row_far_down_is_found(tmp_path: Path, published: Publish, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_SEGMENT", 1 << 14)  # many segments, one of which must be read carefully
    lines = [f"2024,{row:05},Label {row},{row}\n" for row in range(2, 4_002)]
    lines[2_000] = '2024,02002,"Label\n2002",2002\n'
    published(write_package(tmp_path / "p", "year,code,label,amount\n" + "".join(lines)))

    for row in (2, 2_001, 2_002, 2_003, 3_000, 4_001):
        (found,) = got(api, f"{ROOT}/facts?cut=_row:{row}")["data"]
        shown = got(api, f"{ROOT}/facts/{found['_rid']}/source?around=2")
        assert at(shown)["cells"][1] == f"{row:05}"
        assert [one["row"] for one in shown["rows"]] == list(range(max(row - 2, 2), min(row + 2, 4_001) + 1))


def test_a_file_in_another_encoding_shows_its_letters(tmp_path: Path, published: Publish, api: Api) -> None:
    text = TEXT.replace("Roads", "Straßen").replace(",", ";").encode("latin-1")
    published(package(tmp_path / "p", {"b.csv": text}, path="b.csv", encoding="latin-1", dialect={"delimiter": ";"}))

    shown = source(api, 3)

    assert at(shown)["cells"][2] == "Straßen"
    assert shown["source"]["encoding"] == "iso8859-1"


def xlsx(text: str) -> bytes:
    return workbooks.xlsx(
        "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
            for row in rows_of(text)
        )
    )


def ods(text: str) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        "<table:table-row>" + "".join(cell.format(one) for one in row) + "</table:table-row>" for row in rows_of(text)
    )
    return workbooks.ods(f'<table:table table:name="Sheet1">{rows}</table:table>')


def xls(text: str) -> bytes:
    cells = [
        workbooks.label(row, column, cell) for row, one in enumerate(rows_of(text)) for column, cell in enumerate(one)
    ]
    return workbooks.xls(b"".join(cells))


@pytest.mark.parametrize(("name", "make"), [("b.xlsx", xlsx), ("b.ods", ods), ("b.xls", xls)])
def test_a_workbook_is_opened_at_the_rows_of_its_sheet(
    tmp_path: Path, published: Publish, api: Api, name: str, make: Callable[[str], bytes]
) -> None:
    text = "Budget of the ministry\n" + TEXT
    published(package(tmp_path / "p", {name: make(text)}, path=name, dialect={"headerRows": [2], "sheet": 1}))

    shown = source(api, 4)

    assert at(shown)["cells"] == ["2024", "02", "Roads", "7"]
    assert [one["row"] for one in shown["rows"]] == [3, 4, 5]
    assert [one["row"] for one in shown["header"]] == [2]
    assert shown["source"]["sheet"]


def test_json_records_are_opened_by_their_row(tmp_path: Path, published: Publish, api: Api) -> None:
    head, *rows = rows_of(TEXT)
    records = json.dumps([dict(zip(head, row, strict=True)) for row in rows]).encode()
    published(package(tmp_path / "p", {"b.json": records}, path="b.json"))

    shown = source(api, 3)

    assert at(shown)["cells"] == ["2024", "02", "Roads", "7"]
    assert shown["header"][0]["cells"] == head


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_a_packed_file_is_opened(tmp_path: Path, published: Publish, api: Api, packed: str) -> None:
    data = gzip.compress(TEXT.encode()) if packed == "gz" else workbooks.zipped({"in/a.csv": "x\n1\n", "b.csv": TEXT})
    further = {"innerpath": "b.csv"} if packed == "zip" else {}
    published(package(tmp_path / "p", {f"b.csv.{packed}": data}, path=f"b.csv.{packed}", **further))

    assert at(source(api, 4))["cells"] == ["2025", "01", "Schools", "-3"]


def test_two_tables_in_one_archive_are_told_apart(tmp_path: Path, published: Publish, api: Api) -> None:
    folder = tmp_path / "p"
    other = TEXT.replace("Schools", "Parks").replace("Roads", "Canals")
    package(folder, {"both.zip": workbooks.zipped({"a.csv": TEXT, "b.csv": other})})
    schema = {"fields": [YEAR, CODE, LABEL, AMOUNT]}
    both = {"path": "both.zip", "format": "csv", "schema": schema}
    tables = [{"name": name, "innerpath": f"{name}.csv", **both} for name in "ab"]
    (folder / "datapackage.json").write_text(json.dumps({"name": "budget", "resources": tables}), encoding="utf-8")
    published(folder)

    for one in facts(api):
        shown = got(api, f"{ROOT}/facts/{one['_rid']}/source")
        assert at(shown)["cells"][2] in one.values()
        assert shown["source"]["resource"] == ("a" if at(shown)["cells"][2] in {"Schools", "Roads"} else "b")


def test_each_part_of_a_table_is_opened_by_itself(tmp_path: Path, published: Publish, api: Api) -> None:
    moved = "label,amount,code,year\nCanals,5,07,2026\n"
    published(package(tmp_path / "p", {"a.csv": TEXT.encode(), "b.csv": moved.encode()}, path=["a.csv", "b.csv"]))
    (last,) = [one for one in facts(api) if one["amount"] == "5.0"]

    shown = got(api, f"{ROOT}/facts/{last['_rid']}/source")

    assert at(shown) == {"row": 2, "kind": "data", "cells": ["Canals", "5", "07", "2026"], "fact": True}
    assert [one["field"] for one in shown["columns"]] == ["label", "amount", "code", "year"]


def wide(tmp_path: Path) -> Path:
    fields: list[Mapping[str, Any]] = [
        YEAR,
        CODE,
        {"name": "plan", "type": "number", "normalize": {"phase": "approved"}},
        {"name": "done", "type": "number", "normalize": {"phase": "executed"}},
    ]
    extra = [
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "EUR"},
        {"name": "phase", "type": "string", "columnType": "phase:id"},
    ]
    text = "year,code,plan,done\n2024,01,10.5,9\n2024,02,,3\n"
    return write_package(tmp_path / "p", text, fields=fields, schema={"extraFields": extra})


def test_a_row_that_became_several_facts_shows_the_column_of_each(tmp_path: Path, published: Publish, api: Api) -> None:
    published(wide(tmp_path))
    found = [one for one in facts(api) if one["_row"] == 2]
    shown = {one["value"]: got(api, f"{ROOT}/facts/{one['_rid']}/source") for one in found}

    assert [name for name, refs in used(shown["10.5"]).items() if "value" in refs] == ["plan"]
    assert [name for name, refs in used(shown["9.0"]).items() if "value" in refs] == ["done"]
    assert sorted(shown["9.0"]["facts"]["ids"]) == sorted(one["_rid"] for one in found)
    assert any(one["from"] == "descriptor" for one in shown["9.0"]["elsewhere"])


def test_columns_that_stand_for_the_same_are_told_apart_by_their_amounts(
    tmp_path: Path, published: Publish, api: Api
) -> None:
    quarters = [
        {"name": name, "type": "number", "groupChar": ".", "decimalChar": ",", "normalize": {"phase": "executed"}}
        for name in ("q1", "q2", "q3")
    ]
    extra = [
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "EUR"},
        {"name": "phase", "type": "string", "columnType": "phase:id"},
    ]
    text = 'year,q1,q2,q3\n2024,"1.000,5",7,"7,0"\n'
    published(write_package(tmp_path / "p", text, fields=[YEAR, *quarters], schema={"extraFields": extra}))

    made = {
        one["_rid"]: [
            name for name, refs in used(got(api, f"{ROOT}/facts/{one['_rid']}/source")).items() if "value" in refs
        ]
        for one in facts(api)
    }

    assert sorted(made.values()) == [["q1"], ["q2", "q3"], ["q2", "q3"]]


def test_what_came_from_a_code_list_is_said(tmp_path: Path, published: Publish, api: Api) -> None:
    codes = {"fields": [CODE, {**LABEL, "name": "name"}], "primaryKey": ["code"]}
    keys = [{"fields": "code", "reference": {"resource": "codes", "fields": "code"}}]
    fields = [YEAR, {"name": "code", "type": "string"}, AMOUNT]
    folder = write_package(
        tmp_path / "p",
        "year,code,amount\n2024,01,5\n",
        fields=fields,
        schema={"foreignKeys": keys},
        others={"codes": ("code,name\n01,Schools\n", codes)},
    )
    published(folder)

    shown = source(api, 2)

    assert {(one["from"], one.get("resource"), one.get("field")) for one in shown["elsewhere"]} >= {
        ("code list", "codes", "name")
    }


def test_rows_that_are_no_facts_are_shown_and_say_why(tmp_path: Path, published: Publish, api: Api) -> None:
    text = "year,code,label,amount\n2024,01,Schools,10.50\n,,,\nTotal,,,10.50\n2024,02,Roads,7\n"
    rules = [{"kind": "total", "reason": "sum of the rows above", "where": {"year": ["Total"]}}]
    published(write_package(tmp_path / "p", text, resource={"leaveOut": rules}))

    shown = got(api, f"{ROOT}/facts/{facts(api)[1]['_rid']}/source?around=3")

    assert [(one["row"], one["kind"], one.get("why")) for one in shown["rows"]] == [
        (2, "data", None),
        (3, "blank", None),
        (4, "left out", "sum of the rows above"),
        (5, "data", None),
    ]


def test_what_is_read_instead_of_a_text_is_said(tmp_path: Path, published: Publish, api: Api) -> None:
    fields: list[Mapping[str, Any]] = [YEAR, CODE, LABEL, {**AMOUNT, "replace": {"n/a": None, "ten": "10"}}]
    published(write_package(tmp_path / "p", TEXT.replace("10.50", "ten"), fields=fields))

    assert at(source(api, 2))["changed"] == {"4": "read as “10”"}


def test_a_header_of_two_rows_is_shown_whole(tmp_path: Path, published: Publish, api: Api) -> None:
    text = "Budget,,,\nfiscal,function,,\nyear,code,label,amount\n2024,01,Schools,1\n"
    fields = [{**YEAR, "name": "fiscal year"}, {**CODE, "name": "function code"}, LABEL, AMOUNT]
    published(write_package(tmp_path / "p", text, fields=fields, resource={"dialect": {"headerRows": [2, 3]}}))

    shown = source(api, 4)

    assert [one["row"] for one in shown["header"]] == [2, 3]
    assert [one["label"] for one in shown["columns"]] == ["fiscal year", "function code", "label", "amount"]


def test_data_in_the_descriptor_are_shown_as_rows(tmp_path: Path, published: Publish, api: Api) -> None:
    head, *rows = rows_of(TEXT)
    published(package(tmp_path / "p", {}, data=[dict(zip(head, row, strict=True)) for row in rows]))

    shown = source(api, 3)

    assert at(shown)["cells"] == ["2024", "02", "Roads", "7"]
    assert shown["source"]["url"] == "/data/ministry/budget/r1.datapackage.json"
    assert api.get(shown["source"]["url"]).status_code == 200


def test_a_long_cell_is_shortened_and_says_its_length(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT.replace("Roads", "R" * 9_000)))

    row = at(source(api, 3))

    assert row["shortened"] == {"3": 9_000}
    assert row["cells"][2] == "R" * 4_000 + "… [9000 characters]"


def test_a_file_that_is_too_large_is_not_opened_for_one_row(
    tmp_path: Path, published: Publish, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(write_package(tmp_path / "p", TEXT))
    monkeypatch.setattr(sourcefiles, "LARGEST", 10)

    answer = api.get(f"{ROOT}/facts/{facts(api)[0]['_rid']}/source")

    assert answer.status_code >= 400
    assert "too many to open it for one row" in answer.json()["detail"]


def test_a_damaged_file_is_named_and_not_shown(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT))
    first = facts(api)[0]
    path = tmp_path / "data/public/ministry/budget" / first["_file"]
    path.write_bytes(path.read_bytes().replace(b"Roads", b"Roods"))

    answer = api.get(f"{ROOT}/facts/{first['_rid']}/source")

    assert answer.status_code >= 500
    assert first["_file"] in answer.json()["detail"]


def test_answers_about_a_numbered_revision_stay(tmp_path: Path, published: Publish, api: Api) -> None:
    published(write_package(tmp_path / "p", TEXT))
    path = f"{ROOT}@1/facts/{facts(api)[0]['_rid']}"

    for one in (path, f"{path}/source"):
        first = api.get(one)
        assert "immutable" in first.headers["cache-control"]
        assert api.get(one, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert api.get(f"{path}/source?around=x").status_code == 400
    assert api.get(f"{path}?around=1").status_code == 400
