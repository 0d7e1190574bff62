"""`leaks`: whether anything private can be read by anybody who may not (docs/privacy.md)."""

from __future__ import annotations

import asyncio
import gzip
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from openspending.cli.leakscene import ACTORS, EVERYTHING, INSIDERS, Scene, installed
from openspending.cli.options import Json
from openspending.cli.output import console, failing_plainly, show_json, show_table

if TYPE_CHECKING:
    from openspending.datastore.objects import ObjectStore

SHOWN: Final = 20  # leaks told one by one
GZIP: Final = b"\x1f\x8b"
BUCKET: Final = "objects of the public store"
LOG: Final = "log"


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that was told: where, to whom, and what."""

    where: str
    who: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """How many requests of whom went to which route, how many were answered with data, and what leaked."""

    asked: Mapping[tuple[str, str], int]
    shown: Mapping[tuple[str, str], int]
    leaks: tuple[Leak, ...]

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return sum(self.asked.values())


def leaks(as_json: Json = False) -> None:
    """Look for leaks: make private, hidden, withdrawn and renamed datasets in a temporary folder, ask every route for
    them as nobody, as a stranger, as a member and as their owner, and compare with what never was.

    Exit code 1 when there is one.

    Example:

        openspending leaks
    """
    with failing_plainly(as_json=as_json):
        with tempfile.TemporaryDirectory(prefix="openspending-leaks-") as folder:
            found = looked(Path(folder))
        (_show_json if as_json else _show)(found)
        if found.leaks:
            raise typer.Exit(1)


def looked(folder: Path) -> Found:
    """What a walk through a scratch installation in `folder` finds."""
    with listened() as log:
        with installed(folder) as scene:
            found = asked(scene)
        left = [*_in_store(scene.store.public), *_in_log(log)]
    return Found(found.asked, found.shown, (*found.leaks, *left))


def asked(scene: Scene) -> Found:
    """What the routes of a running installation tell."""
    from openspending.cli.leakwalk import Walk

    walk = Walk(scene)
    asyncio.run(walk.go())
    told = (
        Leak(one.request.template, one.request.who, f"{one.request.method} {one.request.address}", one.why)
        for one in walk.leaks
    )
    return Found(walk.asked, walk.shown, tuple(told))


@contextmanager
def listened() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, as it would be written."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    root, listener = logging.getLogger(), Listener()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


def _in_log(said: list[str]) -> Iterator[Leak]:
    for line in said:
        word = next((one for one in EVERYTHING if one in line), None)
        if word is not None:
            yield Leak(LOG, "nobody", line[:200], f"“{word}” is logged")


def _in_store(public: ObjectStore) -> Iterator[Leak]:
    """Whoever reads the public bucket reads all of it."""
    for key in sorted(public.list()):
        data = public.get(key)
        data = gzip.decompress(data) if data.startswith(GZIP) else data
        word = next((one for one in EVERYTHING if one in key or one.encode() in data), None)
        if word is not None:
            yield Leak(BUCKET, "nobody", key, f"“{word}” is in it")


def _cell(found: Found, where: str, who: str) -> str:
    """What a table says of a route and an actor."""
    leaking = sum((one.where, one.who) == (where, who) for one in found.leaks)
    if leaking:
        return f"LEAK {leaking}"
    number = found.asked.get((where, who), 0)
    if not number:
        return "" if where not in {BUCKET, LOG} or who != "nobody" else "ok"
    shown = found.shown.get((where, who), 0)
    return f"ok {number} ({shown})" if who in INSIDERS and shown else f"ok {number}"


def _places(found: Found) -> list[str]:
    return [*sorted({where for where, _ in found.asked}), BUCKET, LOG]


def _closing(found: Found) -> str:
    number = len(found.leaks)
    return f"{number} leak{'' if number == 1 else 's'} in {found.requests:,} requests"


def _show(found: Found) -> None:
    people = [*ACTORS][::-1]
    rows = [(where, *(_cell(found, where, who) for who in people)) for where in _places(found)]
    show_table(("path", *people), rows)
    for one in found.leaks[:SHOWN]:
        console().print(f"{one.who}: {one.address}: {one.why}")
    if len(found.leaks) > SHOWN:
        console().print(f"… and {len(found.leaks) - SHOWN} more; --json lists all of them.")
    console().print(_closing(found))


def _show_json(found: Found) -> None:
    told: list[dict[str, Any]] = [
        {"where": one.where, "who": one.who, "address": one.address, "why": one.why} for one in found.leaks
    ]
    paths = {
        where: {who: found.asked[where, who] for who in ACTORS if (where, who) in found.asked}
        for where in _places(found)
    }
    show_json({"requests": found.requests, "leaks": told, "paths": paths})
