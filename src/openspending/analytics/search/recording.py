"""What the index keeps of a dataset beside its lines, read from its descriptor, its Model and its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.analytics.cubemodel import CubeModel, from_spec
from openspending.analytics.factfile import DerivedFacts
from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE, roles_of
from openspending.analytics.search.cells import Division, divide
from openspending.analytics.search.columns import FactColumn, columns_of
from openspending.analytics.search.languages import languages_of
from openspending.analytics.search.marks import mark_of
from openspending.analytics.search.record import Measure, Record
from openspending.datastore.registry import licence_name, one_line
from openspending.datastore.revisions import Revision
from openspending.fdp.model import Measure as ModelMeasure
from openspending.fdp.model import Model
from openspending.fdp.sqltext import identifier, literal

_EXACT: Final = 1 << 53  # float sums of whole numbers are exact below it
_LONGEST: Final = 20_000  # characters of a description
_MOST_KEYWORDS: Final = 50
_COUNTRY: Final = re.compile("[A-Z]{2}")
_MAIL: Final = re.compile(r"<[^>]*>|\S+@\S+")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-\d{2}.*", re.DOTALL)
_UNSAID: Final = ("generic", "")  # standards of classification that are none


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of a revision, with what is needed to prepare its lines: its columns and measures in the fact table,
    in the order of the record's, and its cells."""

    record: Record
    columns: tuple[FactColumn, ...]
    measures: tuple[str, ...]
    division: Division


def record_of(connection: duckdb.DuckDBPyConnection, revision: Revision, uid: int, facts: DerivedFacts) -> Recorded:
    """The record of `revision`, whose facts are at hand; `connection` is any to ask their file with."""
    cube, roles = _cube(facts), roles_of(facts.stored)
    descriptor = revision.descriptor
    columns = columns_of(cube, facts.file.model, roles)
    division = divide(facts.file.path, cube, roles, fiscal_year(descriptor))
    measures = tuple(_measures(connection, cube, facts, division))
    countries = _countries(descriptor)
    record = Record(
        uid=uid,
        owner=revision.owner,
        name=revision.name,
        revision=revision.number,
        hash=revision.hash,
        created=revision.created,
        title=one_line(descriptor.get("title")) or revision.name,
        lines=sum(one.lines for one in division.cells),
        description=_text(descriptor.get("description")),
        author=_author(descriptor),
        keywords=_keywords(descriptor),
        countries=countries,
        level=_level(descriptor),
        licence=licence_name(descriptor),
        classifications=_classifications(facts.file.model),
        languages=languages_of(descriptor, countries),
        nested=bool(roles.nested) or any(one.code == "levels-mixed" for one in roles.suspects),
        measures=tuple(measure for _, measure in measures),
        columns=tuple(one.shown for one in columns),
        cells=division.cells,
    )
    return Recorded(record, columns, tuple(name for name, _ in measures), division)


def _cube(facts: DerivedFacts) -> CubeModel:
    """The cube, which also finds the columns of the facts that are in no dimension."""
    cube = from_spec(facts.stored["cube"])
    known = {one.column.name for dimension in cube.dimensions.values() for one in dimension.attributes}
    attributes = (one for group in facts.file.model.dimensions for one in group.attributes)
    return cube.with_further({one.column: one.type for one in attributes if one.column not in known})


# ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _measures(
    connection: duckdb.DuckDBPyConnection, cube: CubeModel, facts: DerivedFacts, division: Division
) -> Iterator[tuple[str, Measure]]:
    """The measures of the cube, each with its column in the facts."""
    source = f"read_parquet({literal(str(facts.file.path))})"
    types = dict(row[:2] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall())
    stated = {one.column: one for one in facts.file.model.measures}
    lines = sum(one.lines for one in division.cells)
    for ref, measure in cube.measures.items():
        name = measure.column.name
        scale = int(types[name].rstrip(")").rpartition(",")[2])
        width = 0 if division.mixed else width_for(lines, _absolute(connection, source, name, scale))
        title = str(cube.spec["measures"][ref].get("label") or ref)
        yield name, Measure(ref, title, scale, width, **_constants(stated[name], division))


