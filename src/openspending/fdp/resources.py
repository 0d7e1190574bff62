"""Reading resources: where a table's bytes are and how they are written (CSV Dialect v1, Table Dialect v2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openspending.fdp.leaveout import read_leave_out
from openspending.fdp.package import UNSET, Dialect, Resource
from openspending.fdp.paths import normal_path
from openspending.fdp.place import Place
from openspending.fdp.schemas import read_schema
from openspending.speaking.said import said


def read_resource(raw: Mapping[str, Any], place: Place, number: int, package_name: str) -> Resource:
    """The Resource that `raw` describes, the `number`-th from 0; every oddity is reported to `place`."""
    name = place.text(raw, "name")
    if not name:
        name = f"resource-{number + 1}"
        place.report("fiscal/unnamed", thing=said("Resource {number}", number=number + 1), value=name)
    place = place.at(resource=name)
    paths = _paths(raw, place)
    data = raw["data"] if "data" in raw and raw["data"] is not None else UNSET
    if bool(paths) == (data is not UNSET):
        place.report("fiscal/resource-source", found=said("both") if paths else said("none"))
    return Resource(
        name=name,
        paths=paths,
        data=data,
        format=place.text(raw, "format", error=False),
        encoding=place.text(raw, "encoding"),
        compression=place.text(raw, "compression"),
        innerpath=place.text(raw, "innerpath"),
        dialect=_dialect(_inline(raw, "dialect", place), place.at("dialect")),
        schema=read_schema(_inline(raw, "schema", place), place.at("schema"), raw, package_name),
        bytes=place.number(raw, "bytes"),
        hash=place.text(raw, "hash", error=False),
        leave_out=read_leave_out(raw, place),
        position=number,
        raw=raw,
    )


def _paths(raw: Mapping[str, Any], place: Place) -> tuple[str, ...]:
    """The parts of the resource; before v1 a URL stood under `url`, which counts when there is no `path`."""
    key = "url" if raw.get("path") is None and raw.get("url") is not None else "path"
    value = raw.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (normal_path(value),)
    if not isinstance(value, list):
        place.wrong(key, value, said("text, or a list of texts"))
        return ()
    for number, one in enumerate(value):
        if not isinstance(one, str):
            place.at(key).wrong(number, one, said("text"))
    return tuple(normal_path(one) for one in value if isinstance(one, str))


def _inline(raw: Mapping[str, Any], key: str, place: Place) -> Mapping[str, Any]:
    """The object at `key`. A path or URL in its place is a problem: the descriptor has to be complete by itself."""
    value = raw.get(key)
    if isinstance(value, str):
        place.at(key).report("fiscal/schema-reference", property=key, value=value)
        return {}
    return place.mapping(raw, key)


def _dialect(raw: Mapping[str, Any], place: Place) -> Dialect:
    plain = Dialect()
    quote = place.character(raw, "quoteChar")
    return Dialect(
        delimiter=_delimiter(raw, place),
        quote_char=(quote or None) if "quoteChar" in raw else plain.quote_char,
        double_quote=place.flag(raw, "doubleQuote", plain.double_quote),
        escape_char=place.character(raw, "escapeChar") or None,
        header=place.flag(raw, "header", plain.header),
        header_rows=_row_numbers(raw, "headerRows", place) or plain.header_rows,
        header_join=_text_or(raw, "headerJoin", place, plain.header_join),
        header_fill=place.flag(raw, "headerFill", plain.header_fill),
        comment_rows=_row_numbers(raw, "commentRows", place),
        comment_char=place.text(raw, "commentChar") or None,
        skip_initial_space=place.flag(raw, "skipInitialSpace", plain.skip_initial_space),
        null_sequence=place.text(raw, "nullSequence"),
        sheet_name=place.text(raw, "sheetName"),
        sheet_number=_counted(raw, "sheetNumber", place),
        property=place.text(raw, "property"),
        item_type=place.text(raw, "itemType"),
        raw=raw,
    )


def _delimiter(raw: Mapping[str, Any], place: Place) -> str:
    value = place.text(raw, "delimiter")
    if value == "\\t":  # a tab written as two characters by mistake; nothing else can be meant
        return "\t"
    return value or ","


def _text_or(raw: Mapping[str, Any], key: str, place: Place, default: str) -> str:
    value = place.text(raw, key)
    return default if value is None else value


def _counted(raw: Mapping[str, Any], key: str, place: Place) -> int | None:
    value = raw.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    place.wrong(key, value, said("a whole number, from 1"))
    return None


def _row_numbers(raw: Mapping[str, Any], key: str, place: Place) -> tuple[int, ...]:
    found = place.items(raw, key)
    for number, one in enumerate(found):
        if isinstance(one, bool) or not isinstance(one, int) or one < 1:
            place.at(key).wrong(number, one, said("the number of a row, from 1"))
    return tuple(one for one in found if isinstance(one, int) and not isinstance(one, bool) and one >= 1)
