"""The Model of an FDP 0.3 package: its `model` (drafts: `mapping`) names the fields of each measure and dimension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.fdp.columntypes import is_partial
from openspending.fdp.model import Attribute, Dimension, Measure, Model
from openspending.fdp.money import read_money
from openspending.fdp.names import Names, slug
from openspending.fdp.package import Field, Package, Resource
from openspending.fdp.place import Place
from openspending.fdp.roles import attribute_type, check_attribute, check_measure, field_place, is_date_dimension
from openspending.fdp.versions import raw_model
from openspending.speaking.said import said

_COLUMN_LENGTH: Final = 30  # babbage_fiscal's limit, so that its column names stay what they were


def model_0_3(package: Package, root: Place) -> Model:
    """The Model that `package` spells out; what cannot be read is reported to `root` and left out."""
    return _Reader(package, root, _Columns(_fact_resource(package))).model()


def _fact_resource(package: Package) -> Resource:
    """The resource of the first measure, else the first one."""
    measures = (raw_model(package.raw) or {}).get("measures")
    named = (
        [one.get("resource") for one in measures.values() if isinstance(one, dict)]
        if isinstance(measures, dict)
        else []
    )
    found = package.resource(named[0]) if named and isinstance(named[0], str) else None
    return found or package.resources[0]


class _Columns:
    """Column names of the fact table: babbage_fiscal's, for every field of the fact resource in its order."""

    def __init__(self, fact: Resource) -> None:
        self._names = Names()
        self._free: dict[tuple[str, str], str] = {}
        self._shared: dict[tuple[str, str, str], str] = {}
        for number, one in enumerate(fact.schema.fields, start=1):
            self._free.setdefault((fact.name, one.name), self._names.give(_column(one.name, f"column_{number}")))

    def of_field(self, resource: str, field: str, type_: str) -> str:
        """The column for a field read as `type_`. Attributes that read it alike share it, others get their own."""
        use = (resource, field, type_)
        if use not in self._shared:
            free = self._free.pop((resource, field), None)
            self._shared[use] = free or self._names.give(_column(field, "column"))
        return self._shared[use]

    def of_constant(self, dimension: str, attribute: str) -> str:
        """The column for a constant, which no field has."""
        return self._names.give(_column(f"{dimension} {attribute}", "constant"))


def _column(text: str, otherwise: str) -> str:
    return slug(text).lower()[:_COLUMN_LENGTH].strip("_") or otherwise


