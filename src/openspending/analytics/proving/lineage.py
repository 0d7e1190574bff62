"""A fact by the id of its content, and where in the package its values come from: file, row, columns.

The id is stable: the same content has the same id in every revision, so that a link to a fact outlives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

import duckdb

from openspending.analytics import factpages
from openspending.analytics.build import stored_package
from openspending.analytics.cube import Cube, Listed, Row
from openspending.analytics.facts import constant_sql
from openspending.analytics.livecubes import Opened
from openspending.analytics.query import Cut, FactsQuery, Page
from openspending.fdp.denormalise import Branch, FromField, Origin, Unpivoted, plan
from openspending.fdp.model import Attribute, Measure, Model
from openspending.fdp.package import UNSET, Field, Resource
from openspending.fdp.sqltext import literal
from openspending.fdp.values import reading

FILE, SHEET, ROW, RID = "_file", "_sheet", "_row", "_rid"
LINEAGE: Final = (FILE, SHEET, ROW, RID)
DESCRIPTOR: Final = "datapackage.json"  # the `_file` of what is written into the descriptor
_RID: Final = re.compile(r"[0-9a-f]{24}(?:-[1-9][0-9]{0,18})?")
_ROOMY: Final = (26, 12)  # digits left and right of the point
_EXACTLY: Final = Context(prec=100)
_OF_ONE_ROW: Final = 100  # facts that are listed of one row


def fact(cube: Cube, rid: str) -> Row | None:
    """The fact with this id, keyed by ref, with all columns that there are; None when there is none."""
    if not _RID.fullmatch(rid):
        return None
    found = factpages.page(cube, FactsQuery(every_field(cube), (Cut(RID, (rid,)),)), None, 1).facts
    return found[0] if found else None


def every_field(cube: Cube) -> tuple[str, ...]:
    """All columns: attributes, what no concept describes, measures, and where the fact stands in its source."""
    model = cube.model
    others = [one for one in model.further if one not in LINEAGE]
    return (*model.dimensions, *others, *model.measures, *(one for one in LINEAGE if one in model.further))


def beside(cube: Cube, found: Row) -> Listed:
    """The facts that were made from the same row, the first 100 of them by their ids: columns may become rows."""
    cuts = tuple(Cut(name, (found[name],)) for name in (FILE, SHEET, ROW) if name in found)
    return cube.facts(FactsQuery((RID,), cuts, page=Page(size=_OF_ONE_ROW)))


@dataclass(frozen=True, slots=True)
class Place:
    """A resource that facts of one file are made from, and the number of the file among its parts."""

    branch: Branch
    part: int

    @property
    def resource(self) -> Resource:
        """The resource."""
        return self.branch.resource


def places(opened: Opened, found: Row) -> list[Place]:
    """Where a fact may come from. Nearly always one place; several resources can be in one archive or JSON file, which
    `_file` does not tell apart."""
    package = stored_package(opened.revision.descriptor)
    made, _ = plan(package, Model.from_dict(opened.stored["model"]))
    branches = made.branches if made is not None else ()
    return [Place(one, part) for one in branches for part in _parts(one.resource, found)]


def _parts(resource: Resource, found: Row) -> Iterator[int]:
    dialect = resource.dialect
    sheet = dialect.sheet_name or (None if dialect.sheet_number is None else str(dialect.sheet_number))
    if resource.data is not UNSET and not resource.paths:
        if found[FILE] == DESCRIPTOR:
            yield 0
        return
    if found.get(SHEET) == sheet or SHEET not in found:
        yield from (part for part, path in enumerate(resource.paths) if path == found[FILE])


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """Where the values of one column of the facts come from: from `field` of the row itself, or of `code_list`, a
    resource that is joined; without a field the descriptor says the value. `column` is the column of the facts."""

    column: str
    field: str | None = None
    code_list: str | None = None


def column_sources(opened: Opened, place: Place, found: Row, cells: Mapping[str, str]) -> list[ColumnSource]:
    """Where each value of a fact comes from, whose row has these `cells` by field. What stands in one of several
    columns that become rows is listed for each that the fact may have been made from, which is one as a rule."""
    branch = place.branch
    tables = [branch.resource.name, *(one.resource for one in branch.joins)]
    concepts: list[tuple[Attribute | Measure, Origin]] = [*branch.attributes, *branch.measures]
    sources: list[ColumnSource] = []
    for concept, origin in concepts:
        if isinstance(origin, FromField):
            code_list = tables[origin.table] if origin.table else None
            sources.append(ColumnSource(concept.column, origin.field.name, code_list))
        elif isinstance(origin, Unpivoted) and isinstance(concept, Measure):
            sources += [ColumnSource(concept.column, one.name) for one in unpivoted(opened, branch, found, cells)]
        else:
            sources.append(ColumnSource(concept.column))
    return sources


def unpivoted(opened: Opened, branch: Branch, found: Row, cells: Mapping[str, str]) -> list[Field]:
    """Which of the columns that become rows a fact was made from: those for which the descriptor says what the fact has
    (its year, its phase), and of these the ones with its amount. All of them where that tells nothing."""
    said = [(one, origin) for one, origin in branch.attributes if isinstance(origin, Unpivoted)]
    values = by_column(opened, found)
    fitting = [
        field
        for number, field in enumerate(branch.unpivot)
        if all(_says(opened.cube, origin, number, one, values.get(one.column)) for one, origin in said)
    ]
    fitting = fitting or list(branch.unpivot)
    if len(fitting) == 1:
        return fitting
    targets = [one for one, origin in branch.measures if isinstance(origin, Unpivoted)]
    missing = branch.resource.schema.missing_values
    equal = [
        field
        for field in fitting
        if any(_amount(opened.cube, field, missing, one, cells) == values.get(one.column) for one in targets)
    ]
    return equal or fitting


def _amount(
    cube: Cube, field: Field, missing: tuple[str, ...], measure: Measure, cells: Mapping[str, str]
) -> Decimal | None:
    """The amount that a cell gives, None where it gives none."""
    text = reading(field, missing, "number").value(literal(cells.get(field.name, "")), _ROOMY)
    with cube.connection.cursor() as cursor:
        try:
            ((value,),) = cursor.execute(f"SELECT {text}").fetchall()
        except duckdb.Error:  # a text that is replaced, or a number of more digits than fit
            return None
    return None if value is None else _EXACTLY.multiply(value, measure.factor)


def by_column(opened: Opened, found: Row) -> dict[str, Any]:
    """The values of a fact by the names of the columns of the fact table."""
    concepts = {one.ref: one.column.name for one in opened.cube.model.columns()}
    return {concepts[ref]: value for ref, value in found.items() if ref in concepts}


def refs_of(opened: Opened) -> Mapping[str, list[str]]:
    """The refs by which each column of the fact table is known."""
    found: dict[str, list[str]] = {}
    for one in opened.cube.model.columns():
        found.setdefault(one.column.name, []).append(one.ref)
    return found


def _says(cube: Cube, origin: Unpivoted, number: int, one: Attribute, value: Any) -> bool:
    """Whether the descriptor gives the facts of the column `number` this value."""
    sql = constant_sql(origin.values[number], origin.field, one.type)
    with cube.connection.cursor() as cursor:
        try:
            ((said,),) = cursor.execute(f"SELECT {sql}").fetchall()
        except duckdb.Error:  # a year where the facts have dates: their column was given another type
            return True
    return bool(said == value) or str(said) == str(value)
