"""Do the cells of a column pass the gate that a descriptor's field sets? Asked of the very gate that the check uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import duckdb

from openspending.etl.modelling.evidence import cells
from openspending.etl.modelling.profile import Profile
from openspending.fdp.package import Field
from openspending.fdp.place import Place
from openspending.fdp.schemas import read_schema
from openspending.fdp.values import Reading, reading

SAMPLES: Final = 5
_ROLES: Final = {"number": "number", "integer": "integer", "date": "date", "datetime": "datetime", "boolean": "boolean"}


def field_of(label: str, props: Mapping[str, Any]) -> Field:
    """The field that `props` describe, read as the check reads it."""
    return read_schema({"fields": [{"name": label or "column", **props}]}, Place(), {}, "").fields[0]


def reading_of(label: str, props: Mapping[str, Any]) -> Reading:
    """How a column of that field is read: as its type, texts as texts."""
    return _reading(field_of(label, props))


def _reading(field: Field) -> Reading:
    return reading(field, ("",), _ROLES.get(field.type, "string"))


def fits(profile: Profile, props: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    """How many different texts of the profile do not pass, and a few of them, the most frequent first."""
    failed = failing(profile, props)
    return len(failed), failed[:SAMPLES]


def failing(profile: Profile, props: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts of the profile that a field with `props` refuses, the most frequent first."""
    field = field_of(profile.label, props)
    gate = _reading(field)
    written = {text: field.replace.get(text, text) for text in cells(profile)}
    texts = [text for text in written.values() if text is not None]
    if not gate.gated or not texts:
        return ()
    engine = _engine().cursor()
    try:
        found = engine.execute(
            f"SELECT text FROM (SELECT unnest($texts) AS text) WHERE NOT {gate.valid('text')}", {"texts": texts}
        ).fetchall()
    finally:
        engine.close()
    failed = {text for (text,) in found}
    return tuple(text for text, shown in written.items() if shown in failed)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """A database of its own, without tables: it only evaluates expressions."""
    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
