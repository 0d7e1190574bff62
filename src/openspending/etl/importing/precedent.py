"""A precedent: what was decided about a table before, by the dataset's last revision or by a recipe.

Columns are found again by their labels and aliases. What a precedent says of a column is not asked again; what it says
of one file only (row numbers, the year of that file) is not carried over to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from openspending.etl.header import loosely

# What a stored or written descriptor says of bytes that the next file will not have.
_OF_BYTES: Final = ("path", "url", "bytes", "hash", "data", "count_of_rows")
_OF_FILES: Final = ("format", "encoding", "compression", "innerpath", "dialect", "mediatype")


@dataclass(frozen=True, slots=True)
class Known:
    """A table as it was decided. `fields` are its raw fields; `of_file` what was said about how it is written, which
    holds for a file only if that agrees; `rest` are the resource's other properties; `complete` whether columns that
    are not listed mean nothing (a recipe's silence) or were never seen."""

    name: str
    fields: tuple[Mapping[str, Any], ...]
    extra_fields: tuple[Mapping[str, Any], ...] = ()
    schema: Mapping[str, Any] = field(default_factory=dict)
    of_file: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)
    paths: tuple[str, ...] = ()

    def labels(self, one: Mapping[str, Any]) -> Iterator[str]:
        """All labels by which a field is known."""
        yield str(one["name"])
        yield from (str(alias) for alias in one.get("aliases") or ())

    def by_label(self, labels: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The field of each label that is known: by its exact form first, then without case and outer spaces."""
        exact = {label: one for one in self.fields for label in self.labels(one)}
        loose = {loosely(label): one for label, one in exact.items()}
        found: dict[str, Mapping[str, Any]] = {}
        taken: set[str] = set()
        for known, form in ((exact, str), (loose, loosely)):
            for label in labels:
                one = known.get(form(label))
                if label not in found and one is not None and one["name"] not in taken:
                    found[label] = one
                    taken.add(str(one["name"]))
        return found

    def needed(self) -> list[str]:
        """Names of the fields that mean something: without them a file is not the same table."""
        return [str(one["name"]) for one in self.fields if one.get("columnType") or one.get("normalize") is not None]

    def covers(self, labels: Sequence[str]) -> int:
        """How much of what is needed a header has, in percent."""
        needed = self.needed() or [str(one["name"]) for one in self.fields]
        have = {str(one["name"]) for one in self.by_label(labels).values()}
        return 100 * sum(name in have for name in needed) // max(len(needed), 1)

    def rules(self) -> list[Mapping[str, Any]]:
        """The rules on rows to leave out that can hold for another file: those by content."""
        found = self.rest.get("leaveOut")
        return [one for one in found if isinstance(one, dict) and "rows" not in one] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Before:
    """What of an import is not new: the table that a dataset has of the very bytes of a file, by the file's name; and
    the names of files that others are added to."""

    tables: Mapping[str, Known] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    def table(self, name: str) -> Known | None:
        """The table that the dataset has of a file."""
        return self.tables.get(name)

    def has(self, names: Iterable[str]) -> bool:
        """Whether the dataset has all these files."""
        return all(name in self.tables for name in names)

    def keeps(self, names: Iterable[str]) -> bool:
        """Whether all these files are but added to."""
        return all(name in self.kept for name in names)


def relabelled(rule: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any] | None:
    """A rule on rows with other names of the same columns; None where one of them is not among `labels`."""
    found = dict(rule)
    if "empty" in rule:
        found["empty"] = [labels.get(name) for name in rule["empty"]]
    for key in ("where", "whereNot"):
        if key in rule:
            found[key] = {labels.get(name): texts for name, texts in rule[key].items()}
    named = [*found.get("empty", ()), *found.get("where", ()), *found.get("whereNot", ())]
    return None if None in named else found


@dataclass(frozen=True, slots=True)
class Precedent:
    """A whole package as it was decided. `by` is “recipe” or “dataset”; `properties` are the descriptor's without its
    resources; `answers` are decisions that a recipe spells out, by the id of the proposal; `notes` what of it cannot be
    followed."""

    by: str
    tables: tuple[Known, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def best(self, labels: Sequence[str], name: str | None = None) -> tuple[Known | None, int]:
        """The table that a header is most likely of, and how much of it there is in percent. Of equal ones it is that
        whose file is called most like `name`."""
        ranked = sorted(self.tables, key=lambda one: (one.covers(labels), _alike(one, name)), reverse=True)
        return (ranked[0], ranked[0].covers(labels)) if ranked else (None, 0)


def before_of(precedent: Precedent | None, hashes: Mapping[str, str], kept: Iterable[str]) -> Before:
    """What a precedent has of files, whose hashes are by their names."""
    tables = precedent.tables if precedent is not None and precedent.by == "dataset" else ()
    by_hash = {part: one for one in tables for path in one.paths for part in path.split("/")[1:2]}
    return Before({name: by_hash[hashed] for name, hashed in hashes.items() if hashed in by_hash}, frozenset(kept))


def _alike(known: Known, name: str | None) -> int:
    """How like the name of a table's file another one is in percent, whatever numbers they have."""
    if name is None:
        return 0
    names = [known.name, *(path.rsplit("/", 1)[-1] for path in known.paths)]
    bare = [re.sub(r"\d+", "", one.casefold()) for one in (name, *names)]
    return max(round(100 * SequenceMatcher(None, bare[0], one, autojunk=False).ratio()) for one in bare[1:])


def precedent_of(descriptor: Mapping[str, Any], by: str) -> Precedent:
    """The precedent that a descriptor sets: a published revision's, or a recipe's."""
    tables = [_known(one, number) for number, one in enumerate(descriptor.get("resources") or ()) if _is_table(one)]
    left_out = ("resources", "openspending", "decisions")
    properties = {name: value for name, value in descriptor.items() if name not in left_out}
    answers = descriptor.get("decisions")
    spelled = {str(name): str(value) for name, value in answers.items()} if isinstance(answers, dict) else {}
    return Precedent(by, tuple(tables), properties, spelled)


def _is_table(resource: object) -> bool:
    return isinstance(resource, dict) and isinstance(resource.get("schema", {}), dict)


def _known(resource: Mapping[str, Any], number: int) -> Known:
    schema = dict(resource.get("schema") or {})
    fields = tuple(one for one in schema.pop("fields", None) or () if isinstance(one, dict) and one.get("name"))
    extra = tuple(one for one in schema.pop("extraFields", None) or () if isinstance(one, dict))
    path = resource.get("path")
    return Known(
        name=str(resource.get("name") or f"table-{number + 1}"),
        fields=fields,
        extra_fields=extra,
        schema=schema,
        of_file={name: resource[name] for name in _OF_FILES if name in resource},
        rest={key: value for key, value in resource.items() if key not in (*_OF_BYTES, *_OF_FILES, "schema", "name")},
        paths=(path,) if isinstance(path, str) else tuple(one for one in path or () if isinstance(one, str)),
    )
