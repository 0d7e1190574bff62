"""A batch of lines, made of a batch of facts: columns are joined for all lines at once, not line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.search.columns import FactColumn
from openspending.analytics.search.indexed import Indexed, Values
from openspending.analytics.search.recording import Recorded
from openspending.analytics.search.words import codes

_AMOUNT: Final = pa.decimal128(38, 0)
_BETWEEN: Final = "\n"  # values


@dataclass(frozen=True, slots=True)
class _Coded:
    """A column: what its distinct values are indexed as, and the place of each line's value among them."""

    column: FactColumn
    indexed: Indexed
    places: Any


def line_batch(batch: Any, recorded: Recorded, values: Values) -> Any:
    """The lines of a batch of facts, with the columns that `prepared` tells of."""
    count = batch.num_rows
    coded = [_coded(batch.column(one.name), one, values) for one in recorded.columns]
    cells = recorded.division.numbers_of(batch)
    found = [(one.indexed.codes, one.places) for one in coded if any(one.indexed.codes)]
    years = [codes(one.year) if one.year else [] for one in recorded.record.cells]
    made = {
        "fact": batch.column("_rid").cast(pa.string()),
        "cell": cells,
        "text": _texts(coded, count),
        "codes": _codes([*found, (years, cells)] if any(years) else found, count),
        "values": _json(coded, count),
    }
    amounts = {f"m{number}": _units(batch.column(name)) for number, name in enumerate(recorded.measures)}
    return pa.RecordBatch.from_pydict(made | amounts)


def _coded(values: Any, column: FactColumn, known: Values) -> _Coded:
    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    if len(coded.dictionary) > len(coded):  # the values of all lines that lie together in the file
        coded = coded.dictionary_decode().dictionary_encode()
    return _Coded(column, known.indexed(coded.dictionary, column), coded.indices)


def _texts(coded: Sequence[_Coded], count: int) -> Any:
    """The words of each line. Where the name of a code is the code itself, or no more than that, it is there once."""
    texts = {
        one.column.shown.ref: one.indexed.text.take(one.places)
        for one in coded
        if one.indexed.text.null_count < len(one.indexed.text)
    }
    for one in coded:
        ref, code = one.column.shown.ref, one.column.shown.label_of
        if ref in texts and code in texts:
            same = pc.fill_null(pc.equal(texts[ref], texts[code]), fill_value=False)
            if pc.any(same).as_py():
                texts[code] = pc.if_else(same, pa.scalar(None, pa.string()), texts[code])
    if not texts:
        return pa.repeat(pa.scalar("", pa.string()), count)
    return pc.binary_join_element_wise(*texts.values(), _BETWEEN, null_handling="skip")


def _json(coded: Sequence[_Coded], count: int) -> Any:
    if not coded:
        return pa.repeat(pa.scalar("[]", pa.string()), count)
    texts = [pc.fill_null(one.indexed.json.take(one.places), "null") for one in coded]
    return pc.binary_join_element_wise("[", pc.binary_join_element_wise(*texts, ","), "]", "")


def _codes(found: Sequence[tuple[Sequence[Sequence[str]], Any]], count: int) -> Any:
    """The codes of each line, each once, as lists. `found` are those of each distinct value, and the lines' values."""
    slots = [
        _slot([one[n] if n < len(one) else None for one in lists]) for lists, _ in found for n in range(_most(lists))
    ]
    places = [place for lists, place in found for _ in range(_most(lists))]
    if not slots:
        return pa.ListArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count + 1), pa.array([], pa.string()))
    coded = pa.chunked_array(slots).combine_chunks().dictionary_encode()
    numbers, begin = [], 0
    for slot, place in zip(slots, places, strict=True):
        numbers.append(coded.indices.slice(begin, len(slot)).take(place))
        begin += len(slot)
    return _lists(_each_once(numbers), coded.dictionary, count)


def _most(lists: Sequence[Sequence[str]]) -> int:
    return max(map(len, lists), default=0)


def _slot(values: Sequence[str | None]) -> Any:
    return pa.array(values, pa.string())


def _each_once(numbers: Sequence[Any]) -> list[Any]:
    """Columns of numbers, without those that a line has in an earlier column already."""
    kept: list[Any] = []
    for one in numbers:
        column = one
        for other in kept:
            same = pc.fill_null(pc.equal(one, other), fill_value=False)
            if pc.any(same).as_py():
                column = pc.if_else(same, pa.scalar(None, one.type), column)
        kept.append(column)
    return kept


def _lists(numbers: Sequence[Any], dictionary: Any, count: int) -> Any:
    """For each line the values that its numbers stand for, as lists."""
    flat = pa.chunked_array(numbers).combine_chunks()
    order = pa.array([line + count * slot for line in range(count) for slot in range(len(numbers))], pa.int64())
    flat = flat.take(order).drop_null()
    lengths = pc.cast(pc.is_valid(numbers[0]), pa.int32())
    for one in numbers[1:]:
        lengths = pc.add(lengths, pc.cast(pc.is_valid(one), pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, dictionary.take(flat))


def _units(amounts: Any) -> Any:
    """Amounts as whole numbers of their last decimal: the same bytes, read without the point."""
    wide = amounts.cast(pa.decimal128(38, amounts.type.scale))
    return pa.Array.from_buffers(_AMOUNT, len(wide), wide.buffers(), offset=wide.offset)
