"""What holds for the amounts of a table, in sentences: unit and currency, columns made rows, constants, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from openspending.etl.importing.columnsmade import MONEY
from openspending.fdp.amounts import is_number
from openspending.fdp.columntypes import is_value

_MOST = 4  # labels that are named


def terms_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The sentences on a raw resource."""
    schema = resource["schema"]
    return (*_amounts(schema["fields"]), *_wide(schema), *_constants(schema), *_lists(schema))


def _amounts(fields: list[Mapping[str, Any]]) -> Iterator[str]:
    """What the amounts are of, said once for all columns of which the same is true."""
    same: dict[str, list[str]] = {}
    for one in fields:
        if is_value(one.get("columnType")) or one.get("normalize") is not None:
            same.setdefault(_money(one), []).append(str(one["name"]))
    for money, labels in same.items():
        yield f"Amounts in {_listed(labels)}: {money}."


def _money(one: Mapping[str, Any]) -> str:
    said = {name: one[name] for name in MONEY if one.get(name) is not None}
    factor = said.pop("factor", None)
    parts = [f"times {_grouped(factor)}"] if factor is not None else []
    parts += [str(value) for value in said.values()]
    return ", ".join(parts) if "currency" in said else ", ".join([*parts, "currency unknown"])


def _grouped(factor: Any) -> str:
    """A factor, however it is written; what is no number is refused later."""
    return f"{Decimal(str(factor)):,f}" if is_number(str(factor)) else str(factor)


def _wide(schema: Mapping[str, Any]) -> Iterator[str]:
    turned = [one for one in schema["fields"] if isinstance(one.get("normalize"), Mapping)]
    if turned:
        keys = list(dict.fromkeys(key for one in turned for key in one["normalize"]))
        yield f"{len(turned)} columns become rows, told apart by {' and '.join(keys)}."


def _constants(schema: Mapping[str, Any]) -> Iterator[str]:
    for one in schema.get("extraFields") or ():
        if one.get("constant") is not None:
            yield f"{one['name']} is {one['constant']} in every row."


def _lists(schema: Mapping[str, Any]) -> Iterator[str]:
    for key in schema.get("foreignKeys") or ():
        reference = key["reference"]
        ours, theirs = (
            ", ".join([one] if isinstance(one, str) else one) for one in (key["fields"], reference["fields"])
        )
        yield f"{ours} is explained by {reference.get('resource') or 'the table itself'} ({theirs})."


def _listed(labels: list[str]) -> str:
    named = [f"“{' '.join(one.split())}”" for one in labels]
    return ", ".join(named) if len(named) <= _MOST else f"{named[0]}, {named[1]} … {named[-1]} ({len(named)} columns)"
