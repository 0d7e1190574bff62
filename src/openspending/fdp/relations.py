"""How the columns of one package hang together by their ColumnTypes: labels, parents, and the order of keys.

os-types' rules, but whole type names are compared, so that `…:code` never finds `…:codeList`, and several columns of
one type are paired in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openspending.fdp.columntypes import ColumnType, Definition, resolve


@dataclass(frozen=True, slots=True)
class Typed:
    """A column with a ColumnType. `slug` is its name in the model; `group` is the resource it lies in."""

    slug: str
    type: ColumnType
    group: str = ""


def labelled_by(column: Typed, columns: Sequence[Typed]) -> Typed | None:
    """The code column that `column` is the label of, or None."""
    if column.type.label_of is None:
        return None
    return _partner(column, column.type.label_of, columns)


def parent_of(column: Typed, columns: Sequence[Typed], custom: Sequence[Definition] = ()) -> Typed | None:
    """The nearest column up the chain of `prior`, or None; levels that no column has are skipped."""
    prior, seen = column.type.prior, {column.type.name}
    while prior is not None and prior not in seen:
        seen.add(prior)
        found = _partner(column, prior, columns)
        if found is not None:
            return found
        prior = resolve(prior, custom).prior
    return None


def ordered_key(names: Iterable[str], parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """`names` with every parent before its children, otherwise in the order given."""
    wanted = list(names)
    ordered: list[str] = []

    def add(name: str, children: tuple[str, ...]) -> None:
        if name in ordered or name in children:
            return
        parent = parents.get(name)
        if parent is not None:
            add(parent, (*children, name))
        ordered.append(name)

    for name in wanted:
        add(name, ())
    return tuple(one for one in ordered if one in wanted)


def _partner(column: Typed, type_name: str, columns: Sequence[Typed]) -> Typed | None:
    """The column of type `type_name` that belongs to `column`.

    With as many of them as there are columns like this one, the n-th belongs to the n-th. Otherwise one of the same
    resource, the nearest before it, else the nearest after it.
    """
    theirs = [one for one in columns if one.type.name == type_name and one is not column]
    if len(theirs) < 2:
        return theirs[0] if theirs else None
    ours = [one for one in columns if one.type.name == column.type.name]
    if len(ours) == len(theirs):
        return theirs[ours.index(column)]
    place = columns.index(column)
    near = [one for one in theirs if one.group == column.group] or theirs
    before = [one for one in near if columns.index(one) < place]
    return before[-1] if before else near[0]
