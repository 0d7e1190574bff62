"""Code lists in files of their own are joined where the codes are the same, and else kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openspending.etl.importing.prepared import Prepared
from tests.etl.importing.files import amount, asked, decided, inspected

FACTS = "Year,Account,Amount (EUR)\n" + "".join(f"2025,{at % 12 + 6101},{amount(at)}\n" for at in range(48))
ACCOUNTS = "Account code,Account name\n" + "".join(f"{at + 6101},Account of {chr(65 + at)}\n" for at in range(14))
KINDS = "Kind,Account code,Account name\n" + "".join(
    f"{kind},{at + 6101},{kind} of {chr(65 + at)}\n" for kind in ("expenditure", "revenue") for at in range(14)
)
TOWNS = "Place,Name\n" + "".join(f"Z{at:03},Town of {chr(65 + at)}\n" for at in range(12))


def roles(found: Prepared) -> dict[str, str]:
    return {one.name: one.role for one in found.tables}


def schema(found: Prepared, name: str) -> dict[str, Any]:
    resource = next(one for one in found.descriptor["resources"] if one["name"] == name)
    return dict(resource["schema"])


def keys(found: Prepared, name: str) -> list[Any]:
    return [(one["fields"], one["reference"]) for one in schema(found, name).get("foreignKeys", [])]


def test_a_list_that_has_the_codes_of_the_facts_is_joined(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"facts.csv": FACTS, "accounts.csv": ACCOUNTS})

    assert asked(found) == []
    assert roles(found) == {"facts": "facts", "accounts": "list"}
    assert keys(found, "facts") == [(["Account"], {"resource": "accounts", "fields": ["Account code"]})]
    assert decided(found)["join:facts:accounts"] == ("Account = Account code", "proposal")
    types = {one["name"]: one["columnType"] for one in schema(found, "accounts")["fields"]}
    (account,) = [one["columnType"] for one in schema(found, "facts")["fields"] if one["name"] == "Account"]
    assert types["Account code"] == account
    assert types["Account name"] == account.replace(":code", ":label")


def test_a_list_of_several_classifications_is_joined_by_the_part_that_is_meant(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"expenditure.csv": FACTS, "accounts.csv": KINDS})

    assert asked(found) == []
    assert decided(found)["join:expenditure:accounts"][0] == "Account = Account code where Kind is expenditure"
    (rule,) = found.descriptor["resources"][1]["leaveOut"]
    assert rule["whereNot"] == {"Kind": ["expenditure"]}


def test_which_of_two_parts_is_meant_is_asked_where_nothing_tells(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"facts.csv": FACTS, "accounts.csv": KINDS})

    assert asked(found) == ["join:facts:accounts"]


def test_a_list_that_explains_nothing_is_kept_apart_with_no_meaning(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"facts.csv": FACTS, "towns.csv": TOWNS}, {"header:towns.csv": "row 1"})

    assert asked(found) == []
    assert roles(found) == {"facts": "facts", "towns": "apart"}
    assert keys(found, "facts") == []
    assert all("columnType" not in one for one in schema(found, "towns")["fields"])


def test_a_person_may_keep_a_list_apart(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"facts.csv": FACTS, "accounts.csv": ACCOUNTS}, {"join:facts:accounts": "apart"})

    assert roles(found)["accounts"] == "apart"
    assert keys(found, "facts") == []


def test_levels_above_the_codes_keep_their_meaning_where_they_are_blank_below_the_first_row(tmp_path: Path) -> None:
    rows = ["Chapter,Article,Account code,Account name"]
    for at in range(14):
        above = "6,61" if at == 0 else ","
        rows.append(f"{above},{at + 6101},Account of {chr(65 + at)}")
    levels = {"facts.csv": FACTS, "accounts.csv": "\n".join(rows)}
    level = "economic-classification:generic:level1:code"
    found = inspected(tmp_path, levels, {"column:Chapter:role": level})

    types = {one["name"]: one.get("columnType") for one in schema(found, "accounts")["fields"]}
    assert asked(found) == []
    assert types["Chapter"] == level
    assert types["Article"] == level.replace("1", "2")
    assert types["Account code"] == level.replace("1", "3")
