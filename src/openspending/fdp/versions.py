"""Reading and writing descriptors in every dialect: FDP 1.0, 0.3 and its drafts, Data Package v1 and v2.

Reading is lenient: what deviates becomes a problem with a JSON pointer, and the raw descriptor is kept, so that
descriptor → objects → descriptor loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from openspending.fdp import strictjson
from openspending.fdp.package import Field, Package, Resource
from openspending.fdp.place import Place
from openspending.fdp.problems import Problem
from openspending.fdp.resources import read_resource
from openspending.speaking.said import said

# Properties that FDP 0.2 put on a resource; later dialects have none of them there.
_MARKS_0_2: Final = ("financialStatement", "standard", "granularity", "fiscalPeriod", "datePublished")


def read_package(data: bytes, *, default_name: str = "package") -> tuple[Package | None, list[Problem]]:
    """The package that the descriptor in `data` describes, and all problems of reading it.

    None when nothing can be used: no JSON, no object, no resources. Never raises. `default_name` is for a descriptor
    without a name.
    """
    raw, problems = strictjson.parse(data)
    if problems and raw is None:
        return None, problems
    return package_of(raw, default_name=default_name, problems=problems)


def package_of(
    raw: object, *, default_name: str = "package", problems: list[Problem] | None = None
) -> tuple[Package | None, list[Problem]]:
    """Like `read_package` for a descriptor that is parsed already; new problems are put behind `problems`."""
    place = Place(problems=[] if problems is None else problems)
    if not isinstance(raw, dict):
        place.report("package-error", detail=said("datapackage.json does not hold a JSON object."))
        return None, place.problems
    found = place.items(raw, "resources")
    if not found:
        place.at("resources").report("package-error", detail=said("The descriptor lists no resources."))
        return None, place.problems
    name = place.text(raw, "name", error=False)
    if not name:
        name = default_name
        place.report("fiscal/unnamed", thing=said("The package"), value=name)
    resources = tuple(_resources(found, place, name))
    version = _version(raw, resources, place)
    title = place.text(raw, "title", error=False)
    return Package(name=name, version=version, title=title, resources=resources, raw=raw), place.problems


def write_descriptor(raw: Mapping[str, Any]) -> bytes:
    """`raw` as JSON: UTF-8, indented by 2, keys in their order, each Decimal with all its digits.

    Reading it again gives an equal value. Raises ValueError for NaN and infinities, which JSON cannot hold.
    """
    return strictjson.write(raw)


def raw_model(raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The logical model of FDP 0.3, under its own name or the drafts' `mapping`; None when there is none.

    An empty model beside nothing else is still a model: it says that there are no measures.
    """
    for key in ("model", "mapping"):
        value = raw.get(key)
        if isinstance(value, dict):
            return value
    return None


def marks_0_2(package: Package) -> list[str]:
    """The properties by which a descriptor of version "0.2" was recognised."""
    marks = [mark for mark in _MARKS_0_2 if any(mark in one.raw for one in package.resources)]
    return marks or ["mapping"]


def _resources(found: list[Any], place: Place, package_name: str) -> Iterator[Resource]:
    for number, one in enumerate(found):
        if isinstance(one, dict):
            yield read_resource(one, place.at("resources", number), number, package_name)
        else:
            place.at("resources").wrong(number, one, said("an object that describes a resource"))


def _version(raw: Mapping[str, Any], resources: tuple[Resource, ...], place: Place) -> str:
    """The dialect. With both a model and columnTypes (2018–19 output) the columnTypes count if they say as much."""
    for key in ("model", "mapping"):
        if raw.get(key) is not None and not isinstance(raw[key], dict):
            place.wrong(key, raw[key], said("an object"))
    if isinstance(raw.get("model"), dict) and isinstance(raw.get("mapping"), dict):
        place.report("fiscal/two-models")
    fields = [one for resource in resources for one in (*resource.schema.fields, *resource.schema.extra_fields)]
    typed = any("columnType" in one.raw for one in fields if one.column_type)
    extra = any(resource.schema.extra_fields for resource in resources)
    model = raw_model(raw)
    if model is not None and not typed and not extra and _is_early_draft(model):
        return "0.2"
    if model is not None and not extra and not (typed and model_sources(model) <= _typed_names(fields)):
        place.report("fiscal/older-dialect", dialect=said("FDP 0.3") if "model" in raw else said("a draft of FDP 0.3"))
        return "0.3"
    if model is not None or extra or any(one.column_type for one in fields):
        if not typed and not extra:
            place.report("fiscal/older-dialect", dialect=said("a draft of FDP 1.0, with “osType” for “columnType”"))
        return "1.0"
    return "0.2" if any(mark in one.raw for mark in _MARKS_0_2 for one in resources) else "none"


def _typed_names(fields: list[Field]) -> set[str]:
    return {one.name for one in fields if one.column_type}


def model_sources(model: Mapping[str, Any]) -> set[str]:
    """The field names that the model uses; “” for a constant, which no columnType can say."""
    found: set[str] = set()
    groups = [model.get("measures")]
    dimensions = model.get("dimensions")
    if isinstance(dimensions, dict):
        groups += [one.get("attributes") for one in dimensions.values() if isinstance(one, dict)]
    for group in groups:
        if isinstance(group, dict):
            used = [one.get("source") for one in group.values() if isinstance(one, dict)]
            found |= {one if isinstance(one, str) else "" for one in used}
    return found


def _is_early_draft(model: Mapping[str, Any]) -> bool:
    """Whether this is the mapping of the first drafts of 0.3, from a column's meaning straight to a column."""
    return bool(model) and "measures" not in model and "dimensions" not in model
