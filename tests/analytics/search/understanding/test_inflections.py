"""Forms of a word find one another, in each language that words are known to be in."""

from __future__ import annotations

import pytest

from openspending.analytics.search.understanding.inflections import MOST_FORMS, forms_of
from openspending.analytics.search.understanding.remembered import Remembered
from openspending.analytics.search.words import words
from tests.analytics.search.understanding.vocabularies import vocabulary_of

FORMS = {
    "es": "educación educaciones | público públicos pública públicas | región regiones | raíz raíces | país países",
    "pt": "educação educações | coração corações | hospital hospitais | imóvel imóveis | mão mãos | alemão alemães",
    "fr": "école écoles | hôpital hôpitaux | régional régionale régionaux | financé financée financées"
    " | travail travaux | qualité qualités",
    "it": "scuola scuole | pubblico pubblici pubblica pubbliche | servizio servizi | strada strade",
    "de": "Haus Häuser | Straße Straßen | Zuschuss Zuschüsse | öffentlich öffentliche öffentlichen"
    " | Maßnahme Maßnahmen",
    "ru": "дорога дороги дорог дорогой | муниципальный муниципального муниципальная | линия линии линий",
    "en": "road roads | company companies | city cities | building buildings | service services",
    "el": "δρόμος ΔΡΟΜΟΙ δρόμου δρόμων | Κύπρος ΚΥΠΡΟΣ Κύπρου | υπηρεσία υπηρεσίες υπηρεσιών | δαπάνη δαπανών",
    "ro": "școală școli școala | drum drumuri drumului drumurilor | instituție instituții | lucrare lucrări",
    "hu": "iskola iskolák iskolát | kórház kórházak | önkormányzat önkormányzatok önkormányzati | épület épületek",
    "tr": "belediye belediyeler belediyesi | yol yollar yolları yolu | yatırım yatırımları | köprü köprüler köprüsü",
    "sv": "väg vägar vägen | skola skolor skolan | kostnad kostnader kostnaden",
    "da": "vej veje vejen | kommune kommuner kommunen | tilskud tilskuddet",
    "no": "veg veger vegen | skole skoler skolen | tilskudd tilskuddet",
    "fi": "koulu koulut koulun koulussa | tie tiet tien | avustus avustukset avustuksen | päiväkoti päiväkodit",
    "nl": "school scholen | straat straten | uitgave uitgaven | weg wegen | gebouw gebouwen | brug bruggen",
    "ar": "طريق الطريق | بلدية البلدية بلديات",
    "ca": "escola escoles | carretera carreteres | subvenció subvencions",
    "hr": "općina općine općini općinama | škola školu školi | grad grada gradovi | trošak troškovi | odsjek odsjeci",
    "sr": "општина општине општини | škola škole",
    "sl": "občina občine občin občinam | cesta ceste cesti",
    "pl": "droga drogi dróg drodze | szkoła szkoły szkole | wydatek wydatki wydatków | publiczny publiczna publicznych",
    "cs": "škola školy škole | rozpočet rozpočtu rozpočty | silnice silnic",
    "uk": "школа школи школі | громада громади громад",
    "bg": "община общини общината | училище училища",
    "lt": "mokykla mokyklos mokyklų | kelias keliai kelių",
    "et": "kool kooli koolid koolide",
    "he": "כביש כבישים הכבישים | חינוך החינוך לחינוך | בית הבית",
    "hi": "सड़क सड़कें सड़कों",
}
CASES = [(language, one.split()) for language, groups in FORMS.items() for one in groups.split("|")]


@pytest.mark.parametrize(("language", "group"), CASES, ids=lambda one: one if isinstance(one, str) else one[0])
def test_each_form_finds_the_others(language: str, group: list[str]) -> None:
    group = [words(one)[0] for one in group]
    vocabulary = Remembered(vocabulary_of(*group))
    for word in group:
        assert set(forms_of(word, vocabulary, [language])) == set(group)


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("en", "road", "roadwork"),
        ("es", "plan", "planta"),
        ("de", "haus", "haushalt"),
        ("hr", "grant", "grand"),
        ("hr", "cesta", "cestovni"),
        ("pl", "droga", "drogeria"),
        ("he", "כביש", "כבישון"),
        ("xx", "roads", "road"),
        ("el", "road", "roads"),
    ],
)
def test_other_words_are_no_forms(language: str, word: str, other: str) -> None:
    assert forms_of(word, Remembered(vocabulary_of(word, other)), [language]) == {word: ()}


