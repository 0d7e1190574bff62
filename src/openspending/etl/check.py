"""Checking the data of a package against its descriptor and model: OSEP-1's "validate data based on model".

Loads every table that the facts need, looks at every cell, and says all that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count

import duckdb

from openspending.etl import amounts, cells, totals
from openspending.etl.columns import Roles, amount_fields, columns, roles
from openspending.etl.keys import check_entries, check_references, check_unique
from openspending.etl.lint.findings import lint, lint_beside
from openspending.etl.probes import answers
from openspending.etl.read import Loaded, load
from openspending.etl.shapes import check_shapes
from openspending.etl.shaping import shape
from openspending.etl.sourcefile import Progress, SourceFile
from openspending.etl.stacked import check_parts, check_stacked
from openspending.etl.table import Listing, Table
from openspending.etl.years import years
from openspending.fdp.denormalise import Plan, plan
from openspending.fdp.model import Model
from openspending.fdp.package import UNSET, Package
from openspending.fdp.problems import Report, problem
from openspending.fdp.values import Decimals
from openspending.speaking.said import said

__all__ = ["Checked", "Progress", "check"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found, and what the facts are made from.

    `loaded` are the raw tables by resource name; `decimals` the digits (left and right of the point) that each number
    field of the model needs, by (resource, field); `types` the fields whose values are of another type than their
    attribute says (years in a date column), by (resource, field); `listings` how to list all cells found wrong.
    """

    package: Package
    model: Model
    report: Report
    loaded: dict[str, Loaded] = field(default_factory=dict)
    decimals: dict[tuple[str, str], Decimals] = field(default_factory=dict)
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)


def check(
    connection: duckdb.DuckDBPyConnection,
    package: Package,
    model: Model,
    files: Mapping[str, SourceFile],
    progress: Progress | None = None,
    loaded: Mapping[str, Loaded] | None = None,
) -> Checked:
    """Load and check the tables of `package` with a workspace's connection. Raises nothing: see the report.

    `loaded` are raw tables, by resource name, that the same connection has loaded already, with the fields in the same
    order; they are shaped as the package says, and not read again.
    """
    made, problems = plan(package, model)
    checked = Checked(package, model, Report([*problems, *check_shapes(package, files)]))
    if made is None:
        return checked
    tables = _load(connection, checked, made, files, progress, loaded or {})
    used = roles(made)
    checked.types.update(years(connection, made, tables, checked.report))
    for place, role in checked.types.items():
        used[place] = role
    for name, table in tables.items():
        tables[name] = replace(table, columns=columns(table.resource, used, _amounts(made, name)))
    total = sum(file.bytes for file in files.values())
    for name, table in tables.items():
        if progress is not None:
            progress(_size(package, name, files), total, f"checking {name}")
        _check_table(connection, checked, table, made)
    for table in tables.values():
        checked.report.extend(check_references(connection, table, tables))
    _check_joins(connection, checked, made, tables)
    checked.report.extend(check_parts(made, tables, files))
    if checked.report.valid:
        checked.report.extend(amounts.check_measures(made, tables, checked.decimals))
        checked.report.extend(check_stacked(connection, made, tables, checked.decimals))
    if checked.report.valid:
        checked.report.extend(lint(connection, made, model, tables, checked.decimals))
    else:
        checked.report.extend(lint_beside(connection, made, model, tables, checked.decimals))
    return checked


def _load(
    connection: duckdb.DuckDBPyConnection,
    checked: Checked,
    made: Plan,
    files: Mapping[str, SourceFile],
    progress: Progress | None,
    before: Mapping[str, Loaded],
) -> dict[str, Table]:
    """Read the tables of the plan, if they are not loaded, as raw_0, raw_1, …; files without a row are errors."""
    used, tables = roles(made), {}
    total = sum(file.bytes for file in files.values())
    taken = {one.relation for one in before.values()}
    free = (number for number in count() if f"raw_{number}" not in taken)
    for name in made.resources():
        if progress is not None:
            progress(0, total, f"reading {name}")
        resource = checked.package.resource(name)
        if resource is None or any(path not in files for path in resource.paths):
            continue
        if name in before:
            loaded = shape(connection, before[name], resource)
        else:
            relation = f"raw_{next(free)}"
            loaded = load(connection, relation, resource, files, _needed(used, name), progress=progress)
        checked.loaded[name] = loaded
        checked.report.extend(loaded.problems)
        if loaded.rows == 0 and not any(one.severity == "error" for one in loaded.problems):
            file = ", ".join(loaded.parts)
            checked.report.add(
                problem("source-error", resource=name, file=file, detail=said("{file} has no rows", file=file))
            )
        tables[name] = Table(resource, loaded, columns(resource, used, _amounts(made, name)), checked.listings)
    return tables


def _check_table(connection: duckdb.DuckDBPyConnection, checked: Checked, table: Table, made: Plan) -> None:
    """Everything about one table by itself. All that must be asked of every cell is asked in one scan."""
    name = table.resource.name
    rules, problems = cells.rules_of(connection, table)
    sizes, texts = amounts.sizes_of(table.columns), totals.texts_of(connection, table)
    probes = [*rules.values(), *(probe for pair in sizes.values() for probe in pair), *texts.values()]
    found = answers(connection, table.loaded, probes)
    needed = amounts.needed_digits(sizes, found)
    checked.decimals.update({(name, one): size for one, size in needed.items()})
    factors = _factors(checked.model, made, name)
    problems += cells.check_cells(connection, table, rules, found)
    problems += amounts.check_amounts(connection, table, needed, factors)
    problems += totals.check_totals(connection, table, texts, needed, found)
    problems += check_unique(connection, table)
    checked.report.extend(problems)


def _check_joins(
    connection: duckdb.DuckDBPyConnection, checked: Checked, made: Plan, tables: Mapping[str, Table]
) -> None:
    """Whether the code lists that are joined have one entry for each code."""
    for branch in made.branches:
        names = [branch.resource.name, *(join.resource for join in branch.joins)]
        for join in branch.joins:
            left, right = tables.get(names[join.source]), tables.get(join.resource)
            if left is not None and right is not None:
                checked.report.extend(check_entries(connection, join, left, right))


def _needed(used: Roles, resource: str) -> frozenset[str]:
    return frozenset(name for place, name in used if place == resource)


def _amounts(made: Plan, resource: str) -> frozenset[str]:
    return frozenset(
        one.name for branch in made.branches if branch.resource.name == resource for one in amount_fields(branch)
    )


def _factors(model: Model, made: Plan, resource: str) -> dict[str, Decimal]:
    """The factor of each amount field; the largest in digits where measures share a field."""
    largest = max(
        (one.factor for one in model.measures), key=lambda one: len(one.as_tuple().digits), default=Decimal(1)
    )
    by_source = {one.source: one.factor for one in model.measures}
    return {name: by_source.get(name, largest) for name in _amounts(made, resource)}


def _size(package: Package, name: str, files: Mapping[str, SourceFile]) -> int:
    resource = package.resource(name)
    if resource is None or resource.data is not UNSET:
        return 0
    return sum(files[path].bytes for path in resource.paths if path in files)
