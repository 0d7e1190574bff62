"""The tables in files: every sheet, member of an archive and text, how it is written and how likely it is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.formats.book import not_a_table, open_book
from openspending.etl.formats.kinds import BOOKS, PACKED, kind_of
from openspending.etl.formats.packed import archive_members, unpack
from openspending.etl.formats.sheets import Book, Sheet, not_read
from openspending.etl.inspecting.candidate import Candidate, Inspection, Place, table_proposal
from openspending.etl.inspecting.dialect import guess_dialect
from openspending.etl.inspecting.encoding import guess_encoding
from openspending.etl.inspecting.grid import Grid, Span
from openspending.etl.inspecting.parts import Parts, parts_of
from openspending.etl.inspecting.region import Region, find_regions
from openspending.etl.inspecting.seen import grid_of
from openspending.etl.inspecting.textgrid import beginning, read_grid
from openspending.etl.sourcefile import Progress
from openspending.fdp.problems import PackageRejected
from openspending.speaking.said import said, together

__all__ = ["Candidate", "Inspection", "Parts", "inspect", "parts_of"]

Answering = Callable[[Proposal], Choice]
_MEMBERS: Final = 200  # of an archive that are looked into
_SAMPLE: Final = 20_000  # characters
_LAYOUT: Final = "\n\r\t\f\v\u00a0\u2009\u202f\u200b\u200e\u200f\u00ad\ufeff"
_DESCRIPTORS: Final = ("datapackage.json", "package.json")


def inspect(
    paths: Sequence[Path],
    workdir: Path,
    progress: Progress | None = None,
    answering: Answering = lambda proposal: proposal.best,
) -> Inspection:
    """All tables in some files. `answering` decides which encoding and delimiter a text is read with.

    What is not read is in the notes. Raises PackageRejected when there is no table at all.
    """
    found: list[Candidate] = []
    notes: list[str] = []
    refusals: list[PackageRejected] = []
    whole, done = sum(path.stat().st_size for path in paths), 0
    for path in paths:
        if progress is not None:
            progress(done, whole, f"inspecting {path.name}")
        several = len(paths) > 1
        found += (
            _judged(one, several=several) for one in _opened(path, workdir, notes, refusals, answering, several=several)
        )
        done += path.stat().st_size
    if not found:
        raise refusals[0] if refusals else _no_table(paths, notes)
    return Inspection(_in_order(found), tuple(notes), _questions(found))


def _opened(
    path: Path,
    workdir: Path,
    notes: list[str],
    refusals: list[PackageRejected],
    answering: Answering,
    *,
    several: bool,
) -> Iterator[Candidate]:
    """The tables of one file. One that cannot be read is noted, and its refusal kept."""
    try:
        for place, lies in _places(path, workdir, notes):
            yield from _tables(place, lies, notes, answering, several=several)
    except PackageRejected as refusal:
        refusals.append(refusal)
        notes.extend(f"{path.name}: {one.message}" for one in refusal.report.problems)


def _places(path: Path, workdir: Path, notes: list[str]) -> Iterator[tuple[Place, Path]]:
    """A file, or what is packed in it, with where it lies unpacked."""
    kind = kind_of(path)
    if kind not in PACKED:
        yield Place(path, path.name, kind), path
    elif kind == "gz":
        lies = unpack("gz", path, path.name, workdir)
        yield Place(path, path.name, kind_of(lies), compression="gz"), lies
    else:
        yield from _members(path, workdir, notes)


def _members(path: Path, workdir: Path, notes: list[str]) -> Iterator[tuple[Place, Path]]:
    members = archive_members(path, path.name, workdir)
    for at, member in enumerate(members):
        if at >= _MEMBERS:
            notes.append(
                said(
                    "{name}: of its {count} files only the first {members} were looked into",
                    name=path.name,
                    count=len(members),
                    members=_MEMBERS,
                )
            )
            return
        if PurePosixPath(member.name).name in _DESCRIPTORS:
            notes.append(
                said("{name} › {name2} describes a package and is no table", name=path.name, name2=member.name)
            )
        elif member.kind != "text" and member.kind not in BOOKS:
            notes.append(
                said(
                    "{name} › {name2} is of the kind {kind}, which has no tables that we read",
                    name=path.name,
                    name2=member.name,
                    kind=member.kind,
                )
            )
        else:
            inner = None if len(members) == 1 else member.name
            place = Place(path, path.name, member.kind, compression="zip", member=inner)
            yield place, unpack("zip", path, path.name, workdir, member.name)


def _tables(place: Place, lies: Path, notes: list[str], answering: Answering, *, several: bool) -> Iterator[Candidate]:
    if place.kind == "text":
        yield from _of_text(place, lies, notes, answering, several=several)
    elif place.kind in BOOKS:
        yield from _of_book(place, open_book(lies, place.kind, place.name), notes)
    else:
        raise not_a_table(place.kind, place.name)


def _of_text(place: Place, lies: Path, notes: list[str], answering: Answering, *, several: bool) -> Iterator[Candidate]:
    """The tables of a delimited text."""
    shown, suffix = place.shown, _suffix(place, several=several)
    encoding = replace(guess_encoding(lies, shown), id=f"encoding{suffix}")
    decided = answering(encoding)
    text, complete = beginning(lies, decided.value)
    if not text.strip():
        notes.append(said("{shown} is empty", shown=shown))
        return
    if sum(not char.isprintable() and char not in _LAYOUT for char in text[:_SAMPLE]) > _SAMPLE // 100:
        raise not_read(
            shown, said("it is no text and no format that we know"), said("Save or export its table as XLSX or CSV.")
        )
    dialect = replace(guess_dialect(text, shown, complete=complete), id=f"delimiter{suffix}")
    effect = answering(dialect).effect
    grid = read_grid(lies, shown, decided.value, effect)
    for number, region in enumerate(find_regions(grid), start=1):
        effects = {"encoding": decided.value, **effect}
        yield Candidate(place, region, grid, encoding, dialect, effects, number)


def _suffix(place: Place, *, several: bool) -> str:
    """What the ids of questions about one of several texts end with."""
    return f":{place.shown}" if several or place.member else ""


def _of_book(place: Place, book: Book, notes: list[str]) -> Iterator[Candidate]:
    filled = [one for one in book.sheets if one.rows]
    notes.extend(f"{place.name}: the sheet “{one.name}” is empty" for one in book.sheets if not one.rows)
    visible = [one for one in filled if not one.hidden]
    for sheet in filled:
        lone = len(filled) == 1 or (len(visible) == 1 and not sheet.hidden)
        where = replace(place, sheet=sheet.name, sheet_number=sheet.number, hidden=sheet.hidden, plain=lone)
        grid = grid_of(book.rows(sheet), _spans(sheet))
        for number, region in enumerate(find_regions(grid), start=1):
            yield Candidate(where, _of_keys(region, grid, book), grid, number=number)


def _spans(sheet: Sheet) -> Iterator[Span]:
    """The merged cells that stand over several columns."""
    for top, left, _, right in sheet.merged:
        if right > left:
            yield Span(top, left - 1, right - 1)


def _of_keys(region: Region, grid: Grid, book: Book) -> Region:
    """Records in JSON have their header by nature."""
    if book.kind not in ("json", "jsonl") or region.header_rows == (1,):
        return region
    return find_regions(grid, {"headerRows": [1]})[0]


def _judged(candidate: Candidate, *, several: bool) -> Candidate:
    """A table with how likely it is meant."""
    region = candidate.region
    if candidate.place.hidden:
        confidence, reason = 5, said("its sheet is hidden")
    elif not candidate.rows:
        confidence, reason = 3, said("it has no rows")
    elif region.amounts:
        confidence, reason = (
            95,
            said("it has {amounts} columns of amounts and {rows:,} rows", amounts=region.amounts, rows=candidate.rows),
        )
    elif region.figures:
        confidence, reason = 60, said("its figures look like codes, years or dates, not like amounts")
    else:
        confidence, reason = 30, said("it has no figures, as lists of codes and notes have none")
    suffix = _suffix(candidate.place, several=several)
    return replace(candidate, confidence=confidence, reason=reason, suffix=suffix)


def _in_order(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likelier ones first, and of equally likely ones those with more rows; each kind in the order of the files."""
    return tuple(sorted(found, key=lambda one: -one.confidence))


def _questions(found: Sequence[Candidate]) -> dict[str, Proposal]:
    """For each file with several tables, which of them is meant."""
    names = list(dict.fromkeys(one.name for one in found))
    groups = {name: [one for one in found if one.name == name] for name in names}
    return {
        name: table_proposal(group, name, "table" if len(names) == 1 else f"table:{name}")
        for name, group in groups.items()
        if len(group) > 1
    }


def _no_table(paths: Sequence[Path], notes: Sequence[str]) -> PackageRejected:
    detail = together(*notes, between="; ") if notes else said("there is no table in it")
    return not_read(", ".join(path.name for path in paths), detail, said("Give a file with a table in it."))