def test_short_words_have_no_forms_and_are_not_looked_up() -> None:
    assert forms_of("of", Remembered(vocabulary_of("off")), ["en"]) == {"of": ()}


def test_a_word_that_is_not_there_has_the_forms_that_are() -> None:
    assert forms_of("roads", Remembered(vocabulary_of("road")), ["en"]) == {"road": ("en",)}
    assert forms_of("roads", Remembered(vocabulary_of("rail")), ["en"]) == {}


def test_forms_are_few_and_the_most_frequent_ones() -> None:
    many = [f"haus{a}{b}" for a in ("e", "es", "er", "ern", "en", "ung") for b in ("", "e", "en", "es", "er", "ern")]
    found = forms_of("haus", Remembered(vocabulary_of("haus", *many, *["hauser"] * 3)), ["de"])
    assert list(found)[:2] == ["haus", "hauser"]
    assert len(found) <= MOST_FORMS


def test_forms_are_found_among_very_many_words_with_the_same_beginning() -> None:
    crowd = [f"school{number:04}".translate(str.maketrans("0123456789", "bcdfghjkmp")) for number in range(2000)]
    found = forms_of("schools", Remembered(vocabulary_of("school schools", *crowd)), ["en", "fr"])
    assert {"school", "schools"} <= set(found)


def test_a_number_right_behind_a_word_makes_a_form_of_it() -> None:
    assert forms_of("covid", Remembered(vocabulary_of("covid covid19 covidien")), []) == {"covid": (), "covid19": ()}


@pytest.mark.parametrize(("word", "other"), [("las", "laser"), ("local", "localidad"), ("and", "anders")])
def test_stems_that_go_too_far_are_not_followed(word: str, other: str) -> None:
    assert forms_of(word, Remembered(vocabulary_of(word, other)), ["es", "de", "en"]) == {word: ()}


def test_a_form_says_which_languages_know_it() -> None:
    vocabulary = Remembered(vocabulary_of("police policies policing policial općine općina"))
    assert forms_of("police", vocabulary, ["en", "es"]) == {"police": (), "policing": ("en",)}
    assert forms_of("opcina", vocabulary, ["sl", "en", "hr", "bs"])["opcine"] == ("bs", "hr", "sl")
    assert "post" not in forms_of("posta", Remembered(vocabulary_of("posta post")), ["en"])


@pytest.mark.parametrize(
    ("language", "word", "form"),
    [("en", "car", "cars"), ("en", "tax", "taxes"), ("es", "mes", "meses"), ("fr", "mur", "murs")],
)
def test_words_of_three_letters_have_a_plural(language: str, word: str, form: str) -> None:
    for one, other in [(word, form), (form, word)]:
        assert forms_of(one, Remembered(vocabulary_of(word, form)), [language]) == {one: (), other: (language,)}


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [("es", "car", "care"), ("es", "car", "caro"), ("fr", "car", "care"), ("pl", "war", "warta"), ("en", "us", "use")],
)
def test_words_of_three_letters_have_no_other_forms(language: str, word: str, other: str) -> None:
    assert forms_of(word, Remembered(vocabulary_of(word, other)), [language]) == {word: ()}
    assert forms_of(other, Remembered(vocabulary_of(word, other)), [language]) == {other: ()}


def test_a_word_that_ends_as_none_of_a_language_does_has_no_forms_in_it() -> None:
    vocabulary = Remembered(vocabulary_of("institut instituto institute"))
    assert "instituto" not in forms_of("institut", vocabulary, ["es", "pt", "it"])
    assert "institute" in forms_of("institut", vocabulary, ["es", "de"])
