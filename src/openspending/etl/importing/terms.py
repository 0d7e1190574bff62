"""What holds for the amounts of a table, in sentences: unit and currency, columns made rows, constants, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from openspending.etl.importing.columnsmade import MONEY
from openspending.etl.modelling.phases import CALLED
from openspending.fdp.amounts import is_number
from openspending.fdp.columntypes import is_value
from openspending.speaking.said import Said, said, together

_MOST = 4  # labels that are named


def terms_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The sentences on a raw resource."""
    schema = resource["schema"]
    return (*_amounts(schema["fields"]), *_wide(schema), *_constants(schema), *_lists(schema))


def _amounts(fields: list[Mapping[str, Any]]) -> Iterator[str]:
    """What the amounts are of, said once for all columns of which the same is true."""
    same: dict[Said, list[str]] = {}
    for one in fields:
        if is_value(one.get("columnType")) or one.get("normalize") is not None:
            same.setdefault(_money(one), []).append(str(one["name"]))
    for money, labels in same.items():
        yield said("Amounts in {columns}: {money}.", columns=_listed(labels), money=money)


def _money(one: Mapping[str, Any]) -> Said:
    stated = {name: one[name] for name in MONEY if one.get(name) is not None}
    factor = stated.pop("factor", None)
    parts: list[str] = [said("times {factor}", factor=_grouped(factor))] if factor is not None else []
    parts += [CALLED.get(str(value), str(value)) for value in stated.values()]
    return together(*parts, *([] if "currency" in stated else [said("currency unknown")]), between=", ")


def _grouped(factor: Any) -> str:
    """A factor, however it is written; what is no number is refused later."""
    return f"{Decimal(str(factor)):,f}" if is_number(str(factor)) else str(factor)


def _wide(schema: Mapping[str, Any]) -> Iterator[str]:
    turned = [one for one in schema["fields"] if isinstance(one.get("normalize"), Mapping)]
    if turned:
        keys = list(dict.fromkeys(key for one in turned for key in one["normalize"]))
        yield said("{count} columns become rows, told apart by {columns}.", count=len(turned), columns=" + ".join(keys))


def _constants(schema: Mapping[str, Any]) -> Iterator[str]:
    for one in schema.get("extraFields") or ():
        if one.get("constant") is not None:
            yield said("{column} is {value} in every row.", column=one["name"], value=one["constant"])


def _lists(schema: Mapping[str, Any]) -> Iterator[str]:
    for key in schema.get("foreignKeys") or ():
        reference = key["reference"]
        ours, theirs = (
            ", ".join([one] if isinstance(one, str) else one) for one in (key["fields"], reference["fields"])
        )
        table = reference.get("resource") or said("the table itself")
        yield said("{columns} is explained by {table} ({others}).", columns=ours, table=table, others=theirs)


def _listed(labels: list[str]) -> str:
    named = [f"“{' '.join(one.split())}”" for one in labels]
    if len(named) <= _MOST:
        return ", ".join(named)
    return said("{first}, {second} … {last} ({count} columns)", **_ends(named))


def _ends(named: list[str]) -> dict[str, object]:
    return {"first": named[0], "second": named[1], "last": named[-1], "count": len(named)}
