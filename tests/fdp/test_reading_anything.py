"""Whatever JSON or bytes arrive: reading and checking never raise, and what was read is written back unchanged."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openspending.fdp.conformance import check
from openspending.fdp.ostypes import model_fields
from openspending.fdp.package import Package
from openspending.fdp.versions import package_of, read_package, write_descriptor

WORDS = st.sampled_from(
    [
        "r",
        "r2",
        "f",
        "g",
        "value",
        "date:fiscal-year",
        "phase:id",
        "phase:label",
        "number",
        "integer",
        "string",
        "date",
        "%Y %Y",
        "%Q",
        "../x",
        "a.csv",
        "EUR",
        "",
        "a:b",
        "(",
        "1",
        "geo:generic:title",
        "self",
        "expenditure",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | WORDS
)
ANYTHING = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(WORDS, one, max_size=3), max_leaves=8
)


def some(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the properties, mostly of the right shape, sometimes anything."""
    return st.fixed_dictionaries({}, optional={key: value | ANYTHING for key, value in known.items()})


BOUNDS = some(minimum=SCALARS, enum=st.lists(SCALARS, max_size=2), pattern=WORDS, required=SCALARS, minLength=SCALARS)
FIELD = some(
    name=WORDS, type=WORDS, format=WORDS, columnType=WORDS, osType=WORDS, constraints=BOUNDS, constant=SCALARS,
    normalize=st.dictionaries(WORDS, SCALARS, max_size=2), normalizationTarget=st.booleans(), decimalChar=WORDS,
    factor=SCALARS, currency=WORDS, options=ANYTHING, missingValues=ANYTHING, groupChar=WORDS,
)  # fmt: skip
KEY = some(fields=WORDS | st.lists(WORDS), reference=some(resource=WORDS, fields=WORDS, datapackage=WORDS))
SCHEMA = some(
    fields=st.lists(FIELD, max_size=4), extraFields=st.lists(FIELD, max_size=2), primaryKey=WORDS,
    foreignKeys=st.lists(KEY, max_size=2), missingValues=st.lists(SCALARS, max_size=2), fieldsMatch=WORDS,
)  # fmt: skip
RESOURCE = some(name=WORDS, path=WORDS, url=WORDS, data=ANYTHING, schema=SCHEMA, dialect=ANYTHING, foreignKeys=ANYTHING)
LINK = some(
    source=WORDS, resource=WORDS, currency=WORDS, factor=SCALARS, labelfor=WORDS, parent=WORDS, constant=SCALARS
)
DIMENSION = some(attributes=st.dictionaries(WORDS, LINK, max_size=3), primaryKey=WORDS, dimensionType=WORDS)
MODEL = some(
    measures=st.dictionaries(WORDS, LINK, max_size=2), dimensions=st.dictionaries(WORDS, DIMENSION, max_size=2)
)
TYPE = some(name=WORDS, dataType=WORDS, unique=SCALARS, labelOf=WORDS, prior=WORDS)
DESCRIPTOR = some(
    name=WORDS, resources=st.lists(RESOURCE, max_size=3), model=MODEL, mapping=MODEL, fiscalPeriod=ANYTHING,
    columnTypes=st.lists(TYPE | WORDS | st.lists(TYPE, max_size=2), max_size=3), countryCode=ANYTHING,
)  # fmt: skip

quick = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_reading_never_raises_on_bytes(data: bytes) -> None:
    read_package(data)


@given(ANYTHING | DESCRIPTOR)
@quick
def test_reading_and_checking_never_raise_on_json(value: Any) -> None:
    package, problems = package_of(value)
    assert (package is not None) or problems
    if package is not None:
        for one in [*problems, *check(package)]:
            json.dumps(one.to_dict())


@given(st.dictionaries(st.text(max_size=4), ANYTHING, max_size=4) | DESCRIPTOR)
@quick
def test_a_descriptor_is_written_as_it_was_read(value: dict[str, Any]) -> None:
    written = write_descriptor({"resources": [{"name": "r", "path": "a.csv"}], "kept": value})
    package, _ = read_package(written)
    assert isinstance(package, Package)
    assert package.raw["kept"] == value
    assert write_descriptor(package.raw) == written


@given(ANYTHING | st.lists(some(name=WORDS, type=WORDS, title=WORDS, data=ANYTHING, options=ANYTHING), max_size=4))
@quick
def test_modelling_columns_never_raises(value: Any) -> None:
    assert isinstance(model_fields(value), dict)
