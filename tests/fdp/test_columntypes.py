"""The bundled taxonomies, and how types that are not in them inherit."""

from __future__ import annotations

from typing import Any

import pytest

from openspending.fdp.columntypes import bundled, canonical, custom_definitions, is_value, resolve, taxonomy_definitions
from openspending.fdp.place import Place


def custom(raw: Any) -> tuple[tuple[Any, ...], list[str]]:
    place = Place()
    return custom_definitions(raw, place), [one.code for one in place.problems]


def test_the_taxonomies_are_complete() -> None:
    counts = {name: len(taxonomy_definitions(name)) for name in ("budgets", "spending", "openspending")}
    assert counts == {"budgets": 155, "spending": 43, "openspending": 16}
    assert len(bundled()) == 155 + 43 + 16 + 80
    published = [one for name in ("budgets", "spending") for one in taxonomy_definitions(name)]
    assert sum(bool(one.get("unique")) for one in published) == 87
    assert sum("labelOf" in one for one in published) == 65
    assert sum("prior" in one for one in published) == 39


def test_every_relation_leads_to_a_defined_type() -> None:
    for definition in bundled().values():
        for key in ("labelOf", "prior"):
            assert definition.get(key) is None or definition[key] in bundled()
            assert definition.get(key) != definition["name"]


def test_the_published_slip_in_bank_branches_is_mended() -> None:
    assert resolve("recipient:bank:branch:name").label_of == "recipient:bank:branch:code"


def test_a_type_knows_its_dimension() -> None:
    found = resolve("functional-classification:cofog:division:code")
    assert (found.concept, found.kind, found.classification) == (
        "functional-classification",
        "classification",
        "functional",
    )
    assert (found.data_type, found.unique, found.defined) == ("string", True, True)


def test_unknown_types_inherit_from_the_longest_beginning_in_whole_segments() -> None:
    assert resolve("value:APROBADO").data_type == "number"
    localized = resolve("geo-source:address:country:label:localized")
    assert localized.label_of == "geo-source:address:country:code"
    assert resolve("value-basis:code").data_type is None
    assert not resolve("value-basis:code").defined
    assert not resolve("geo-source:generic:codeSystem").unique


def test_own_definitions_come_first_and_clash_by_length() -> None:
    own, problems = custom(
        [{"name": "x", "dataType": "string", "unique": True}, [{"name": "x:y", "unique": False, "prior": "x"}]]
    )
    assert problems == []
    found = resolve("x:y:z", own)
    assert (found.data_type, found.unique, found.prior) == ("string", False, "x")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("geo:address:city:code", "geo-source:address:city:code"),
        ("administrative-classification:generic:level1:code:full", "administrative-classification:generic:level1:code"),
        ("functional-classification:generic:level2:code:part", "functional-classification:generic:level2:code"),
        ("invoice-id", "transaction-id:invoice-id"),
        ("phase", "phase:id"),
        ("expenditure-type", "expenditure-type:code"),
    ],
)
def test_old_names_are_understood(old: str, new: str) -> None:
    assert canonical(old) == new
    assert resolve(old) == resolve(new)


def test_both_canonical_urls_stand_for_the_bundle() -> None:
    url = "https://specs.frictionlessdata.io/taxonomies/fiscal/"
    assert custom([f"{url}budgets.json", f"{url}spending.json"]) == ((), [])
    assert custom(f"{url}budgets.json") == ((), [])


@pytest.mark.parametrize(
    "raw",
    [
        ["https://example.org/types.json"],
        ["file:///etc/passwd"],
        [5],
        [{"dataType": "string"}],
        [{"name": "a", "prior": "a"}],
        [{"name": "a:x", "prior": "b:x"}, {"name": "b:x", "prior": "a:x"}],
        [{"name": "a:x", "labelOf": "a:x"}],
    ],
)
def test_definitions_that_cannot_be_used_are_reported_and_left_out(raw: Any) -> None:
    definitions, problems = custom(raw)
    assert definitions == ()
    assert set(problems) == {"fiscal/column-types"}


def test_only_value_itself_and_types_below_it_are_amounts() -> None:
    assert is_value("value")
    assert is_value("value:approved")
    assert not is_value("value-kind:code")
    assert not is_value(None)
