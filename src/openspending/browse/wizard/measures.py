"""What the amounts are called: by the labels of their columns, whatever script they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openspending.fdp.columntypes import is_value


def labels(result: Mapping[str, Any]) -> dict[str, str]:
    """The label of each measure of a plan. Measures are named by what APIs can write, which has no letters of many
    languages: where that was all that was left of a label, it is shown as it is."""
    measures = list((result.get("plan") or {}).get("measures", ()))
    for resource in result["package"]["resources"]:
        schema = resource.get("schema", {})
        fields = [one for name in ("fields", "extraFields") for one in schema.get(name) or ()]
        amounts = [str(one.get("title") or one["name"]) for one in fields if is_value(one.get("columnType"))]
        if len(amounts) == len(measures):
            return dict(zip(measures, amounts, strict=True))
    return {}
