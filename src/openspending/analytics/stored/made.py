"""Makes the stored aggregates of a fact file: chooses cuboids, adds them up, writes them as Parquet and JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from openspending.analytics.cubemodel import CubeModel, Measure, from_spec
from openspending.analytics.guards.roles import roles_of
from openspending.analytics.statement import Built
from openspending.analytics.stored import lattice
from openspending.analytics.stored.axes import possible_axes
from openspending.analytics.stored.catalogue import CATALOGUE, Catalogue, Cuboid
from openspending.analytics.stored.coded import Coded, coded
from openspending.analytics.stored.lattice import Set
from openspending.analytics.stored.statics import MOST_ROWS, write_json
from openspending.fdp.sqltext import literal


def make(
    connection: duckdb.DuckDBPyConnection, facts: Path, model: Mapping[str, Any], built: Built, folder: Path
) -> Catalogue:
    """Write the stored aggregates of the fact file `facts`, whose derived `model.json` is `model`, into `folder`.

    A pure function of the facts. There are none where a sum has too many digits to be kept exactly.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cube = from_spec(model["cube"])
    axes = possible_axes(cube, roles_of(model))
    with coded(connection, facts, axes, _exact(connection, facts, cube), folder) as codes:
        space = lattice.lattice(codes.members)
        chosen = lattice.choose(space, codes.estimates(space.counted()), codes.facts)
        try:
            cuboids = _Maker(codes, cube, folder).cuboids(chosen)
        except duckdb.OutOfRangeException:  # a sum of more than 38 digits
            cuboids = []
        catalogue = Catalogue(built.facts, built.hash, tuple(cuboids))
    text = json.dumps(catalogue.to_json(), ensure_ascii=False, indent=1) + "\n"
    (folder / CATALOGUE).write_text(text, encoding="utf-8")
    return catalogue


def _exact(connection: duckdb.DuckDBPyConnection, facts: Path, cube: CubeModel) -> list[Measure]:
    """The measures whose sums can be added up further without losing a digit, also in a file: decimals, as all of a
    derived fact file are. Of whole numbers Parquet would keep sums as floating point."""
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(facts))})").fetchall()
    exact = {name for name, kind, *_ in described if kind.startswith("DECIMAL")}
    return [one for one in cube.measures.values() if one.column.name in exact]


class _Maker:
    """Makes the cuboids of one fact table; the finer ones first, of which coarser ones are added up."""

    def __init__(self, codes: Coded, cube: CubeModel, folder: Path) -> None:
        self._codes = codes
        self._cube = cube
        self._folder = folder
        self._made: dict[Set, tuple[str, int]] = {}  # temporary tables, with their cells

    def cuboids(self, chosen: Sequence[Set]) -> list[Cuboid]:
        """The cuboids of the sets `chosen`, written into the folder, the smallest first."""
        for number, one in enumerate(chosen):
            finer = [made for axes, made in self._made.items() if one <= axes]
            source = min(finer, key=lambda made: made[1])[0] if finer else None
            table = f"cells{number}"
            self._made[one] = (table, self._codes.group(one, table, source))
        most = lattice.MOST_CELLS * 2  # an estimate may be wrong, but not as wrong as that
        small = sorted((cells, table, axes) for axes, (table, cells) in self._made.items() if cells <= most)
        return [self._written(f"cuboid-{number:02}", *one) for number, one in enumerate(small, 1)]

    def _written(self, name: str, cells: int, table: str, axes: Set) -> Cuboid:
        path = self._folder / f"{name}.parquet"
        select = self._codes.select(axes, table)
        self._codes.connection.execute(f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        content = path.read_bytes()
        shown = [self._codes.axes[place] for place in self._codes.places(axes)]
        cuboid = Cuboid(
            id=name,
            dimensions=tuple(one.ref for one in shown),
            columns={each.ref: each.column.name for one in shown for each in one.attributes},
            measures=tuple(one.ref for one in self._codes.measures),
            cells=cells,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            json=cells <= MOST_ROWS,
        )
        if cuboid.json:
            write_json(self._codes.connection, cuboid, select, self._folder)
        return cuboid
