"""Shapes that a package brings for maps, looked at before anybody's browser is given them: they are hostile until then.

A file that maps cannot use forbids nothing, for no amount is in it: it is kept with a warning, and not named as shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from openspending.etl.limits import MEGABYTE
from openspending.etl.sourcefile import SourceFile
from openspending.fdp.package import Package, Resource
from openspending.fdp.problems import Problem, problem
from openspending.fdp.shapes import is_shapes
from openspending.fdp.strictjson import parse
from openspending.speaking.said import said

MOST_BYTES: Final = 5 * MEGABYTE
MOST_SHAPES: Final = 5000
MOST_POINTS: Final = 500_000
_AREAS: Final = ("Polygon", "MultiPolygon")
_NUMBERS: Final = 2  # of a place: longitude and latitude; a height may follow
_SLACK: Final = Decimal("0.001")  # degrees beyond the edge of the map that rounding makes


Pair = tuple[Decimal, Decimal]


class _UnusableError(ValueError):
    """The file cannot be drawn."""


def check_shapes(package: Package, files: Mapping[str, SourceFile]) -> list[Problem]:
    """A warning for each file of shapes that maps cannot use, with why."""
    found = []
    for resource in package.resources:
        if is_shapes(resource.raw) and resource.paths[0] in files:
            detail = _fault(resource, files[resource.paths[0]].path)
            if detail is not None:
                found.append(
                    problem("fiscal/unusable-shapes", resource=resource.name, file=resource.paths[0], detail=detail)
                )
    return found


def _fault(resource: Resource, path: Path) -> str | None:
    if resource.compression or path.stat().st_size > MOST_BYTES:
        return said("it is compressed") if resource.compression else said("it has more than 5 MB")
    value, problems = parse(path.read_bytes())
    if any(one.severity == "error" for one in problems):
        return said("it is no JSON")
    try:
        look(value)
    except _UnusableError as error:
        return error.args[0]  # type: ignore[no-any-return]
    return None


def look(value: object) -> int:
    """How many areas there are in GeoJSON or TopoJSON. Raises a ValueError that says why maps cannot use it."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in ("FeatureCollection", "Feature", "Topology"):
        raise _UnusableError(said("it is neither GeoJSON nor TopoJSON"))
    areas = _topology(value) if kind == "Topology" else _features(value)
    if areas == 0:
        raise _UnusableError(said("it has no areas"))
    if areas > MOST_SHAPES:
        raise _UnusableError(said("it has more than {most} shapes", most=MOST_SHAPES))
    return areas


def _features(value: Mapping[str, Any]) -> int:
    features = value.get("features") if value["type"] == "FeatureCollection" else [value]
    if not isinstance(features, list):
        raise _UnusableError(said("it is neither GeoJSON nor TopoJSON"))
    found = [one["geometry"] for one in features if isinstance(one, dict) and isinstance(one.get("geometry"), dict)]
    areas = [one for one in found if one.get("type") in _AREAS]
    _check_points(place for one in areas for place in _places(one.get("coordinates"), 3 + (one["type"] == _AREAS[1])))
    return len(areas)


def _places(value: object, depth: int) -> Iterator[object]:
    """The places of coordinates: lists in lists, as deep as the kind of geometry has them."""
    if depth == 1:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _places(one, depth - 1)
    else:
        raise _UnusableError(said("a shape has no coordinates"))


def _check_points(places: Iterable[object]) -> None:
    for number, place in enumerate(places):
        if number >= MOST_POINTS:
            raise _UnusableError(said("it has more than {most} points", most=MOST_POINTS))
        longitude, latitude = _pair(place)
        if abs(longitude) > 180 + _SLACK or abs(latitude) > 90 + _SLACK:
            raise _UnusableError(said("its coordinates are no degrees of longitude and latitude"))


def _pair(place: object) -> Pair:
    if not isinstance(place, list) or len(place) < _NUMBERS or any(not _is_number(one) for one in place[:_NUMBERS]):
        raise _UnusableError(said("its coordinates are no degrees of longitude and latitude"))
    return Decimal(place[0]), Decimal(place[1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _topology(value: Mapping[str, Any]) -> int:
    arcs, objects = value.get("arcs"), value.get("objects")
    if not isinstance(arcs, list) or not isinstance(objects, dict):
        raise _UnusableError(said("its TopoJSON is broken"))
    scale, start = _transform(value.get("transform"))
    _check_points(place for arc in arcs for place in _along(arc, scale, start))
    return sum(_areas(one, len(arcs)) for one in objects.values())


def _transform(value: object) -> tuple[Pair | None, Pair]:
    """How whole numbers become degrees; no scale where they are degrees already."""
    if value is None:
        return None, (Decimal(0), Decimal(0))
    if not isinstance(value, dict):
        raise _UnusableError(said("its TopoJSON is broken"))
    return _pair(value.get("scale")), _pair(value.get("translate"))


def _along(arc: object, scale: Pair | None, start: Pair) -> Iterator[object]:
    if not isinstance(arc, list):
        raise _UnusableError(said("its TopoJSON is broken"))
    if scale is None:
        yield from arc
        return
    steps = [_pair(one) for one in arc]
    for x, y in accumulate(steps, lambda before, step: (before[0] + step[0], before[1] + step[1])):
        yield [start[0] + x * scale[0], start[1] + y * scale[1]]


def _areas(geometry: object, arcs: int) -> int:
    """How many areas a geometry of a topology has; each must be made of arcs that are there."""
    if not isinstance(geometry, dict):
        raise _UnusableError(said("its TopoJSON is broken"))
    if geometry.get("type") == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        return sum(_areas(one, arcs) for one in geometry["geometries"])
    if geometry.get("type") not in _AREAS:
        return 0
    for one in _places(geometry.get("arcs"), 3 + (geometry["type"] == _AREAS[1])):
        if not isinstance(one, int) or isinstance(one, bool) or not -arcs <= one < arcs:
            raise _UnusableError(said("its TopoJSON is broken"))
    return 1
