"""Levels stand in their order: as headers number them, as codes lie below each other, as columns follow."""

from __future__ import annotations

from tests.etl.modelling.test_roles import AMOUNTS, proposed_for, types

PARENTS = ["1", "1", "1", "2", "2", "2"]
CHILDREN = ["11", "12", "13", "21", "22", "23"]


def test_numbers_in_headers_are_the_levels() -> None:
    found = types(proposed_for(["econ3", "econ1", "econ2"], CHILDREN, PARENTS, CHILDREN))
    assert found == [f"economic-classification:generic:level{one}:code" for one in (3, 1, 2)]


def test_small_numbers_are_no_cofog() -> None:
    found = types(proposed_for(["Grupo funcional", "Función"], PARENTS, CHILDREN))
    assert found == [f"functional-classification:generic:level{one}:code" for one in (1, 2)]


def test_a_parent_comes_before_its_children_wherever_it_stands() -> None:
    found = types(proposed_for(["Artículo", "Capítulo", "Importe"], CHILDREN, PARENTS, AMOUNTS))
    assert found[:2] == [f"economic-classification:generic:level{one}:code" for one in (2, 1)]


def test_a_code_unique_only_in_its_parent_is_a_part() -> None:
    labels = ["Clave de la entidad federativa", "Entidad federativa", "Clave del municipio", "Municipio"]
    columns = [
        PARENTS,
        ["Jalisco"] * 3 + ["Puebla"] * 3,
        ["1", "2", "3", "1", "2", "3"],
        ["Acatic", "Acatlan", "Ahualulco", "Acajete", "Acateno", "Acatzingo"],
    ]
    assert types(proposed_for(labels, *columns)) == [
        "geo-source:address:region:code",
        "geo-source:address:region:label",
        "geo-source:address:city:code:part",
        "geo-source:address:city:label",
    ]


def test_a_second_programme_is_a_subprogramme() -> None:
    found = types(proposed_for(["Glavni program", "Program", "Potprogram"], PARENTS, CHILDREN, ["a", "b", "c"] * 2))
    assert found == [f"activity:generic:{one}:code" for one in ("program", "subprogram", "project")]


def test_a_column_that_says_the_same_again_is_no_level() -> None:
    names = ["Kent", "Essex", "Devon", "Dorset", "Surrey", "Kent"]
    others = ["肯特", "埃塞克斯", "德文", "多塞特", "萨里", "肯特"]
    assert types(proposed_for(["region", "region_local"], names, others)) == ["geo-source:address:region:code", None]


def test_more_levels_than_there_are_leave_the_rest_without() -> None:
    labels = [f"Department {letter}" for letter in "abcdefghijk"]
    columns = [[f"{number}{row}" for row in (1, 2, 3, 4, 5, 6)] for number in range(11)]
    found = types(proposed_for(labels, *columns))
    assert len(found) == 11
    assert len({one for one in found if one is not None}) == len([one for one in found if one is not None])