def _absolute(connection: duckdb.DuckDBPyConnection, source: str, name: str, scale: int) -> int:
    """The sum of all amounts without their signs, in units of 10^-scale."""
    amount = identifier(name)
    ((above, below),) = connection.execute(
        f"SELECT coalesce(sum({amount}) FILTER (WHERE {amount} > 0), 0),"
        f" coalesce(sum({amount}) FILTER (WHERE {amount} < 0), 0) FROM {source}"
    ).fetchall()
    return _units(above, scale) - _units(below, scale)


def _units(amount: Decimal | int, scale: int) -> int:
    return int(f"{Decimal(amount):.{scale}f}".replace(".", ""))


def width_for(lines: int, absolute: int) -> int:
    """The least width, from 1, with which the sums of both halves of `lines` amounts are exact as floats; `absolute` is
    the sum of the amounts without signs. 0: there is none.

    The upper half of a negative amount is rounded down, so each line may have one more than its share.
    """
    for width in range(1, _EXACT.bit_length()):
        if lines << width < _EXACT and (absolute >> width) + lines < _EXACT:
            return width
    return 0


def _constants(measure: ModelMeasure, division: Division) -> dict[str, str | None]:
    """What a measure says of all its amounts, where no column says it of each."""
    said = ((CURRENCY, measure.currency), (PHASE, measure.phase), (DIRECTION, measure.direction))
    return {kind: None if kind in division.kinds else mark_of(kind, text) for kind, text in said}


# ── the descriptor ───────────────────────────────────────────────────────────────────────────────────────────────────


def fiscal_year(descriptor: Mapping[str, Any]) -> str | None:
    """The fiscal year that all of a package is about, by its `fiscalPeriod`: “2014”, or “2014/15” where it does not
    begin with the calendar's; None for none, or for several."""
    given = descriptor.get("fiscalPeriod")
    if not isinstance(given, Mapping):
        return None
    start, end = (_DATE.fullmatch(str(given.get(one))) for one in ("start", "end"))
    if start is None or end is None:
        return None
    months = (int(end[1]) - int(start[1])) * 12 + int(end[2]) - int(start[2])
    if not 0 <= months <= 12:
        return None
    first, last = start[1], end[1]
    return first if first == last or (months == 12 and start[2] == "01") else f"{first}/{last[2:]}"


def _countries(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    codes = _listed(descriptor.get("countryCode"))
    found = (part.upper() for one in codes if isinstance(one, str) for part in one.split())
    return tuple(dict.fromkeys(one for one in found if _COUNTRY.fullmatch(one)))


def _level(descriptor: Mapping[str, Any]) -> str:
    places = (("city", "cityCode"), ("region", "regionCode"), ("country", "countryCode"))
    return next((level for level, name in places if descriptor.get(name)), "")


def _author(descriptor: Mapping[str, Any]) -> str:
    """Who made the data, without addresses: the author, else the contributors."""
    given = descriptor.get("author") or [
        one.get("title") for one in _listed(descriptor.get("contributors")) if isinstance(one, Mapping)
    ]
    names = (one.get("name") if isinstance(one, Mapping) else one for one in _listed(given))
    return one_line(", ".join(name for one in names if (name := _MAIL.sub("", one_line(one)).strip())))


def _keywords(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    found = (one_line(one) for one in _listed(descriptor.get("keywords"))[:_MOST_KEYWORDS])
    return tuple(dict.fromkeys(one for one in found if one))


def _classifications(model: Model) -> tuple[str, ...]:
    """Kind and standard, “functional:cofog”, of each classification; the kind alone where it follows no standard."""
    found: set[str] = set()
    for dimension in model.dimensions:
        typed = {_classification(one.column_type or "") for one in dimension.attributes} - {""}
        found |= typed or {dimension.classification or ""}
    return tuple(sorted(found - {""}))


def _classification(column_type: str) -> str:
    concept, _, rest = column_type.partition(":")
    kind, _, word = concept.rpartition("-")
    standard = rest.partition(":")[0]
    if word != "classification":
        return ""
    return kind if standard in _UNSAID else f"{kind}:{standard}"


def _text(value: object) -> str:
    """A text of several lines, without lone surrogates; "" for anything else."""
    return (
        value.encode(errors="replace").decode().replace("\0", " ").strip()[:_LONGEST] if isinstance(value, str) else ""
    )


def _listed(given: object) -> Sequence[Any]:
    return given if isinstance(given, list) else [given]
