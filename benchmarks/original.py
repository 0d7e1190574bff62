"""The original against ours: CPU time per question, of all processes of each, over HTTP, in one run.

    python -m benchmarks.original [ROWS] [--tables one|star] [--api v1|api3] [--folder FOLDER]

The original is babbage 0.4.0 on PostgreSQL with the versions of its time, in a virtual environment of its own that this
makes from the package registry; it is never a dependency of the project. Its database gets the same facts, as its
loaders wrote them: in one table with B-trees on each key and on key and label (babbage_fiscal), or in a star with a
table for each concept and B-trees on its keys (datapackage-pipelines-fiscal). The cube model is the one that we derive
for old clients. Answers of ours that were kept do not count: every request has another page size.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks import serving
from benchmarks.questions import QUESTIONS, Question
from benchmarks.serving import Processes
from openspending.fdp.sqltext import identifier

# Python 3.11 has no collections.Mapping any more, which these versions and the build of grako import.
START: Final = """
import collections, collections.abc
for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
"""
PINS: Final = (
    *("SQLAlchemy==1.3.24", "Flask==1.1.4", "Werkzeug==1.0.1", "Jinja2==2.11.3", "MarkupSafe==2.0.1"),
    *("itsdangerous==1.1.0", "click==7.1.2", "jsonschema==3.2.0", "psycopg2-binary", "pgserver"),
    *("normality", "PyYAML", "six", "python-dateutil", "setuptools<81", "wheel"),
)
BUILT: Final = ("grako==3.10.1", "babbage==0.4.0")

# Runs in the other environment: loads what FOLDER/load.json lists, then serves FOLDER/cubes/*.json.
APP: Final = """
import json, logging, sys
from pathlib import Path
import pgserver, psycopg2, sqlalchemy
from flask import Flask
from babbage.manager import CachingJSONCubeManager
from babbage.api import configure_api

folder = Path(sys.argv[1])
database = pgserver.get_server(folder / "postgres")
if not (folder / "loaded").exists():
    connection = psycopg2.connect(database.get_uri())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("ALTER DATABASE postgres SET work_mem = '64MB'")
    for table in json.loads((folder / "load.json").read_text()):
        cursor.execute(table["create"])
        with open(table["file"], encoding="utf-8") as file:
            cursor.copy_expert('COPY "%s" FROM STDIN (FORMAT csv)' % table["name"], file)
        for statement in table["after"]:
            cursor.execute(statement)
        cursor.execute('VACUUM ANALYZE "%s"' % table["name"])
    connection.close()
    (folder / "loaded").touch()
app = Flask("original")
manager = CachingJSONCubeManager(sqlalchemy.create_engine(database.get_uri()), str(folder / "cubes"))
app.register_blueprint(configure_api(app, manager), url_prefix="/api/3")
logging.getLogger("werkzeug").setLevel(logging.ERROR)
print("postgres", database.get_pid(), flush=True)
app.run(port=int(sys.argv[2]), threaded=False)
"""


def environment(folder: Path) -> Path:
    """The Python of the original's virtual environment in `folder`, made unless it is there already."""
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        libraries = next(folder.glob("lib/python*/site-packages"))
        (libraries / "sitecustomize.py").write_text(START)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *PINS], check=True)
        subprocess.run([*install, "--no-build-isolation", "--no-deps", *BUILT], check=True)
        (folder / "made").touch()
    return python


def export(data: Path, rows: int, folder: Path, tables: str) -> None:
    """Write the facts as CSV files, `load.json` which says how to load them, and the cube model."""
    parquet = serving.facts_file(data, rows)
    cube = json.loads((parquet.parent / "model.json").read_text())["cube"]
    with duckdb.connect() as database:
        database.execute(f"CREATE VIEW facts AS FROM read_parquet('{parquet}')")
        loads = _star(database, cube, folder) if tables == "star" else _one_table(database, cube, folder)
    (folder / "load.json").write_text(json.dumps(loads))
    (folder / "cubes").mkdir(exist_ok=True)
    (folder / "cubes" / f"{serving.OWNER}:{serving.dataset(rows)}.json").write_text(json.dumps(cube))


