"""ColumnTypes in words, for people who pick one: a title, what it is for, and what else it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from openspending.fdp.columntypes import bundled, resolve

_HIDDEN: Final = "unknown:"
# title, what it is for, other words for it (in several languages, as headers have them); the likeliest first
_CONCEPTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "value": ("Amount", "The money itself. It is added up.", "sum betrag monto importe montant valor number"),
    "date": ("Time", "The fiscal year, or the day of a payment.", "year date año jahr année fecha ano datum period"),
    "phase": ("Phase", "Whether it is proposed, approved, adjusted or executed.", "fase stage presupuesto plan actual"),
    "direction": ("Direction", "Expenditure or revenue.", "income spending gasto ingreso einnahme ausgabe"),
    "administrative-classification": (
        "Administrative classification",
        "Who spends: ministry, department, office.",
        "ministry agency organisation institution entidad ministerio behörde organism unit chapter",
    ),
    "functional-classification": (
        "Functional classification",
        "What for: health, education, defence (COFOG).",
        "function purpose función finalidad funktion sector area",
    ),
    "economic-classification": (
        "Economic classification",
        "What kind of expense: salaries, goods, transfers (GFSM).",
        "object nature económica partida konto account line item expense",
    ),
    "activity": ("Activity", "Programme, project or contract.", "program programme project contract programa proyecto"),
    "fin-source": ("Source of funds", "Where the money is from.", "fund financing fuente financiamiento grant loan"),
    "geo-source": ("Place", "Region, district, address.", "region geography location municipio ort country city"),
    "recipient": ("Recipient", "Who receives the money.", "payee beneficiary beneficiario empfänger grantee company"),
    "supplier": ("Supplier", "Who delivers goods or services.", "vendor proveedor contractor lieferant"),
    "procurer": ("Procurer", "Who buys.", "buyer comprador purchasing"),
    "administrator": ("Administrator", "Who administers the money.", "administrador paying"),
    "transaction-id": ("Number of a transaction", "Invoice, order or tender.", "invoice factura order rechnung tender"),
    "budget-line-id": ("Number of a budget line", "What identifies the line.", "id key línea code clave"),
    "value-currency": ("Currency", "The currency of the amounts of a row.", "moneda währung devise eur usd"),
    "value-kind": ("Kind of amount", "What the amount of a row is.", "measure type"),
    "expenditure-type": ("Type of expenditure", "Current or capital.", "capital recurrent corriente"),
    "object-classification": ("Object classification", "Objects of expenditure.", "object objeto"),
    "budgetary-transfers": ("Budgetary transfers", "Between budgets.", "transfer"),
}
# what stands before the colon, where the whole would not fit a field
_SHORT: Final = {
    "administrative-classification": "Administrative",
    "functional-classification": "Functional",
    "economic-classification": "Economic",
    "object-classification": "Object",
}
_WORDS: Final = {"generic": "", "cofog": "COFOG", "gfsm": "GFSM", "id": "number", "codeList": "code list"}
_PLAIN: Final = {"code": "code", "label": "name", "title": "name", "name": "name", "description": "description"}


@dataclass(frozen=True, slots=True)
class Described:
    """A ColumnType in words. `text` is all that a search looks at, in small letters."""

    name: str
    title: str
    group: str
    about: str
    data_type: str | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "group": self.group,
            "about": self.about,
            "dataType": self.data_type,
        }


@cache
def described() -> tuple[Described, ...]:
    """All that a column can mean, the likeliest first."""
    order = {concept: number for number, concept in enumerate(_CONCEPTS)}
    names = [name for name in bundled() if not name.startswith(_HIDDEN)]
    return tuple(_described(one) for one in sorted(names, key=lambda one: order.get(one.split(":")[0], len(order))))


def _described(name: str) -> Described:
    concept = name.split(":", maxsplit=1)[0]
    group, about, others = _CONCEPTS.get(concept, (concept.replace("-", " ").capitalize(), "", ""))
    title = _title(name)
    text = f"{name} {title} {group} {about} {others}".casefold()
    return Described(name, title, group, about, resolve(name).data_type, text)


def _title(name: str) -> str:
    concept, *rest = name.split(":")
    group = _CONCEPTS.get(concept, (concept.replace("-", " ").capitalize(),))[0]
    parts = [part for part in map(_words, rest) if part]
    group = _SHORT.get(concept, group)
    return f"{group}: {', '.join(parts)}" if parts else group


def _words(segment: str) -> str:
    if segment.startswith("level") and segment[5:].isdigit():
        return f"level {segment[5:]}"
    known = _WORDS.get(segment, _PLAIN.get(segment))
    return segment.replace("-", " ") if known is None else known
