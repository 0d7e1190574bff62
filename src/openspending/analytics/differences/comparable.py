"""Which columns two fact tables share, and how their values are compared: as text, digit for digit.

Both tables become views of one connection. Columns are recognised by the field that they were read from, measures by
their name; what only one table has plays no part in comparing facts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from openspending.analytics.factfile import FactFile
from openspending.fdp.model import Attribute, Model
from openspending.fdp.sqltext import identifier, literal

VIEWS: Final = ("old_facts", "new_facts")
_DECIMAL: Final = re.compile(r"DECIMAL\(\d+,\s*(\d+)\)")
_WHOLE: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_PAIRS: Final = 40  # pairs of columns whose values are compared to find renamed ones


@dataclass(frozen=True, slots=True)
class Shared:
    """A column of both tables: its name for people and, of the old and the new table, its column, the SQL of its
    value as text, and its decimals. `label_of` is the name of the column whose codes it names."""

    name: str
    columns: tuple[str, str]
    texts: tuple[str, str]
    scales: tuple[int, int]
    label_of: str | None = None

    @property
    def scale(self) -> int:
        """The decimals that amounts of both need."""
        return max(self.scales)


@dataclass(frozen=True, slots=True)
class Comparable:
    """What two fact tables have in common. `key` are the attributes that tell one fact from the others; `unique`
    whether they do so without exception. `same_form`: equal content ids mean equal facts."""

    attributes: tuple[Shared, ...]
    key: tuple[Shared, ...]
    measures: tuple[Shared, ...]
    unique: bool
    same_form: bool

    @property
    def labels(self) -> tuple[Shared, ...]:
        """The attributes that are not in the key."""
        return tuple(one for one in self.attributes if one not in self.key)


def comparable(connection: duckdb.DuckDBPyConnection, old: FactFile, new: FactFile) -> Comparable:
    """Make both tables views of `connection`, and find what they share."""
    types = [_view(connection, view, file) for view, file in zip(VIEWS, (old, new), strict=True)]
    sides = [attribute_columns(one.model) for one in (old, new)]
    labels = _labels(new.model)
    attributes = tuple(_shared(name, (sides[0][name], sides[1][name]), types, labels) for name in _both(*sides))
    amounts = [measure_columns(one.model) for one in (old, new)]
    measures = tuple(_shared(name, (amounts[0][name], amounts[1][name]), types, {}) for name in _both(*amounts))
    same_form = (
        sides[0] == sides[1]
        and amounts[0] == amounts[1]
        and all(types[0][one] == types[1][one] for one in sides[0].values())
    )
    keys = _keys(old.model) & _keys(new.model)
    key = tuple(one for one in attributes if one.name in keys)
    unique = _unique(connection, key)
    if not unique:
        key = tuple(one for one in attributes if one.label_of is None)
    return Comparable(attributes, key, measures, unique, same_form)


def attribute_columns(model: Model) -> dict[str, str]:
    """Name for people → column in the fact table, of every attribute. The name is that of the field it is read from,
    with the resource before it where several have such a field."""
    listed = [one for dimension in model.dimensions for one in dimension.attributes]
    count = Counter(_field(one) for one in listed)
    return {_field(one) if count[_field(one)] == 1 else f"{one.resource}.{_field(one)}": one.column for one in listed}


def measure_columns(model: Model) -> dict[str, str]:
    """Name → column in the fact table, of every measure."""
    return {one.name: one.column for one in model.measures}


def alike(connection: duckdb.DuckDBPyConnection, old: FactFile, new: FactFile) -> dict[tuple[str, str], int]:
    """How many percent of their distinct values a column that is gone and one that is new share, by both names.

    Needs the views of `comparable`. Pairs without a common value are left out.
    """
    types = [_types(connection, view) for view in VIEWS]
    pairs = []
    for columns in (attribute_columns, measure_columns):
        before, after = columns(old.model), columns(new.model)
        gone, added = ([one for one in here if one not in there] for here, there in ((before, after), (after, before)))
        pairs += [(was, now, (before[was], after[now])) for was in gone for now in added]
    found = {}
    for was, now, columns_ in pairs[:_PAIRS]:
        texts = _shared(was, columns_, types, {}).texts
        values = [f"SELECT DISTINCT {text} AS v FROM {view}" for text, view in zip(texts, VIEWS, strict=True)]
        counts = [f"(SELECT count(v) FROM ({one}))" for one in (*values, f"{values[0]} INTERSECT {values[1]}")]
        first, second, common = connection.execute(f"SELECT {', '.join(counts)}").fetchall()[0]
        if common:
            found[was, now] = 100 * common // max(first, second)
    return found


def digest(texts: Iterable[str]) -> str:
    """SQL: a 128-bit hash of text expressions, in which a missing value differs from an empty one."""
    parts = [f"coalesce({one}, chr(30))" for one in texts]
    return f"md5_number(concat_ws(chr(31), {', '.join(parts)}))" if parts else "CAST(0 AS UHUGEINT)"


def _view(connection: duckdb.DuckDBPyConnection, view: str, file: FactFile) -> dict[str, str]:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM read_parquet({literal(str(file.path))})")
    return _types(connection, view)


def _types(connection: duckdb.DuckDBPyConnection, view: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()}


def _both(before: Iterable[str], after: Iterable[str]) -> list[str]:
    known = set(before)
    return [one for one in after if one in known]


def _shared(name: str, columns: tuple[str, str], types: Sequence[dict[str, str]], labels: dict[str, str]) -> Shared:
    """Numbers get as many decimals as the other table's have, so that 5.0 and 5.00 are the same text."""
    kinds = [types[side][column] for side, column in enumerate(columns)]
    scales = [_scale(kind) for kind in kinds]
    scale = max(one or 0 for one in scales)
    old, new = (
        _text(column, kind, 0 if None in scales else scale - (own or 0), own)
        for column, kind, own in zip(columns, kinds, scales, strict=True)
    )
    return Shared(name, columns, (old, new), (scales[0] or 0, scales[1] or 0), labels.get(name))


