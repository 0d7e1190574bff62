"""A file of a package as it lies on disk: its size and hashes, and whether they are what the descriptor says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openspending.fdp.package import Resource
from openspending.fdp.problems import Problem, problem

Progress = Callable[[int, int, str], None]  # bytes done, bytes in all, what is being done
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`path` is where it lies now, `name` its own name, `sha256` in hex."""

    path: Path
    name: str
    bytes: int
    sha256: str
    digest: str | None = None  # in hex, by the algorithm that the descriptor's hash uses, when that is not sha256


def source_file(path: Path, name: str | None = None, *, declared: str | None = None) -> SourceFile:
    """Read the file at `path` once and say what it is; `declared` is the descriptor's hash, if any."""
    digest, algorithm = hashlib.sha256(), _algorithm(declared)
    other = hashlib.new(algorithm, usedforsecurity=False) if algorithm not in (None, "sha256") else None
    size = 0
    for block in blocks(path):
        size += len(block)
        digest.update(block)
        if other is not None:
            other.update(block)
    other_hex = other.hexdigest() if other is not None else None
    return SourceFile(path, name or path.name, size, digest.hexdigest(), other_hex)


def blocks(path: Path, start: int = 0) -> Iterator[bytes]:
    """The bytes of a file from `start` on, in pieces."""
    with path.open("rb") as stream:
        stream.seek(start)
        while block := stream.read(_BLOCK):
            yield block


def as_declared(resource: Resource, files: list[SourceFile]) -> list[Problem]:
    """Warnings where size and hash in the descriptor are not those of the files. A hash of several parts has no
    agreed meaning and is not compared."""
    found = []
    shown = ", ".join(resource.paths)
    size = sum(file.bytes for file in files)
    if resource.bytes is not None and resource.bytes != size:
        found.append(problem("byte-count", file=shown, resource=resource.name, actual=size, declared=resource.bytes))
    algorithm = _algorithm(resource.hash)
    if resource.hash and algorithm is not None and len(files) == 1:
        actual = files[0].sha256 if algorithm == "sha256" else files[0].digest
        if actual is not None and resource.hash.split(":")[-1].strip().lower() != actual:
            found.append(
                problem("hash-count", file=shown, resource=resource.name, actual=actual, declared=resource.hash)
            )
    return found


def _algorithm(declared: str | None) -> str | None:
    """The hash algorithm of a descriptor's `hash`: md5 unless it names one; None when unknown or absent."""
    if not declared:
        return None
    name = declared.split(":", 1)[0].lower().replace("-", "") if ":" in declared else "md5"
    return name if name in hashlib.algorithms_guaranteed and not name.startswith("shake") else None
