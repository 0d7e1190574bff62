"""Which SQL is answered: exactly one SELECT, of parts known here, over datasets, with functions that only compute.

DuckDB's own parser reads it and gives it as a tree; what is not on a list here is refused, so that what a later DuckDB
adds is refused too. Runs in the child: nothing that came from outside is parsed in the server.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import duckdb

from openspending.analytics.adhoc.bounds import MOST_TABLES
from openspending.analytics.adhoc.versions import Rewritten, with_quotes

Node = dict[str, Any]

_EXPRESSIONS: Final = frozenset(
    (
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "LAMBDA_REF",
        "OPERATOR",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    )
)
_TABLES: Final = frozenset(("BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SUBQUERY", "TABLE_FUNCTION"))
_QUERIES: Final = frozenset(("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"))
_MODIFIERS: Final = frozenset(
    (
        "DISTINCT_MODIFIER",
        "LIMIT_MODIFIER",
        "LIMIT_PERCENT_MODIFIER",
        "ORDER_MODIFIER",
        "ORDER_DEFAULT",
        "ASCENDING",
        "DESCENDING",
    )
)
_KNOWN: Final = _TABLES | _QUERIES | _MODIFIERS
_MAKES_ROWS: Final = frozenset(("range", "generate_series", "unnest"))  # functions that may stand where a table does
# DuckDB reads these as functions when no column has the name; the answer would not be the same tomorrow
_CLOCK: Final = frozenset(
    (
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "get_current_timestamp",
        "current_user",
        "session_user",
        "current_role",
        "current_catalog",
        "current_schema",
        "current_database",
    )
)
_TOO_DEEP: Final = "This SQL is nested too deeply."
_WRITES: Final = frozenset(
    ("INSERT_QUERY_NODE", "UPDATE_QUERY_NODE", "DELETE_QUERY_NODE", "MERGE_QUERY_NODE", "STATEMENT_NODE")
)


class Refused(Exception):
    """SQL that is not answered. `line` and `column`, from 1, say where it is wrong, where that is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Statement:
    """What is run; `identity` is a hash of what it says, whatever its spaces, comments and letter case of keywords;
    `tables` are owner and name (with its version, if it has one) of the datasets that it asks."""

    text: Rewritten
    identity: str
    tables: tuple[tuple[str, str], ...]


def read(database: duckdb.DuckDBPyConnection, query: str, reserved: frozenset[str]) -> Statement:
    """The statement in `query`, checked. `reserved` are the names of the database's own views. Raises Refused."""
    text = with_quotes(query)
    try:
        return _checked(_parsed(database, text), text, reserved)
    except RecursionError:
        raise Refused(_TOO_DEEP) from None


def _checked(tree: Node, text: Rewritten, reserved: frozenset[str]) -> Statement:
    names = _Names.of(tree, reserved)
    for node in _nodes(tree):
        _check(node, text)
        if node.get("type") == "BASE_TABLE":
            names.see(node, text)
    if len(names.tables) > MOST_TABLES:
        raise Refused(f"A query may ask at most {MOST_TABLES} datasets; this one names {len(names.tables)}.")
    said = json.dumps(_without_places(tree), sort_keys=True)
    return Statement(text, hashlib.sha256(said.encode()).hexdigest(), tuple(names.tables))


def _parsed(database: duckdb.DuckDBPyConnection, text: Rewritten) -> Node:
    """The statement's tree."""
    rows = database.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [text.text]).fetchall()
    found: Node = json.loads(rows[0][0])
    if found["error"]:
        raise _unparsed(database, found, text)
    statements = found["statements"]
    if len(statements) != 1:
        raise Refused(f"Write exactly one SELECT statement; these are {len(statements)}.")
    if statements[0]["named_param_map"]:
        raise Refused("Parameters ($1, ?) have no values here: write the values into the SQL.")
    tree: Node = statements[0]["node"]
    return tree


def _unparsed(database: duckdb.DuckDBPyConnection, found: Node, text: Rewritten) -> Refused:
    """Why there is no tree: no SQL at all, or no SELECT."""
    if found["error_type"] == "parser":
        said = str(found["error_message"])
        if said.startswith("Max expression depth"):
            return Refused(_TOO_DEEP)
        quotes = ' A name with “-” or “.” needs quotes: owner."some-name".' if 'near "-"' in said else ""
        return Refused(f"This SQL cannot be read: {said}.{quotes}", *_place(found.get("position"), text))
    kinds = {str(one.type).rpartition(".")[2] for one in database.extract_statements(text.text)} - {"SELECT"}
    if "MULTI" in kinds:
        return Refused("This form of PIVOT is not answered; write FROM … PIVOT (sum(amount) FOR year IN (2023, 2024)).")
    words = " and ".join(sorted(kinds)) or "this"
    return Refused(f"Only SELECT is answered here, nothing that changes or sets anything; {words} is not.")


def _place(position: object, text: Rewritten) -> tuple[int | None, int | None]:
    """Line and column of a position that DuckDB states, in bytes."""
    if not str(position).isdecimal() or int(str(position)) > len(text.text.encode()):
        return None, None
    return text.line_and_column(len(text.text.encode()[: int(str(position))].decode(errors="ignore")))