def _text(column: str, kind: str, missing: int, scale: int | None) -> str:
    text = identifier(column) if kind == "VARCHAR" else f"CAST({identifier(column)} AS VARCHAR)"
    return f"({text} || {literal(('' if scale else '.') + '0' * missing)})" if missing else text


def _scale(kind: str) -> int | None:
    """Decimals of a type of numbers; None for other types."""
    if kind in _WHOLE:
        return 0
    match = _DECIMAL.fullmatch(kind)
    return int(match[1]) if match else None


def _field(attribute: Attribute) -> str:
    return attribute.name if attribute.source is None else attribute.source


def _named(model: Model) -> dict[str, str]:
    """Column → name for people."""
    return {column: name for name, column in attribute_columns(model).items()}


def _keys(model: Model) -> set[str]:
    names = _named(model)
    return {
        names[one.column] for dimension in model.dimensions for one in dimension.attributes if one.name in dimension.key
    }


def _labels(model: Model) -> dict[str, str]:
    """Name of each label attribute → name of the attribute that it labels."""
    names, found = _named(model), {}
    for dimension in model.dimensions:
        columns = {one.name: one.column for one in dimension.attributes}
        for one in dimension.attributes:
            if one.label_of in columns:
                found[names[one.column]] = names[columns[one.label_of]]
    return found


def _unique(connection: duckdb.DuckDBPyConnection, key: Sequence[Shared]) -> bool:
    """Whether no two facts of a table agree in `key`."""
    if not key:
        return False
    for side, view in enumerate(VIEWS):
        columns = ", ".join(identifier(one.columns[side]) for one in key)
        found = connection.execute(f"SELECT count(*) = count(DISTINCT hash({columns})) FROM {view}").fetchall()
        if not found[0][0]:
            return False
    return True
