"""The fields of the index. Lines, members and datasets are documents of one index, told apart by `kind`; fields that
only one of them has tell them apart as well."""

from __future__ import annotations

from typing import Final

import tantivy

FORM: Final = 1  # to be raised whenever what is written changes; an index of another form is begun anew

LINE: Final = 1
MEMBER: Final = 2
DATASET: Final = 3

SLOTS: Final = 64  # measures that have columns of their own; those of further ones are made as they come
WORDS: Final = "words"  # words that are apart already
NOTHING: Final = "nothing"  # what is stored, but not searched

# Of a dataset: where its words are, and how much they count there.
DESCRIPTION: Final = {
    "title": 8.0,
    "keywords": 4.0,
    "place": 3.0,
    "author": 2.0,
    "columns": 2.0,
    "description": 1.5,
    "members": 1.0,
}


def index_schema() -> tantivy.Schema:
    """The schema of the index."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("kind", indexed=True)
    made.add_unsigned_field("uid", indexed=True, fast=True)
    made.add_text_field("stored", stored=True, tokenizer_name=NOTHING, index_option="basic")
    _add_lines(made)
    made.add_text_field("member", tokenizer_name=WORDS)
    made.add_unsigned_field("uses", fast=True)
    made.add_unsigned_field("stamp", fast=True)
    for name in DESCRIPTION:
        made.add_text_field(name, tokenizer_name=WORDS)
    return made.build()


def _add_lines(made: tantivy.SchemaBuilder) -> None:
    made.add_unsigned_field("cell", indexed=True, fast=True)
    made.add_text_field("text", tokenizer_name=WORDS)
    made.add_text_field("code", tokenizer_name=WORDS, index_option="basic")
    made.add_float_field("amount", fast=True)
    made.add_float_field("weight", fast=True)
    for number in range(SLOTS):
        made.add_integer_field(high(number), fast=True)
        made.add_integer_field(low(number), fast=True)
    made.add_json_field("more", fast=True, tokenizer_name="raw", index_option="basic")


def high(number: int) -> str:
    """The field of the upper halves of a measure's amounts."""
    return f"high{number}" if number < SLOTS else f"more.high{number}"


def low(number: int) -> str:
    """The field of the lower halves of a measure's amounts."""
    return f"low{number}" if number < SLOTS else f"more.low{number}"


def register(index: tantivy.Index) -> None:
    """Tell an index how its texts are divided."""
    apart = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(WORDS, apart)
    none = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(1)).build()
    index.register_tokenizer(NOTHING, none)