def _one_table(database: duckdb.DuckDBPyConnection, cube: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """One table with all columns; `cube` is changed to name these."""
    columns, indexed = {"_id": "bigint PRIMARY KEY"}, []
    for dimension in cube["dimensions"].values():
        del dimension["join_column"]
        pair = []
        for attribute in dimension["attributes"].values():
            attribute["column"] = attribute["fact_column"]
            columns[attribute["column"]] = _type(attribute)
            pair.append(attribute["column"])
        indexed += [pair[:1], pair] if len(pair) > 1 else [pair]
    columns["amount"] = "numeric"
    fact = cube["fact_table"]
    shown = ", ".join(["_row", *(f'"{name}"' for name in list(columns)[1:])])
    _write(database, f"SELECT {shown} FROM facts", fact, folder)
    return [_table(fact, columns, indexed, folder)]


def _star(database: duckdb.DuckDBPyConnection, cube: Mapping[str, Any], folder: Path) -> list[dict[str, Any]]:
    """A table for each concept, and the facts with a key for each."""
    keys, joins, tables = {}, "", []
    for number, ((table, key), columns) in enumerate(_concepts(cube).items()):
        names = ", ".join(f'"{name}"' for name in columns)
        database.execute(
            f'CREATE TABLE "{table}" AS SELECT row_number() OVER (ORDER BY {names}) AS id, {names} '
            f"FROM (SELECT DISTINCT {names} FROM facts)"
        )
        same = " AND ".join(f'facts."{name}" = t{number}."{name}"' for name in columns)
        joins += f' JOIN "{table}" AS t{number} ON {same}'
        keys[key] = f"t{number}.id"
        _write(database, f'FROM "{table}"', table, folder)
        tables.append(_table(table, {"_fdp__id_": "integer PRIMARY KEY"} | columns, [[one] for one in columns], folder))
    fact = cube["fact_table"]
    _write(database, f"SELECT {', '.join(['_row', *keys.values(), 'amount'])} FROM facts{joins}", fact, folder)
    types = {"_id": "bigint PRIMARY KEY"} | dict.fromkeys(keys, "integer") | {"amount": "numeric"}
    return [*tables, _table(fact, types, [[key] for key in keys], folder)]


def _write(database: duckdb.DuckDBPyConnection, select: str, name: str, folder: Path) -> None:
    database.execute(f"COPY ({select}) TO '{folder / name}.csv' (FORMAT csv, HEADER false)")


def _type(attribute: Mapping[str, Any]) -> str:
    return "integer" if attribute["type"] == "integer" else "text"


def _concepts(cube: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, str]]:
    """(dimension table, its key in the fact table) → its columns with their PostgreSQL types."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for dimension in cube["dimensions"].values():
        for attribute in dimension["attributes"].values():
            table, _, column = attribute["column"].partition(".")
            columns = found.setdefault((table, dimension["join_column"][0]), {})
            columns[column] = _type(attribute)
    return found


def _table(name: str, columns: Mapping[str, str], indexed: list[list[str]], folder: Path) -> dict[str, Any]:
    declared = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
    return {
        "name": name,
        "file": str(folder / f"{name}.csv"),
        "create": f'CREATE TABLE "{name}" ({declared})',
        "after": [f'CREATE INDEX ON "{name}" ({", ".join(map(identifier, key))})' for key in indexed],
    }


@contextmanager
def original(data: Path, rows: int, folder: Path, tables: str) -> Iterator[tuple[str, Processes]]:
    """The address of the original on the facts of `data`, and its processes."""
    python = environment(folder / "babbage-env")
    place = folder / f"original-{tables}-{rows}"
    if not (place / "loaded").exists():
        place.mkdir(exist_ok=True)
        export(data, rows, place, tables)
    port = serving.free_port()
    with subprocess.Popen([str(python), "-c", APP, str(place), str(port)], stdout=subprocess.PIPE, text=True) as app:
        try:
            assert app.stdout is not None
            postmaster = next(int(line.split()[1]) for line in app.stdout if line.startswith("postgres "))
            address = f"http://127.0.0.1:{port}/"
            serving.wait_for(f"{address}api/3/")
            try:
                yield address, Processes(app.pid, postmaster)
            finally:
                os.kill(postmaster, signal.SIGINT)  # it would outlive the process that started it
        finally:
            app.terminate()


def per_question(client: serving.Connection, processes: Processes, question: Question, api: str, rows: int) -> float:
    """Milliseconds of CPU time per request: as many requests as a second and a half allows, from 3 to 60."""
    name = serving.dataset(rows)
    paths = [replace(question, size=question.size + number).path(api, serving.OWNER, name) for number in range(61)]
    client.get(paths.pop())
    began, cpu, asked = time.perf_counter(), processes.cpu(), 0
    while paths and (asked < 3 or time.perf_counter() < began + 1.5):
        client.get(paths.pop(0))
        asked += 1
    return (processes.cpu() - cpu) / asked * 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.original")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--tables", choices=("one", "star"), default="one")
    parser.add_argument("--api", choices=("v1", "api3"), default="v1")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = serving.published(folder, given.rows)
        theirs, their_processes = stack.enter_context(original(data, given.rows, folder, given.tables))
        ours, our_processes = stack.enter_context(serving.served(data))
        old, new = serving.Connection(theirs), serving.Connection(ours)
        print(f"{given.rows:,} facts, CPU ms per question; theirs in {given.tables}, ours by /{given.api}\n")
        print("| | original | ours | times cheaper | goal |  |\n|---|---|---|---|---|---|")
        for one in QUESTIONS:
            new_ms = per_question(new, our_processes, one, given.api, given.rows)
            old_ms = per_question(old, their_processes, one, "api3", given.rows)
            ratio = old_ms / max(new_ms, 0.1)
            verdict = "met" if ratio >= one.cheaper else "NOT MET"
            print(
                f"| {one.name} | {old_ms:.1f} | {new_ms:.1f} | **{ratio:.1f}** | {one.cheaper} | {verdict} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
