"""What an operation is, and the operations of `/v1` and around it, each with an example request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.proving import receiptform
from openspending.read_api import adhocdocs, aggregate, compare, facts, feed, listing, members, usage
from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.shapes import Json

_DATASET: Final = "/v1/datasets/{owner}/{name}"
_ALL: Final = tuple(FORMATS)
_ASKED: Final = frozenset({308, 400, 404, 410, 503})
_SUMMED: Final = _ASKED | {406, 422}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API.

    `schema` names the component that its JSON answer is; `formats` are those it can be had in; `queries` names its
    query parameters, which `table` describes; `statuses` are those of its problems. `example` has the parameters of the
    example request, those of the path among them, and `body` its body, in which a query that is posted has its
    parameters. An answer `of_revision` has validators. What the operation `says` of itself stands for the docstring of
    its route. `headers` are further ones of its answer, which may have one of the media types `others` too.
    """

    id: str
    tag: str
    summary: str
    schema: str
    example: Mapping[str, str] = field(default_factory=dict)
    queries: tuple[str, ...] = ()
    statuses: frozenset[int] = frozenset({400})
    formats: tuple[str, ...] = ("json",)
    of_revision: bool = False
    body: Mapping[str, Any] | None = None
    says: str = ""
    headers: tuple[str, ...] = ()
    others: Mapping[str, Json] = field(default_factory=dict)
    table: Mapping[str, Described] = field(default_factory=lambda: parameters.QUERY)
    path: Mapping[str, Described] = field(default_factory=lambda: parameters.PATH)

    @property
    def validated(self) -> bool:
        """Whether its answer has an ETag, with which it is asked for again."""
        return self.body is None and (self.of_revision or "ETag" in self.headers)


_SUGINAMI: Final = {"owner": "demo", "name": "suginami-2013"}
_FACT: Final = {**_SUGINAMI, "rid": "1f69012ea0de39a74342e84e"}
_MEXICO: Final = {"owner": "demo", "name": "mexico-2015"}
_MOLDOVA: Final = {"owner": "demo", "name": "boost-moldova"}
_BY_CATEGORY: Final = {"drilldown": "category_2.label", "order": "amount.sum:desc", "pagesize": "2"}
_SOME_FACTS: Final = {"fields": "category_2.label,amount,_row,_rid", "cut": "amount>:10000000000", "pagesize": "1"}
_SELECT: Final = 'SELECT category_label, amount FROM demo."suginami-2013" ORDER BY amount DESC LIMIT 2'


def _about(path: str, id_: str, tag: str, summary: str, schema: str) -> tuple[tuple[str, str], Operation]:
    """An operation that tells something of a revision, without any parameter."""
    return ("get", f"{_DATASET}{path}"), Operation(
        id_, tag, summary, schema, _SUGINAMI, statuses=_ASKED, of_revision=True
    )


def _of_fact(
    path: str, id_: str, summary: str, schema: str, queries: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], Operation]:
    """An operation that tells something of one fact; `queries` are its parameters, as in the example."""
    asked = queries or {}
    return ("get", f"{_DATASET}/facts/{{rid}}{path}"), Operation(
        id_, "receipts", summary, schema, {**_FACT, **asked}, tuple(asked), _ASKED | {422}, of_revision=True
    )


def _result(
    path: str,
    id_: str,
    summary: str,
    schema: str,
    queries: tuple[str, ...],
    example: Mapping[str, str],
    posted: Any,
    says: str,
) -> dict[tuple[str, str], Operation]:
    """An operation that computes rows, in all formats; it may be asked by a query in the body as well."""
    got = Operation(id_, "queries", summary, schema, example, queries, _SUMMED, _ALL, of_revision=True, says=says)
    body = Operation(
        f"{id_}ByBody",
        "queries",
        f"{summary}, asked in the body",
        schema,
        {name: value for name, value in example.items() if name not in queries},
        queries,
        _SUMMED,
        _ALL,
        of_revision=True,
        body=posted,
        says=f"{says} This is for queries that programs write, or that are too long for an address.",
    )
    return {("get", f"{_DATASET}{path}"): got, ("post", f"{_DATASET}{path}"): body}


OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    ("get", "/v1"): Operation("begin", "datasets", "Where everything begins", "Api"),
    ("get", "/v1/datasets"): Operation(
        "listDatasets",
        "datasets",
        "List datasets",
        "DatasetList",
        {"owner": "demo", "pagesize": "1"},
        listing.PARAMETERS,
        table=parameters.LIST,
    ),
    **dict(
        (
            _about("", "describeDataset", "datasets", "Describe a dataset", "Dataset"),
            _about("/revisions", "listRevisions", "datasets", "List the revisions of a dataset", "RevisionList"),
            _about("/files", "listFiles", "datasets", "List source files", "FileList"),
            _about("/downloads", "listDownloads", "datasets", "List files with all facts", "DownloadList"),
            _about("/model", "getModel", "datasets", "What can be asked", "Model"),
        )
    ),
    ("get", "/v1/changelog"): Operation(
        "listChanges", "datasets", "What happened", "Changelog", {"after": "0", "pagesize": "1"}, feed.PARAMETERS
    ),
    ("get", "/v1/owners/{owner}/changelog"): Operation(
        "listOwnerChanges",
        "datasets",
        "What happened to the datasets of an owner",
        "Changelog",
        {"owner": "demo", "after": "0", "pagesize": "1"},
        feed.PARAMETERS,
        frozenset({400, 404}),
    ),
    ("get", f"{_DATASET}/changelog"): Operation(
        "listDatasetChanges",
        "datasets",
        "What happened to a dataset",
        "Changelog",
        {**_SUGINAMI, "after": "0"},
        feed.PARAMETERS,
        _ASKED,
    ),
    ("get", "/v1/problems"): Operation("listProblemTypes", "problems", "List kinds of problems", "ProblemTypeList"),
    ("get", "/v1/problems/{kind}"): Operation(
        "explainProblemType",
        "problems",
        "Explain a kind of problem",
        "ProblemType",
        {"kind": "mixed-sum"},
        statuses=frozenset({400, 404}),
    ),
    **_result(
        "/aggregate",
        "aggregate",
        "Sum facts",
        "Aggregates",
        aggregate.PARAMETERS,
        {**_SUGINAMI, **_BY_CATEGORY},
        {"drilldown": ["category_2.label"], "order": [{"ref": "amount.sum", "direction": "desc"}], "pagesize": 2},
        "Exact sums and counts of facts, grouped by dimensions. Every cell has a link to the facts that sum to it. A "
        "sum of what excludes each other, such as approved and paid amounts, is refused with the choices there are.",
    ),
    **_result(
        "/facts",
        "listFacts",
        "List facts",
        "Facts",
        facts.PARAMETERS,
        {**_SUGINAMI, **_SOME_FACTS},
        {
            "fields": ["category_2.label", "amount", "_row", "_rid"],
            "cut": [{"ref": "amount", "op": "gt", "value": 10_000_000_000}],
            "pagesize": 1,
        },
        "Facts with all their columns, and where each stands in its source file. JSON comes page by page without an "
        "end that cuts; the other formats have them all.",
    ),
    **_result(
        "/compare",
        "compare",
        "Compare two sums",
        "Comparison",
        compare.PARAMETERS,
        {**_MOLDOVA, "left": "measure:approved", "right": "measure:executed", "pagesize": "1"},
        {"left": "measure:approved", "right": "measure:executed", "pagesize": 1},
        "Two sums side by side, member by member: difference, rate and shares. The sides may be years, phases, "
        "measures, revisions, or datasets.",
    ),
    ("get", f"{_DATASET}/members/{{ref}}"): Operation(
        "listMembers",
        "queries",
        "List the members of a dimension",
        "Aggregates",
        {**_SUGINAMI, "ref": "category_2", "pagesize": "2"},
        members.PARAMETERS,
        _ASKED | {406},
        _ALL,
        of_revision=True,
    ),
    ("get", f"{_DATASET}/receipt"): Operation(
        "getReceipt",
        "receipts",
        "The receipt of an aggregate",
        "Receipt",
        {**_MEXICO, "drilldown": "ID_FIN.FIN", "cut": "phase.phase:executed"},
        receiptform.PARAMETERS,
        _ASKED | {422},
        of_revision=True,
    ),
    **dict(
        (
            _of_fact("", "getFact", "A fact", "Fact"),
            _of_fact("/source", "openSource", "The file around a fact", "SourceWindow", {"around": "1"}),
        )
    ),
    ("get", f"{_DATASET}/facts/{{rid}}/revisions"): Operation(
        "listFactRevisions", "receipts", "The revisions of a fact", "FactRevisions", _FACT, statuses=_ASKED
    ),
    ("get", "/v1/sql"): Operation(
        "runSql",
        "sql",
        "Ask in SQL",
        "SqlResult",
        {"query": _SELECT},
        tuple(adhocdocs.PARAMETERS),
        _SUMMED,
        _ALL,
        table=parameters.SQL,
    ),
    ("post", "/v1/sql"): Operation(
        "runSqlByBody",
        "sql",
        "Ask in SQL, in the body",
        "SqlResult",
        {},
        tuple(adhocdocs.PARAMETERS),
        _SUMMED,
        _ALL,
        body={"query": _SELECT},
        table=parameters.SQL,
    ),
    ("get", "/v1/sql/tables"): Operation("listSqlTables", "sql", "The tables that SQL can ask", "SqlTables"),
    ("get", "/v1/sql/tables/{owner}/{name}"): Operation(
        "describeSqlTable", "sql", "The columns of a table", "SqlTable", _SUGINAMI, statuses=_ASKED
    ),
    ("get", "/v1/usage"): Operation(
        "getUsage",
        "usage",
        "How much is asked for",
        "Usage",
        {"from": "2020-01-01", "to": "2020-01-31", "by": "day"},
        tuple(usage.DESCRIPTIONS),
        frozenset({400, 406}),
        _ALL,
        table=parameters.USAGE,
    ),
}
