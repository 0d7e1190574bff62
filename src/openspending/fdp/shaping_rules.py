"""What can be said, without looking at the data, of rows to leave out and of how cells are mended."""

from __future__ import annotations

from collections.abc import Iterator

from openspending.fdp.columntypes import is_value
from openspending.fdp.leaveout import KINDS, LeaveOut
from openspending.fdp.model import Model
from openspending.fdp.negatives import FORMS
from openspending.fdp.package import Package, Resource
from openspending.fdp.place import Place
from openspending.fdp.roles import field_place, resource_place
from openspending.speaking.said import said


def check_shaping(package: Package, root: Place) -> None:
    """Report rules under `leaveOut` that make no sense, and forms of negative numbers that there are not."""
    for resource in package.resources:
        place = resource_place(resource, root)
        for number, rule in enumerate(resource.leave_out):
            here = place.at("leaveOut", number)
            for detail in _faults(rule, resource):
                here.report("fiscal/leave-out", number=number + 1, detail=detail)
            if rule.kind not in KINDS:
                wanted = ", ".join(KINDS)
                here.report("fiscal/leave-out-kind", number=number + 1, value=rule.kind, wanted=wanted)
        for field in resource.schema.fields:
            for form in field.negative:
                if form not in FORMS:
                    there = field_place(resource, field, root).at("negative")
                    there.report("fiscal/negative-form", value=form, wanted=", ".join(FORMS))


def check_filled(package: Package, model: Model | None, root: Place) -> None:
    """Report amounts that are to be filled from above: each would count again in every row without one."""
    sources = {(one.resource, one.source) for one in model.measures} if model is not None else set()
    for resource in package.resources:
        for field in resource.schema.fields:
            amount = is_value(field.column_type) or field.normalize is not None
            if field.fill_down and (amount or (resource.name, field.name) in sources):
                field_place(resource, field, root).at("fillDown").report("fiscal/fill-down")


def _faults(rule: LeaveOut, resource: Resource) -> Iterator[str]:
    names = [one.name for one in resource.schema.fields]
    if not rule.conditional:
        yield said("has no condition and would leave out every row")
    for name in rule.fields:
        if names.count(name) != 1:
            yield (
                said("names the field “{name}”, of which the resource has {count}", name=name, count=names.count(name))
                if name in names
                else said("names the field “{name}”, which the resource does not have", name=name)
            )
    for name, texts in rule.where.items():
        if not texts:
            yield said("gives no text for “{name}”", name=name)
    if rule.part is not None and rule.part > max(len(resource.paths), 1):
        parts = max(len(resource.paths), 1)
        yield said("is about part {part}, but the resource has {parts}", part=rule.part, parts=parts)
