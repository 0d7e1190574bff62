"""What every search engine must do. A class of tests that inherits from these gives them `engine`, an engine that is
its own; `tests/analytics/search/test_engines.py` does so for the embedded one."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain

import pytest

from openspending.analytics.search.engine import Engine, Order, Tally
from openspending.analytics.search.matching import (
    AllOf,
    Amounts,
    AnyOf,
    Begins,
    Code,
    Matching,
    OfDatasets,
    Phrase,
    Spoken,
    Tree,
    Words,
)
from openspending.analytics.search.record import Cell, Measure, Record
from tests.analytics.search.prepared_rows import Row, Rows, made, put

MANY = 2**60 + 1  # more than a floating point number holds exactly

CITY = made(
    1,
    [
        Row(("Health care", "09.1"), (MANY, 5)),
        Row(("Health care of roads", "09.10"), (MANY, None)),
        Row(("Primary health", "1101-23"), (-2 * MANY - 3, 7), cell=1),
        Row(("Care", "Of roads"), (None, None), cell=1),
        Row(("École à Łódź", "東京都杉並区"), (12345, -1), cell=2),
        Row((None, "Nothing else"), (12344, 0), cell=2),
    ],
    title="Budget of the city",
    description="What is spent on schools.\nIn all years.",
    named=[("09.1", "Health care", 7), ("09.10", "Care of health", 900), ("3", "Healthy food", 50)],
    about="health care school",
    languages=("es", "ca"),
)
STATE = made(
    2,
    [Row(("Health", f"Office {number}"), (number * 100,)) for number in range(1, 31)]
    + [Row(("Roads", "Office 1"), (1,), cell=5)],
    title="Health of the state",
    keywords=("clinics",),
    author="Ministry of Order",
    measures=(Measure("eur", "Euros", 1, 20),),
    named=[("h", "Health", 30), *((f"u{number}", f"Unit {number}", number) for number in range(1, 200))],
    about="roads office",
)
WORLD = (CITY, STATE)


def ids(rows: Rows, *cells: int) -> frozenset[int]:
    """The ids of cells of a dataset; of all of them when none are named."""
    known = rows.record.cells
    return frozenset(rows.record.cell_id(cell) for cell in known if not cells or cell.number in cells)


class ReadingContract:
    """Claims about what is asked of an index with two datasets."""

    @pytest.fixture(scope="class")
    @classmethod
    def filled(cls, engine: Engine) -> Engine:
        with engine.writing() as writer:
            writer.clear()
            writer.commit()
        put(engine, *WORLD)
        return engine

    def facts(self, filled: Engine, tree: Tree | None, cells: Collection[int] | None = None) -> set[str]:
        among = None if cells is None else frozenset(cells)
        return {line.fact for line in filled.lines(Matching(tree, among), "relevance", 100)}

    def test_records_come_back_as_they_went_in(self, filled: Engine) -> None:
        assert dict(filled.records()) == {"demo/d1": CITY.record, "demo/d2": STATE.record}

    def test_sums_are_exact_where_floating_point_numbers_are_not(self, filled: Engine) -> None:
        found = filled.tallies(Matching(Words(("health",)), ids(CITY)))
        first, second, _ = sorted(ids(CITY))
        assert found == {first: Tally(2, (2 * MANY, 5)), second: Tally(1, (-2 * MANY - 3, 7))}

    def test_without_a_tree_all_lines_of_the_cells_are_counted(self, filled: Engine) -> None:
        first, second, third = sorted(ids(CITY))
        assert filled.tallies(Matching(cells=frozenset((second, third)))) == {
            second: Tally(2, (-2 * MANY - 3, 7)),
            third: Tally(2, (24689, -1)),
        }
        every = filled.tallies(Matching())
        assert sum(tally.lines for tally in every.values()) == 37
        assert every[min(ids(STATE))].sums == (46_500,)
        assert first in every

    def test_cells_that_are_not_in_the_index_have_no_lines(self, filled: Engine) -> None:
        nowhere = Matching(Words(("health",)), frozenset((77 << 20, 1)))
        assert filled.tallies(nowhere) == {}
        assert filled.lines(nowhere, "relevance", 10) == []
        assert filled.tallies(Matching(cells=frozenset())) == {}

    def test_any_form_of_a_word_matches_and_all_parts_must(self, filled: Engine) -> None:
        assert self.facts(filled, Words(("road", "roads")), ids(CITY)) == {"1-001", "1-003"}
        assert self.facts(filled, AllOf((Words(("health",)), Words(("roads",))))) == {"1-001"}
        assert self.facts(filled, AnyOf((Words(("primary",)), Words(("nothing",))))) == {"1-002", "1-005"}
        assert self.facts(filled, Words(("heal",))) == set()

    def test_forms_of_a_language_are_found_where_that_is_spoken_or_nobody_knows(self, filled: Engine) -> None:
        for language, lines in [("ca", 33), ("en", 30)]:  # STATE says no language
            spoken = Spoken((language,), ("health",))
            assert sum(one.lines for one in filled.tallies(Matching(spoken)).values()) == lines
        either = AnyOf((Words(("care",)), Spoken(("en", "fr"), ("roads",))))
        assert self.facts(filled, either) == {"1-000", "1-001", "1-003", "2-030"}
        assert self.facts(filled, AllOf((Words(("care",)),), without=(Spoken(("ca",), ("roads",)),))) == {"1-000"}
        assert {uid for uid, _ in filled.datasets(Spoken(("en",), ("health", "school")), None)} == {2}
        assert {uid for uid, _ in filled.datasets(Spoken(("es",), ("health", "school")), None)} == {1, 2}

    def test_datasets_may_stand_for_a_word(self, filled: Engine) -> None:
        named = AnyOf((Words(("city",)), OfDatasets((1, 77))))
        assert self.facts(filled, AllOf((Words(("health",)), named))) == {"1-000", "1-001", "1-002"}
        assert self.facts(filled, named) == {f"1-00{number}" for number in range(6)}
        assert self.facts(filled, named, ids(CITY, 1) | ids(STATE)) == {"1-002", "1-003"}
        assert self.facts(filled, OfDatasets(())) == self.facts(filled, OfDatasets((77,))) == set()
        assert sum(one.lines for one in filled.tallies(Matching(AnyOf((named, OfDatasets((2,)))))).values()) == 37
        assert {uid for uid, _ in filled.datasets(AllOf((Words(("health",)), OfDatasets((2,)))), None)} == {2}
        roads = filled.lines(Matching(AnyOf((Words(("roads",)), OfDatasets((1,)))), ids(CITY)), "relevance", 9)
        assert {line.fact for line in roads[:2]} == {"1-001", "1-003"}
        assert len(roads) == 6

    def test_excluded_words_are_left_out_with_and_without_others(self, filled: Engine) -> None:
        care = AllOf((Words(("care",)),), without=(Words(("roads",)),))
        assert self.facts(filled, care) == {"1-000"}
        rest = AllOf((), without=(Words(("health", "care")), Words(("nothing",))))
        assert self.facts(filled, rest) == {"1-004", "2-030"}

    def test_words_of_a_phrase_stand_next_to_each_other_in_one_value(self, filled: Engine) -> None:
        assert self.facts(filled, Phrase(("care", "of", "roads"))) == {"1-001"}
        assert self.facts(filled, Phrase(("roads",)), ids(CITY)) == {"1-001", "1-003"}
        assert self.facts(filled, Phrase(("care", "health"))) == set()

    def test_other_scripts_are_found_as_words_make_them(self, filled: Engine) -> None:
        assert self.facts(filled, Words(("ecole",))) == {"1-004"}
        assert self.facts(filled, Phrase(("杉", "並"))) == {"1-004"}
        assert self.facts(filled, Phrase(("京", "杉"))) == set()

    def test_words_and_codes_are_found_by_how_they_begin(self, filled: Engine) -> None:
        assert self.facts(filled, Begins("text", "prim")) == {"1-002"}
        assert self.facts(filled, Begins("code", "9.1.")) == {"1-000"}
        assert self.facts(filled, Begins("code", "091")) == {"1-000", "1-001"}
        assert self.facts(filled, Begins("code", "1101.")) == {"1-002"}
        assert self.facts(filled, Begins("code", "9,1")) == set()

    def test_codes_are_found_whole(self, filled: Engine) -> None:
        assert self.facts(filled, Code("9.1.")) == self.facts(filled, Code("091")) == {"1-000"}
        assert self.facts(filled, Code("110123")) == self.facts(filled, Code("1101.23.")) == {"1-002"}
        assert self.facts(filled, Code("1101")) == self.facts(filled, Code("1101.")) == set()
        assert filled.datasets(Code("9.1."), None) == []

    @pytest.mark.parametrize(
        ("least", "most", "facts"),
        [
            ("123.45", None, {"1-000", "1-001", "1-004"}),
            ("123.44", "123.45", {"1-004", "1-005"}),
            ("123.445", "123.455", {"1-004"}),
            (None, "0.05", {"1-000", "1-002", "1-004", "1-005"}),
            ("0.05", "0.07", {"1-000", "1-002"}),
            (str(Decimal(MANY) / 100), str(Decimal(MANY) / 100), {"1-000", "1-001"}),
            (str(Decimal(MANY + 1) / 100), None, set()),
            ("1e60", None, set()),
            ("-1e60", "1e60", {"1-000", "1-001", "1-002", "1-004", "1-005"}),
            (None, None, {"1-000", "1-001", "1-002", "1-004", "1-005"}),
            ("2", "1", set()),
        ],
    )
    def test_amounts_are_compared_exactly(
        self, filled: Engine, least: str | None, most: str | None, facts: set[str]
    ) -> None:
        bounds = Amounts(*(None if bound is None else Decimal(bound) for bound in (least, most)))
        found = filled.lines(Matching(cells=ids(CITY), amounts=bounds), "relevance", 100)
        assert {line.fact for line in found} == facts
        counted = filled.tallies(Matching(cells=ids(CITY), amounts=bounds))
        assert sum(tally.lines for tally in counted.values()) == len(facts)

    def test_amounts_of_each_dataset_are_read_with_its_own_decimals(self, filled: Engine) -> None:
        found = filled.lines(Matching(amounts=Amounts(Decimal(120), Decimal(130))), "smallest", 100)
        assert [line.fact for line in found] == ["2-011", "1-005", "1-004", "2-012"]

    def test_a_line_has_its_values_and_amounts_in_the_order_of_the_record(self, filled: Engine) -> None:
        (line,) = filled.lines(Matching(Phrase(("nothing", "else"))), "relevance", 10)
        assert (line.cell, line.fact) == (max(ids(CITY)), "1-005")
        assert (line.values, line.amounts) == ((None, "Nothing else"), (12344, 0))
        (line,) = filled.lines(Matching(Phrase(("of", "roads")), ids(CITY, 1)), "relevance", 10)
        assert (line.values, line.amounts) == (("Care", "Of roads"), (None, None))

    def test_by_relevance_what_was_asked_for_comes_before_its_other_forms(self, filled: Engine) -> None:
        found = filled.lines(Matching(Words(("primary", "care")), ids(CITY)), "relevance", 10)
        assert found[0].fact == "1-002"
        assert [line.score for line in found] == sorted((line.score for line in found), reverse=True)

    def test_among_lines_that_match_equally_the_largest_come_first(self, filled: Engine) -> None:
        found = filled.lines(Matching(Words(("health",)), ids(STATE)), "relevance", 100)
        assert [line.amounts[0] for line in found] == [number * 100 for number in range(30, 0, -1)]

    def test_by_amount_lines_without_one_come_last(self, filled: Engine) -> None:
        largest = filled.lines(Matching(cells=ids(CITY)), "largest", 10)
        assert [line.fact[-1] for line in largest] == ["0", "1", "4", "5", "2", "3"]
        smallest = filled.lines(Matching(cells=ids(CITY)), "smallest", 10)
        assert [line.fact[-1] for line in smallest] == ["2", "5", "4", "0", "1", "3"]

    def test_by_newest_lines_come_dataset_by_dataset(self, filled: Engine) -> None:
        found = filled.lines(Matching(Words(("roads",))), "newest", 10)
        assert found[0].fact == "2-030"
        assert {line.fact for line in found[1:]} == {"1-001", "1-003"}

    @pytest.mark.parametrize("order", ["relevance", "newest", "largest", "smallest"])
    def test_pages_are_the_whole_in_pieces(self, filled: Engine, order: Order) -> None:
        matching = Matching(Words(("health", "roads")))
        whole = [line.fact for line in filled.lines(matching, order, 100)]
        assert len(whole) == len(set(whole)) == 35
        pages = [[line.fact for line in filled.lines(matching, order, 9, offset)] for offset in range(0, 45, 9)]
        assert [fact for page in pages for fact in page] == whole
        assert filled.lines(matching, order, 0) == []

    def test_a_title_counts_more_than_a_member(self, filled: Engine) -> None:
        found = filled.datasets(Words(("health",)), None)
        assert [uid for uid, _ in found] == [2, 1]
        assert found[0][1] > found[1][1]

    def test_datasets_are_found_by_all_that_describes_them(self, filled: Engine) -> None:
        asked: list[tuple[Tree, set[int]]] = [
            (Words(("clinics",)), {2}),
            (Phrase(("ministry", "of")), {2}),
            (Phrase(("schools", "in")), set()),
            (Words(("demo",)), {1, 2}),
            (Begins("text", "stat"), {2}),
            (AllOf((Words(("budget",)), Words(("school",)))), {1}),
            (AllOf((), without=(Words(("city",)),)), {2}),
            (Begins("code", "9"), set()),
        ]
        for tree, uids in asked:
            assert {uid for uid, _ in filled.datasets(tree, None)} == uids, tree

    def test_datasets_are_those_that_one_may_see(self, filled: Engine) -> None:
        assert [uid for uid, _ in filled.datasets(Words(("health",)), {1, 9})] == [1]
        assert {uid for uid, _ in filled.datasets(None, None)} == {1, 2}
        assert filled.datasets(None, ()) == []

    def test_members_are_found_by_their_words_in_a_row_most_used_first(self, filled: Engine) -> None:
        assert [one.label for one in filled.members(["health"], None, 10)] == [
            "Care of health",
            "Healthy food",
            "Health",
            "Health care",
        ]
        assert [one.label for one in filled.members(["health", "c"], None, 10)] == ["Health care"]
        assert [one.code for one in filled.members(["9", "1"], None, 10)] == []
        assert [one.code for one in filled.members(["09", "1"], None, 10)] == ["09.10", "09.1"]
        assert [one.label for one in filled.members(["heal"], {2}, 10)] == ["Health"]
        assert [one.lines for one in filled.members(["heal"], None, 2)] == [900, 50]
        assert filled.members([], None, 10) == []

    def test_members_are_found_where_many_words_begin_alike(self, filled: Engine) -> None:
        assert [one.label for one in filled.members(["unit", "1"], None, 3)] == ["Unit 199", "Unit 198", "Unit 197"]
        assert [one.label for one in filled.members(["unit", "12"], None, 2)] == ["Unit 129", "Unit 128"]
        assert filled.members(["1", "unit"], None, 3) == []

    def test_a_member_says_where_it_is_from(self, filled: Engine) -> None:
        (one,) = filled.members(["healthy"], None, 10)
        assert (one.uid, one.ref, one.code, one.label, one.lines) == (1, "c0", "3", "Healthy food", 50)

    def test_words_are_those_of_lines_that_one_may_see(self, filled: Engine) -> None:
        assert filled.vocabulary("hea", None, 10) == [("health", 33)]
        assert filled.vocabulary("hea", ids(CITY), 10) == [("health", 3)]
        assert filled.vocabulary("hea", ids(STATE, 5), 10) == []
        assert dict(filled.vocabulary("o", ids(CITY) | ids(STATE, 5), 10)) == {"of": 2, "office": 1}
        assert filled.vocabulary("", ids(STATE), 2) == [("office", 31), ("health", 30)]
        assert filled.vocabulary("clin", None, 10) == []

    def test_what_is_found_is_what_a_look_at_every_line_finds(self, filled: Engine) -> None:
        chance = random.Random(3)
        for _ in range(60):
            tree, cells = any_tree(chance, 2), frozenset(chance.sample(sorted(ids(CITY) | ids(STATE)), 3))
            expected = {
                f"{rows.record.uid}-{number:03}"
                for rows in WORLD
                for number, row in enumerate(rows.rows)
                if rows.record.uid << 20 | row.cell in cells and matches(rows.record, row, tree)
            }
            assert self.facts(filled, tree, cells) == expected, tree


class WritingContract:
    """Claims about changes; each begins with an empty index."""

    @pytest.fixture
    def empty(self, engine: Engine) -> Engine:
        with engine.writing() as writer:
            writer.clear()
            writer.commit()
        return engine

    def test_an_empty_index_answers(self, empty: Engine) -> None:
        assert dict(empty.records()) == {}
        assert empty.tallies(Matching()) == {}
        assert empty.lines(Matching(Words(("a",))), "newest", 10) == []
        assert (empty.datasets(None, None), empty.members(["a"], None, 5), empty.vocabulary("", None, 5)) == (
            [],
            [],
            [],
        )

    def test_forms_of_languages_are_found_in_datasets_of_their_own(self, empty: Engine) -> None:
        row = Row(("policies",), (1,))
        english, french, both = (("en",), 3), (("fr",), 1), (("fr", "en"), 1)
        rows = [
            made(uid, [row] * count, languages=said) for uid, (said, count) in enumerate([english, french, both], 1)
        ]
        put(empty, *rows)
        for languages, uids in [(("en",), [1, 3]), (("fr",), [2, 3]), (("es", "fr"), [2, 3]), (("es",), [])]:
            tree = AnyOf((Words(("police",)), Spoken(languages, ("policies",))))
            assert sorted(empty.tallies(Matching(tree))) == [uid << 20 for uid in uids], languages
            among = Matching(AllOf((Words(("policies",)), tree)), frozenset((1 << 20, 2 << 20)))
            assert sorted(empty.tallies(among)) == [uid << 20 for uid in uids if uid < 3], languages
        assert empty.lines(Matching(Spoken(("es",), ("policies",))), "newest", 5) == []
        assert len(empty.lines(Matching(AllOf((), (Spoken(("en",), ("policies",)),))), "newest", 5)) == 1

    def test_a_word_counts_more_than_a_form_of_it(self, empty: Engine) -> None:
        put(empty, made(1, [Row(("roads",), (9,)), Row(("road",), (1,))], languages=("en",)))
        tree = AnyOf((Words(("road",)), Spoken(("en",), ("roads",))))
        assert [line.values for line in empty.lines(Matching(tree), "relevance", 5)] == [("road",), ("roads",)]

    def test_a_whole_code_counts_more_than_one_that_begins_with_it(self, empty: Engine) -> None:
        codes = ("09.1.1", "09.1", "09.1.2.3")
        put(empty, made(1, [Row((code, "text"), (number,)) for number, code in enumerate(codes)]))
        tree = AnyOf((Code("091"), Code("9.1."), Begins("code", "9.1."), Phrase(("09", "1"))))
        found = empty.lines(Matching(tree), "relevance", 5)
        assert found[0].values[0] == "09.1"
        assert {line.values[0] for line in found} == set(codes)

    def test_how_many_lines_are_in_is_said_on_the_way(self, empty: Engine) -> None:
        with empty.writing() as writer:
            said = list(writer.add(STATE.record, STATE))
        assert said == sorted(said)
        assert said[-1] == 31
        assert len(said) > 1

    def test_what_was_not_committed_is_dropped(self, empty: Engine) -> None:
        with empty.writing() as writer:
            list(writer.add(CITY.record, CITY))
        assert dict(empty.records()) == {}
        put(empty, STATE)
        assert list(empty.records()) == ["demo/d2"]
        assert empty.vocabulary("primary", None, 5) == []

    def test_a_dataset_is_replaced_at_once(self, empty: Engine) -> None:
        put(empty, made(4, [Row(("old words",), (1,))], name="one"))
        new = made(5, [Row(("new words",), (2,)), Row(("new again",), (3,))], name="one", revision=2)
        with empty.writing() as writer:
            writer.remove(4)
            list(writer.add(new.record, new))
            assert [one.uid for one in empty.records().values()] == [4]
            assert [line.fact for line in empty.lines(Matching(), "newest", 5)] == ["4-000"]
            writer.commit()
            assert [one.uid for one in empty.records().values()] == [5]
        assert empty.tallies(Matching()) == {5 << 20: Tally(2, (5,))}
        assert empty.vocabulary("", None, 5) == [("new", 2), ("again", 1), ("words", 1)]
        assert [uid for uid, _ in empty.datasets(None, None)] == [5]

    def test_a_removed_dataset_leaves_nothing(self, empty: Engine) -> None:
        put(empty, *WORLD)
        with empty.writing() as writer:
            writer.remove(1)
            writer.remove(77)
            writer.commit()
        assert list(empty.records()) == ["demo/d2"]
        assert empty.tallies(Matching(Words(("care",)))) == {}
        assert [one.label for one in empty.members(["health"], None, 5)] == ["Health"]
        assert empty.vocabulary("ca", None, 5) == []

    def test_a_number_that_is_used_again_means_the_new_dataset(self, empty: Engine) -> None:
        put(empty, CITY)
        empty.tallies(Matching())
        with empty.writing() as writer:
            writer.clear()
            writer.commit()
        put(empty, made(1, [Row(("Other",), (9,))]))
        assert empty.records()["demo/d1"].title == "Dataset 1"
        assert empty.tallies(Matching()) == {1 << 20: Tally(1, (9,))}

    def test_a_dataset_may_have_more_measures_than_any_other(self, empty: Engine) -> None:
        amounts = tuple(1 << number for number in range(70))
        put(empty, made(3, [Row(("a",), amounts), Row(("a",), amounts)]), CITY)
        assert empty.tallies(Matching(Words(("a",))))[3 << 20] == Tally(2, tuple(2 * one for one in amounts))
        (first, second) = empty.lines(Matching(amounts=Amounts(Decimal(1 << 69) / 100)), "largest", 5)
        assert first.amounts == second.amounts == amounts

    def test_amounts_too_large_for_sums_are_found_and_shown_nevertheless(self, empty: Engine) -> None:
        large = 10**38 - 1
        rows = [Row(("a",), (large,)), Row(("a",), (-large,)), Row(("a",), (large - 1,))]
        put(empty, made(3, rows, measures=(Measure("m", "M", 0, 0),)))
        assert empty.tallies(Matching()) == {3 << 20: Tally(3, (0,))}
        assert [one.amounts for one in empty.lines(Matching(), "largest", 5)] == [(large,), (large - 1,), (-large,)]
        for bounds, count in [(Amounts(Decimal(large)), 1), (Amounts(None, Decimal(large - 1)), 2)]:
            assert empty.tallies(Matching(amounts=bounds))[3 << 20].lines == count

    def test_a_dataset_may_have_no_lines_no_measures_and_no_members(self, empty: Engine) -> None:
        put(empty, made(8, [], cells=(Cell(0, 0),)), made(9, [Row(("word",))]))
        assert set(empty.records()) == {"demo/d8", "demo/d9"}
        assert empty.tallies(Matching()) == {9 << 20: Tally(1, ())}
        (line,) = empty.lines(Matching(Words(("word",))), "largest", 5)
        assert line.amounts == ()

    def test_lines_of_the_same_time_are_in_one_order(self, empty: Engine) -> None:
        at = datetime(2021, 5, 5, tzinfo=UTC)
        put(empty, *(made(uid, [Row(("same",), (7,))] * 3, created=at) for uid in (11, 12, 13)))
        for order in ("relevance", "newest", "largest", "smallest"):
            whole = [line.fact for line in empty.lines(Matching(Words(("same",))), order, 9)]
            pages = [line.fact for at in range(9) for line in empty.lines(Matching(Words(("same",))), order, 1, at)]
            assert pages == whole
            assert len(set(whole)) == 9


def any_tree(chance: random.Random, depth: int) -> Tree:
    """Some tree of words that are, and are not, in the two datasets."""
    some = ["health", "care", "roads", "of", "office", "primary", "else", "none", "1"]
    if depth and chance.random() < 0.6:
        parts = tuple(any_tree(chance, depth - 1) for _ in range(chance.randint(1, 3)))
        if chance.random() < 0.4:
            return AnyOf(parts)
        return AllOf(parts[1:], tuple(parts[:1])) if chance.random() < 0.5 else AllOf(parts)
    leaves: list[Tree] = [
        Words(tuple(chance.sample(some, 2))),
        Phrase(tuple(chance.sample(some, 2))),
        Begins("text", chance.choice(some)[:2]),
        Begins("code", chance.choice(["0", "9.", "11", "7"])),
        Code(chance.choice(["091", "9.1.", "110123", "11"])),
        OfDatasets(tuple(chance.sample([1, 2, 3], 2))),
        Spoken((chance.choice(["ca", "en", "es"]),), tuple(chance.sample(some, 2))),
    ]
    return chance.choice(leaves)


def matches(record: Record, row: Row, tree: Tree) -> bool:
    """Whether a line matches, by its values and without an index."""
    texts, codes = row.words()
    match tree:
        case Words(forms):
            return any(form in text for form in forms for text in texts)
        case Spoken(languages, forms):
            spoken = not record.languages or not set(record.languages).isdisjoint(languages)
            return spoken and any(form in text for form in forms for text in texts)
        case Code(code):
            return code in codes
        case OfDatasets(uids):
            return record.uid in uids
        case Phrase(asked):
            return any(tuple(text[at : at + len(asked)]) == asked for text in texts for at in range(len(text)))
        case Begins(field, start):
            return any(one.startswith(start) for one in (codes if field == "code" else chain(*texts)))
        case AnyOf(parts):
            return any(matches(record, row, part) for part in parts)
        case AllOf(parts, without):
            left_out = any(matches(record, row, part) for part in without)
            return all(matches(record, row, part) for part in parts) and not left_out
