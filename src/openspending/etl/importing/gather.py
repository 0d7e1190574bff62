"""The files of an import, wherever they are: on this machine, at a URL, or stored with the dataset already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from openspending.errors import OpenSpendingError
from openspending.etl.formats.sheets import not_read
from openspending.etl.sourcefile import SourceFile, source_file
from openspending.fdp.paths import is_url, normal_path
from openspending.fdp.problems import PackageRejected, Problem, Report, problem
from openspending.speaking.said import of_error, said

_LONGEST: Final = 200  # bytes of a name; what tells equal ones apart is added
# separators, what has a meaning in URLs and paths, control characters, bytes of a name that are no text
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:?#%\u2028\u2029\ud800-\udfff]")

# Writes what is at the URL to the path and returns the file name that the server gives it, if any.
Fetching = Callable[[str, Path], str | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an import. `name` is what it is called in the package, unlike any other; `url` where it came from;
    `kept`: the dataset has it, and others are added to it."""

    file: SourceFile
    url: str | None = None
    kept: bool = False

    @property
    def name(self) -> str:
        """Its name in the package."""
        return self.file.name


def gather(files: Sequence[str], folder: Path, fetch: Fetching | None) -> tuple[Source, ...]:
    """All files, hashed, with names unlike each other. Raises PackageRejected naming every one that is missing."""
    found: list[Source] = []
    problems: list[Problem] = []
    for number, where in enumerate(files):
        if is_url(where):
            one = _fetched(normal_path(where), folder / "fetched" / str(number), fetch)
        else:
            one = _local(Path(where))
        if isinstance(one, Problem):
            problems.append(one)
        else:
            found.append(one)
    if problems:
        raise PackageRejected(Report(problems))
    return apart(found)


def apart(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources, each with a name of its own; of equal ones (same bytes, same name) the first."""
    taken: dict[str, str] = {}
    kept: list[Source] = []
    for one in sources:
        name, number = one.name, 1
        while name.casefold() in taken and taken[name.casefold()] != one.file.sha256:
            number += 1
            name = f"{number}-{one.name}"
        if name.casefold() in taken:
            continue
        taken[name.casefold()] = one.file.sha256
        file = one.file if name == one.name else SourceFile(one.file.path, name, one.file.bytes, one.file.sha256)
        kept.append(replace(one, file=file))
    return tuple(kept)


def _local(path: Path) -> Source | Problem:
    if path.is_dir():
        return _missing(path, "it is a folder", "Name the files in it.")
    if not path.is_file():
        return _missing(path, "there is no such file", "Check its name and where it lies.")
    return Source(source_file(path, _safe(path.name)))


def _missing(path: Path, detail: str, fix: str) -> Problem:
    return not_read(path.name or str(path), detail, fix).report.problems[0]


def _fetched(url: str, target: Path, fetch: Fetching | None) -> Source | Problem:
    if fetch is None:
        return problem("fiscal/unreachable-url", value=url, reason=said("URLs are not fetched here"))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        given = fetch(url, target)
    except OpenSpendingError as error:
        return problem("fiscal/unreachable-url", value=url, reason=of_error(error))
    name = given or unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1] or urlsplit(url).hostname or "data"
    return Source(source_file(target, _safe(name)), url)


def _safe(name: str) -> str:
    """A file name that can be a path in a descriptor."""
    bare = _UNSAFE.sub("_", name.rsplit("/", 1)[-1]).strip()
    return _shortened(re.sub(r"^[.~]+", "_", bare)) or "data"


def _shortened(name: str) -> str:
    """A name in as many bytes as file systems take, with what says how to read it."""
    if len(name.encode()) <= _LONGEST:
        return name
    suffix = "".join(re.findall(r"\.[A-Za-z0-9]{1,6}", name[-12:]))
    return name.encode()[: _LONGEST - len(suffix)].decode(errors="ignore") + suffix
