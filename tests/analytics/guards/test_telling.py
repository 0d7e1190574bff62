"""Which attributes tell another one's member."""

from __future__ import annotations

import duckdb

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.guards.layers import Facts
from openspending.analytics.guards.telling import told_by
from openspending.fdp.sqltext import identifier

ROWS = [
    ("draft", "a", "x", "1", "same"),
    ("draft", "b", "x", None, "same"),
    (None, "c", "y", "2", "same"),
    (None, None, "y", "2", "same"),
    ("final", "d", "x", "3", "same"),
]
NAMES = ("phase", "each", "some", "missing", "one")


def _facts() -> Facts:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE f ({', '.join(f'{identifier(one)} VARCHAR' for one in NAMES)})")
    connection.executemany("INSERT INTO f VALUES (?, ?, ?, ?, ?)", ROWS)
    cube = from_spec({"dimensions": {}, "measures": {}, "aggregates": {}, "hierarchies": {}, "fact_table": "f"})
    return Facts(connection, "f", cube.with_further(dict.fromkeys(NAMES, "string")))


def test_an_attribute_tells_another_when_each_of_its_values_has_one_member_missing_ones_too() -> None:
    """A missing value is a value, and a missing member a member."""
    found = told_by(_facts(), ["phase", "some", "one"], dict.fromkeys(NAMES, 5))
    assert found["phase"] == ("phase", "each", "missing")
    assert found["some"] == ("some", "phase", "each", "missing")
    assert found["one"] == ("one",)


def test_attributes_with_too_few_or_too_many_values_are_not_asked() -> None:
    """They cannot tell, or are no use in a cut."""
    about = {"phase": 5, "each": 60_000, "some": 1, "missing": 3, "one": 1}
    assert told_by(_facts(), ["phase"], about) == {"phase": ("phase", "missing")}
