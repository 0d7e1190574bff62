"""What the semantic checks say of a small package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked
from openspending.etl.columns import amount_fields, columns, roles
from openspending.etl.lint.findings import lint
from openspending.etl.table import Found, Table
from openspending.etl.workspace import Workspace
from openspending.fdp.denormalise import plan
from openspending.fdp.problems import Problem

Write = Callable[..., Path]
Lint = Callable[..., list[Problem]]


@pytest.fixture
def found(write: Write, checked: Callable[[Path], Checked], workspace: Workspace) -> Lint:
    """Writes a package, which must be valid, and returns the warnings about its meaning."""

    def run(*args: Any, **options: Any) -> list[Problem]:
        done = checked(write(*args, **options))
        assert done.report.valid, done.report.to_list()
        made, _ = plan(done.package, done.model)
        assert made is not None
        used = roles(made) | done.types
        tables = {}
        for name, loaded in done.loaded.items():
            resource = next(one for one in done.package.resources if one.name == name)
            mine = [one for one in made.branches if one.resource.name == name]
            names = frozenset(field.name for branch in mine for field in amount_fields(branch))
            tables[name] = Table(resource, loaded, columns(resource, used, names), done.listings)
        problems = lint(workspace.connection, made, done.model, tables, done.decimals)
        for listing in done.listings:  # what is said of the first cell can be marked at all of them
            places = [Found(*row) for row in workspace.connection.execute(listing.query).fetchall()]
            assert len(places) == places[0].count
            assert listing.problem(places[0]).code in {one.code for one in (*problems, *done.report)}
        return problems

    return run
