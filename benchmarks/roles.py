"""How many columns of packages with ColumnTypes or a model are given the right role, when all of that is taken away.

    python -m benchmarks.roles FOLDER

reads every `datapackage.json` (and `*.datapackage.json`) below FOLDER, loads its tables as text, proposes roles, and
compares. Printed are right/total of each package, the shares by concept and by full role (concept, and code or label),
and the confusions. Packages without their data are judged apart: by their headers, with made-up amounts in the fields
that are numbers. What a descriptor says nothing about is left out and counted.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openspending.etl.modelling.headings import read_heading
from openspending.etl.modelling.profiling import profile
from openspending.etl.modelling.roles import RoleGuess, roles
from openspending.etl.modelling.writing import writing
from openspending.fdp.columntypes import resolve

_CONCEPTS = {
    "value": "value", "date": "date", "functional-classification": "functional",
    "administrative-classification": "administrative", "economic-classification": "economic", "activity": "activity",
    "fin-source": "fin-source", "geo-source": "geo", "supplier": "entity", "recipient": "entity", "procurer": "entity",
    "administrator": "entity",
}  # fmt: skip
_KINDS = {
    "datetime": "date",
    "entity": "entity",
    "activity": "activity",
    "location": "geo",
    "fact": "other",
    "other": "other",
}
_LABELS = ("label", "description", "name", "title")
_PLAIN = ("value", "date", "other")  # roles without code and label


@dataclass(frozen=True, slots=True)
class Role:
    """A concept, with code or label where there are both."""

    concept: str
    part: str = ""
    also: tuple[str, ...] = ()  # concepts that are right too

    def fits(self, other: Role, *, fully: bool) -> bool:
        """Whether `other` is the same role; `fully` with code or label."""
        if other.concept != self.concept and other.concept not in self.also:
            return False
        return not fully or self.concept in _PLAIN or other.concept in _PLAIN or self.part == other.part


@dataclass(slots=True)
class Result:
    """What was found of one package."""

    name: str
    with_data: bool
    total: int = 0
    concepts: int = 0
    full: int = 0
    excluded: int = 0
    wrong: list[tuple[str, Role, RoleGuess]] = field(default_factory=list)
    milliseconds: int = 0


def of_type(name: str | None) -> Role:
    """The role that a ColumnType is."""
    if not name:
        return Role("other")
    found = resolve(name)
    concept = _CONCEPTS.get(found.concept, "other")
    last = found.name.rsplit(":", 1)[-1]
    return Role(
        concept,
        "" if concept in _PLAIN else "label" if last in _LABELS else "code",
    )


def expected(package: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> dict[str, Role]:
    """What the descriptor says of its columns; those it says nothing about are left out."""
    found = dict(_of_model(package.get("model") or package.get("mapping") or {}))
    for one in fields:
        type_ = one.get("columnType") or one.get("osType")
        if type_:
            found[one["name"]] = of_type(type_)
    return found


def _of_model(model: Mapping[str, Any]) -> Iterator[tuple[str, Role]]:
    measures, dimensions = model.get("measures"), model.get("dimensions")
    for one in measures.values() if isinstance(measures, dict) else ():
        yield str(one.get("source") or one.get("column")), Role("value")
    for name, one in dimensions.items() if isinstance(dimensions, dict) else ():
        kind = one.get("dimensionType")
        concept = one.get("classificationType") if kind == "classification" else _KINDS.get(kind or "")
        attributes = one.get("attributes")
        if concept is None or not isinstance(attributes, dict):
            continue
        # the body that spends is called an entity by some packages, a classification by others
        also = ("administrative",) if name == "administrator" else ("fin-source",) if concept == "other" else ()
        for attribute in attributes.values():
            if attribute.get("source"):
                part = "label" if attribute.get("labelfor") else "code"
                yield attribute["source"], Role(concept, "" if concept in _PLAIN else part, also)


def tables(
    path: Path, package: Mapping[str, Any]
) -> Iterator[tuple[str, list[Mapping[str, Any]], list[list[str]] | None]]:
    """Name, fields and rows (with header) of each different table; rows are None where the file is not there."""
    seen = []
    for resource in package.get("resources", []):
        fields = resource.get("schema", {}).get("fields", [])
        if not fields or fields in seen:
            continue
        seen.append(fields)
        data = _bytes(path.parent, str(resource.get("path", "")))
        yield (
            str(resource.get("name", "")),
            fields,
            None if data is None else _rows(data, resource.get("dialect") or {}),
        )


def _bytes(folder: Path, name: str) -> bytes | None:
    if (folder / name).is_file():
        return (folder / name).read_bytes()
    for archive in (*folder.glob("*.zip"), *folder.parent.glob("*.zip")):
        with zipfile.ZipFile(archive) as opened:
            for one in opened.namelist():
                if one.endswith(name) and name:
                    return opened.read(one)
    return None


def _rows(data: bytes, dialect: Mapping[str, Any]) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    delimiter = dialect.get("delimiter") or max(",;\t|", key=text.split("\n", 1)[0].count)
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]


def propose(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[RoleGuess, ...]:
    """The proposed roles of a table."""
    connection = duckdb.connect()
    columns: dict[str, Any] = {"_file": pa.array([0] * len(rows), pa.int32())}
    columns["_row"] = pa.array(range(2, len(rows) + 2), pa.int64())
    for number in range(len(labels)):
        columns[f"f{number}"] = pa.array([row[number] if number < len(row) else "" for row in rows], pa.string())
    connection.register("arrow", pa.table(columns))
    connection.execute("CREATE TABLE source AS SELECT * FROM arrow")
    profiles = profile(connection, "source", labels)
    writings = [writing(one) for one in profiles]
    return roles(connection, "source", profiles, writings, [read_heading(one) for one in labels]).columns


def judge(path: Path) -> Iterator[Result]:
    """The results of the tables of one package."""
    package = json.loads(path.read_text("utf-8"))
    for name, fields, rows in tables(path, package) if isinstance(package, dict) else ():
        wanted = expected(package, fields)
        labels = rows[0] if rows else [one["name"] for one in fields]
        if not any(one in wanted for one in labels):
            continue
        started = time.monotonic_ns()
        guesses = propose(labels, rows[1:] if rows else _made_up(fields))
        result = Result(f"{path.parent.name}/{path.stem.split('.')[0]}/{name}", rows is not None)
        result.milliseconds = (time.monotonic_ns() - started) // 1_000_000
        for guess in guesses:
            _count(result, wanted.get(guess.label), guess)
        yield result


def _made_up(fields: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rows for a table that is not there: amounts where the fields are numbers, else blank."""
    numbers = ("1234.50", "-20.25", "118000.75", "12.40")
    return [[number if one.get("type") == "number" else "" for one in fields] for number in numbers]