@dataclass(frozen=True, slots=True)
class _Reader:
    package: Package
    root: Place
    columns: _Columns

    def model(self) -> Model:
        raw = raw_model(self.package.raw) or {}
        place = self.root.at("model" if isinstance(self.package.raw.get("model"), dict) else "mapping")
        measures = tuple(self._measures(place.mapping(raw, "measures"), place.at("measures")))
        found = self._dimensions(place.mapping(raw, "dimensions"), place.at("dimensions"))
        resources = tuple(dict.fromkeys(one.resource for one in measures))
        if len(resources) > 1:
            place.at("measures").report("fiscal/measures-apart", value=", ".join(resources))
        return Model("0.3", resources[:1] or (self.package.resources[0].name,), measures, tuple(found))

    def _measures(self, raw: Mapping[str, Any], place: Place) -> Iterator[Measure]:
        for name in raw:
            here, one, thing = place.at(name), place.mapping(raw, name), said("Measure {name}", name=name)
            money = read_money(one, thing, here)
            if money.currency is None and not one.get("currency"):
                here.report("fiscal/no-currency", thing=thing)
            located = self._located(one, thing, here)
            if located is None:
                continue
            resource, field = located
            check_measure(field, field_place(resource, field, self.root))
            yield Measure(
                name=name,
                column=self.columns.of_field(resource.name, field.name, f"measure {name}"),
                resource=resource.name,
                source=field.name,
                title=_title(one, field, here),
                currency=money.currency,
                factor=money.factor,
                direction=money.direction,
                phase=money.phase,
            )

    def _dimensions(self, raw: Mapping[str, Any], place: Place) -> Iterator[Dimension]:
        for name in raw:
            here, one = place.at(name), place.mapping(raw, name)
            kind = here.text(one, "dimensionType", error=False) or None
            attributes = tuple(self._attributes(name, kind, here.mapping(one, "attributes"), here.at("attributes")))
            if not attributes:
                if not one.get("attributes"):
                    here.report("fiscal/no-attribute", dimension=name)
                continue
            yield Dimension(
                name=name,
                kind=kind,
                classification=here.text(one, "classificationType", error=False) or None,
                attributes=attributes,
                key=self._key(name, one, attributes, here),
            )

    def _key(
        self, name: str, raw: Mapping[str, Any], attributes: tuple[Attribute, ...], place: Place
    ) -> tuple[str, ...]:
        given = place.names(raw, "primaryKey")
        if not given:
            place.report("fiscal/dimension-no-key", dimension=name)
            return tuple(one.name for one in attributes if one.label_of is None) or (attributes[0].name,)
        known = place.mapping(raw, "attributes")
        for one in given:
            if one not in known:
                place.at("primaryKey").report("fiscal/dimension-key", dimension=name, value=one)
        return tuple(dict.fromkeys(given))

    def _attributes(
        self, dimension: str, kind: str | None, raw: Mapping[str, Any], place: Place
    ) -> Iterator[Attribute]:
        for name in raw:
            here, one, thing = (
                place.at(name),
                place.mapping(raw, name),
                said("Attribute {name} of dimension {dimension}", name=name, dimension=dimension),
            )
            links = {key: here.text(one, key) or None for key in ("labelfor", "parent")}
            for key, target in links.items():
                if target is not None and (target not in raw or target == name):
                    here.at(key).report("fiscal/attribute-target", property=key, thing=thing, value=target)
            if one.get("source") is None and "constant" in one:
                yield self._constant(dimension, name, one, links, here)
                continue
            if one.get("source") is None:
                here.report("fiscal/attribute-source", thing=thing)
                continue
            if "constant" in one:
                here.report("fiscal/attribute-both", thing=thing)
            located = self._located(one, thing, here)
            if located is not None:
                yield self._from_field(dimension, kind, name, one, links, located, here)

    def _from_field(
        self,
        dimension: str,
        kind: str | None,
        name: str,
        raw: Mapping[str, Any],
        links: Mapping[str, str | None],
        located: tuple[Resource, Field],
        place: Place,
    ) -> Attribute:
        resource, field = located
        is_date = is_date_dimension(kind, field.column_type, (dimension, name))
        check_attribute(field, is_date, field_place(resource, field, self.root))
        type_ = attribute_type(field.type, is_date)
        return Attribute(
            name=name,
            column=self.columns.of_field(resource.name, field.name, type_),
            resource=resource.name,
            source=field.name,
            title=_title(raw, field, place),
            type=type_,
            label_of=links["labelfor"],
            parent=links["parent"],
            column_type=field.column_type,
            partial=is_partial(field.column_type),
        )

    def _constant(
        self, dimension: str, name: str, raw: Mapping[str, Any], links: Mapping[str, str | None], place: Place
    ) -> Attribute:
        value = raw["constant"]
        if isinstance(value, dict | list):
            place.wrong("constant", value, said("text or a number"))
            value = None
        return Attribute(
            name=name,
            column=self.columns.of_constant(dimension, name),
            resource=self.package.resources[0].name,
            source=None,
            constant=value,
            title=place.text(raw, "title", error=False),
            label_of=links["labelfor"],
            parent=links["parent"],
        )

    def _located(self, raw: Mapping[str, Any], thing: str, place: Place) -> tuple[Resource, Field] | None:
        """The resource and field that `raw` names; None, reported, when one of them does not exist."""
        named = place.text(raw, "resource")
        resource = self.package.resource(named) if named else self.package.resources[0]
        if resource is None:
            place.at("resource").report("fiscal/unknown-resource", thing=thing, value=named)
            return None
        source = raw.get("source")
        if not isinstance(source, str):
            place.wrong("source", source, said("the name of a field"))
            return None
        field = resource.schema.field(source)
        if field is None:
            place.at("source").report("fiscal/unknown-source", thing=thing, value=source, resource=resource.name)
            return None
        return resource, field


def _title(raw: Mapping[str, Any], field: Field, place: Place) -> str | None:
    title = place.text(raw, "title", error=False)
    return field.title if title is None else title
