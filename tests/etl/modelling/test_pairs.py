"""A code and its name are found by their headers, their places, and each code having one name."""

from __future__ import annotations

from collections.abc import Sequence

from openspending.etl.modelling.pairs import Dependencies
from tests.etl.modelling.columns import Cells, engine, loaded
from tests.etl.modelling.test_roles import AMOUNTS, CODES, NAMES, proposed_for


def pairs(labels: Sequence[str], *columns: Cells) -> tuple[tuple[str, str], ...]:
    return proposed_for(labels, *columns).pairs


def test_the_name_may_stand_before_its_code_or_far_away() -> None:
    assert pairs(["Vendor Name", "Vendor ID"], NAMES, CODES) == (("Vendor ID", "Vendor Name"),)
    far = ["UE_NOMBRE", "Importe", "Nota", "Otra", "UE_ID"]
    assert pairs(far, NAMES, AMOUNTS, [""] * 6, ["x", "y"] * 3, CODES) == (("UE_ID", "UE_NOMBRE"),)


def test_an_abbreviation_stands_for_its_words() -> None:
    assert pairs(["ID_UR", "Unidad_Responsable"], CODES, NAMES) == (("ID_UR", "Unidad_Responsable"),)


def test_an_inflected_word_is_the_same_word() -> None:
    codes, names = (
        ["311", "312", "313", "321", "322", "323"],
        ["Plaće", "Ostalo", "Doprinosi", "Naknade", "Usluge", "Roba"],
    )
    assert pairs(["Podskupina stavke", "Naziv podskupine stavke"], codes, names) == (
        ("Podskupina stavke", "Naziv podskupine stavke"),
    )


def test_a_bare_name_belongs_to_the_code_before_it() -> None:
    assert pairs(["Capítulo", "Descripción"], CODES, NAMES) == (("Capítulo", "Descripción"),)


def test_codes_with_several_names_are_no_pair() -> None:
    names = ["Roads", "Schools", "Parks", "Police", "Water", "Waste"]
    assert pairs(["Fund code", "Project name"], ["1", "1", "1", "2", "2", "2"], names) == ()


def test_of_name_and_label_the_name_is_the_code() -> None:
    assert pairs(["pog_label", "pog_name"], ["P37 S1", "P38 S2", "P39 S3"] * 2, ["P37 S1", "P38 S2", "P39 S3"] * 2) == (
        ("pog_name", "pog_label"),
    )


def test_how_far_a_column_determines_another_is_measured_without_blanks() -> None:
    with engine() as connection:
        relation = loaded(connection, ["a", "b", "a", "", None, "c"], ["1", "2", "1", "3", "4", ""], ["x"] * 6)
        known = Dependencies(connection, relation, (0, 1, 2), frozenset({0, 1}))
        assert known.count((0,)) == 3
        assert known.determines((0,), 1) == 100
        assert known.determines((0,), 2) is None
        known.close()
