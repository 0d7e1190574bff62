"""Shapes of places that a dataset brings for its maps: GeoJSON or TopoJSON among its resources, no table of facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_FORMATS: Final = ("geojson", "topojson")
_MEDIATYPES: Final = ("application/geo+json", "application/vnd.geo+json", "application/topo+json")


def is_shapes(resource: Mapping[str, Any]) -> bool:
    """Whether a resource, as its descriptor has it, is a file of shapes: by its format, its media type or its name."""
    path = resource.get("path")
    if isinstance(path, list) and len(path) == 1:
        path = path[0]
    if not isinstance(path, str) or resource.get("schema"):
        return False
    said = str(resource.get("format") or "").lower(), str(resource.get("mediatype") or "").lower()
    return said[0] in _FORMATS or said[1] in _MEDIATYPES or path.lower().endswith(tuple(f".{one}" for one in _FORMATS))
