"""ColumnTypes in words, for people who pick one: a title, what it is for, and what else it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from openspending.fdp.columntypes import bundled, resolve
from openspending.speaking import LANGUAGES, Said, said, together, told
from openspending.speaking.said import later

_HIDDEN: Final = "unknown:"
# title, what it is for, other words for it (in several languages, as headers have them); the likeliest first
_CONCEPTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "value": (
        later("Amount"),
        later("The money itself. It is added up."),
        "sum betrag monto importe montant valor number",
    ),
    "date": (
        later("Time"),
        later("The fiscal year, or the day of a payment."),
        "year date año jahr année fecha ano datum period",
    ),
    "phase": (
        later("Phase"),
        later("Whether it is proposed, approved, adjusted or executed."),
        "fase stage presupuesto plan actual",
    ),
    "direction": (
        later("Direction"),
        later("Expenditure or revenue."),
        "income spending gasto ingreso einnahme ausgabe",
    ),
    "administrative-classification": (
        later("Administrative classification"),
        later("Who spends: ministry, department, office."),
        "ministry agency organisation institution entidad ministerio behörde organism unit chapter",
    ),
    "functional-classification": (
        later("Functional classification"),
        later("What for: health, education, defence (COFOG)."),
        "function purpose función finalidad funktion sector area",
    ),
    "economic-classification": (
        later("Economic classification"),
        later("What kind of expense: salaries, goods, transfers (GFSM)."),
        "object nature económica partida konto account line item expense",
    ),
    "activity": (
        later("Activity"),
        later("Programme, project or contract."),
        "program programme project contract programa proyecto",
    ),
    "fin-source": (
        later("Source of funds"),
        later("Where the money is from."),
        "fund financing fuente financiamiento grant loan",
    ),
    "geo-source": (
        later("Place"),
        later("Region, district, address."),
        "region geography location municipio ort country city",
    ),
    "recipient": (
        later("Recipient"),
        later("Who receives the money."),
        "payee beneficiary beneficiario empfänger grantee company",
    ),
    "supplier": (
        later("Supplier"),
        later("Who delivers goods or services."),
        "vendor proveedor contractor lieferant",
    ),
    "procurer": (
        later("Procurer"),
        later("Who buys."),
        "buyer comprador purchasing",
    ),
    "administrator": (
        later("Administrator"),
        later("Who administers the money."),
        "administrador paying",
    ),
    "transaction-id": (
        later("Number of a transaction"),
        later("Invoice, order or tender."),
        "invoice factura order rechnung tender",
    ),
    "budget-line-id": (
        later("Number of a budget line"),
        later("What identifies the line."),
        "id key línea code clave",
    ),
    "value-currency": (
        later("Currency"),
        later("The currency of the amounts of a row."),
        "moneda währung devise eur usd",
    ),
    "value-kind": (
        later("Kind of amount"),
        later("What the amount of a row is."),
        "measure type",
    ),
    "expenditure-type": (
        later("Type of expenditure"),
        later("Current or capital."),
        "capital recurrent corriente",
    ),
    "object-classification": (
        later("Object classification"),
        later("Objects of expenditure."),
        "object objeto",
    ),
    "budgetary-transfers": (
        later("Budgetary transfers"),
        later("Between budgets."),
        "transfer",
    ),
}
# what stands before the colon, where the whole would not fit a field
_SHORT: Final = {
    "administrative-classification": later("Administrative"),
    "functional-classification": later("Functional"),
    "economic-classification": later("Economic"),
    "object-classification": later("Object"),
}
_SEGMENTS: Final = {
    "cofog": "COFOG",
    "gfsm": "GFSM",
    "id": later("number"),
    "code": later("code"),
    "codeList": later("code list"),
    "label": later("name"),
    "title": later("name"),
    "name": later("name"),
    "description": later("description"),
    "address": later("address"),
    "bank": later("bank"),
    "target": later("target"),
    "legal-entity": later("legal entity"),
    "fiscal": later("fiscal"),
    "receiving-project": later("receiving project"),
    "branch": later("branch"),
    "class": later("class"),
    "division": later("division"),
    "group": later("group"),
    "subproject": later("subproject"),
    "source": later("source"),
    "contract": later("contract"),
    "program": later("programme"),
    "subprogram": later("subprogramme"),
    "project": later("project"),
    "country": later("country"),
    "region": later("region"),
    "county": later("county"),
    "city": later("city"),
    "account": later("account"),
    "fiscal-year": later("fiscal year"),
    "fiscal-month": later("fiscal month"),
    "activity-start": later("start of the activity"),
    "activity-end": later("end of the activity"),
    "activity-approval": later("approval of the activity"),
    "first-payment": later("first payment"),
    "final-payment": later("final payment"),
    "kind": later("kind"),
    "zip": later("postal code"),
    "street-address": later("street address"),
    "url": later("web address"),
    "point-of-contact": later("point of contact"),
    "status": later("status"),
    "purchase-order": later("purchase order"),
    "invoice-id": later("number of the invoice"),
    "tender-id": later("number of the tender"),
    "tender-kind": later("kind of tender"),
    "contract-id": later("number of the contract"),
    "budget-code": later("budget code"),
    "court-order": later("court order"),
    "transaction-kind": later("kind of transaction"),
}
_UNSAID: Final = "generic"


@dataclass(frozen=True, slots=True)
class Described:
    """A ColumnType in words, which can be told in any language. `text` is all that a search looks at, in small letters
    and each language."""

    name: str
    title: Said
    group: Said
    about: Said
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
    called = _title(name), Said(group, {}), Said(about, {})
    spoken = (told(text, language) for language in LANGUAGES for text in called)
    return Described(name, *called, resolve(name).data_type, f"{name} {' '.join(spoken)} {others}".casefold())


def _title(name: str) -> Said:
    concept, *rest = name.split(":")
    group = _CONCEPTS.get(concept, (concept.replace("-", " ").capitalize(),))[0]
    what = Said(_SHORT.get(concept, group), {})
    parts = [_segment(one) for one in rest if one != _UNSAID]
    return said("{what}: {parts}", what=what, parts=together(*parts, between=", ")) if parts else what


def _segment(segment: str) -> Said:
    if segment.startswith("level") and segment[5:].isdigit():
        return said("level {number}", number=segment[5:])
    return Said(_SEGMENTS.get(segment, segment.replace("-", " ")), {})
