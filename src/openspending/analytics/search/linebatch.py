"""A batch of lines, made of a batch of facts: columns are joined for all lines at once, not line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.search.columns import FactColumn
from openspending.analytics.search.indexed import Indexed, Values, codes_alone
from openspending.analytics.search.record import Column
from openspending.analytics.search.recording import Recorded

_AMOUNT: Final = pa.decimal128(38, 0)
_BETWEEN: Final = "\n"  # values


@dataclass(frozen=True, slots=True)
class _Coded:
    """What the distinct values of a column are indexed as, and the place of each line's value among them; with no
    column, values that are only searched by."""

    column: Column | None
    indexed: Indexed
    places: Any


def line_batch(batch: Any, recorded: Recorded, values: Values) -> Any:
    """The lines of a batch of facts, with the columns that `prepared` tells of."""
    count = batch.num_rows
    coded = [_coded(batch.column(one.name), one, values) for one in recorded.columns]
    cells = recorded.division.numbers_of(batch)
    made = {
        "fact": batch.column("_rid").cast(pa.string()),
        "cell": cells,
        "text": _texts(coded, count),
        "codes": _codes([*coded, _years(recorded, cells)], count),
        "values": _json(coded, count),
    }
    amounts = {f"m{number}": _units(batch.column(name)) for number, name in enumerate(recorded.measures)}
    return pa.RecordBatch.from_pydict(made | amounts)


def _coded(values: Any, column: FactColumn, known: Values) -> _Coded:
    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    if len(coded.dictionary) > len(coded):  # the values of all lines that lie together in the file
        coded = coded.dictionary_decode().dictionary_encode()
    return _Coded(column.shown, known.indexed(coded.dictionary, column), coded.indices)


def _years(recorded: Recorded, cells: Any) -> _Coded:
    """The fiscal year as a code, whatever its column is like."""
    texts = [one.year or "" for one in recorded.record.cells]
    return _Coded(None, codes_alone(texts), cells)


def _texts(coded: Sequence[_Coded], count: int) -> Any:
    """The words of each line. Where the name of a code says no more than the code itself, they are there once."""
    texts = {
        one.column.ref: (one.indexed.text.take(one.places), one.column.label_of)
        for one in coded
        if one.column is not None and one.indexed.text.null_count < len(one.indexed.text)
    }
    if not texts:
        return pa.repeat(pa.scalar("", pa.string()), count)
    kept = {ref: text for ref, (text, _) in texts.items()}
    for text, code in texts.values():
        if code in kept:
            kept[code] = _unless(pc.equal(text, kept[code]), kept[code])
    return _joined(list(kept.values()))


def _joined(texts: Sequence[Any]) -> Any:
    """The texts of each line, one below the other. Arrow leaves out lines without any, so these get an empty one."""
    there = pc.is_valid(texts[0])
    for one in texts[1:]:
        there = pc.or_(there, pc.is_valid(one))
    first = pc.if_else(there, texts[0], pa.scalar("", pa.string()))
    return pc.binary_join_element_wise(first, *texts[1:], _BETWEEN, null_handling="skip")


def _unless(same: Any, values: Any) -> Any:
    """The values, but null where `same` is true."""
    same = pc.fill_null(same, fill_value=False)
    return pc.if_else(same, pa.scalar(None, values.type), values) if pc.any(same).as_py() else values


def _json(coded: Sequence[_Coded], count: int) -> Any:
    if not coded:
        return pa.repeat(pa.scalar("[]", pa.string()), count)
    texts = [pc.fill_null(one.indexed.json.take(one.places), "null") for one in coded]
    return pc.binary_join_element_wise("[", pc.binary_join_element_wise(*texts, ","), "]", "")


def _codes(coded: Sequence[_Coded], count: int) -> Any:
    """The codes of each line, each once, as lists."""
    found = [(one, each.places) for each in coded for one in each.indexed.codes if one.null_count < len(one)]
    if not found:
        return pa.ListArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count + 1), pa.array([], pa.string()))
    every = pa.chunked_array([one for one, _ in found]).combine_chunks().dictionary_encode()
    numbers: list[Any] = []
    begin = 0
    for one, places in found:
        number = every.indices.slice(begin, len(one)).take(places)
        for other in numbers:
            number = _unless(pc.equal(number, other), number)
        numbers.append(number)
        begin += len(one)
    return _lists(numbers, every.dictionary, count)


def _lists(numbers: Sequence[Any], dictionary: Any, count: int) -> Any:
    """For each line the values that its numbers stand for, as lists."""
    flat = pa.chunked_array(numbers).combine_chunks().take(_by_line(count, len(numbers))).drop_null()
    lengths = pa.repeat(pa.scalar(0, pa.int32()), count)
    for one in numbers:
        lengths = pc.add(lengths, pc.cast(pc.is_valid(one), pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths)])
    return pa.ListArray.from_arrays(offsets, dictionary.take(flat))


def _by_line(count: int, columns: int) -> Any:
    """The places in columns that lie one behind the other, line by line."""
    place = pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int32()), count * columns)), 1)
    line = pc.divide(place, columns)
    return pc.add(line, pc.multiply(pc.subtract(place, pc.multiply(line, columns)), count))


def _units(amounts: Any) -> Any:
    """Amounts as whole numbers of their last decimal: the same bytes, read without the point."""
    wide = amounts.cast(pa.decimal128(38, amounts.type.scale))
    return pa.Array.from_buffers(_AMOUNT, len(wide), wide.buffers(), offset=wide.offset)
