"""The old OpenSpending's pipeline input, `source-spec.yaml`, read as a recipe.

It named sources, columns by header and alias with their ColumnTypes, and measure columns to be turned into rows. How
cells are written it left to its reader; here that is proposed as for any file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from openspending.etl.importing.precedent import Known, Precedent

_PLAIN_OPTIONS: Final = ("decimalChar", "groupChar", "currency", "factor", "direction", "phase", "format")
_PHASES: Final = {"modified": "adjusted", "revised": "adjusted", "actual": "executed", "budgeted": "approved"}
_OF_SOURCE: Final = {"encoding": "encoding", "format": "format", "compression": "compression"}
_VALUE: Final = "value"


def is_source_spec(raw: Mapping[str, Any]) -> bool:
    """Whether YAML content is a source-spec."""
    return isinstance(raw.get("sources"), list) and isinstance(raw.get("fields"), list)


def precedent_of_source_spec(raw: Mapping[str, Any]) -> Precedent:
    """The precedent that a source-spec sets; what it asks for and we do not do is in its notes."""
    name = str(raw.get("dataset-name") or raw.get("resource-name") or "dataset")
    fields, extra = _fields(raw)
    sources = [one for one in raw["sources"] if isinstance(one, dict) and one.get("url")]
    known = Known(
        name=str(raw.get("resource-name") or name),
        fields=tuple(fields),
        extra_fields=tuple(extra),
        of_file=_of_file(sources[0] if sources else {}),
        paths=tuple(str(one["url"]) for one in sources),
    )
    properties = {"name": name, "title": raw.get("title"), "description": raw.get("description"), **_metadata(raw)}
    kept = {key: value for key, value in properties.items() if value is not None}
    return Precedent("recipe", (known,), kept, {}, tuple(_notes(raw)))


def _fields(raw: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The columns of the file and those that the measures' mapping makes."""
    measures = raw.get("measures") if isinstance(raw.get("measures"), dict) else {}
    mapping = measures.get("mapping") if isinstance(measures, dict) else None
    mapping = mapping if isinstance(mapping, dict) else {}
    made = list(dict.fromkeys(str(key) for one in mapping.values() if isinstance(one, dict) for key in one))
    listed = [_field(one) for one in raw["fields"] if isinstance(one, dict) and one.get("header")]
    columns = [one for one in listed if one["name"] not in made]
    known = {one["name"] for one in columns}
    for header, values in mapping.items():
        normalize = {str(key): str(value) for key, value in (values or {}).items()}
        own = next((one for one in columns if one["name"] == str(header)), None) or {"name": str(header)}
        own.pop("columnType", None)
        own["normalize"] = normalize
        if own["name"] not in known:
            columns.append(own)
    extra = [_extra(name, listed) for name in made]
    if mapping:
        target = {"name": _VALUE, "type": "number", "columnType": "value", "normalizationTarget": True}
        extra.append({**target, **_currency(measures)})
    headers = _headers(raw)
    if headers:  # the columns of the file are these, in this order
        by_name = {one["name"]: one for one in columns}
        columns = [by_name.get(header, {"name": header}) for header in headers]
    return columns, extra


def _currency(measures: object) -> dict[str, Any]:
    code = measures.get("currency") if isinstance(measures, dict) else None
    return {"currency": code} if isinstance(code, str) else {}


def _extra(name: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """A column that the mapping makes; years are whole numbers."""
    found = dict(next((one for one in listed if one["name"] == name), {"name": name}))
    year = str(found.get("columnType", "")) == "date:fiscal-year"
    return {"type": "integer" if year else "string", **found}


def _field(one: Mapping[str, Any]) -> dict[str, Any]:
    """One field as Table Schema writes it."""
    found: dict[str, Any] = {"name": str(one["header"])}
    if one.get("title"):
        found["title"] = str(one["title"])
    if isinstance(one.get("aliases"), list):
        found["aliases"] = [str(alias) for alias in one["aliases"]]
    if one.get("columnType"):
        found["columnType"] = str(one["columnType"])
    options = one.get("options")
    if isinstance(options, dict):
        found |= {key: options[key] for key in _PLAIN_OPTIONS if options.get(key) is not None}
    if "phase" in found:
        found["phase"] = _PHASES.get(str(found["phase"]).lower(), found["phase"])
    if "decimalChar" in found or "groupChar" in found:
        found["type"] = "number"
    return found


def _headers(raw: Mapping[str, Any]) -> list[str]:
    """Labels that the sources are given instead of their own."""
    for one in raw["sources"]:
        if isinstance(one, dict) and isinstance(one.get("headers"), list):
            return [str(header) for header in one["headers"]]
    return []


def _of_file(source: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {ours: source[theirs] for theirs, ours in _OF_SOURCE.items() if source.get(theirs)}
    dialect: dict[str, Any] = {}
    sheet = source.get("sheet")
    if isinstance(sheet, int):
        dialect["sheetNumber"] = sheet
    elif isinstance(sheet, str):
        dialect["sheetName"] = sheet
    if source.get("delimiter"):
        dialect["delimiter"] = source["delimiter"]
    if isinstance(source.get("headers"), list):
        dialect["header"] = False
        skipped = source.get("skip_rows")
        if isinstance(skipped, int) and skipped > 0:  # the labels that are replaced
            dialect["commentRows"] = list(range(1, skipped + 1))
    elif isinstance(source.get("headers"), int):
        dialect["headerRows"] = [source["headers"]]
    return {**found, **({"dialect": dialect} if dialect else {})}


def _metadata(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Properties that the step `add_metadata` added."""
    found: dict[str, Any] = {}
    for step in raw.get("postprocessing") or ():
        if isinstance(step, dict) and step.get("processor") == "add_metadata":
            found |= dict(step.get("parameters") or {})
    return found


def _notes(raw: Mapping[str, Any]) -> Iterator[str]:
    if raw.get("deduplicate"):
        yield "“deduplicate” is not followed: two equal rows stay two facts, and their sum is the same."
    for step in raw.get("postprocessing") or ():
        name = step.get("processor") if isinstance(step, dict) else step
        if name != "add_metadata":
            yield f"The step “{name}” is not followed; how cells are written is proposed from the file itself."
    measures = raw.get("measures")
    if isinstance(measures, dict) and measures.get("currency-conversion") is not None:
        yield "“currency-conversion” is not followed: amounts stay in the currency they are published in."
    if raw.get("datapackage-url"):
        yield "“datapackage-url” is not fetched; write its properties into the recipe."
    if raw.get("private", True):
        yield "The source-spec asks for a private dataset; this dataset is as public as the DataStore it goes into."