def _count(result: Result, wanted: Role | None, guess: RoleGuess) -> None:
    if wanted is None:
        result.excluded += 1
        return
    got = of_type(guess.column_type)
    result.total += 1
    result.concepts += wanted.fits(got, fully=False)
    right = wanted.fits(got, fully=True)
    result.full += right
    if not right:
        result.wrong.append((guess.label, wanted, guess))


def report(results: Sequence[Result]) -> Iterator[str]:
    """The lines about some packages: each, all together, and what was taken for something else."""
    for one in results:
        shares = f"{one.full:3}/{one.total:<3} concepts {one.concepts:3}  left out {one.excluded:3}"
        yield f"{one.name[:70]:70} {shares}  {one.milliseconds} ms"
    total = max(1, sum(one.total for one in results))
    concepts, full = sum(one.concepts for one in results), sum(one.full for one in results)
    yield f"\nconcepts {concepts}/{total} = {100 * concepts // total} %"
    yield f"full roles {full}/{total} = {100 * full // total} %\n"
    for one in results:
        for label, wanted, guess in one.wrong:
            said = f"{wanted.concept} {wanted.part}".strip()
            got = f"{guess.column_type} {guess.confidence} {guess.reason[:60]}"
            yield f"  {one.name[:36]:36} {label[:32]:32} {said:20} {got}"


def main(folder: str) -> None:
    """Judge all packages below `folder` and print it."""
    found = sorted({*Path(folder).rglob("datapackage.json"), *Path(folder).rglob("*.datapackage.json")})
    results = [one for path in found for one in judge(path)]
    for with_data, title in ((True, "with data"), (False, "by their headers only")):
        print(f"\nPackages {title}\n")
        print("\n".join(report([one for one in results if one.with_data == with_data])))


if __name__ == "__main__":
    main(sys.argv[1])
