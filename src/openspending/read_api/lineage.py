"""`…/facts/{rid}`: one fact under a link that stays, and the publisher's own file opened around its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import Response, route
from litestar.params import PathParameter

from openspending.analytics import refs
from openspending.analytics.cube import Row
from openspending.analytics.livecubes import LiveCubes, Opened
from openspending.analytics.proving import lineage
from openspending.analytics.proving.lineage import DESCRIPTOR, FILE, LINEAGE, ROW, SHEET
from openspending.analytics.proving.sourcewindow import AROUND, SourceWindow, column_numbers, source_window
from openspending.analytics.statement import read_build
from openspending.datastore import layout, revisions
from openspending.datastore.revisions import Revision
from openspending.errors import NotFound
from openspending.etl.window import WindowRow
from openspending.read_api.addressing import DATASET, GET, Injected, Name, Owner
from openspending.read_api.asked import address, asked
from openspending.read_api.described import column_of, columns_json, meta_of
from openspending.read_api.documents import document
from openspending.read_api.respond import A_MINUTE, Question, root
from openspending.speaking.said import said, together
from openspending.web import AnyRequest, exact_json, note

Rid = Annotated[
    str,
    PathParameter(description="The id of a fact's content, `_rid`: 24 hex digits, and a number where facts are equal."),
]
_ROWS: Final = 5  # before and after, unless told
_LOOKED_AT: Final = 10  # revisions, the newest first
_FACTS: Final = 2_000_000  # of revisions that are opened only to look for one


@route(f"{DATASET}/facts/{{rid:str}}", http_method=GET, sync_to_thread=True, opt={"endpoint": "fact"})
def one_fact(request: AnyRequest, api: Injected, owner: Owner, name: Name, rid: Rid) -> Response[bytes]:
    """A fact with all its fields, and where it stands in the file that it came from."""
    found = _finding(api.cubes, rid)
    return document(request, api, address(owner, name), (), lambda question, opened: _fact(question, opened, found))


@route(f"{DATASET}/facts/{{rid:str}}/source", http_method=GET, sync_to_thread=True, opt={"endpoint": "source"})
def source_of_fact(request: AnyRequest, api: Injected, owner: Owner, name: Name, rid: Rid) -> Response[bytes]:
    """The publisher's own file around the row of a fact: cells as they are in the file, `around` rows before and after
    (5 unless told), what becomes of each row, and which column made which field."""
    found = _finding(api.cubes, rid)

    def make(question: Question, opened: Opened) -> dict[str, Any]:
        around = question.asked.number("around", _ROWS, AROUND)
        question.asked.settle()
        row = found(opened)
        shown = source_window(api.cubes.sources, opened, row, around or 0)
        return _window(question, opened, row, shown)

    return document(request, api, address(owner, name), ("around",), make)


@route(f"{DATASET}/facts/{{rid:str}}/revisions", http_method=GET, sync_to_thread=True, opt={"endpoint": "fact"})
def revisions_of_fact(request: AnyRequest, api: Injected, owner: Owner, name: Name, rid: Rid) -> Response[bytes]:
    """Which revisions have a fact of the same content: the one that is asked and those before it, ten at most. `has` is
    null where nobody can tell without deriving much."""
    where = address(owner, name)
    asked(request, ()).settle()
    newest = api.cubes.revision(where.owner, where.name, where.version)
    note(request.scope, format="json", rows=1)
    looked = [
        {"revision": one.number, "has": has, "fact": f"{root(one)}/facts/{rid}" if has else None}
        for one, has in _having(api.cubes, newest, rid)
    ]
    body = {"id": rid, "revisions": looked, "all": newest.number}
    return Response(exact_json(body), media_type="application/json", headers={"Cache-Control": A_MINUTE})


def _having(cubes: LiveCubes, newest: Revision, rid: str) -> Iterator[tuple[Revision, bool | None]]:
    """The revisions that are looked at, and whether each has the fact."""
    owner, name, left = newest.owner, newest.name, _FACTS
    ready = {one.revision.number: one for one in cubes.open_ones(owner, name)}
    for number in range(newest.number, max(newest.number - _LOOKED_AT, 0), -1):
        revision = newest if number == newest.number else revisions.read(cubes.store, owner, name, number)
        opened = ready.get(number)
        if opened is None:
            built = read_build(cubes.store, revision)
            if built is not None and built.facts <= left:
                left -= built.facts
                opened = cubes.opened(revision)
        yield revision, None if opened is None else lineage.fact(opened.cube, rid) is not None


def _finding(cubes: LiveCubes, rid: str) -> Callable[[Opened], Row]:
    """Finds the fact in an opened revision. Raises NotFound, saying which other revision has it, if that is known."""

    def find(opened: Opened) -> Row:
        found = lineage.fact(opened.cube, rid)
        if found is not None:
            return found
        revision = opened.revision
        message = said("{id} has no fact {rid}.", id=revision.id, rid=rid[:60])
        for other in cubes.open_ones(revision.owner, revision.name):
            if lineage.fact(other.cube, rid) is not None:
                address = f"{root(other.revision)}/facts/{rid}"
                more = said("Revision {number} has it: {address}", number=other.revision.number, address=address)
                message = together(message, more)
                break
        raise NotFound(message)

    return find


def _fact(question: Question, opened: Opened, find: Callable[[Opened], Row]) -> dict[str, Any]:
    found = find(opened)
    wanted = refs.fields(opened.cube.model, lineage.every_field(opened.cube))
    link = f"{root(opened.revision)}/facts/{found['_rid']}"
    return {
        "id": found["_rid"],
        "data": {name: value for name, value in found.items() if name not in LINEAGE},
        "columns": columns_json([column_of(one.concept, opened, one.key) for one in wanted if one.key not in LINEAGE]),
        "source": _source(opened.revision, found),
        "links": {"self": link, "source": f"{link}/source", "revisions": f"{link}/revisions"},
        "meta": meta_of(opened, question, 1, {}),
    }


def _source(revision: Revision, found: Row) -> dict[str, Any]:
    """Where a fact stands: the stored file under its public URL, its hash, sheet and row."""
    path = str(found[FILE])
    inline = path == DESCRIPTOR
    stored = f"r{revision.number}.{DESCRIPTOR}" if inline else path
    sha256 = layout.sha256_of(path)
    key = layout.stored_key(revision.owner, revision.name, stored)
    return {
        "file": stored,
        "url": f"/data/{quote(key, safe='/@+')}",
        "hash": revision.hash if sha256 is None else f"sha256:{sha256}",
        "sheet": found.get(SHEET),
        "row": found[ROW],
    }


def _window(question: Question, opened: Opened, found: Row, shown: SourceWindow) -> dict[str, Any]:
    window, longest = shown.window, shown.longest()
    others = lineage.beside(opened.cube, found)
    stated = {"sheet": window.sheet or found.get(SHEET), "encoding": window.encoding}
    return {
        "id": found["_rid"],
        "source": _source(opened.revision, found) | stated | {"resource": shown.place.resource.name},
        "header": [_row(one, longest) for one in window.header],
        "rows": [_row(one, longest) | {"fact": one.number == found[ROW]} for one in window.rows],
        "columns": _columns(opened, shown),
        "elsewhere": list(_elsewhere(opened, shown)),
        "facts": {"ids": [one["_rid"] for one in others.data], "total": others.total},
        "meta": meta_of(opened, question, 1, {}),
    }


def _row(one: WindowRow, longest: int) -> dict[str, Any]:
    """A row; cells longer than `longest` end in a mark that says how long they are."""
    told: dict[str, Any] = {
        "row": one.number,
        "kind": one.kind,
        "cells": [_shortened(text, longest) for text in one.cells],
    }
    long = {str(at + 1): len(text) for at, text in enumerate(one.cells) if len(text) > longest}
    changed = {str(at + 1): words for at, words in one.changed.items()}
    further = {"why": one.why, "changed": changed, "shortened": long}
    return told | {name: value for name, value in further.items() if value}


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… [{len(text)} characters]"


def _columns(opened: Opened, shown: SourceWindow) -> list[dict[str, Any]]:
    """The columns of the file: label, the field that it is, and what of the fact came from it."""
    known = lineage.refs_of(opened)
    fields = {at: name for name, at in column_numbers(shown.place, shown.window).items()}
    width = max([len(shown.window.labels), *(len(one.cells) for one in shown.window.rows)])
    labels = [*shown.window.labels, *([""] * (width - len(shown.window.labels)))]
    made: dict[str, list[str]] = {}
    for one in shown.sources:
        if one.field is not None and one.code_list is None:
            made.setdefault(one.field, []).extend(known.get(one.column, ()))
    return [
        {"column": at + 1, "label": label, "field": fields.get(at), "refs": made.get(fields.get(at, ""), [])}
        for at, label in enumerate(labels)
    ]


def _elsewhere(opened: Opened, shown: SourceWindow) -> Iterator[dict[str, Any]]:
    """What of the fact came from a code list, or from the descriptor."""
    known = lineage.refs_of(opened)
    for one in shown.sources:
        names: Sequence[str] = known.get(one.column, ())
        if one.field is None:
            yield {"refs": names, "from": "descriptor"}
        elif one.code_list is not None:
            yield {"refs": names, "from": "code list", "resource": one.code_list, "field": one.field}
