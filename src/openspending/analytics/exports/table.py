"""A table: columns that say what they are, and their values as Arrow record batches, read once.

Whatever the batches come from, they leave here in one schema: dictionaries (ENUM) as text, nested types refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any, Final, Literal, Self, get_args

import pyarrow as pa

from openspending.errors import BadQuery
from openspending.speaking.said import said

Kind = Literal["text", "integer", "decimal", "float", "boolean", "date", "datetime", "time"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

BATCH: Final = 10_000  # rows; no slower than 50,000, in 200 MB less while a workbook of 15 columns is written
_MOST_DIGITS: Final = 76  # of Arrow's widest decimal
_ROOMY: Final = Context(prec=_MOST_DIGITS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its kind and what it means. `decimal` is money and all else that must not lose a digit;
    `scale` is how many digits stand right of its point, where values alone do not tell (None: as many as they need)."""

    name: str
    kind: Kind
    title: str | None = None
    currency: str | None = None
    unit: str | None = None
    scale: int | None = None

    def described(self) -> dict[str, str]:
        """What readers should know beside the name, without what is not known."""
        known = {"kind": self.kind, "title": self.title, "currency": self.currency, "unit": self.unit}
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`, and an iterator over their values, each batch in `schema`. `rows` is their number, where it is known.

    `batches` may raise, at any batch, what the database raises.
    """

    columns: tuple[Column, ...]
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch] = field(repr=False)
    rows: int | None = None

    @classmethod
    def from_reader(
        cls, reader: pa.RecordBatchReader, columns: Sequence[Column] | None = None, rows: int | None = None
    ) -> Self:
        """The table of a reader (DuckDB: `cursor.sql(sql, params=parameters).to_arrow_reader(BATCH)`).

        `columns` are in the reader's order; their names are the ones written. Without them names and kinds are the
        reader's. Raises BadQuery for two columns of one name, and for types that no table holds (lists, structs).
        """
        fields = list(reader.schema)
        given = list(columns) if columns is not None else columns_of(reader.schema)
        schema = pa.schema(
            pa.field(column.name, _plain_type(one), metadata=column.described())
            for column, one in zip(given, fields, strict=True)
        )
        _check_names(given)
        return cls(tuple(given), schema, (_plain(batch, schema) for batch in reader), rows)

    @classmethod
    def from_rows(cls, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Self:
        """The table of Python rows, keyed by column name; absent is null. All decimals of a column get one scale.

        Raises BadQuery for two columns of one name, and for numbers of more digits than 76.
        """
        held = list(rows)
        _check_names(columns)
        arrays = [_array(one, [row.get(one.name) for row in held]) for one in columns]
        schema = pa.schema(
            pa.field(column.name, array.type, metadata=column.described())
            for column, array in zip(columns, arrays, strict=True)
        )
        # a batch of no columns would forget how many rows it has
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema) if arrays else None
        batches = [] if batch is None else [batch.slice(at, BATCH) for at in range(0, len(held), BATCH)]
        return cls(tuple(columns), schema, iter(batches), len(held) if arrays else 0)

    def with_metadata(self, file: Mapping[str, str]) -> pa.Schema:
        """The schema with what is said of the whole file."""
        return self.schema.with_metadata(dict(file))


def columns_of(schema: pa.Schema) -> list[Column]:
    """The columns of an Arrow schema: names and kinds. Raises BadQuery for types that no table holds."""
    return [Column(one.name, _kind(one)) for one in schema]


def _check_names(columns: Sequence[Column]) -> None:
    seen: set[str] = set()
    for one in columns:
        if one.name in seen:
            raise BadQuery(said("Two columns are called “{name}”; give one of them another name.", name=one.name))
        seen.add(one.name)


_TYPES: Final[tuple[tuple[Kind, Any], ...]] = (
    ("text", pa.types.is_string),
    ("integer", pa.types.is_integer),
    ("decimal", pa.types.is_decimal),
    ("float", pa.types.is_floating),
    ("boolean", pa.types.is_boolean),
    ("date", pa.types.is_date),
    ("datetime", pa.types.is_timestamp),
    ("time", pa.types.is_time),
)


def _kind(one: pa.Field) -> Kind:
    """What a column of this Arrow type is. Raises BadQuery when no table can hold it."""
    kind = _plain_type(one)
    return next(name for name, holds in _TYPES if holds(kind))


def _plain_type(one: pa.Field) -> pa.DataType:
    """The type in which a column leaves here. Raises BadQuery when there is none."""
    kind = one.type.value_type if pa.types.is_dictionary(one.type) else one.type
    texts = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    if any(holds(kind) for holds in texts):
        return pa.string()
    if not any(holds(kind) for _, holds in _TYPES):
        raise BadQuery(
            said(
                "Column “{name}” holds values of type {kind}, which no table can hold. Cast it to text.",
                name=one.name,
                kind=kind,
            )
        )
    return kind


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in `schema`; only dictionaries and the like cost anything."""
    arrays = [
        array if array.type == wanted.type else array.cast(wanted.type)
        for array, wanted in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


_ARROW: Final[Mapping[Kind, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
}


def _array(column: Column, values: Sequence[Any]) -> pa.Array:
    if column.kind == "decimal":
        return _decimals(column, values)
    if column.kind == "integer" and any(one is not None and not -(2**63) <= one < 2**63 for one in values):
        return _decimals(column, values)
    return pa.array(values, _ARROW[column.kind])


def _decimals(column: Column, values: Sequence[Any]) -> pa.Array:
    """Numbers as decimals of one type, wide enough for all of them."""
    numbers = [None if one is None else Decimal(one) for one in values]
    sizes = [_size(one) for one in numbers if one is not None]
    scale = max([column.scale or 0, *(right for _, right in sizes)])
    digits = max([1, *(left + scale for left, _ in sizes)])
    if digits > _MOST_DIGITS:
        raise BadQuery(
            said(
                "Column “{name}” needs numbers of {digits} digits; no table holds more than 76.",
                name=column.name,
                digits=digits,
            )
        )
    wide = pa.decimal128(38 if digits > 18 else 18, scale) if digits <= 38 else pa.decimal256(_MOST_DIGITS, scale)
    unit = Decimal(1).scaleb(-scale)
    return pa.array([None if one is None else one.quantize(unit, context=_ROOMY) for one in numbers], wide)


def _size(number: Decimal) -> tuple[int, int]:
    """Digits left and right of the point that a finite number needs."""
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise BadQuery(said("{number} is no number that can be written exactly.", number=number))
    return max(len(digits) + exponent, 0), max(-exponent, 0)
