"""Profiles count what stands in a column: all of it in a small table, a fair sample in a large one."""

from __future__ import annotations

import duckdb
import pytest

from openspending.etl.modelling.evidence import cells, form_of
from openspending.etl.modelling.profiling import profile
from openspending.etl.modelling.strays import with_strays
from openspending.etl.modelling.writing import writing
from tests.etl.modelling.columns import engine, loaded, profiled


def test_texts_are_counted_without_their_outer_spaces_and_blanks_are_none() -> None:
    found = profiled([" a ", "a", "\u00a0b\t", "", "  ", None])
    assert (found.rows, found.filled, found.distinct, found.padded) == (6, 3, 2, 2)
    assert found.values == (("a", 2), ("b", 1))
    assert found.longest == 3
    assert found.complete


def test_shapes_keep_everything_but_digits_and_letters() -> None:
    found = profiled(["AB-12.5", "Żółć-34.6", "7"])
    assert found.shapes == (("a-99.9", 2, "AB-12.5"), ("9", 1, "7"))


def test_forms_tell_leading_zeros_and_stay_few_however_long_numbers_are() -> None:
    found = profiled(["0.125", "007", "1234567", "123456789"])
    assert {form: count for form, count, _ in found.forms} == {"0.999": 1, "099": 1, "9999": 2}
    assert all(form_of(example) == form for form, _, example in found.forms)


def test_a_column_without_texts_has_an_empty_profile() -> None:
    found = profiled([None, "", " "])
    assert (found.rows, found.filled, found.distinct, found.values, found.forms) == (3, 0, 0, (), ())


def test_only_the_rows_of_the_condition_are_looked_at() -> None:
    with engine() as connection:
        relation = loaded(connection, ["1", "2", "total"], ["a", "b", "c"])
        found = profile(connection, relation, ["x", "y"], condition="f0 <> 'total'")
    assert [one.rows for one in found] == [2, 2]
    assert [one.label for one in found] == ["x", "y"]


def test_of_a_large_table_the_beginning_the_end_and_rows_in_between_are_looked_at() -> None:
    numbers = [str(one) for one in range(30_000)]
    with engine() as connection:
        found = profile(connection, loaded(connection, numbers), ["n"], most_rows=900)[0]
    assert not found.complete
    assert 700 <= found.rows <= 1_100
    seen = {int(text) for text, _ in found.values}
    assert set(range(300)) <= seen
    assert set(range(29_700, 30_000)) <= seen
    assert len({one // 3_000 for one in seen}) == 10


def test_each_file_of_a_large_table_is_looked_at() -> None:
    files = [0] * 5_000 + [1] * 20 + [2] * 5_000
    with engine() as connection:
        relation = loaded(connection, [str(one) for one in files], files=files)
        found = profile(connection, relation, ["file"], most_rows=300)[0]
    assert {text for text, _ in found.values} == {"0", "1", "2"}
    assert dict(found.values)["1"] == 20


def test_a_table_of_many_columns_is_profiled_in_the_order_of_its_columns() -> None:
    columns = [[str(number)] for number in range(40)]
    with engine() as connection:
        found = profile(connection, loaded(connection, *columns), [f"c{number}" for number in range(40)])
    assert [one.position for one in found] == list(range(40))
    assert [one.values[0][0] for one in found] == [str(number) for number in range(40)]


def test_cells_that_are_not_listed_count_for_the_example_of_their_form() -> None:
    found = profiled([*(f"{number}.5" for number in range(10_000, 14_000)), "1.234.567"])
    texts = cells(found)
    assert "1.234.567" in texts
    assert sum(texts.values()) == 4_001


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_what_the_sample_did_not_show_is_asked_all_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    column = [f"{number}.50" for number in range(9_000)]
    column[4_321] = "withdrawn"
    column[5_432] = "1.234.567,50"
    relation = loaded(connection, column)
    profiles = profile(connection, relation, ["Amount"], most_rows=60)
    first = [writing(one) for one in profiles]
    _, (found,) = with_strays(connection, relation, profiles, first)
    asked = {one.id: one for one in found.proposals}
    assert asked["column:Amount:words"].best.effect == {"missingValues": ["withdrawn"]}
    assert found.props["replace"] == {"1.234.567,50": "1234567.50"}


def test_a_sample_that_showed_everything_stays_as_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    relation = loaded(connection, [f"{number}.50" for number in range(9_000)])
    profiles = profile(connection, relation, ["Amount"], most_rows=60)
    first = (writing(profiles[0]),)
    assert with_strays(connection, relation, profiles, first) == (profiles, first)
