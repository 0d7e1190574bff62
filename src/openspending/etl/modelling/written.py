"""What is proposed about how a column is written: kind, field properties, currency, and what stays to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from openspending.etl.decisions import Choice, Proposal


@dataclass(frozen=True, slots=True)
class Writing:
    """How the cells of one column are written.

    `kind`: number, integer-code, code, text, date, year, fiscal-year, month, percent, boolean, identifier, empty.
    `props` are the field's properties when every proposal's first choice is taken, `base` those before any; see
    `answered`. `score` is how likely the numbers of the column are amounts, in percent, as far as cells can tell; the
    header is not looked at. `number` is the reading as numbers, where there is one, of a column that is proposed as
    something else: it has properties and proposals of its own.
    """

    kind: str
    base: Mapping[str, Any]
    props: Mapping[str, Any]
    confidence: int
    reason: str
    proposals: tuple[Proposal, ...] = ()
    currency: str | None = None
    currencies: tuple[str, ...] = ()  # what the sign beside the amounts can mean, when it is not one currency
    others: tuple[Choice, ...] = ()  # what else the column could be, the likelier first, at most two
    mark: str | None = None  # the decimal mark, where the cells prove it
    plain: bool = False  # numbers without sign, mark or decimals, as codes are
    score: int = 0
    number: Writing | None = None
    notes: tuple[str, ...] = ()  # what a person may want to know; nothing to decide

    @classmethod
    def of(
        cls,
        kind: str,
        base: Mapping[str, Any],
        confidence: int,
        reason: str,
        proposals: tuple[Proposal, ...] = (),
        **rest: Any,
    ) -> Self:
        """A writing whose `props` follow from `base` and the proposals."""
        props = with_effects(base, proposals, {})
        return cls(kind, base, props, confidence, reason, proposals, **rest)

    @property
    def proposal(self) -> Proposal | None:
        """The question about the format itself, else the first one."""
        return self.proposals[0] if self.proposals else None

    @property
    def amount(self) -> bool | None:
        """Whether the column could be an amount: True or False where its cells say so, None where the header must."""
        if self.kind != "number" and self.number is None:
            return False
        return True if self.score >= 80 else False if self.score <= 20 else None

    def answered(self, answers: Mapping[str, str]) -> dict[str, Any]:
        """The field's properties with the `answers` (proposal id → value of its choice), the first where none is."""
        return with_effects(self.base, self.proposals, answers)

    def asking(self, proposals: tuple[Proposal, ...]) -> Writing:
        """The same with other proposals."""
        return replace(self, proposals=proposals, props=with_effects(self.base, proposals, {}))


def with_effects(base: Mapping[str, Any], proposals: Iterable[Proposal], answers: Mapping[str, str]) -> dict[str, Any]:
    """`base` with the effects of the choices that `answers` name, of the first choice where none is named."""
    props = dict(base)
    for one in proposals:
        value = answers.get(one.id, one.best.value)
        chosen = next((choice for choice in one.choices if choice.value == value), None)
        props = with_effect(props, chosen.effect if chosen is not None else {})
    return props


def with_effect(props: Mapping[str, Any], effect: Mapping[str, Any]) -> dict[str, Any]:
    """`props` with a choice's effect: mappings are merged, lists united, null takes a property away."""
    result = dict(props)
    for name, value in effect.items():
        old = result.get(name)
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = {**(old or {}), **value}
        elif isinstance(value, list):
            if name == "missingValues" and old is None:
                old = [""]  # a field's own missing values take the place of the schema's
            result[name] = [*(old or []), *(one for one in value if one not in (old or []))]
        else:
            result[name] = value
    return result
