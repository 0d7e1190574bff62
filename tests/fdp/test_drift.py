"""Header drift and differing descriptors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from openspending.fdp.drift import Drift, Renamed, drift
from openspending.fdp.package import Field, Package, Resource, Schema
from openspending.fdp.revised import differing


def a_package(*names: str, resource: str = "lines", more: Sequence[Resource] = ()) -> Package:
    lines = Resource(resource, schema=Schema(fields=tuple(Field(one) for one in names)))
    return Package("budget", "1.0", None, (lines, *more), {})


def drifted(
    old: Package,
    new: Package,
    values: Mapping[tuple[str, str], int] | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
) -> list[Drift]:
    return drift((old, ()), (new, problems), values or {})


def test_the_same_header_in_another_order_is_no_drift() -> None:
    (found,) = drifted(a_package("year", "amount"), a_package("amount", "year"))
    assert (found.state, found.same) == ("same", ("amount", "year"))


def test_columns_with_similar_names_may_be_renamed() -> None:
    (found,) = drifted(a_package("year", "Total Amount"), a_package("year", "total_amount_2025"))
    assert found.state == "changed"
    assert [(one.was, one.now) for one in found.renamed] == [("Total Amount", "total_amount_2025")]
    assert (found.new, found.gone) == ((), ())


def test_columns_with_the_same_values_may_be_renamed_whatever_their_names() -> None:
    (found,) = drifted(a_package("code"), a_package("Kapitel"), {("code", "Kapitel"): 97})
    assert [(one.was, one.now, one.values) for one in found.renamed] == [("code", "Kapitel", 97)]


def test_other_columns_are_new_or_gone() -> None:
    (found,) = drifted(a_package("year", "ministry"), a_package("year", "vendor"), {("ministry", "vendor"): 10})
    assert (found.renamed, found.new, found.gone) == ((), ("vendor",), ("ministry",))


def test_a_column_is_renamed_to_one_other_column_at_most() -> None:
    (found,) = drifted(a_package("amount"), a_package("amount_1", "amount_2"), {("amount", "amount_2"): 90})
    assert found.renamed == (Renamed("amount", "amount_2", found.renamed[0].names, 90),)
    assert found.new == ("amount_1",)


def test_columns_that_are_reported_belong_to_the_header() -> None:
    problems = [
        {"code": "extra-label", "resource": "lines", "value": "remark"},
        {"code": "fiscal/missing-unused-column", "resource": "lines", "field": "note"},
        {"code": "extra-label", "resource": "another", "value": "elsewhere"},
    ]
    (found,) = drifted(a_package("year", "note"), a_package("year", "note"), problems=problems)
    assert (found.new, found.gone) == (("remark",), ("note",))


def test_resources_are_new_or_gone_and_a_single_one_may_change_its_name() -> None:
    (renamed,) = drifted(a_package("year", resource="budget-2024"), a_package("year", resource="budget-2025"))
    assert (renamed.resource, renamed.state) == ("budget-2025", "same")
    codes = Resource("codes", schema=Schema(fields=(Field("id"),)))
    more = drifted(a_package("year"), a_package("year", more=[codes]))
    less = drifted(a_package("year", more=[codes]), a_package("year"))
    assert [(one.resource, one.state) for one in more] == [("lines", "same"), ("codes", "new")]
    assert [(one.resource, one.state) for one in less] == [("lines", "same"), ("codes", "gone")]


def test_thousands_of_new_columns_are_not_compared_with_each_other() -> None:
    old, new = (a_package(*(f"{letter}{number}" for number in range(3000))) for letter in "ab")
    (found,) = drifted(old, new)
    assert (len(found.new), len(found.gone), found.renamed) == (3000, 3000, ())


def test_descriptors_differ_at_json_pointers() -> None:
    old = {"title": "Budget", "resources": [{"a/b": 1, "schema": {"fields": [1]}}], "factor": Decimal("1.0")}
    new = {"resources": [{"a/b": 2, "schema": {"fields": [1, 2]}}], "factor": Decimal("1.0"), "name": "x"}
    found = list(differing(old, new))
    assert found == ["/title", "/resources/0/a~1b", "/resources/0/schema/fields/1", "/name"]
    assert list(differing(old, dict(reversed(old.items())))) == []
