"""Shapes for maps: what of a GeoJSON or TopoJSON file can be drawn, and what is said of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from openspending.etl.shapes import MOST_BYTES, MOST_SHAPES, look
from openspending.fdp.problems import Problem
from openspending.fdp.shapes import is_shapes

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
AREA = {"type": "Feature", "id": "01", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
TENTH = Decimal("0.1")
ARCS = {"type": "Polygon", "arcs": [[0]], "id": "01"}
Problems = Callable[..., list[Problem]]


def collection(*features: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def area(coordinates: object, kind: str = "Polygon") -> dict[str, Any]:
    return collection({"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}})


def topology(*geometries: object, **more: object) -> dict[str, Any]:
    objects = {"places": {"type": "GeometryCollection", "geometries": list(geometries)}}
    return {"type": "Topology", "arcs": [[[0, 0], [9, 0], [0, 9], [-9, -9]]], "objects": objects, **more}


@pytest.mark.parametrize(
    ("file", "areas"),
    [
        (collection(AREA, AREA), 2),
        (AREA, 1),
        (collection(AREA, {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}}, None), 1),
        (area([SQUARE, SQUARE], "MultiPolygon"), 1),
        (topology(ARCS, {"type": "MultiPolygon", "arcs": [[[0]], [[-1]]]}), 2),
        (topology(ARCS, transform={"scale": [TENTH, TENTH], "translate": [170, 80]}), 1),
    ],
)
def test_areas_in_degrees_can_be_drawn(file: object, areas: int) -> None:
    assert look(file) == areas


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (None, "neither GeoJSON nor TopoJSON"),
        ({"type": "GeometryCollection"}, "neither GeoJSON nor TopoJSON"),
        ({"type": "FeatureCollection", "features": {}}, "neither GeoJSON nor TopoJSON"),
        (collection(), "no areas"),
        (collection(*[AREA] * (MOST_SHAPES + 1)), "more than 5000 shapes"),
        (area([[[500000, 4000000]]]), "degrees"),
        (area([[["1", "2"]]]), "degrees"),
        (area([[[True, 1]]]), "degrees"),
        (area([[[1]]]), "degrees"),
        (area([[None]]), "degrees"),
        (area([None]), "no coordinates"),
        (area(7), "no coordinates"),
        (topology({"type": "Polygon", "arcs": [[1]]}), "broken"),
        (topology({"type": "Polygon", "arcs": [["0"]]}), "broken"),
        (topology(ARCS, arcs=7), "broken"),
        (topology(ARCS, arcs=[7]), "broken"),
        (topology(ARCS, transform=7), "broken"),
        (topology(ARCS, transform={"scale": [100, 1], "translate": [0, 0]}), "degrees"),
        (topology(ARCS, transform={"scale": None, "translate": [0, 0]}), "degrees"),
        (topology(7), "broken"),
    ],
)
def test_what_cannot_be_drawn_is_told(file: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        look(file)


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ({"path": "a.geojson"}, True),
        ({"path": ["a.topojson"]}, True),
        ({"path": "a.json", "format": "GeoJSON"}, True),
        ({"path": "a.json", "mediatype": "application/geo+json"}, True),
        ({"path": "a.json"}, False),
        ({"path": ["a.geojson", "b.geojson"]}, False),
        ({"path": "a.geojson", "schema": {"fields": [{"name": "x"}]}}, False),
        ({"data": {"type": "FeatureCollection"}, "format": "geojson"}, False),
    ],
)
def test_shapes_are_told_from_tables(resource: dict[str, Any], found: bool) -> None:
    assert is_shapes(resource) is found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps(collection(AREA)), None),
        ("{", "it is no JSON"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (" " * (MOST_BYTES + 1), "it has more than 5 MB"),
        (json.dumps(collection()), "it has no areas"),
    ],
)
def test_a_package_keeps_its_shapes_and_is_warned_of_useless_ones(
    content: str | bytes, reason: str | None, problems: Problems
) -> None:
    found = problems(files={"s.geojson": content}, others=[{"name": "shapes", "path": "s.geojson"}])

    wanted = None if reason is None else f"s.geojson is kept, but maps are drawn without it: {reason}."
    assert [one.message for one in found] == ([] if wanted is None else [wanted])
    assert all((one.severity, one.code) == ("warning", "fiscal/unusable-shapes") for one in found)
