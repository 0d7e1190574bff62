"""Labels are read in many languages: what they are about, whether code or name, and of which level."""

from __future__ import annotations

import pytest

from openspending.etl.modelling.moneywords import tokens
from openspending.etl.modelling.words import vocabulary
from openspending.etl.modelling.wordsheader import Header, read_headers


def header(label: str, *others: str) -> Header:
    return read_headers([label, *others])[0]


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Department", "administrative"), ("Ministerio", "administrative"), ("Dienststelle", "administrative"),
        ("Орган", "administrative"), ("所管", "administrative"), ("الوزارة", "administrative"),
        ("Finalidad", "functional"), ("Funktionskennziffer", "functional"), ("Dział", "functional"),
        ("Capítulo", "economic"), ("Položka", "economic"), ("КЕКВ", "economic"), ("经济分类", "economic"),
        ("Programma", "program"), ("Hanke", "project"), ("Mesures", "subprogram"), ("Sous-programme", "subprogram"),
        ("Finansman Kaynağı", "fin-source"), ("Izvor financiranja", "fin-source"),
        ("Leverandør", "supplier"), ("Dodavatel", "supplier"), ("ספק", "supplier"), ("Tiekėjas", "supplier"),
        ("Bénéficiaire", "recipient"), ("Tuensaaja", "recipient"), ("Mottagare", "recipient"),
        ("Postleitzahl", "zip"), ("Κατάσταση", "remark"), ("Kommune", "city"), ("Χώρα", "country"),
        ("Año", "year"), ("Metai", "year"), ("年度", "year"), ("Ημερομηνία", "date"), ("Währung", "currency"),
        ("Tipo de gasto", "expenditure-type"), ("Facture", "invoice"), ("OIB", "business-number"),
    ],
)  # fmt: skip
def test_a_word_of_budgets_is_known_in_its_language(label: str, meaning: str) -> None:
    assert header(label).points(meaning) >= 45


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("ID_RAMO", "code"), ("DESC_RAMO", "label"), ("Clave del municipio", "code"), ("Naziv razdjela", "label"),
        ("Šifra programa", "code"), ("Κωδικός Φορέα", "code"), ("קוד משרד", "code"), ("שם משרד", "label"),
        ("部门代码", "code"), ("部门名称", "label"), ("所管コード", "code"), ("Empfängername", "label"),
        ("vendorname", "label"), ("projectid", "code"), ("Account Code Description", "label"), ("Program", None),
    ],
)  # fmt: skip
def test_code_and_name_are_told_apart(label: str, part: str | None) -> None:
    assert header(label).part == part


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("econ1", 1), ("admin3 (code)", 3), ("Programme (Level 2)", 2), ("economic_classification_4", 4), ("GEO2", 2),
        ("Nivel 3", 3), ("Budget 2015", None), ("BeneficiaryName_F201", None),
    ],
)  # fmt: skip
def test_a_number_is_a_level(label: str, level: int | None) -> None:
    assert header(label).level == level


@pytest.mark.parametrize(
    ("label", "best"),
    [
        ("Supplier Postcode", "zip"), ("Beneficiary Country", "country"), ("Project start date", "start"),
        ("Type of expenditure", "economic"), ("Date of payment", "date"), ("Código del programa", "program"),
        ("Name des Begünstigten", "recipient"), ("Subgrupo", "economic"), ("SubprogNumber", "subprogram"),
    ],
)  # fmt: skip
def test_the_main_word_decides(label: str, best: str) -> None:
    assert header(label).best == best


def test_the_language_of_the_table_decides_what_a_word_means() -> None:
    french = header("Département", "Région", "Montant", "Bénéficiaire", "Année")
    norwegian = header("Departement", "Beløp", "Leverandør", "År", "Tilskuddsordning")
    assert french.best == "region"
    assert norwegian.best == "administrative"


def test_capitals_with_accents_are_one_word() -> None:
    assert header("AÑO").best == "year"
    assert header("DESCRIPCIÓN FUNCIÓN").best == "functional"


def test_a_longer_pattern_hides_what_lies_inside() -> None:
    meanings = {one.meaning for one in vocabulary().find("Cost centre")}
    assert meanings == {"administrative"}


def test_a_level_of_something_is_no_code_of_it() -> None:
    assert header("cofog2_level").aside
    assert not header("cofog2_name").aside


@pytest.mark.parametrize("label", ["", "   ", "---", "2015", "$", "x" * 5_000, "\u202e\u0000", "🙂"])
def test_any_label_can_be_read(label: str) -> None:
    assert header(label).label == label


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("AÑO", ["ano"]),
        ("PRZYCHÓD", ["przychod"]),
        ("ČÁSTKA", ["castka"]),
        ("ΠΟΣΌ", ["ποσο"]),
        ("N\u0303AN\u0303O", ["nano"]),
        ("montoTotal", ["monto", "total"]),
        ("añoFiscal", ["ano", "fiscal"]),
        ("codeÉtat", ["code", "etat"]),
        ("суммаИтого", ["сумма", "итого"]),
        ("GBPm", ["gbp", "m"]),
    ],
)
def test_words_begin_after_small_letters_whatever_their_accents(label: str, words: list[str]) -> None:
    assert [one.text for one in tokens(label)] == words
    assert [label[one.start : one.end] for one in tokens(label)] == [one.written for one in tokens(label)]


@pytest.mark.parametrize(
    ("label", "best"),
    [
        ("Код статьи", "economic"),
        ("Назва статті", "economic"),
        ("Наименование ведомства", "administrative"),
        ("Nazwa organizacji", "administrative"),
        ("Název položky", "economic"),
        ("Šifra konta", "economic"),
        ("Naziv programa", "program"),
    ],
)
def test_words_are_known_in_other_cases_than_the_lists_have(label: str, best: str) -> None:
    assert header(label).best == best


def test_other_languages_know_no_cases() -> None:
    assert header("Planning", "Year", "Ministry").meanings == {}
