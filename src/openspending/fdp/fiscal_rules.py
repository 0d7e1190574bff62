"""FDP's own rules on a descriptor: extra fields, `normalize`, constants, kinds of dimensions, package properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from openspending.fdp.columntypes import is_value
from openspending.fdp.literals import BadLiteral, literal
from openspending.fdp.model import Model
from openspending.fdp.package import UNSET, Field, Package, Resource
from openspending.fdp.place import Place
from openspending.fdp.problems import shorten
from openspending.fdp.roles import check_measure, field_place, resource_place
from openspending.fdp.versions import raw_model
from openspending.speaking.said import of_error, said

_KINDS: Final = {
    "dimensionType": ("datetime", "entity", "classification", "activity", "fact", "location", "other"),
    "classificationType": ("functional", "administrative", "economic", "object"),
}
_GRANULARITY: Final = ("aggregated", "transactional", "transaction")
_DATE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def check_structure(package: Package, root: Place) -> None:
    """Report what FDP 1.0 forbids in extra fields, `normalize` and constants, and our answers where it is silent."""
    for resource in package.resources:
        for field in resource.schema.extra_fields:
            _check_extra_field(resource, field, field_place(resource, field, root))
        _check_normalize(resource, root)


def _check_extra_field(resource: Resource, field: Field, place: Place) -> None:
    same = [one for one in (*resource.schema.fields, *resource.schema.extra_fields) if one.name == field.name]
    if len(same) > 1:
        place.report("fiscal/extra-field", detail=said("has the name of another column"))
    constant = field.constant is not UNSET
    roles = constant + field.normalization_target + (field.name in _reduced(resource))
    if roles == 0:
        place.report("fiscal/extra-field", detail=said("is neither constant, nor named by “normalize”, nor its target"))
    if roles > 1:
        place.report(
            "fiscal/extra-field", detail=said("is more than one of constant, named by “normalize”, and its target")
        )
    if is_value(field.column_type) and not field.normalization_target:
        # every row would count the same amount again
        place.report("fiscal/extra-field", detail=said("holds an amount but is not the normalizationTarget"))
    if constant:
        _check_literal(field, field.constant, place.at("constant"))


def _check_literal(field: Field, value: Any, place: Place) -> None:
    fault: str | None = said("it is not one value but several") if isinstance(value, dict | list) else None
    try:
        literal(field, value)
    except BadLiteral as error:
        fault = of_error(error)
    if fault is not None:
        place.report("fiscal/constant", field=field.name, value=value, type=field.type, detail=fault)


def _reduced(resource: Resource) -> dict[str, None]:
    """The names that the `normalize` of any column gives values for, in order."""
    return {name: None for one in resource.schema.fields for name in one.normalize or {}}


def _check_normalize(resource: Resource, root: Place) -> None:
    place = resource_place(resource, root).at("schema")
    columns = [one for one in resource.schema.fields if one.normalize is not None]
    for detail in _target_faults(resource, columns):
        place.report("fiscal/normalize", detail=detail)
    for alike in _alike(columns):
        place.report("fiscal/normalize-alike", columns=", ".join(alike))
    reduced = _reduced(resource)
    extra = {one.name: one for one in resource.schema.extra_fields}
    for name in reduced:
        if name not in extra:
            place.report(
                "fiscal/normalize",
                detail=said("“normalize” gives values for {name}, which is no extra field", name=name),
            )
    for column in columns:
        where = field_place(resource, column, root)
        check_measure(column, where)
        values = column.normalize or {}
        missing = [name for name in reduced if name not in values]
        if missing or not values:
            names = ", ".join(missing) or said("anything")
            detail = said("“normalize” of {column} does not say {names}", column=column.name, names=names)
            where.report("fiscal/normalize", detail=detail)
        for name in values:
            if name in extra:
                _check_literal(extra[name], values[name], where.at("normalize", name))


def _alike(columns: list[Field]) -> list[list[str]]:
    """The names of columns whose `normalize` is the same: perhaps quarters of a year, perhaps a slip."""
    groups: dict[str, list[str]] = {}
    for one in columns:
        coordinates = sorted((name, str(value)) for name, value in (one.normalize or {}).items())
        groups.setdefault(repr(coordinates), []).append(one.name)
    return [names for names in groups.values() if len(names) > 1]


def _target_faults(resource: Resource, columns: list[Field]) -> Iterator[str]:
    targets = [one.name for one in resource.schema.extra_fields if one.normalization_target]
    if columns and not targets:
        yield said("columns have “normalize”, but no extra field is the normalizationTarget")
    if len(targets) > 1:
        yield said("there is more than one normalizationTarget ({targets})", targets=", ".join(targets))
    if targets and not columns:
        yield said("{name} is the normalizationTarget, but no column has “normalize”", name=targets[0])
    for one in resource.schema.fields:
        if one.normalization_target:
            yield said("{name} is a column of the file and cannot be the normalizationTarget", name=one.name)
        elif columns and one.normalize is None and is_value(one.column_type):
            # its amount would be repeated on every row that a measure column becomes
            yield said("{name} holds an amount but has no “normalize”, as other columns do", name=one.name)


def check_model_words(package: Package, root: Place) -> None:
    """Report kinds of dimensions that FDP 0.3 does not have."""
    key = "model" if isinstance(package.raw.get("model"), dict) else "mapping"
    dimensions = (raw_model(package.raw) or {}).get("dimensions")
    for name, one in dimensions.items() if isinstance(dimensions, dict) else ():
        for property_, known in _KINDS.items():
            value = one.get(property_) if isinstance(one, dict) else None
            if isinstance(value, str) and value and value not in known:
                place = root.at(key, "dimensions", name, property_)
                place.report(
                    "fiscal/dimension-type", property=property_, dimension=name, value=value, wanted=", ".join(known)
                )


def check_properties(package: Package, root: Place) -> None:
    """Report fiscal properties of the package that are not as FDP 0.3 has them. Only warnings: no amount changes."""
    raw = package.raw
    granularity = raw.get("granularity")
    if granularity is not None and granularity not in _GRANULARITY:
        _unexpected(root, "granularity", granularity, said("aggregated or transactional"))
    countries = raw.get("countryCode")
    for one in countries if isinstance(countries, list) else [countries]:
        if one is not None and not (isinstance(one, str) and re.fullmatch(r"[A-Za-z]{2}", one)):
            _unexpected(root, "countryCode", one, said("a code of two letters (ISO 3166-1), or a list of them"))
    period = raw.get("fiscalPeriod")
    if period is not None and not _is_period(period):
        _unexpected(root, "fiscalPeriod", period, said("an object with “start” and perhaps “end”, dates as 2014-12-31"))


def _is_period(period: object) -> bool:
    if not isinstance(period, dict) or not period.get("start"):
        return False
    ends = [period.get("start"), period.get("end") or period.get("start")]
    return all(isinstance(one, str) and _DATE.match(one) for one in ends)


def _unexpected(root: Place, key: str, value: object, wanted: str) -> None:
    root.at(key).report("fiscal/package-property", property=key, value=value, wanted=wanted)


def check_unused_columns(package: Package, model: Model, root: Place) -> None:
    """Report columns of the fact table that nothing uses, in one warning for each resource."""
    used = {one.source for one in model.measures} | {
        one.source for dimension in model.dimensions for one in dimension.attributes
    }
    for name in model.fact_resources:
        resource = package.resource(name)
        if resource is None:
            continue
        keys = {one for key in resource.schema.foreign_keys for one in key.fields} | set(resource.schema.primary_key)
        idle = [one.name for one in resource.schema.fields if one.name not in used | keys and one.normalize is None]
        if idle:
            shown = shorten(", ".join(idle))
            resource_place(resource, root).report("fiscal/unused-column", count=len(idle), value=shown)
