"""A fiscal table of any size, for measurements: the facts as SQL, and as a Fiscal Data Package.

    python -m benchmarks.fiscal FOLDER ROWS [SEED]

15 years, administrative (30, 600, 6,000 members) and functional classification (COFOG's real codes) of three levels,
economic of two (codes of GFSM 2014), 100,000 suppliers whose frequency follows Zipf, 300 regions, phase, direction, one
contract with a description for ten facts, amounts of two decimals. Facts come in the order of their years, as such
files grow. The same rows and seed give the same bytes, with one version of DuckDB.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb

SUPPLIERS: Final = 100_000
_FIRST_YEAR, _YEARS = 2010, 15
_REGIONS: Final = 300
_TAXONOMIES: Final = "https://specs.frictionlessdata.io/taxonomies/fiscal"

# name, type, ColumnType, title
COLUMNS: Final = (
    ("year", "integer", "date:fiscal-year", "Year"),
    ("phase", "string", "phase:id", "Phase"),
    ("direction", "string", "direction", "Direction"),
    ("ministry", "string", "administrative-classification:generic:level1:code", "Ministry, code"),
    ("ministry_name", "string", "administrative-classification:generic:level1:label", "Ministry"),
    ("office", "string", "administrative-classification:generic:level2:code", "Office, code"),
    ("office_name", "string", "administrative-classification:generic:level2:label", "Office"),
    ("unit", "string", "administrative-classification:generic:level3:code", "Unit, code"),
    ("unit_name", "string", "administrative-classification:generic:level3:label", "Unit"),
    ("division", "string", "functional-classification:cofog:division:code", "Division, code"),
    ("division_name", "string", "functional-classification:cofog:division:label", "Division"),
    ("group", "string", "functional-classification:cofog:group:code", "Group, code"),
    ("group_name", "string", "functional-classification:cofog:group:label", "Group"),
    ("class", "string", "functional-classification:cofog:class:code", "Class, code"),
    ("class_name", "string", "functional-classification:cofog:class:label", "Class"),
    ("chapter", "string", "economic-classification:generic:level1:code", "Chapter, code"),
    ("chapter_name", "string", "economic-classification:generic:level1:label", "Chapter"),
    ("article", "string", "economic-classification:generic:level2:code", "Article, code"),
    ("article_name", "string", "economic-classification:generic:level2:label", "Article"),
    ("supplier", "string", "supplier:generic:id", "Supplier, id"),
    ("supplier_name", "string", "supplier:generic:name", "Supplier"),
    ("region", "string", "geo-source:target:code", "Region, code"),
    ("region_name", "string", "geo-source:target:title", "Region"),
    ("contract", "string", "activity:generic:contract:code", "Contract, number"),
    ("description", "string", "activity:generic:contract:label", "Description"),
    ("amount", "number", "value", "Amount"),
)

_MINISTRIES: Final = (
    *("Agriculture", "Culture", "Defence", "Digital Affairs", "Economy", "Education", "Energy", "Environment"),
    *("Equality", "European Affairs", "Family", "Finance", "Fisheries", "Foreign Affairs", "Forests", "Health"),
    *("Higher Education", "Housing", "Industry", "Interior", "Justice", "Labour", "Planning", "Public Works"),
    *("Regions", "Research", "Social Affairs", "Sport", "Tourism", "Transport"),
)
_WORKS: Final = (
    *("Maintenance", "Purchase", "Salaries", "Lease", "Works", "Grant", "Study", "Repair", "Training", "Software"),
    *("Insurance", "Travel"),
)


def create(database: duckdb.DuckDBPyConnection, rows: int, seed: int = 1) -> str:
    """Make the code lists in `database`; returns the facts as a SELECT of the columns of `COLUMNS`, in order."""
    cofog = _codes("cofog.json", "labels")
    economic = _codes("economic.json", "gfsm")
    classes = [code for code in cofog if len(code) == len("01.1.1")]
    articles = [code for code in economic if len(code) == len("211") and code[:2] in economic]
    tables: dict[str, list[tuple[Any, ...]]] = {
        "ministries": [(n, f"Ministry of {name}") for n, name in enumerate(_MINISTRIES)],
        "works": list(enumerate(_WORKS)),
        "classes": [
            (n, code[:2], cofog[code[:2]], code[:4], cofog[code[:4]], code, cofog[code])
            for n, code in enumerate(classes)
        ],
    }
    for table, first in (("revenues", "1"), ("expenses", "2")):
        own = [code for code in articles if code.startswith(first)]
        tables[table] = [(n, code[:2], economic[code[:2]], code, economic[code]) for n, code in enumerate(own)]
    for table, content in tables.items():
        columns = ", ".join(f"{name} {'INTEGER' if name == 'c0' else 'VARCHAR'}" for name in _names(content))
        database.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in content[0])})", content)
    sizes = {name: len(content) for name, content in tables.items()}
    return _select(_drawn(rows, seed, sizes))


def _codes(file: str, key: str) -> dict[str, str]:
    """Code → its English label, of a code list that the program carries."""
    text = resources.files("openspending.fdp.codelists").joinpath(file).read_text("utf-8")
    labels = json.loads(text)[key].items()
    return {code: label if isinstance(label, str) else label[0] for code, label in labels}


def _names(content: list[tuple[Any, ...]]) -> list[str]:
    return [f"c{number}" for number in range(len(content[0]))]


def _drawn(rows: int, seed: int, sizes: dict[str, int]) -> str:
    """The numbers behind each fact, drawn by hashing its own number: any part of the table can be made by itself.

    Each draw hashes a number of its own: `hash(i, salt)` of two salts are so alike that columns depend on each other. A
    supplier's rank is the size of the list to the power of an even chance: its frequency is 1 / rank (Zipf).
    """

    def chance(salt: int) -> str:
        return f"(hash(i * 16 + {(seed << 44) + salt}) / 18446744073709551616.0)"

    def one_of(size: int, salt: int, skew: float = 1.0) -> str:
        return f"CAST(floor({size} * pow({chance(salt)}, {skew})) AS INTEGER)"

    return f"""
        SELECT i, {_FIRST_YEAR} + i * {_YEARS} // {max(rows, 1)} AS year,
            {one_of(3, 1)} AS phase, {chance(2)} < 0.1 AS revenue,
            {one_of(30, 3, 1.5)} AS ministry, {one_of(20, 4, 1.3)} AS office, {one_of(10, 5)} AS unit,
            {one_of(sizes["classes"], 6, 1.4)} AS class,
            {one_of(sizes["revenues"], 7)} AS income, {one_of(sizes["expenses"], 8)} AS expense,
            (CAST(floor(pow({SUPPLIERS}.0, {chance(9)})) AS INTEGER) * 7919) % {SUPPLIERS} AS supplier,
            {one_of(_REGIONS, 10, 1.2)} AS region, {one_of(max(rows // 10, 1), 11)} AS contract,
            CAST(floor(exp(4 + 12 * {chance(12)})) AS BIGINT) AS cents, {chance(13)} < 0.02 AS negative
        FROM range({rows}) AS numbers(i)"""


def _select(drawn: str) -> str:
    return f"""
        SELECT CAST(year AS INTEGER) AS "year",
            CASE phase WHEN 0 THEN 'approved' WHEN 1 THEN 'adjusted' ELSE 'executed' END AS "phase",
            CASE WHEN revenue THEN 'revenue' ELSE 'expenditure' END AS "direction",
            format('{{:02d}}', ministry) AS "ministry", ministries.c1 AS "ministry_name",
            format('{{:02d}}.{{:02d}}', ministry, office) AS "office",
            format('Office {{}} of the {{}}', office + 1, ministries.c1) AS "office_name",
            format('{{:02d}}.{{:02d}}.{{}}', ministry, office, unit) AS "unit",
            format('Unit {{}}-{{}}-{{}}', ministry + 1, office + 1, unit + 1) AS "unit_name",
            classes.c1 AS "division", classes.c2 AS "division_name", classes.c3 AS "group", classes.c4 AS "group_name",
            classes.c5 AS "class", classes.c6 AS "class_name",
            CASE WHEN revenue THEN revenues.c1 ELSE expenses.c1 END AS "chapter",
            CASE WHEN revenue THEN revenues.c2 ELSE expenses.c2 END AS "chapter_name",
            CASE WHEN revenue THEN revenues.c3 ELSE expenses.c3 END AS "article",
            CASE WHEN revenue THEN revenues.c4 ELSE expenses.c4 END AS "article_name",
            format('S{{:05d}}', supplier) AS "supplier",
            format('Supplier {{}} and Partners', supplier) AS "supplier_name",
            format('R{{:03d}}', region) AS "region", format('Region {{}}', region) AS "region_name",
            format('C{{:07d}}', contract) AS "contract",
            format('{{}}, lot {{}}', works.c1, contract // {len(_WORKS)} + 1) AS "description",
            CAST(CASE WHEN negative THEN -cents ELSE cents END AS DECIMAL(18, 0)) * 0.01 AS "amount"
        FROM ({drawn}) AS drawn
        JOIN ministries ON ministries.c0 = ministry JOIN classes ON classes.c0 = class
        JOIN revenues ON revenues.c0 = income JOIN expenses ON expenses.c0 = expense
        JOIN works ON works.c0 = contract % {len(_WORKS)}"""


def make(folder: Path, rows: int, seed: int = 1) -> Path:
    """Write `datapackage.json` and `facts.csv` of `rows` facts into `folder`; returns the descriptor's path."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as database:
        facts = create(database, rows, seed)
        database.execute(f"COPY ({facts}) TO '{folder / 'facts.csv'}' (FORMAT csv, HEADER)")
    path = folder / "datapackage.json"
    path.write_text(json.dumps(_descriptor(rows), indent=1))
    return path


def _descriptor(rows: int) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"name": name, "type": type_, "columnType": column_type, "title": title}
        for name, type_, column_type, title in COLUMNS
    ]
    fields[0]["constraints"] = {"required": True}
    fields[-1] |= {"constraints": {"required": True}, "currency": "EUR"}
    resource = {"name": "facts", "path": "facts.csv", "encoding": "utf-8", "schema": {"fields": fields}}
    return {
        "name": f"fiscal-{rows}",
        "title": f"Made for measurements: {rows:,} facts",
        "countryCode": "EU",
        "columnTypes": [f"{_TAXONOMIES}/{name}.json" for name in ("budgets", "spending", "openspending")],
        "resources": [resource],
    }


if __name__ == "__main__":
    began = time.perf_counter()
    print(make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))
    print(f"{time.perf_counter() - began:.1f} s")
