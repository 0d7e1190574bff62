"""Which rows are proposed to be left out, and that no money is left out without a proof."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.rows import propose_rows
from openspending.fdp.package import Field
from openspending.fdp.values import reading

pytestmark = pytest.mark.slow

HEAD = "Year|Code|Office|Amount"


def proposals(*files: str, amounts: Sequence[str] = ("Amount",), head: str = HEAD) -> list[Proposal]:
    """What is proposed for files whose lines begin in row 2, cells parted by bars."""
    labels = head.split("|")
    lines = [
        (part, row, line.split("|")) for part, text in enumerate(files) for row, line in enumerate(text.split("\n"), 2)
    ]
    columns: list[Any] = [pa.array([part for part, _, _ in lines], pa.int32())]
    columns.append(pa.array([row for _, row, _ in lines], pa.int64()))
    columns += [pa.array([cells[n] for _, _, cells in lines], pa.string()) for n in range(len(labels))]
    connection = duckdb.connect()
    connection.register("raw", pa.table(columns, names=["_file", "_row", *(f"f{n}" for n in range(len(labels)))]))
    fields = {n: Field(one, type="number", group_char=",") for n, one in enumerate(labels) if one in amounts}
    texts = [n for n in range(len(labels)) if n not in fields]
    return propose_rows(
        connection, "raw", labels, {n: reading(one, ("", "-"), "number") for n, one in fields.items()}, texts
    )


def only(found: list[Proposal]) -> tuple[str, bool, dict[str, Any]]:
    """The id of the only proposal, whether it is surely left out, and the rule without its reason."""
    assert len(found) == 1, [(one.id, one.question) for one in found]
    leave = next(one for one in found[0].choices if one.value == "leave out")
    assert "keep" in {one.value for one in found[0].choices}
    rule = {name: value for name, value in leave.effect["leaveOut"].items() if name != "reason"}
    return found[0].id, found[0].sure and found[0].best is leave, rule


def rows(found: list[Proposal]) -> list[int]:
    return [row for one in found for _, row in next(c for c in one.choices if c.effect).effect["rows"]]


PLAIN = "2015|01|Health|10\n2015|02|Schools|20.50\n2015|03|Roads|30"


def test_a_table_of_facts_keeps_all_rows() -> None:
    assert proposals(PLAIN) == []


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL:", "Grand total", "Gesamtsumme", "Razem", "Σύνολο", "合計", "Итого", "סה״כ"]
)
def test_a_total_that_adds_up_is_left_out_by_its_text(word: str) -> None:
    name, sure, rule = only(proposals(f"{PLAIN}\n|||\n||{word}|60.50"))
    assert (name, sure) == ("rows:total:Office", True)
    assert rule == {"kind": "total", "where": {"Office": [word]}}


def test_what_is_left_out_is_counted_and_summed() -> None:
    found = proposals(f"{PLAIN}\n|Sum:||60.50")[0].best.effect
    assert (found["count"], found["rows"], found["sums"]) == (1, [(0, 5)], {"Amount": Decimal("60.50")})


def test_a_word_without_arithmetic_is_asked() -> None:
    name, sure, _ = only(proposals(f"{PLAIN}\n||Total|61.50"))
    assert (name, sure) == ("rows:total:Office", False)


def test_a_supplier_called_total_is_kept() -> None:
    assert proposals(f"{PLAIN}\n2015|04|Total Gas & Power|60.50\n2015|05|Total Gas & Power|7") == []


def test_few_full_rows_with_such_a_name_are_no_question() -> None:
    many = "\n".join(f"2015|{n}|Office {n}|a{n}|{n}.10" for n in range(150))
    assert proposals(many + "\n2015|151|RAZEM|a9|77", head="Year|Code|Office|Place|Amount") == []


def test_a_row_with_nothing_but_the_sum_is_left_out_by_its_blanks() -> None:
    name, sure, rule = only(proposals(f"{PLAIN}\n|||60.499999999997"))
    assert (name, sure) == ("rows:total:unlabelled", True)
    assert rule == {"kind": "total", "empty": ["Year", "Code", "Office"]}


def test_an_unlabelled_amount_that_is_no_sum_is_asked() -> None:
    assert only(proposals(f"{PLAIN}\n|||12"))[1] is False


def test_each_file_may_have_its_total() -> None:
    found = proposals(f"{PLAIN}\n|||60.50", "2016|01|Health|1\n2016|02|Schools|2\n|||3")
    assert only(found)[:2] == ("rows:total:unlabelled", True)
    assert rows(found) == [5, 4]


def test_subtotals_below_their_blocks_and_the_grand_total_are_both_left_out() -> None:
    text = "2015|01|A|1\n2015|02|B|2\n||Total one|3\n2015|03|C|4\n2015|04|D|5.5\n||Total two|9.5\n||Grand total|12.5"
    found = proposals(text)
    assert [(one.id, one.sure) for one in found] == [("rows:total:Office", True), ("rows:subtotal:Office", True)]
    assert sorted(rows(found)) == [4, 7, 8]


def test_totals_above_their_blocks_are_found_too() -> None:
    text = "||Total one|3\n2015|01|A|1\n2015|02|B|2\n||Total two|9\n2015|03|C|4\n2015|04|D|5"
    assert only(proposals(text))[:2] == ("rows:subtotal:Office", True)


def test_totals_by_group_need_not_stand_beside_what_they_sum_up() -> None:
    text = "2015|01|A|10\n2016|01|A|20\n2015|02|B|1\n2016|02|B|2\n2015|99|TOTAL|11\n2016|99|TOTAL|22"
    name, sure, rule = only(proposals(text))
    assert (name, sure, rule["where"]) == ("rows:total:Office", True, {"Office": ["TOTAL"]})


def test_one_total_of_many_that_is_wrong_makes_a_question_that_names_its_row() -> None:
    text = "2015|01|A|1\n2015|02|B|2\n||Total|3\n2015|03|C|4\n2015|04|D|5\n||Total|8"
    found = proposals(text)
    assert only(found)[1] is False
    assert "row 7" in found[0].choices[0].reason


def test_a_total_must_agree_in_each_amount() -> None:
    head, text = "Office|Plan|Paid", "A|10|5\nB|20|6\nTotal|30|{}"
    assert only(proposals(text.format(11), head=head, amounts=("Plan", "Paid")))[1] is True
    assert only(proposals(text.format(12), head=head, amounts=("Plan", "Paid")))[1] is False


def test_a_rounded_total_is_still_a_total() -> None:
    lines = "\n".join(f"2015|{n}|Office {n}|{1000 + n}.33" for n in range(40))
    assert only(proposals(f"{lines}\n||Total|40793"))[:2] == ("rows:total:Office", True)


def test_headings_without_amounts_are_left_out_by_their_blanks_and_never_match_an_amount() -> None:
    name, sure, rule = only(proposals(f"||Part one|\n{PLAIN}\n||Part two|\n2015|04|Parks|7"))
    assert (name, sure) == ("rows:heading:1", True)
    assert rule == {"kind": "heading", "empty": ["Amount", "Year", "Code"]}


def test_a_complete_row_that_lacks_its_amount_stays() -> None:
    assert proposals(f"{PLAIN}\n2015|04|Parks|") == []
    assert proposals(f"{PLAIN}\n2015|04|Parks|-") == []


def test_notes_below_the_table_are_left_out() -> None:
    assert only(proposals(f"{PLAIN}\nSource: Ministry of Finance|||\n* provisional|||"))[0] == "rows:note:1"


def test_details_of_a_row_above_are_left_out() -> None:
    head = "Operation|Start|Fund|Place|Postcode|Amount"
    text = "One|2014|ESF|||10\n|||Cork|C1|\n|||Kerry|K1|\nTwo|2014|ESF|||20\n|||Galway|G1|"
    name, sure, rule = only(proposals(text, head=head))
    assert (name, sure) == ("rows:continuation:1", True)
    assert rule["empty"] == ["Amount", "Operation", "Start", "Fund"]


def test_a_repeated_header_is_left_out() -> None:
    name, sure, rule = only(proposals(f"{PLAIN}\n{HEAD}\n2015|04|Parks|7"))
    assert (name, sure) == ("rows:heading:header-1", True)
    assert rule["where"] == {"Year": ["Year"], "Code": ["Code"], "Office": ["Office"], "Amount": ["Amount"]}


def test_with_one_label_beside_the_amount_a_heading_is_asked() -> None:
    found = proposals("Income|\nTaxes|5\nFees|6\nExpenditure|\nStaff|7", head="Item|Amount")
    assert only(found)[:2] == ("rows:heading:1", False)


def test_codes_above_others_are_left_out_when_they_add_up() -> None:
    parts = "2015|12|Schools|30\n2015|121|A|25\n2015|122|B|5"
    text = f"2015|1|All|60\n2015|11|Health|30\n2015|111|Clinics|10\n2015|112|Wards|20\n{parts}"
    name, sure, rule = only(proposals(text))
    assert (name, sure) == ("rows:subtotal:Code", True)
    assert rule["where"] == {"Code": ["1", "11", "12"]}


def test_codes_with_dots_and_codes_with_closing_zeros_are_trees_too() -> None:
    dots = "2015|1|A|3\n2015|1.1|B|1\n2015|1.2|C|2\n2015|2|D|9\n2015|2.1|E|4\n2015|2.10|F|5"
    assert only(proposals(dots))[2]["where"] == {"Code": ["1", "2"]}
    zeros = "2015|1000|A|3\n2015|1100|B|1\n2015|1200|C|2\n2015|2000|D|9\n2015|2100|E|4\n2015|2200|F|5"
    assert only(proposals(zeros))[2]["where"] == {"Code": ["1000", "2000"]}


def test_flat_codes_that_only_look_like_a_tree_are_kept() -> None:
    assert proposals("\n".join(f"2015|{n}|Office {n}|{n * 7 + 100}" for n in range(1, 30))) == []


def test_codes_above_others_are_asked_when_some_do_not_add_up() -> None:
    good = "2015|1|A|3\n2015|11|B|1\n2015|12|C|2\n2015|2|D|9\n2015|21|E|4\n2015|22|F|5"
    text = f"{good}\n2015|3|G|9\n2015|31|H|4\n2015|32|I|4"
    assert only(proposals(text))[:2] == ("rows:subtotal:Code", False)


def test_rows_that_leave_the_deeper_columns_blank_are_left_out_when_they_add_up() -> None:
    head = "Chapter|Article|Line|Amount"
    text = "1|||6{0}\n1|11||4{0}\n1|11|111|1{0}\n1|11|112|3{0}\n1|12||2{0}\n1|12|121|1{0}\n1|12|122|1{0}"
    assert proposals(text.format("1"), head=head) == []
    assert only(proposals(text.format(""), head=head))[1:] == (False, {"kind": "subtotal", "empty": ["Line"]})
    text = "1|||645\n1|11||434\n1|11|111|101\n1|11|112|333\n1|12||211\n1|12|121|111\n1|12|122|100"
    assert only(proposals(text, head=head))[1:] == (True, {"kind": "subtotal", "empty": ["Line"]})


def test_rows_that_sum_up_the_rows_after_them_are_found_without_any_word_or_code() -> None:
    text = "Health|30\nClinics|10\nWards|20\nSchools|31\nTeachers|25\nBooks|6\nRoads|5\nBridges|3\nTunnels|2"
    name, sure, rule = only(proposals(text, head="Item|Amount"))
    assert (name, sure) == ("rows:subtotal:blocks-1", True)
    assert rule["where"] == {"Item": ["Health", "Roads", "Schools"]}


def test_amounts_that_could_be_sums_by_chance_are_kept() -> None:
    assert proposals("A|3\nB|1\nC|2\nD|7\nE|5\nF|2\nG|9", head="Item|Amount") == []


def test_two_amounts_in_turn_are_no_blocks_with_sums() -> None:
    assert proposals("\n".join(f"Office {n}|{n % 2 * 50}" for n in range(40)), head="Item|Amount") == []
