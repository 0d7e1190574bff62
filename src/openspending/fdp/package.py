"""A package: one descriptor read leniently into plain objects, with the raw descriptor kept beside them.

The raw descriptor is what was given, numbers as `Decimal`, so descriptor → objects → descriptor loses nothing.
Property names follow Data Package v1/v2 and FDP 0.3/1.0; reading accepts all their spellings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.fdp.leaveout import LeaveOut


class _Unset:
    """The type of `UNSET`: tells an absent property from one that is null."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written in its file (CSV Dialect v1, Table Dialect v2): as delimited text, or where in a workbook,
    a page or JSON it lies. `header_fill`: in header rows above the last, a blank cell has the label to its left."""

    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    header_fill: bool = False
    comment_rows: tuple[int, ...] = ()
    comment_char: str | None = None
    skip_initial_space: bool = False
    null_sequence: str | None = None
    sheet_name: str | None = None
    sheet_number: int | None = None  # from 1; the n-th table of a page
    property: str | None = None  # dotted path to the records in JSON
    item_type: str | None = None  # what a record is there: "array" or "object"
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a resource, or one extra field of the denormalised form.

    `negative` are the forms of negative numbers beside the hyphen-minus; `replace` has texts of cells with what stands
    in their place; `fill_down`: a blank cell has the text above it; `aliases` are other labels of the same column.
    """

    name: str
    type: str = "any"
    format: str = "default"
    title: str | None = None
    description: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing_values: tuple[str, ...] | None = None  # None: the schema's
    decimal_char: str = "."
    group_char: str | None = None
    bare_number: bool = True
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    negative: tuple[str, ...] = ()
    trim: bool = False
    replace: Mapping[str, str | None] = field(default_factory=dict)
    fill_down: bool = False
    aliases: tuple[str, ...] = ()
    column_type: str | None = None
    normalize: Mapping[str, Any] | None = None
    normalization_target: bool = False
    constant: Any = UNSET
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns here that point at columns of another resource (`resource` "" = the same one)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a resource and its keys."""

    fields: tuple[Field, ...] = ()
    extra_fields: tuple[Field, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    fields_match: str = "exact"

    def field(self, name: str) -> Field | None:
        """The field or extra field called `name`, or None."""
        for one in (*self.fields, *self.extra_fields):
            if one.name == name:
                return one
        return None


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of a package. `paths` are the parts of one file, in order; `data` is inline data (else UNSET)."""

    name: str
    paths: tuple[str, ...] = ()
    data: Any = UNSET
    format: str | None = None
    encoding: str | None = None
    compression: str | None = None
    innerpath: str | None = None  # which member, in an archive of several files
    dialect: Dialect = Dialect()
    schema: Schema = Schema()
    bytes: int | None = None
    hash: str | None = None
    leave_out: tuple[LeaveOut, ...] = ()
    position: int | None = None  # in the descriptor's `resources`, from 0
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """A descriptor as objects. `version` is the FDP dialect it is written in: "1.0", "0.3", "0.2" (which is only
    recognised, not read) or "none"."""

    name: str
    version: str
    title: str | None
    resources: tuple[Resource, ...]
    raw: Mapping[str, Any]

    def resource(self, name: str) -> Resource | None:
        """The resource called `name`, or None."""
        return next((one for one in self.resources if one.name == name), None)

    def joined_to(self, facts: Sequence[Resource]) -> Iterator[tuple[Resource, tuple[str, ...]]]:
        """The resources that foreign keys lead to from the first of `facts`, directly or by a chain, nearest first.

        Each comes once, with the names of its fields that the key points at.
        """
        seen, waiting = {one.name for one in facts}, list(facts[:1])
        while waiting:
            for key in waiting.pop(0).schema.foreign_keys:
                other = self.resource(key.resource)
                if other is not None and other.name not in seen:
                    seen.add(other.name)
                    waiting.append(other)
                    yield other, key.reference_fields
