"""Amounts in several currencies: each row says its own, and a sum over all of them means nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from openspending.etl.lint.subject import Subject
from openspending.fdp.problems import Problem, problem

_SHOWN: Final = 5


def check_currencies(connection: duckdb.DuckDBPyConnection, subjects: Sequence[Subject]) -> Iterator[Problem]:
    """A finding for each column of currencies that has more than one."""
    for subject in subjects:
        for role in subject.roles:
            if (role.attribute.column_type or "") != "value-currency:code":
                continue
            found = subject.texts(connection, role) or []
            if len(found) > 1:
                shown = ", ".join(found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")
                yield problem(
                    "fiscal/mixed-currencies",
                    resource=subject.table.resource.name,
                    field=role.name,
                    count=len(found),
                    value=shown,
                )