def _nodes(tree: Node) -> Iterator[Node]:
    """Every object of the tree, constants not opened. Not recursive: the tree may be deep."""
    waiting: list[object] = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            if one.get("class") != "CONSTANT":
                waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _check(node: Node, text: Rewritten) -> None:
    """Refuse what is not known here."""
    class_, type_ = node.get("class"), node.get("type")
    if node.get("sample") is not None:
        raise Refused("Samples are not answered: they would differ each time.", *_place_of(node, text))
    if class_ is not None:
        _check_expression(node, str(class_), text)
    elif type_ == "SHOW_REF":
        raise Refused("DESCRIBE, SHOW and SUMMARIZE are not answered; /v1/sql/tables lists tables and columns.")
    elif type_ in _WRITES:
        raise Refused("Only SELECT is answered here; nothing can be written.")
    elif isinstance(type_, str) and type_ not in _KNOWN:
        raise Refused(f"This form of SQL is not answered here ({_words(type_)}).", *_place_of(node, text))
    elif type_ == "TABLE_FUNCTION" and _function(node["function"]) not in _MAKES_ROWS:
        name = str(node["function"].get("function_name"))[:80]
        raise Refused(f"{name}(…) is no table here; FROM takes datasets, subqueries, range(…) and unnest(…).")


def _check_expression(node: Node, class_: str, text: Rewritten) -> None:
    if class_ not in _EXPRESSIONS:
        raise Refused(f"This form of SQL is not answered here ({_words(class_)}).", *_place_of(node, text))
    if class_ in ("FUNCTION", "WINDOW") and _function(node) not in functions():
        name = str(node.get("function_name"))[:80]
        reason = "only functions that compute, always alike, from what they are given can be called"
        raise Refused(f"The function {name} is not available here: {reason}.", *_place_of(node, text))
    if class_ == "TYPE" and (node.get("catalog") or node.get("schema") or len(_path(node)) > 1):
        raise Refused("Types are written without a schema.", *_place_of(node, text))
    if class_ == "COLUMN_REF" and len(node["column_names"]) == 1 and str(node["column_names"][0]).lower() in _CLOCK:
        name = node["column_names"][0]
        raise Refused(f"{name} is not available here: the answer would not stay the same.", *_place_of(node, text))


def _function(node: Node) -> str | None:
    """The name of a function, in small letters; None for one of a schema."""
    if node.get("schema") or node.get("catalog") or len(_path(node)) > 1:
        return None
    return str(node.get("function_name")).lower()


def _path(node: Node) -> Sequence[str]:
    name = node.get("qualified_name")
    return name["path"] if isinstance(name, dict) else ()


def _place_of(node: Node, text: Rewritten) -> tuple[int | None, int | None]:
    return _place(node.get("query_location"), text)


def _words(type_: str) -> str:
    return type_.removesuffix("_NODE").removesuffix("_REF").replace("_", " ").lower()


class _Names:
    """The tables of a statement: datasets, or what its own WITH defines."""

    def __init__(self, defined: frozenset[str]) -> None:
        self._defined = defined
        self.tables: dict[tuple[str, str], None] = {}

    @classmethod
    def of(cls, tree: Node, reserved: frozenset[str]) -> _Names:
        """Refuses definitions that, where they do not hold, would let the name mean something of the database's own."""
        defined: set[str] = set()
        for node in _nodes(tree):
            if isinstance(node.get("cte_map"), dict):
                defined.update(str(one["key"]).lower() for one in node["cte_map"]["map"])
        for name in defined:
            if name in reserved or not re.fullmatch(r"\w{1,100}", name):
                raise Refused(f"WITH cannot define “{name[:100]}”: choose another name, of letters, digits and “_”.")
        return cls(frozenset(defined))

    def see(self, node: Node, text: Rewritten) -> None:
        """Note the dataset that a table names."""
        schema, name = str(node["schema_name"]), str(node["table_name"])
        if node.get("at_clause") is not None:
            raise Refused('Write a version into the name, owner."name@3", not as AT.', *_place_of(node, text))
        if node.get("catalog_name") or len(_path(node)) > 2:
            raise Refused("A dataset is named owner.name, with no third part.", *_place_of(node, text))
        if schema:
            self.tables[schema, name] = None
        elif name.lower() not in self._defined:
            reason = (
                "a dataset is named owner.name, in quotes where a part has other signs than letters, digits and “_”"
            )
            raise Refused(f"There is no table “{name[:100]}”: {reason}.", *_place_of(node, text))


def _without_places(one: object) -> object:
    """The tree without where its parts stood in the text."""
    if isinstance(one, dict):
        return {key: _without_places(value) for key, value in one.items() if not key.startswith("query_location")}
    return [_without_places(item) for item in one] if isinstance(one, list) else one


@cache
def functions() -> frozenset[str]:
    """The functions that may be called, in small letters."""
    text = files(__package__).joinpath("functions.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).lower().split())
