"""A plan as one JSON object: every amount exact, as text."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from openspending.analytics.differences.changes import Change, Place, Totals
from openspending.analytics.differences.difference import Difference, Money
from openspending.analytics.differences.planned import Planned
from openspending.fdp.amounts import plain, plain_sums


def planned_json(found: Planned) -> dict[str, Any]:
    """What would change, as programs are told; `difference` is null where there is nothing to compare."""
    return {
        "dataset": found.dataset,
        "revision": found.revision,
        "published": found.published,
        "changes": found.changes,
        "rows": found.rows,
        "measures": plain_sums(found.measures),
        "controls": [one.to_dict() for one in found.controls],
        "difference": None if found.difference is None else _difference(found.difference),
        "files": {"new": found.new_files, "gone": found.gone_files},
        "descriptor": found.descriptor,
        "headers": [asdict(one) for one in found.headers],
        "warnings": {"new": [one.to_dict() for one in found.new_warnings], "gone": found.gone_warnings},
        "problems": [one.to_dict() for one in found.problems],
        **({} if found.preview is None else {"preview": found.preview.to_dict()}),
    }


def _difference(found: Difference) -> dict[str, Any]:
    facts = ("unchanged", "added", "removed", "changed", "renamed")
    return {
        "facts": {"old": found.facts[0], "new": found.facts[1]} | {one: getattr(found, one) for one in facts},
        "key": list(found.key),
        "money": {one.measure: _money(one) for one in found.money},
        "columns": asdict(found.columns),
        "measures": asdict(found.measures),
        "largest": [_change(one) for one in found.largest],
        "renamed": [asdict(one) for one in found.renamings],
        "totals": [_totals(one) for one in found.totals],
    }


def _money(one: Money) -> dict[str, Any]:
    names = ("old", "new", "difference", "unchanged", "added", "removed", "renamed")
    return {
        **{name: _text(getattr(one, name)) for name in names},
        "changed": {"old": plain(one.before), "new": plain(one.after)},
        "currency": {"old": one.currency[0], "new": one.currency[1]},
        "factor": {"old": plain(one.factor[0]), "new": plain(one.factor[1])},
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "kind": one.kind,
        "old": _text(one.old),
        "new": _text(one.new),
        "difference": plain(one.difference),
        "attributes": one.attributes,
        "place": {"old": _place(one.old_place), "new": _place(one.new_place)},
    }


def _place(one: Place | None) -> dict[str, Any] | None:
    return None if one is None else {"file": one.name, "path": one.file, "row": one.row}


def _totals(one: Totals) -> dict[str, Any]:
    shown = [
        {
            "key": member.key,
            "label": member.label,
            "old": _text(member.old),
            "new": _text(member.new),
            "difference": plain(member.difference),
        }
        for member in one.shown
    ]
    return {
        "dimension": one.dimension,
        "column": one.column,
        "measure": one.measure,
        "members": one.members,
        "changed": one.changed,
        "shown": shown,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
