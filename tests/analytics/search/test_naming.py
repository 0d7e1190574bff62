"""What datasets are called by people: their titles, owners, keywords and countries."""

from __future__ import annotations

from openspending.analytics.search.languages import country_names
from openspending.analytics.search.naming import names_of
from tests.analytics.search.prepared_rows import made


def test_a_country_has_a_name_in_english_and_in_its_own_languages() -> None:
    assert country_names("ES") == ("Spain", "España")
    assert set(country_names("BE")) == {"Belgium", "België", "Belgique", "Belgien"}
    assert country_names("MX")[0] == "Mexico"
    assert country_names("NO") == ("Norway", "Norge")
    assert country_names("XX") == ()


def test_a_dataset_is_called_by_its_title_address_keywords_and_countries() -> None:
    record = made(1, [], title="Gastos de Aragón", keywords=("Open data",), countries=("ES",)).record
    assert set(names_of(record)) == {
        ("gastos", "de", "aragon"),
        ("demo",),
        ("d1",),
        ("open", "data"),
        ("spain",),
        ("espana",),
    }
