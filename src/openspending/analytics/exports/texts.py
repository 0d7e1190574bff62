"""Values as text, exactly, by Arrow's own loops: no value becomes a Python object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_PLAIN_SCALE: Final = 6  # up to here Arrow never writes a decimal with an exponent


def as_text(array: pa.Array) -> pa.Array:
    """A column of texts: decimals without exponent and with all digits of their scale, dates and times in ISO 8601,
    booleans as true and false; null stays null."""
    if pa.types.is_string(array.type):
        return array
    if may_have_exponent(array.type):
        return _without_exponent(array)
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = array.cast(pa.timestamp(array.type.unit, "UTC"))  # which is written with a Z
    text = array.cast(pa.string())
    if pa.types.is_timestamp(array.type):
        text = pc.replace_substring(text, " ", "T", max_replacements=1)
    if pa.types.is_timestamp(array.type) or pa.types.is_time(array.type):
        text = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
        text = pc.replace_substring_regex(text, r"(\.\d*[1-9])0+(Z?)$", r"\1\2")
    return text


def may_have_exponent(kind: pa.DataType) -> bool:
    """Whether Arrow might write a value of this type with an exponent."""
    return bool(pa.types.is_decimal(kind) and kind.scale > _PLAIN_SCALE)


def _without_exponent(array: pa.Array) -> pa.Array:
    """Arrow writes 0.00000001 as 1E-8: those few are written anew."""
    text = array.cast(pa.string())
    return replaced(text, pc.match_substring(text, "E"), lambda at: f"{array[at].as_py():f}")


def replaced(texts: pa.Array, chosen: pa.Array, written: Callable[[int], str]) -> pa.Array:
    """`texts` with the `chosen` ones (null: not chosen) as `written` gives them by their position."""
    chosen = pc.fill_null(chosen, fill_value=False)
    places = pc.indices_nonzero(chosen).to_pylist()
    if not places:
        return texts
    return pc.replace_with_mask(texts, chosen, pa.array([written(at) for at in places], pa.string()))


def concatenated(texts: pa.Array) -> bytes:
    """All texts of a column without nulls, one after the other, as UTF-8."""
    if not len(texts):
        return b""
    _, offsets, data = pa.concat_arrays([texts]).buffers()
    if data is None:
        return b""
    ends = memoryview(offsets).cast("i")
    return bytes(memoryview(data)[ends[texts.offset] : ends[texts.offset + len(texts)]])
