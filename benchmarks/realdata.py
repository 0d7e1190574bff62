"""Sets of real files as datasets of one store, each with what its publisher would say of it.

Files that nobody described are imported with the proposals that are sure; where a person has to decide, `says` does.
Packages are published as they are, but for three that count money twice or have no numbers where they promise them: of
these the files are imported. Left out are descriptors without data, and copies of other sets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from openspending.datastore.objects import ObjectStore
from openspending.errors import OpenSpendingError
from openspending.importing import Wish, import_files
from openspending.publishing import publish

OWNER: Final = "real"
_PROJECT: Final = "activity:generic:project"
_REGION: Final = "geo-source:address:region"
_WITHDRAWN: Final = (
    "Δημόσια Δαπάνη (Εθνική και Κοινοτική) Συνολική Δαπάνη που Χορηγήθηκε με την Ολοκλήρωση του Έργου              (€)"
)


@dataclass(frozen=True, slots=True)
class RealSet:
    """Files of one folder that are one dataset. Without a title they are a package, which says everything itself."""

    name: str
    slug: str
    files: tuple[str, ...]
    title: str = ""
    country: str = ""
    says: Mapping[str, str] = field(default_factory=dict)


def _roles(columns: Mapping[str, str]) -> dict[str, str]:
    """Answers that say what columns mean, of which neither header nor cells tell it."""
    return {f"column:{name}:role": role for name, role in columns.items()}


def _trusts() -> Iterator[RealSet]:
    trusts = {
        "barts": ("Barts Health", "BART 01 - April.xlsx"),
        "barts-december": ("Barts Health, December", "BART 09 - December.xls"),
        "chelsea": ("Chelsea & Westminster", "CHWE 09 - December.csv"),
        "epsom": ("Epsom & St Helier", "EPSH 01 - April.csv"),
        "homerton": ("Homerton University Hospital", "HOME 01 - April.pdf.csv"),
        "kings": ("King's College Hospital", "KICO 01 - April.csv"),
        "kingston": ("Kingston Hospital", "KGST 06 - September.csv"),
        "lewisham": ("Lewisham and Greenwich", "LEGR 01 - April.csv"),
        "north-west": ("London North West", "LNWU 12 - March.csv"),
        "royal-free": ("Royal Free", "ROYF 01-03 - April - June.csv"),
        "st-georges": ("St George's", "SGEO 01 - April.csv"),
        "whittington": ("Whittington", "WHIT 04 - July.csv"),
    }
    for name, (title, file) in trusts.items():
        yield RealSet(f"nhs-{name}", "ugly-nhs-trusts", (file,), f"{title}: spending over £25,000", "GB")


_ARAGON: Final = tuple(
    f"2014/{one}.csv"
    for one in (
        *("Partidas Gastos PresupuestoConsolidado", "Estructura Economica", "Estructura Financiacion"),
        *("Estructura Funcional", "Estructura Organica"),
    )
)
SETS: Final = (
    RealSet("aragon-2014", "aragon-facts-plus-codelists", _ARAGON, "Aragón: presupuesto de gastos 2014", "ES"),
    RealSet("mexico-2018", "big-mexico-pef-2018", ("pef_ac01_2018.csv.gz",), "México: presupuesto 2018", "MX"),
    RealSet(
        *("china-2025", "china-lgb-provinces-2025", ("lgb_provinces_2025.csv",), "中国地方政府债券 2025", "CN"),
        _roles({"code": f"{_REGION}:code", "region_en": f"{_REGION}:label"}),
    ),
    RealSet("albania-2014", "fdp03-al-treasury", ("datapackage.json",)),
    RealSet(
        *("australia-2015", "derived-fiscal-year-slash", ("au_budget_long.csv",)),
        *("Australia: federal budget 2015–16", "AU"),
    ),
    RealSet("moldova-2014", "fdp03-boost-moldova-2014", ("datapackage.json",)),
    RealSet(
        *("eu-absorption", "fdp03-eu-absorption", ("data/2007-2013_Funds_Absoption_Rate.csv",)),
        *("EU funds 2007–2013: paid to member states", "EU"),
    ),
    RealSet(
        *("eu-allocations", "fdp03-eu-allocations", ("data/Total_EU_Allocations_per_MS_for_2014-2020.csv",)),
        *("EU funds 2014–2020: allocations to member states", "EU"),
    ),
    RealSet("madrid-2015", "fdp03-madrid-gastos", ("datapackage.json",)),
    RealSet("mexico-2015", "fdp03-mexico-2015-sample", ("datapackage.json",)),
    RealSet("suginami-2013", "fdp03-suginami-jp", ("datapackage.json",)),
    RealSet("uk-cra", "fdp03-uk-cra", ("datapackage.json",)),
    RealSet("croatia-2016", "fdp10-croatia-2016-2018", ("croatia-budget-plan-2016-2018_final.zip",)),
    RealSet(
        *("israel-2014", "israel-changes-2013-2014", ("changes-2013.csv", "changes-2014.csv")),
        *("שינויים בתקציב המדינה 2013–2014", "IL"),
        _roles({"מספר בקשה": f"{_PROJECT}:code", "תיאור בקשה": f"{_PROJECT}:label"}),
    ),
    RealSet(
        *("cyprus-2015", "ugly-cyprus-xlsx", ("BeneficiariesLIST_FebERDF_CF_cyprus.xlsx",)),
        *("Κύπρος: δικαιούχοι 2007–2013", "CY", {f"column:{_WITHDRAWN}:words": "missing"}),
    ),
    RealSet(
        *("london-2013", "ugly-gla-spend-parens", tuple(f"2013-P{number:02}.csv" for number in range(1, 14))),
        *("Greater London Authority: spending 2013/14", "GB"),
    ),
    RealSet(
        *("ireland-2016", "ugly-ireland-xlsx", ("List of Operations October 2016.xlsx",)),
        *("Ireland: European Social Fund operations", "IE"),
    ),
    RealSet(
        *("latvia-2014", "ugly-latvia-html-xls", ("all_funds_Latvia_2014-2020.xls",)),
        *("Latvija: ES fondu projekti 2014–2020", "LV"),
    ),
    RealSet(
        *("ramo23-2016", "ugly-mexico-ramo23-2016", ("Provisiones_salariales_y_economicas_Ramo23_2016.csv",)),
        *("México: Ramo 23, proyectos 2016", "MX"),
        _roles({"Nombre del proyecto": f"{_PROJECT}:code"}),
    ),
    *_trusts(),
    RealSet(
        *("poland-2014", "ugly-poland-cp1250", tuple(f"Poland_{one}_2014_2020.csv" for one in ("ESF", "ERDF", "CF"))),
        *("Polska: projekty z funduszy UE 2014–2020", "PL"),
    ),
    RealSet(
        *("spain-feder", "ugly-spain-json", ("CE4016.json", "ME4016.json")),
        *("España: beneficiarios FEDER de Ceuta y Melilla", "ES"),
    ),
    RealSet(
        *("thueringen-2016", "ugly-thueringen-erdf", ("160630_liste_der_vorhaben_efre_14_20_endgold.csv",)),
        *("Thüringen: Liste der Vorhaben EFRE 2014–2020", "DE"),
        _roles({"Zusammenfassung des Vorhabens - operation summary": f"{_PROJECT}:label"}),
    ),
    RealSet(
        *("wales-2014", "ugly-wales-scotland-ods", ("Wales_2014_2020_modified.ods",)),
        *("Wales: ERDF operations 2014–2020", "GB"),
    ),
    RealSet(
        *("scotland-2014", "ugly-wales-scotland-ods", ("ESF-and-ERDF-Scotland-2014-2020.ods",)),
        *("Scotland: ESF and ERDF operations 2014–2020", "GB"),
        {"column:Total eligible expenditure:words": "£ 12,681,882,27 is 1268188227"},
    ),
    RealSet("cook-county", "wide-cook-county", ("cook_county_budget_raw.csv",), "Cook County: budget 1993–2017", "US"),
    RealSet("us-receipts", "wide-us-budget-json", ("us-budget-receipts.json",), "US federal receipts 1962–2020", "US"),
)


def publish_all(folder: Path, store: ObjectStore, known: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Publish every set of `folder` but those that are `known`; yields its name and why it was refused, or ""."""
    for one in (one for one in SETS if one.name not in known):
        try:
            _publish(one, folder / one.slug, store)
        except OpenSpendingError as error:
            yield one.name, str(error)
        else:
            yield one.name, ""


def _publish(one: RealSet, folder: Path, store: ObjectStore) -> None:
    files = tuple(str(folder / file) for file in one.files)
    if not one.title:
        publish(files[0], owner=OWNER, name=one.name, store=store)
        return
    properties = {"title": one.title, "countryCode": one.country}
    import_files(Wish(files, given=one.says, properties=properties), owner=OWNER, name=one.name, store=store)
