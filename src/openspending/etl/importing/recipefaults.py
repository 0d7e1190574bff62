"""What of a recipe has no sense: a list where an object belongs, a name that is no text. Said all at once.

What its values mean is checked later, with the package that is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_KINDS: Final[Mapping[type, str]] = {str: "text", dict: "an object", list: "a list"}
_OF_PACKAGE: Final = {"name": str, "title": str, "decisions": dict}
_OF_RESOURCE: Final = {"name": str, "schema": dict, "dialect": dict, "encoding": str, "format": str, "leaveOut": list}
_OF_SCHEMA: Final = {"fields": list, "extraFields": list, "foreignKeys": list}
_OF_RULE: Final = {"empty": list, "where": dict, "whereNot": dict, "rows": list}
_OF_FIELD: Final = {"name": str, "type": str, "columnType": str, "aliases": list, "title": str}
_OF_SPEC: Final = {"title": str, "dataset-name": str, "resource-name": str, "measures": dict, "postprocessing": list}
_OF_SOURCE: Final = {"url": str, "encoding": str, "format": str, "compression": str, "delimiter": str}
_OF_COLUMN: Final = {"header": str, "title": str, "columnType": str, "aliases": list, "options": dict}


def faults(raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the shape of a recipe, as sentences; nothing where it can be followed."""
    return list(dict.fromkeys(_of_package(raw)))


def spec_faults(raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the shape of a source-spec."""
    return list(dict.fromkeys(_of_spec(raw)))


def _of_package(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from _kinds(raw, _OF_PACKAGE, "the recipe")
    for number, resource in enumerate(raw["resources"], start=1):
        where = f"resource {number}"
        if not isinstance(resource, dict):
            yield f"{where} is no object"
            continue
        yield from _kinds(resource, _OF_RESOURCE, where)
        paths = resource.get("path") or []
        if not isinstance(paths, str) and not _are(paths, str):
            yield f"“path” of {where} is neither text nor a list of texts"
        for place, rule in enumerate(_listed(resource.get("leaveOut")), start=1):
            if isinstance(rule, dict):
                yield from _kinds(rule, _OF_RULE, f"rule {place} of {where}", null=False)
                if not _are(rule.get("empty", []), str):
                    yield f"“empty” of rule {place} of {where} is no list of texts"
            else:
                yield f"rule {place} of {where} is no object"
        schema = resource.get("schema")
        if isinstance(schema, dict):
            yield from _of_schema(schema, where)


def _of_schema(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    yield from _kinds(schema, _OF_SCHEMA, f"the schema of {where}")
    for number, key in enumerate(_listed(schema.get("foreignKeys")), start=1):
        reference = key.get("reference") if isinstance(key, dict) else None
        ends = (key.get("fields"), reference.get("fields")) if isinstance(reference, dict) else (None,)
        if not all(isinstance(one, str) or _are(one, str) for one in ends):
            yield f"“foreignKeys” {number} of {where} does not name fields here and in another resource"
    for name in ("fields", "extraFields"):
        for number, field in enumerate(_listed(schema.get(name)), start=1):
            place = f"“{name}” {number} of {where}"
            if not isinstance(field, dict) or not field.get("name"):
                yield f"{place} has no name"
                continue
            yield from _kinds(field, _OF_FIELD, place)
            if not _are(_listed(field.get("aliases")), str):
                yield f"“aliases” of {place} is no list of texts"


def _of_spec(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from _kinds(raw, _OF_SPEC, "the source-spec")
    for key, expected in (("sources", _OF_SOURCE), ("fields", _OF_COLUMN)):
        for number, one in enumerate(raw[key], start=1):
            where = f"“{key}” {number}"
            if not isinstance(one, dict):
                yield f"{where} is no object"
                continue
            yield from _kinds(one, expected, where)
    for number, step in enumerate(_listed(raw.get("postprocessing")), start=1):
        if not isinstance(step, dict) or not isinstance(step.get("parameters") or {}, dict):
            yield f"“postprocessing” {number} is no object with parameters"
    measures = raw.get("measures")
    mapping = measures.get("mapping") if isinstance(measures, dict) else None
    if mapping is not None and not (isinstance(mapping, dict) and _are(list(mapping.values()), dict)):
        yield "“mapping” of the measures is no object of objects"


def _kinds(raw: Mapping[str, Any], expected: Mapping[str, type], where: str, *, null: bool = True) -> Iterator[str]:
    """Properties whose values are of another kind than they should be; `null` is as good as silence."""
    for name, kind in expected.items():
        if name in raw and not (null and raw[name] is None) and not isinstance(raw[name], kind):
            yield f"“{name}” of {where} is not {_KINDS[kind]}"


def _are(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(one, kind) for one in values)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
