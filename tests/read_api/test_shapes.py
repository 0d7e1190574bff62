"""A dataset that brings shapes for its maps names them, and hands them to charts on any page."""

from __future__ import annotations

import json
from pathlib import Path

from litestar.testing import TestClient

from openspending.assembly import application
from openspending.datastore.store import open_datastore
from openspending.publishing import publish
from openspending.settings import read_settings
from tests.publishing.packages import write_package

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
SHAPES = {"type": "Feature", "id": "1", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}


def test_shapes_that_maps_can_use_are_named_and_served(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p", "year,code,label,amount\n2024,1,A,100\n")
    (folder / "good.geojson").write_text(json.dumps(SHAPES), encoding="utf-8")
    (folder / "bad.geojson").write_text("{}", encoding="utf-8")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] += [{"name": one, "path": f"{one}.geojson"} for one in ("good", "bad")]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    publish(str(folder), owner="ministry", store=open_datastore(f"file://{tmp_path}/public").public)
    with application(read_settings({}, data=tmp_path)) as app, TestClient(app) as client:
        found = client.get("/v1/datasets/ministry/budget").json()
        assert [one["name"] for one in found["shapes"]] == ["good"]
        assert [one["code"] for one in found["warnings"]] == ["fiscal/unusable-shapes"]
        answer = client.get(found["shapes"][0]["url"], headers={"Origin": "https://elsewhere.example"})
        assert answer.json() == SHAPES
        assert answer.headers["Content-Type"].startswith("application/geo+json")
        assert answer.headers["Access-Control-Allow-Origin"] in {"*", "https://elsewhere.example"}
