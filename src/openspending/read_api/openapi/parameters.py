"""Every parameter that an operation may have: what it means, as which schema, with an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.analytics.exports.formats import FORMATS
from openspending.read_api import adhocdocs, listing, parameters, usage
from openspending.read_api.openapi.shapes import Json


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter: its description, an example (a text, as it stands in an address), and its schema."""

    description: str
    example: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})

    def documented(self, name: str, place: str, example: str | None, *, required: bool = False) -> Json:
        """As the document has it; `example` is what the example request of the operation says, if it does."""
        found: Json = {"name": name, "in": place, "description": self.description}
        found |= {
            "required": required or place == "path",
            "schema": {**self.schema, "examples": [self._typed(self.example)]},
        }
        return found | ({"example": self._typed(example)} if example is not None else {})

    def _typed(self, value: str) -> str | int:
        return int(value) if self.schema.get("type") == "integer" else value


def _one_of(*choices: str) -> Json:
    return {"type": "string", "enum": list(choices)}


def _number(most: int, **more: int) -> Json:
    return {"type": "integer", "minimum": 0, "maximum": most, **more}


_FLAG: Final = _one_of("0", "1", "false", "true")
_FORMAT: Final = Described(
    "The format of the answer; the extension of the path (`.csv`) says it too and comes first, then this, then the "
    "header Accept.",
    "csv",
    _one_of(*FORMATS),
)

PATH: Final[Mapping[str, Described]] = {
    "owner": Described("The owner of a dataset.", "demo"),
    "name": Described(
        "The name of a dataset, alone for its newest revision, or with a version after “@”: the number of a revision, "
        "a day (YYYY-MM-DD, UTC) for the newest revision made up to its end, or the hash of a revision (`sha256:…`, or "
        "its first eight digits at least).",
        "suginami-2013",
    ),
    "ref": Described("A dimension, or an attribute such as `category_2.label`.", "category_2"),
    "kind": Described("The name of a kind of problem.", "mixed-sum"),
    "rid": Described("The id of a fact, which its column `_rid` has.", "1f69012ea0de39a74342e84e"),
}

QUERY: Final[Mapping[str, Described]] = {
    "drilldown": Described(
        "What to group by: refs of dimensions or attributes, joined by “|”. One cell of everything unless it is said.",
        "category_2.label",
    ),
    "aggregates": Described(
        "What to compute: refs of aggregates, joined by “|”. The sums of all measures unless it is said; `_count`, the "
        "number of facts, is always there.",
        "amount.sum|amount.max",
    ),
    "fields": Described(
        "What to list: refs of dimensions, attributes or measures, joined by “|” or “,”. Everything unless it is said.",
        "category_2.label,amount,_row",
    ),
    "cut": Described(
        "Which facts: `ref:value`, joined by “|” (all hold). Several values are joined by “;” (one of them). Operators "
        "are `:` `!:` `~:` `^:` `<:` `<=:` `>:` `>=:`; `null` is the missing member, `1..9` a range, `any(…|…)`, "
        "`all(…|…)` and `not(…)` join conditions, and text in double quotes, written as in JSON, is always text.",
        'category_2.name:"1";"2"',
    ),
    "order": Described("What to sort by: `ref`, `ref:asc` or `ref:desc`, joined by “,”.", "amount.sum:desc"),
    "allow": Described(
        "`mixed`: sums that add up what excludes each other are answered, and stamped with a warning, not refused.",
        "mixed",
        _one_of("mixed"),
    ),
    "pagesize": Described(
        "Rows on a page: 100 in JSON unless it is said, 10000 at most; 0 asks for everything but rows. All other "
        "formats have all rows unless it is said.",
        "2",
        _number(10_000),
    ),
    "cursor": Described(
        "Where the page begins. It comes out of `next`, and belongs to the same query of the same revision.",
        "WyJmMGU1ZDk0ZGU2OGM0MWIyIiwyXQ",
    ),
    "count": Described(
        "Whether `total` is counted: `exact`, or `none`, which is faster.", "none", _one_of("exact", "none")
    ),
    "format": _FORMAT,
    "numbers": Described(
        "How JSON writes decimals: as texts with all their digits, or with `float` as numbers, which many round.",
        "float",
        _one_of("string", "float"),
    ),
    "bom": Described("`1`: CSV begins with a byte order mark, as some spreadsheets want.", "1", _FLAG),
    "safe": Described(
        "`1`: cells of CSV that a spreadsheet could take for a formula begin with an apostrophe.", "1", _FLAG
    ),
    "left": Described(
        "The left side of the comparison: cuts joined by “|”, of which one may be `@version` or `owner/name@version` "
        "(another revision or dataset) and one `measure:ref`.",
        "measure:approved",
    ),
    "right": Described("The right side, as the left one.", "measure:executed"),
    "measure": Described("The measure of both sides, where they do not say it.", "amount"),
    "around": Described("Rows before and after: 5 unless it is said.", "1", _number(100)),
    "after": Described(
        "The position after which to begin: that of the last change known, 0 for all.", "0", _number(999_999_999)
    ),
    "before": Described("The position before which the page ends; it comes out of `next`.", "3", _number(999_999_999)),
}

_LIST: Final[Mapping[str, Described]] = {
    "owner": Described("Only datasets of this owner.", "demo"),
    "visibility": Described(
        "Which datasets: the `public` ones unless it is said, those `private` ones that the asker may read, or `all`.",
        "all",
        _one_of(*listing.VISIBILITIES),
    ),
    "pagesize": Described("Rows on a page: 100 unless it is said.", "1", _number(10_000)),
    "cursor": Described("Where the page begins. It comes out of `next`.", "WyI5ZjQ0NGRmNmNhZDVjNDBhIl0"),
}


def _told(descriptions: Mapping[str, str], **known: tuple[str, Json | None]) -> dict[str, Described]:
    """What other modules describe, with the examples and schemas of `known`."""
    return {
        name: Described(descriptions[name], example, schema or {"type": "string"})
        for name, (example, schema) in known.items()
    }


LIST: Final = {**QUERY, **_LIST}
SQL: Final = {**QUERY, **_told(adhocdocs.PARAMETERS, query=('SELECT count(*) FROM demo."suginami-2013"', None))}
USAGE: Final = {
    "format": _FORMAT,
    **_told(
        usage.DESCRIPTIONS,
        **{"from": ("2026-11-01", {"type": "string", "format": "date"})},
        to=("2026-11-30", {"type": "string", "format": "date"}),
        dataset=("demo/suginami-2013", None),
        by=("day|endpoint", None),
        agents=("person|program", None),
    ),
}
BABBAGE: Final = _told(
    parameters.DESCRIPTIONS,
    drilldown=("category.label", None),
    aggregates=("amount.sum|_count", None),
    fields=("category.label,amount", None),
    cut=('category.name:"1";"2"', None),
    order=("amount.sum:desc", None),
    page=("1", {"type": "integer", "minimum": 1}),
    pagesize=("2", {"type": "integer", "minimum": 0}),
    format=("csv", None),
    callback=("show", {"type": "string", "pattern": "^[A-Za-z_$][A-Za-z0-9_.$]{0,99}$"}),
)
BABBAGE_PATH: Final = {
    "name": Described("The name of a cube: `owner:dataset`.", "demo:suginami-2013"),
    "ref": Described("The ref of a dimension or an attribute, or several joined by “,”.", "category.label"),
}
FILE_PATH: Final = {"path": Described("The path of a file in the DataStore.", "demo/suginami-2013/datapackage.json")}
