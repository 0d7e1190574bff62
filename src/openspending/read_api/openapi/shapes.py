"""JSON Schemas (2020-12, as OpenAPI 3.1 has them) in few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def text(description: str, **more: Any) -> Json:
    """A text; `more` are further keywords, such as `format` or `enum`."""
    return {"type": "string", "description": description, **more}


def whole(description: str, **more: Any) -> Json:
    """A whole number that is not negative."""
    return {"type": "integer", "minimum": 0, "description": description, **more}


def flag(description: str) -> Json:
    """True or false."""
    return {"type": "boolean", "description": description}


def listed(items: Json, description: str, **more: Any) -> Json:
    """A list of `items`."""
    return {"type": "array", "items": items, "description": description, **more}


def words(description: str) -> Json:
    """A list of texts."""
    return listed({"type": "string"}, description)


def maybe(schema: Json) -> Json:
    """What `schema` allows, or null."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def named(component: str, description: str = "") -> Json:
    """The schema of that name among the document's components."""
    found = {"$ref": f"#/components/schemas/{component}"}
    return found | ({"description": description} if description else {})


def record(description: str, members: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> Json:
    """An object with all of `members`, and perhaps with those that are `optional`. Others may be added to it later."""
    return {
        "type": "object",
        "description": description,
        "properties": {**members, **(optional or {})},
        "required": list(members),
    }


def keyed(values: Json, description: str) -> Json:
    """An object whose keys are the data's own, such as refs."""
    return {"type": "object", "additionalProperties": values, "description": description}


def anything(description: str) -> Json:
    """A value whose shape is told elsewhere."""
    return {"description": description}
