"""Phases and directions in the budgets' own words."""

from __future__ import annotations

import pytest

from openspending.etl.modelling.phases import read_direction, read_phase

PHASES = {
    "proposed": """PLF 2017|Regierungsentwurf|Projekt budżetu|Návrh rozpočtu|Prijedlog plana|Предлог буџета|Predlog
        proračuna|Törvényjavaslat|Proiect de buget|Проект бюджета|Проєкт бюджету|Σχέδιο Προϋπολογισμού|Teklif Edilen|
        Budgetproposition|Finanslovsforslag|Gul bok|Talousarvioesitys|Eelnõu|Ontwerpbegroting|Disegno di legge|PLOA|
        Proyecto de presupuesto|הצעת תקציב|概算要求額|预算草案|정부안|RAPBN|2018 Request|President's Budget|
        Draft Estimates|مقترح|I propozuar""",
    "approved": """Appropriations|Approved Estimates|Budget Estimates|Enacted|Aprobado|Crédito Inicial|PIA|
        Dotação Inicial|LFI 2016|Budget primitif|Montant voté|Ansatz 2017|Soll 2016|Haushaltsansatz|
        Stanziamento iniziale|Vastgestelde begroting|Uchwalono|Schválený rozpočet|Schválený|Izvorni plan|Усвојен буџет|
        Апропријација|        Sprejeti proračun|Eredeti előirányzat|Prevederi inițiale|Утвърден|Донесен буџет|
        Εγκεκριμένος|Бюджетная роспись|
        Затверджено|Başlangıç Ödeneği|Anvisat|Bevilling|Vedtatt budsjett|Talousarvio|Kinnitatud|Apstiprināts|
        Patvirtinta|תקציב מקורי|معتمد|当初予算額|年初预算|예산액|Pagu|Dự toán|Buxheti fillestar|GAA""",
    "adjusted": """Revised Estimates|Final Budget|Amended|Modificado|Vigente|PIM|Codificado|Créditos definitivos|
        Dotação Atualizada|Loi de finances rectificative|Nachtragshaushalt|Previsioni definitive|Gewijzigde begroting|
        Plan po zmianach|Rozpočet po změnách|Upravený|Rebalans|Tekući plan|Текућа апропријација|Veljavni proračun|
        Módosított előirányzat|Prevederi definitive|Уточнен план|Ребаланс|Αναμορφωμένος|Уточненный план|
        План з урахуванням змін|Yıl Sonu Ödeneği|Ändringsbudget|Tillægsbevilling|Revidert|Lisätalousarvio|Muudetud|
        Precizētais plāns|Patikslintas|תקציב על שינוייו|معدل|予算現額|补正后调整预算数|추경예산|APBN-P|
        Dự toán điều chỉnh|I rishikuar""",
    "executed": """Actual|Outturn|Total Paid|Devengado|Pagado|Ejercido|Obligaciones Reconocidas|Girado|Despesas Pagas|
        Liquidado|Exécution 2015|Mandaté|Ist 2015|Rechnungsergebnis|Rendiconto|Pagamenti|Realisatie|Wykonanie|
        Skutečnost|Skutočnosť|Izvršenje|Извршење|Realizacija|Teljesítés|Plăți efectuate|Отчет|Извршено|Πληρωθέντα|
        Απολογισμός|Исполнено|Касові видатки|Gerçekleşme|Utfall|Regnskab|Regnskap|Toteuma|Täitmine|Izpilde|Įvykdyta|
        ביצוע|المنصرف الفعلي|支出済額|決算額|决算数|집행액|Realisasi|Quyết toán|Fakti|Cumulative expenditure""",
}
LISTED = [
    (phase, label.strip().replace("\n        ", " ")) for phase, labels in PHASES.items() for label in labels.split("|")
]


@pytest.mark.parametrize(("phase", "label"), LISTED)
def test_phases_are_read_in_many_languages(phase: str, label: str) -> None:
    found = read_phase(label)
    assert found is not None
    assert found.value == phase
    assert found.confidence >= 80


@pytest.mark.parametrize(
    ("label", "phase"),
    [
        ("Comprometido", "executed"),
        ("Despesas Empenhadas", "executed"),
        ("Commitments", "executed"),
        ("Impegni", "executed"),
        ("Budget", "approved"),
        ("Plan", "approved"),
        ("Begroting", "approved"),
        ("Προϋπολογισμός 2016", "approved"),
        ("预算", "approved"),
    ],
)
def test_words_that_say_little_are_less_sure(label: str, phase: str) -> None:
    found = read_phase(label)
    assert found is not None
    assert found.value == phase
    assert found.confidence < 80


def test_a_strong_word_overrules_a_weak_one_and_the_word_is_kept() -> None:
    found = read_phase("Budget Outturn")
    assert found is not None
    assert (found.value, found.written) == ("executed", "Outturn")


LOOKALIKES = """Expense Type|Variance|Restos a Pagar|Autorisations d'engagement|Crédits de paiement|CP|Einzelplan|
    不用額|执行率|הרשאה להתחייב|On- or off-budget|Program|Wartość projektu|is the best|Saldo|Payment date|Por ejercer|
    Supplier|Budget line|Projekta nosaukums"""


@pytest.mark.parametrize(
    "label",
    LOOKALIKES.split("|"),
)
def test_words_that_only_look_like_phases_are_none(label: str) -> None:
    assert read_phase(label.strip()) is None


def test_two_phases_in_one_label_are_not_decided() -> None:
    found = read_phase("Proposed (paid)")
    assert found is not None
    assert (found.value, set(found.others)) == (None, {"proposed", "executed"})


DIRECTIONS = {
    "expenditure": """Expenditures|Gastos|Dépenses|Ausgaben|Personalausgaben|Spese|Despesas|Uitgaven|Wydatki|Výdaje|
        Výdavky|Rashodi|Расходи|Odhodki|Kiadások|Cheltuieli|Разходи|Δαπάνες|Расходы|Видатки|Giderler|Utgifter|Udgifter|
        Menot|Kulud|Izdevumi|Išlaidos|הוצאות נטו|المصروفات|支出|歳出|세출|Belanja|Tổng chi|Shpenzime""",
    "revenue": """Revenue|Ingresos|Recettes|Einnahmen|Entrate|Receitas|Inkomsten|Dochody|Příjmy|Príjmy|Prihodi|Приходи|
        Prihodki|Bevételek|Venituri|Έσοδα|Доходы|Доходи|Gelirler|Inkomster|Indtægter|Inntekter|Tulot|Tulud|Ieņēmumi|
        Pajamos|הכנסה מיועדת|الإيرادات|收入|歳入|세입|Pendapatan|Tổng thu|Të ardhurat""",
}


@pytest.mark.parametrize(
    ("direction", "label"), [(kind, one.strip()) for kind, labels in DIRECTIONS.items() for one in labels.split("|")]
)
def test_directions_are_read_in_many_languages(direction: str, label: str) -> None:
    found = read_direction(label)
    assert found is not None
    assert (found.value, found.confidence >= 80) == (direction, True)


def test_a_label_with_both_directions_says_neither() -> None:
    found = read_direction("GASTO/INGRESO")
    assert found is not None
    assert found.value is None
