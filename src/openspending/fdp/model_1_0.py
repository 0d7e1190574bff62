"""The Model of an FDP 1.0 package: the ColumnTypes of its fields say what they are; dimensions follow from concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.fdp.columntypes import Definition, is_partial, is_value, resolve
from openspending.fdp.model import Attribute, Dimension, Measure, Model
from openspending.fdp.money import Money, read_money
from openspending.fdp.names import Names, slug
from openspending.fdp.package import Field, Package, Resource
from openspending.fdp.place import Place
from openspending.fdp.relations import Typed, labelled_by, ordered_key, parent_of
from openspending.fdp.roles import attribute_type, check_attribute, check_column_type, check_measure, field_place
from openspending.fdp.versions import raw_model
from openspending.speaking.said import said

# ColumnTypes whose constant says something about the money of every row.
_MONEY_TYPES: Final = {"value-currency:code": "currency", "direction": "direction", "phase:id": "phase"}
_MONEY_KEYS: Final = ("currency", "factor", "direction", "phase")
# Concepts whose columns say of each row what may otherwise be said of a measure.
_MONEY_COLUMNS: Final = {"currency": "value-currency", "direction": "direction", "phase": "phase"}


@dataclass(frozen=True, slots=True)
class _Column:
    """A typed field on its way into the model."""

    typed: Typed
    field: Field
    resource: Resource


def model_1_0(package: Package, root: Place, custom: Sequence[Definition]) -> Model:
    """The Model that the columnTypes of `package` say; what cannot be used is reported to `root` and left out."""
    facts = _fact_resources(package, root)
    if not facts:
        return Model("1.0", (package.resources[0].name,), (), ())
    return _Reader(package, root, tuple(custom), facts).model()


def _fact_resources(package: Package, root: Place) -> tuple[Resource, ...]:
    """The resources whose rows are facts: those that a `model` beside the types names, else all with amounts."""
    named = list(dict.fromkeys(_model_resources(package)))
    if named:
        found = [one for one in map(package.resource, named) if one is not None]
        if len(found) < len(named):
            missing = next(one for one in named if package.resource(one) is None)
            root.at("model", "measures").report("fiscal/unknown-resource", thing=said("A measure"), value=missing)
        if len(found) > 1:
            root.at("model", "measures").report("fiscal/measures-apart", value=", ".join(named))
        return tuple(found[:1])
    facts = tuple(one for one in package.resources if _holds_amounts(one))
    if len({_signature(one) for one in facts}) > 1:
        root.at("resources").report("fiscal/facts-differ", value=", ".join(one.name for one in facts))
    return facts


def _model_resources(package: Package) -> Iterator[str]:
    for measure in _model_measures(package):
        resource = measure.get("resource")
        yield resource if isinstance(resource, str) and resource else package.resources[0].name


def _model_measures(package: Package) -> Iterator[Mapping[str, Any]]:
    measures = (raw_model(package.raw) or {}).get("measures")
    if isinstance(measures, dict):
        yield from (one for one in measures.values() if isinstance(one, dict))


def _holds_amounts(resource: Resource) -> bool:
    fields = (*resource.schema.fields, *resource.schema.extra_fields)
    return any(is_value(one.column_type) or one.normalize is not None or one.normalization_target for one in fields)


def _signature(resource: Resource) -> tuple[tuple[str, str, str | None], ...]:
    """What has to be equal for two resources to be stacked: names, types and columnTypes of the typed columns."""
    fields = (*resource.schema.fields, *resource.schema.extra_fields)
    used = [one for one in fields if one.column_type or one.normalize is not None or one.normalization_target]
    return tuple(sorted((one.name, one.type, one.column_type) for one in used))


@dataclass(frozen=True, slots=True)
class _Reader:
    package: Package
    root: Place
    custom: tuple[Definition, ...]
    facts: tuple[Resource, ...]

    def model(self) -> Model:
        names = Names()
        columns = [
            _Column(self._typed(field, resource, names), field, resource) for resource, field in self._typed_fields()
        ]
        measures = tuple(self._measure(one) for one in columns if is_value(one.typed.type.name))
        described = [one for one in columns if not is_value(one.typed.type.name)]
        for one in described:
            self._check(one)
        names_of_facts = tuple(one.name for one in self.facts)
        return Model("1.0", names_of_facts, self._stacked(measures), tuple(self._dimensions(described)))

    def _typed_fields(self) -> Iterator[tuple[Resource, Field]]:
        """Every field with a meaning: of the fact resource, its extra fields, and what foreign keys lead to."""
        fact = self.facts[0]
        for field in (*fact.schema.fields, *fact.schema.extra_fields):
            if field.normalization_target:
                yield fact, self._target(field, fact)
            elif field.normalize is not None:
                if field.column_type:
                    where = field_place(fact, field, self.root)
                    where.report("fiscal/normalize-and-type", value=field.column_type)
            elif field.column_type:
                yield fact, field
        known = {field.column_type for field in fact.schema.fields}
        for resource, keys in self.package.joined_to(self.facts):
            # The same code on both sides of a foreign key is one column, and the nearer side is complete.
            joined = [one for one in resource.schema.fields if not (one.name in keys and one.column_type in known)]
            yield from ((resource, one) for one in joined if one.column_type)
            known |= {one.column_type for one in joined}

    def _target(self, field: Field, fact: Resource) -> Field:
        where = field_place(fact, field, self.root)
        if not field.column_type:
            where.report("fiscal/target-type")
            return replace(field, column_type="value")
        if not is_value(field.column_type):
            detail = said(
                "its target {name} has the columnType {column_type} instead of “value”",
                name=field.name,
                column_type=field.column_type,
            )
            where.report("fiscal/normalize", detail=detail)
        return field

    def _typed(self, field: Field, resource: Resource, names: Names) -> Typed:
        type_ = resolve(field.column_type or "", self.custom)
        if not type_.defined:
            field_place(resource, field, self.root).report("fiscal/unknown-column-type", value=field.column_type)
        name = names.give(slug(field.name) or slug(type_.name) or "column")
        return Typed(name, type_, resource.name)

    def _check(self, column: _Column) -> None:
        where = field_place(column.resource, column.field, self.root)
        check_attribute(column.field, column.typed.type.kind == "datetime", where)
        check_column_type(column.field, column.typed.type, where)

    def _measure(self, column: _Column) -> Measure:
        field, where = column.field, field_place(column.resource, column.field, self.root)
        check_measure(field, where)
        if field.type == "integer":
            check_column_type(field, column.typed.type, where)
        money = self._money(column)
        return Measure(
            name=column.typed.slug,
            column=column.typed.slug,
            resource=column.resource.name,
            source=field.name,
            title=field.title,
            currency=money.currency,
            factor=money.factor,
            direction=money.direction,
            phase=money.phase,
        )

    def _money(self, column: _Column) -> Money:
        """The nearest word on each property: measure columns, field, `model`, constants, package, in this order."""
        field, where = column.field, field_place(column.resource, column.field, self.root)
        raw = self._package_money() | self._constants() | self._of_model(field) | _own_money(field)
        sources = [one for one in column.resource.schema.fields if one.normalize is not None]
        if field.normalization_target and sources:
            raw |= self._of_sources(sources, where)
        thing = said("Measure {name}", name=field.name)
        money = read_money(raw, thing, where)
        if money.currency is None and "currency" not in raw and not self._has_column(_MONEY_COLUMNS["currency"]):
            where.report("fiscal/no-currency", thing=thing)
        return money

    def _stacked(self, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        """`measures` with what all stacked resources say of their money. What they say differently is left out where
        a column tells the amounts apart, else reported; a factor must be the same."""
        for other in self.facts[1:]:
            apart = replace(self, root=Place(), facts=(other,)).model()
            theirs = {one.source: one for one in apart.measures}
            measures = tuple(self._agreed(one, theirs.get(one.source, one)) for one in measures)
        return measures

    def _agreed(self, ours: Measure, theirs: Measure) -> Measure:
        differing = [key for key in _MONEY_KEYS if getattr(ours, key) != getattr(theirs, key)]
        for key in differing:
            if key not in _MONEY_COLUMNS or not self._has_column(_MONEY_COLUMNS[key]):
                where = self.root.at("resources")
                where.report("fiscal/amounts-differ", field=ours.source, property=key, value=theirs.resource)
        return replace(
            ours,
            currency=None if "currency" in differing else ours.currency,
            direction=None if "direction" in differing else ours.direction,
            phase=None if "phase" in differing else ours.phase,
        )

    def _package_money(self) -> dict[str, Any]:
        currency = self.package.raw.get("currency")
        return {"currency": currency} if isinstance(currency, str) and currency else {}

    def _constants(self) -> dict[str, Any]:
        found = {}
        for field in self.facts[0].schema.extra_fields:
            name = resolve(field.column_type, self.custom).name if field.column_type else ""
            if name in _MONEY_TYPES and isinstance(field.constant, str) and field.constant:
                found[_MONEY_TYPES[name]] = field.constant
        return found

    def _of_model(self, field: Field) -> dict[str, Any]:
        for measure in _model_measures(self.package):
            if measure.get("source") == field.name:
                return {key: measure[key] for key in _MONEY_KEYS if measure.get(key) is not None}
        return {}

    def _of_sources(self, sources: list[Field], where: Place) -> dict[str, Any]:
        """What the measure columns of one target agree on; they must agree on what changes the amount's meaning."""
        stated = [_own_money(one) for one in sources]
        found: dict[str, Any] = {}
        for key in _MONEY_KEYS:
            values = [one.get(key) for one in stated]
            if all(one == values[0] for one in values):
                if values[0] is not None:
                    found[key] = values[0]
            elif key == "factor" or (key == "currency" and not self._has_column(_MONEY_COLUMNS["currency"])):
                where.report("fiscal/normalize", detail=said("its measure columns differ in “{key}”", key=key))
        return found

    def _has_column(self, concept: str) -> bool:
        """Whether a column, or a constant for all rows of a resource, is of a type of this concept."""
        return any(
            field.column_type and resolve(field.column_type, self.custom).concept == concept
            for resource in (self.facts[0], *(one for one, _ in self.package.joined_to(self.facts)))
            for field in (*resource.schema.fields, *resource.schema.extra_fields)
        )

    def _dimensions(self, columns: list[_Column]) -> Iterator[Dimension]:
        """One dimension per concept, in the order of their first columns."""
        for concept in dict.fromkeys(one.typed.type.concept for one in columns):
            members = [one for one in columns if one.typed.type.concept == concept]
            typed = [one.typed for one in members]
            attributes = tuple(self._attribute(one, typed) for one in members)
            unique = [one.slug for one in typed if one.type.unique] or [one.slug for one in typed]
            yield Dimension(
                name=concept,
                kind=typed[0].type.kind,
                classification=typed[0].type.classification,
                attributes=attributes,
                key=ordered_key(unique, {one.name: one.parent for one in attributes}),
            )

    def _attribute(self, column: _Column, typed: list[Typed]) -> Attribute:
        field, type_ = column.field, column.typed.type
        code, parent = labelled_by(column.typed, typed), parent_of(column.typed, typed, self.custom)
        if type_.label_of is not None and code is None:
            where = field_place(column.resource, field, self.root)
            where.report("fiscal/label-without-code", value=type_.label_of)
        return Attribute(
            name=column.typed.slug,
            column=column.typed.slug,
            resource=column.resource.name,
            source=field.name,
            title=field.title,
            type=self._type_of(column),
            label_of=code.slug if code else None,
            parent=parent.slug if parent else None,
            column_type=type_.name,
            partial=is_partial(field.column_type),
        )

    def _type_of(self, column: _Column) -> str:
        """The type of an attribute. A number that only the descriptor holds keeps its digits as text: it has no cells
        that a decimal column could be measured from."""
        type_ = attribute_type(column.field.type, column.typed.type.kind == "datetime")
        return "string" if type_ == "number" and column.field in column.resource.schema.extra_fields else type_


def _own_money(field: Field) -> dict[str, Any]:
    """Money properties of a field itself, or under its `options` as os-types' input has them."""
    options = field.raw.get("options")
    stated = {**options, **field.raw} if isinstance(options, dict) else field.raw
    return {key: stated[key] for key in _MONEY_KEYS if stated.get(key) is not None}
