"""From a package to its Model, whatever dialect it is written in."""

from __future__ import annotations

from collections.abc import Iterator

from openspending.fdp.columntypes import custom_definitions
from openspending.fdp.model import Dimension, Model
from openspending.fdp.model_0_3 import model_0_3
from openspending.fdp.model_1_0 import model_1_0
from openspending.fdp.package import Package
from openspending.fdp.place import Place
from openspending.fdp.problems import Problem
from openspending.fdp.roles import is_date_dimension, resource_place
from openspending.fdp.shapes import is_shapes
from openspending.fdp.versions import marks_0_2
from openspending.speaking.said import said


def model_of(package: Package) -> tuple[Model | None, list[Problem]]:
    """The Model of `package`, and every problem of making it; None when one of them is an error.

    `conformance.check` includes the same problems: who calls that need not add these.
    """
    root = Place()
    if not package.resources or package.version not in ("0.3", "1.0"):
        _report_unreadable(package, root)
        return None, root.problems
    custom = custom_definitions(package.raw.get("columnTypes"), root.at("columnTypes"))
    model = model_0_3(package, root) if package.version == "0.3" else model_1_0(package, root, custom)
    _check_minimum(model, root)
    for dimension in model.dimensions:
        _check_circles(dimension, root)
    _check_resources(package, model, root)
    found = list(dict.fromkeys(root.problems))
    return (None if any(one.severity == "error" for one in found) else model), found


def _report_unreadable(package: Package, root: Place) -> None:
    if package.version == "0.2":
        root.report("fiscal/dialect-0.2", value=", ".join(f"“{one}”" for one in marks_0_2(package)))
    else:
        root.report("fiscal/no-model")


def _check_minimum(model: Model, root: Place) -> None:
    """At least one amount; a dimension and a date are worth a warning (our minimum for a cube)."""
    if not model.measures:
        root.report("fiscal/no-measure")
    elif not model.dimensions:
        root.report("fiscal/no-dimension")
    elif not any(_tells_time(one) for one in model.dimensions):
        root.report("fiscal/no-date")


def _tells_time(dimension: Dimension) -> bool:
    return any(
        is_date_dimension(dimension.kind, one.column_type, (dimension.name, one.name)) for one in dimension.attributes
    )


def _check_circles(dimension: Dimension, root: Place) -> None:
    for property_, links in (
        ("parent", {one.name: one.parent for one in dimension.attributes}),
        ("labelfor", {one.name: one.label_of for one in dimension.attributes}),
    ):
        circle = next((one for one in _circles(links)), None)
        if circle is not None:
            thing = said("Dimension {name}", name=dimension.name)
            root.report("fiscal/cycle", thing=thing, property=property_, value=" → ".join(circle))


def _circles(links: dict[str, str | None]) -> Iterator[list[str]]:
    for name, first in links.items():
        way, current = [name], first
        while current is not None and current not in way:
            way.append(current)
            current = links.get(current)
        if current == name:
            yield [*way, name]


def _check_resources(package: Package, model: Model, root: Place) -> None:
    """Every resource that the model needs must be joined to the facts; what plays no part is worth a warning."""
    if not model.measures:
        return
    facts = [one for one in map(package.resource, model.fact_resources) if one is not None]
    reached = set(model.fact_resources) | {one.name for one, _ in package.joined_to(facts)}
    needed = {
        one.resource for dimension in model.dimensions for one in dimension.attributes if one.source is not None
    } | _typed_resources(package)
    for one in package.resources:
        where = resource_place(one, root)
        if one.name in needed - reached:
            where.report("fiscal/no-path-to-resource", resource=model.fact_resources[0], other=one.name)
        elif one.name not in reached and not is_shapes(one.raw):
            where.report("fiscal/unused-resource")


def _typed_resources(package: Package) -> set[str]:
    """Resources whose ColumnTypes must not be lost. A `model` beside the types says itself which resource it means."""
    if package.version != "1.0" or isinstance(package.raw.get("model"), dict):
        return set()
    return {one.name for one in package.resources if any(field.column_type for field in one.schema.fields)}
