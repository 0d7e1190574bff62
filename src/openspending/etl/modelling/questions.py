"""What is asked about the numbers of a column: which format, which mended cells, which words, and what each gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.modelling.missing import counted, is_zero_word
from openspending.etl.modelling.numbers import Numbers
from openspending.etl.modelling.numerals import Format, loose_readings
from openspending.speaking.said import Said, said, together

CORRECT: Final = Choice(said("correct the file"), 10, said("whoever published it knows what is meant"))


def format_question(label: str, found: Numbers, counts: Mapping[str, int], *, listed: bool) -> Proposal | None:
    """Which of two formats it is, when the cells leave it open. `listed`: all cells of the table are known."""
    doubt = found.doubt
    if doubt is None:
        return None
    example = max(doubt.texts, key=lambda text: counts[text])
    here, there = found.values[example], found.others[example]
    where = "" if listed else said(" in the rows looked at")
    own = Choice(
        said("{text} is {value}", text=example, value=f"{here:f}"),
        SURE + 2 if doubt.unlikely else 40 if doubt.likelier else 55,
        said("the sum{where} would be {total}; {why}", where=where, total=f"{found.total(counts):f}", why=doubt.why),
    )
    if doubt.whole:
        effect: dict[str, Any] = format_props(doubt.other) | {
            name: None for name in format_props(found.format) if name not in format_props(doubt.other)
        }
    else:
        effect = {"replace": {text: found.format.write(value) for text, value in found.others.items()}}
    other = Choice(
        said("{text} is {value}", text=example, value=f"{there:f}"),
        15 if doubt.unlikely else 45,
        said("the sum{where} would be {total}", where=where, total=f"{found.other_total(counts):f}"),
        effect,
    )
    choices = (own, other) if own.confidence >= other.confidence else (other, own)
    texts = counted((text, counts[text]) for text in doubt.texts)
    question = said(
        "Is the mark in {texts} of “{label}” a decimal mark, or does it group digits?", texts=texts, label=label
    )
    return Proposal(f"column:{label}:writing", question, (*choices, CORRECT), column=label)


def mended_question(label: str, found: Numbers, counts: Mapping[str, int]) -> Proposal | None:
    """The texts that are written differently from the rest and can be only one number."""
    if not found.replace:
        return None
    other = sum(counts[text] for text in found.replace if text not in found.values)
    share = other / max(1, found.weight(counts, "values", "replace"))
    texts = {text: found.format.write(value) for text, value in found.replace.items()}
    best = Choice(
        read_as(texts),
        90 if share <= 0.2 else 60,
        said("they can be no other number"),
        {"replace": texts},
    )
    question = said(
        "{count} cells of “{label}” are written differently from the others. How are they read?",
        count=len(texts),
        label=label,
    )
    return Proposal(f"column:{label}:replace", question, (best, CORRECT), column=label)


def notes_question(label: str, found: Numbers, counts: Mapping[str, int]) -> Proposal | None:
    """The numbers behind which something stands that is probably a footnote's mark."""
    if not found.notes:
        return None
    texts = {text: found.format.write(value) for text, value in found.notes.items()}
    best = Choice(
        read_as(texts), SURE - 10, said("what follows the number looks like a footnote's mark"), {"replace": texts}
    )
    gone = Choice(said("missing"), 15, said("then these cells have no value"), {"missingValues": list(texts)})
    listed = counted((text, counts[text]) for text in texts)
    question = said(
        "In “{label}” something stands behind some numbers: {listed}. How are these cells read?",
        label=label,
        listed=listed,
    )
    return Proposal(f"column:{label}:notes", question, (best, gone, CORRECT), column=label)


def words_question(label: str, texts: Iterable[str], counts: Mapping[str, int], decimal: str) -> Proposal | None:
    """The texts among the numbers that are neither numbers nor known to mean “no value”."""
    found = list(texts)
    if not found:
        return None
    listed = counted((text, counts.get(text, 1)) for text in found)
    gone = Choice(said("missing"), 60, said("a text among numbers has no value to add"), {"missingValues": found})
    choices: tuple[Choice, ...] = (gone, CORRECT)
    if all(is_zero_word(text) for text in found):
        zero = Choice(said("zero"), 30, said("the word can mean the number 0"), {"replace": dict.fromkeys(found, "0")})
        choices = (gone, zero, CORRECT)
    if len(found) == 1 and (readings := loose_readings(found[0], decimal)):
        read = (
            Choice(
                said("{text} is {value}", text=found[0], value=one),
                30,
                said("its marks allow it"),
                {"replace": {found[0]: one}},
            )
            for one in readings
        )
        choices = (gone, *read)
    question = said(
        "Among the numbers of “{label}” stand texts: {listed}. What do they mean?", label=label, listed=listed
    )
    return Proposal(f"column:{label}:words", question, choices, column=label)


def digits_question(label: str, texts: Iterable[str], counts: Mapping[str, int]) -> Proposal | None:
    """The numbers whose last digits an exponent has taken."""
    found = list(texts)
    if not found:
        return None
    listed = counted((text, counts[text]) for text in found)
    own = Choice(said("as they are"), 50, said("nothing else is known of them"))
    gone = Choice(said("missing"), 20, said("then these cells have no value"), {"missingValues": found})
    question = said(
        "Some numbers of “{label}” lost their last digits: {listed}. How are these cells read?",
        label=label,
        listed=listed,
    )
    return Proposal(f"column:{label}:digits", question, (own, gone, CORRECT), column=label)


def read_as(texts: Mapping[str, str]) -> Said:
    """The answer that texts are read as these values."""
    pairs = [said("“{text}” as {value}", text=text, value=value) for text, value in list(texts.items())[:3]]
    listed = together(*pairs, between=", ")
    more = len(texts) - len(pairs)
    return (
        said("read {texts} and {count} more", texts=listed, count=more) if more else said("read {texts}", texts=listed)
    )


def currency_question(label: str, codes: Mapping[str, int]) -> Proposal:
    """Which currency the amounts are in, when the signs beside them are of several."""
    stated = counted(codes.items())
    choices = tuple(
        Choice(code, 20, said("its sign stands beside some of the amounts"))
        for code, _ in sorted(codes.items(), key=lambda one: -one[1])[:2]
    )
    question = said(
        "“{label}” has amounts with the signs of several currencies: {currencies}. They cannot be added. Which is it?",
        label=label,
        currencies=stated,
    )
    return Proposal(f"column:{label}:currency", question, (*choices, CORRECT), column=label)


def format_props(form: Format) -> dict[str, str]:
    """The properties of a field whose numbers are written in `form`."""
    props = {} if form.decimal == "." else {"decimalChar": form.decimal}
    return props if form.group is None else props | {"groupChar": form.group}
