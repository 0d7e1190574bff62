"""The fact table: exact, denormalised, every fact with its lineage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.publishing import Published
from tests.publishing.packages import AMOUNT, CODE, FIELDS, YEAR, write_package

pytestmark = pytest.mark.slow

Publish = Callable[[Path], Published]
Facts = Callable[[Published], list[dict[str, Any]]]

HEADER = "year,code,label,amount\n"


def test_codes_keep_their_zeros_and_amounts_all_their_digits(tmp_path: Path, published: Publish, facts: Facts) -> None:
    rows = "2024,007,Roads,0.1\n2024,01.1,Schools,12345678901234567890.123456\n2024,1101-23,Parks,-0.000001\n"
    done = published(write_package(tmp_path / "p", HEADER + rows))

    assert done.measures == {"amount": Decimal("12345678901234567890.223455")}
    assert [one["code"] for one in facts(done)] == ["007", "01.1", "1101-23"]
    assert [one["amount"] for one in facts(done)][1] == Decimal("12345678901234567890.123456")


def test_every_fact_names_its_file_and_row(tmp_path: Path, published: Publish, facts: Facts) -> None:
    done = published(write_package(tmp_path / "p", HEADER + '2024,1,"two\nlines",5\n2024,2,b,6\n'))
    found = facts(done)

    assert [one["_row"] for one in found] == [2, 3]
    assert {one["_file"].split("/")[0] for one in found} == {"files"}
    assert (tmp_path / "store/public/ministry/budget" / found[0]["_file"]).read_bytes().startswith(b"year,")


def test_two_identical_rows_are_two_facts_with_ids_of_their_own(
    tmp_path: Path, published: Publish, facts: Facts
) -> None:
    done = published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n2024,2,b,6\n2024,1,a,5.00\n2024,1,a,5\n"))
    ids = [one["_rid"] for one in facts(done)]

    assert done.measures == {"amount": Decimal(21)}
    assert ids[2] == f"{ids[0]}-2"
    assert ids[3] == f"{ids[0]}-3"
    assert len(set(ids)) == 4


def test_what_is_missing_is_part_of_the_id_of_a_fact(tmp_path: Path, published: Publish, facts: Facts) -> None:
    done = published(write_package(tmp_path / "p", HEADER + "2024,x,,5\n2024,,x,5\n"))

    assert len({one["_rid"] for one in facts(done)}) == 2


def test_the_id_of_a_fact_is_its_content_wherever_it_stands(tmp_path: Path, published: Publish, facts: Facts) -> None:
    first = published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n2024,2,,\n"))
    ids = {one["code"]: one["_rid"] for one in facts(first)}
    swapped = (FIELDS[3], *FIELDS[:3])
    for other in ("7", "7.125", "7.1234567890123", "7.123456789012345678"):
        rows = f"amount,year,code,label\n{other},2024,3,c\n,2024,2,\n5.0,2024,1,a\n"
        again = published(write_package(tmp_path / "p", rows, fields=swapped))
        assert {one["code"]: one["_rid"] for one in facts(again) if one["code"] != "3"} == ids


def test_missing_cells_are_null_members_and_null_amounts(tmp_path: Path, published: Publish, facts: Facts) -> None:
    schema = {"missingValues": ["", "n/a"]}
    done = published(write_package(tmp_path / "p", HEADER + "2024,n/a,,n/a\n2024,1,a,3\n", schema=schema))

    assert done.rows == 2
    assert facts(done)[0] | {"_file": 0, "_rid": 0} == {
        "year": 2024, "code": None, "label": None, "amount": None, "_file": 0, "_row": 2, "_rid": 0,
    }  # fmt: skip


def test_the_factor_is_applied_exactly(tmp_path: Path, published: Publish) -> None:
    model = {
        "measures": {
            "a": {"source": "amount", "currency": "EUR", "factor": 1000},
            "b": {"source": "amount", "currency": "EUR", "factor": 0.001},
        },
        "dimensions": {"date": {"attributes": {"year": {"source": "year"}}, "primaryKey": "year"}},
    }
    fields = [{"name": "year", "type": "integer"}, {"name": "amount", "type": "number"}]
    done = published(write_package(tmp_path / "p", "year,amount\n2024,0.07\n2024,1.1\n", fields=fields, model=model))

    assert done.measures == {"a": Decimal(1170), "b": Decimal("0.00117")}


def test_normalised_columns_become_rows_and_constants_are_filled_in(
    tmp_path: Path, published: Publish, facts: Facts
) -> None:
    fields: list[Mapping[str, Any]] = [
        YEAR,
        CODE,
        {"name": "plan", "type": "number", "normalize": {"phase": "approved"}},
        {"name": "done", "type": "number", "groupChar": ".", "decimalChar": ",", "normalize": {"phase": "executed"}},
    ]
    extra = [
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "EUR"},
        {"name": "phase", "type": "string", "columnType": "phase:id"},
        {"name": "direction", "type": "string", "columnType": "direction", "constant": "expenditure"},
    ]
    text = 'year,code,plan,done\n2024,01,10.5,"1.000,25"\n2024,02,,3\n'
    done = published(write_package(tmp_path / "p", text, fields=fields, schema={"extraFields": extra}))
    found = [(one["code"], one["phase"], one["value"], one["direction"], one["_row"]) for one in facts(done)]

    assert found == [
        ("01", "approved", Decimal("10.50"), "expenditure", 2),
        ("01", "executed", Decimal("1000.25"), "expenditure", 2),
        ("02", "executed", Decimal("3.00"), "expenditure", 3),
    ]


def test_code_lists_are_joined_and_unmatched_facts_are_kept(tmp_path: Path, published: Publish, facts: Facts) -> None:
    fields = [YEAR, {**CODE, "name": "f"}, AMOUNT]
    keys = {"foreignKeys": [{"fields": "f", "reference": {"resource": "functions", "fields": "id"}}]}
    label = {"name": "name", "type": "string", "columnType": "functional-classification:generic:level1:label"}
    listed = ("id,name\n01,Roads\n02,Schools\n", {"fields": [{"name": "id", "type": "string"}, label]})
    text = "year,f,amount\n2024,02,1\n2024,01,2\n2024,99,4\n"
    done = published(write_package(tmp_path / "p", text, fields=fields, schema=keys, others={"functions": listed}))

    assert {one["f"]: one["name"] for one in facts(done)} == {"02": "Schools", "01": "Roads", "99": None}
    assert done.measures == {"amount": Decimal(7)}
    assert "foreign-key" in {one.code for one in done.problems}


def test_facts_stand_in_the_order_of_the_source(tmp_path: Path, published: Publish, facts: Facts) -> None:
    rows = "".join(f"2024,{number % 977},x,{number % 31}\n" for number in range(60_000))  # every fact twice, or nearly
    done = published(write_package(tmp_path / "p", HEADER + rows))
    found = [(one["_row"], one["code"], one["amount"]) for one in facts(done)]

    assert found == [(number + 2, str(number % 977), Decimal(number % 31)) for number in range(60_000)]


def test_parts_of_a_resource_are_stacked_with_the_file_of_each_row(
    tmp_path: Path, published: Publish, facts: Facts
) -> None:
    folder = write_package(tmp_path / "p", HEADER + "2023,1,a,1\n", resource={"path": ["lines.csv", "more.csv"]})
    (folder / "more.csv").write_text(HEADER + "2024,1,a,2\n", encoding="utf-8")
    found = facts(published(folder))

    assert [(one["_file"].rsplit("/", 1)[1], one["_row"]) for one in found] == [("lines.csv", 2), ("more.csv", 2)]


def test_equal_resources_of_amounts_are_stacked(tmp_path: Path, published: Publish, facts: Facts) -> None:
    others = {"next": (HEADER + "2025,1,a,2\n", {"fields": list(FIELDS)})}
    done = published(write_package(tmp_path / "p", HEADER + "2024,1,a,1\n", others=others))

    assert [(one["year"], one["amount"]) for one in facts(done)] == [(2024, Decimal(1)), (2025, Decimal(2))]


def test_codes_unique_in_their_parent_only_carry_the_parent(tmp_path: Path, published: Publish, facts: Facts) -> None:
    levels = "administrative-classification:generic"
    fields = [
        {"name": "a", "type": "string", "osType": f"{levels}:level1:code:full"},
        {"name": "b", "type": "string", "osType": f"{levels}:level2:code:part"},
        {"name": "amount", "type": "number"},
    ]
    model = {
        "measures": {"amount": {"source": "amount", "currency": "EUR"}},
        "dimensions": {
            "admin": {
                "attributes": {"a": {"source": "a"}, "b": {"source": "b", "parent": "a"}},
                "primaryKey": ["a", "b"],
            }
        },
    }
    done = published(write_package(tmp_path / "p", "a,b,amount\nX,1,1\nY,1,2\nY,,4\n", fields=fields, model=model))

    assert [(one["a"], one["b"]) for one in facts(done)] == [("X", "X - 1"), ("Y", "Y - 1"), ("Y", None)]


def test_columns_that_stand_for_the_same_are_added_up_and_said(tmp_path: Path, published: Publish) -> None:
    quarters = [{"name": name, "type": "number", "normalize": {"phase": "executed"}} for name in ("q1", "q2")]
    extra = [
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "EUR"},
        {"name": "phase", "type": "string", "columnType": "phase:id"},
    ]
    text = "year,q1,q2\n2024,1,2\n"
    done = published(write_package(tmp_path / "p", text, fields=[YEAR, *quarters], schema={"extraFields": extra}))

    assert done.measures == {"value": Decimal(3)}
    assert "fiscal/normalize-alike" in {one.code for one in done.problems}


def test_stacked_number_columns_of_different_width_keep_their_digits(
    tmp_path: Path, published: Publish, facts: Facts
) -> None:
    year = {**YEAR, "type": "number"}
    others = {"next": ("year,code,label,amount\n2025.25,1,a,2\n", {"fields": [year, *FIELDS[1:]]})}
    folder = write_package(tmp_path / "p", HEADER + "2024,1,a,1\n", fields=[year, *FIELDS[1:]], others=others)

    assert [str(one["year"]) for one in facts(published(folder))] in (["2024", "2025.25"], ["2024.00", "2025.25"])
