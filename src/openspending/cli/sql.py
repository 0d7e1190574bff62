"""`sql`: one SELECT over the datasets of the DataStore, answered in the same sandbox as the server's."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from openspending.cli.options import settings_of
from openspending.cli.output import failing_plainly, show_table

if TYPE_CHECKING:
    from openspending.analytics.adhoc.question import Answer
    from openspending.settings import Settings

_NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT")


class Form(StrEnum):
    """How the answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


Query = Annotated[
    str, typer.Argument(metavar="SELECT", help="One SELECT; a dataset is owner.name.", show_default=False)
]
Format = Annotated[Form, typer.Option("--format", help="How to print the answer.")]


def sql(context: typer.Context, query: Query, form: Format = Form.table) -> None:
    """Answer one SELECT over the datasets; docs/sql.md says what it may ask.

    Example:

        openspending sql 'SELECT year, sum(amount) AS total FROM treasury.budget GROUP BY year ORDER BY year'
    """
    with failing_plainly(as_json=form is Form.json):
        answer = _answer(settings_of(context), query)
        if form is Form.table:
            right = [one.name for one in answer.columns if one.type.lstrip("U").startswith(_NUMBERS)]
            rows = (tuple(row.values()) for row in answer.values.to_pylist())
            show_table([one.name for one in answer.columns], rows, right=right)
        else:
            _write(answer, form)


def _answer(settings: Settings, query: str) -> Answer:
    from openspending import assembly
    from openspending.analytics.adhoc import tables
    from openspending.analytics.livecubes import LiveCubes

    cubes = LiveCubes(
        assembly.open_store(settings).public,
        settings.cache,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
    )
    sandbox = assembly.open_sandbox(settings, processes=1)
    try:
        return tables.answer(sandbox, cubes, query)
    finally:
        sandbox.close()
        cubes.close()


def _write(answer: Answer, form: Form) -> None:
    from openspending.analytics.exports.formats import FORMATS
    from openspending.analytics.exports.options import Options

    columns = [{"name": one.name, "type": one.type} for one in answer.columns]
    for part in FORMATS[form].stream(answer.table(), Options(meta={"columns": columns})):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
