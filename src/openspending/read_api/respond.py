"""Answers of `/v1`: which revision they are of, how long they stay, and 304 before any work (docs/http-api.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from openspending import __version__
from openspending.analytics.exports.formats import Format
from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Table
from openspending.analytics.livecubes import Opened
from openspending.analytics.statement import BUILD
from openspending.datastore.revisions import Revision
from openspending.read_api.api import Api
from openspending.read_api.asked import Address, Asked, fingerprint, options_of
from openspending.read_api.resultcache import Kept
from openspending.speaking import ENGLISH
from openspending.web import AnyRequest, closed, exact_json, names_etag, note, speak, spoken_json, wanted_language

FOREVER: Final = "public, max-age=31536000, immutable"
A_MINUTE: Final = "public, max-age=60, stale-while-revalidate=86400"


@dataclass(frozen=True, slots=True)
class Result:
    """An answer before it is written: the JSON body, made when JSON is asked for, and the table for all other formats.

    `rows` is how many rows the JSON body has.
    """

    body: Callable[[], Mapping[str, Any]]
    table: Callable[[], Table]
    meta: Mapping[str, Any]
    rows: int


@dataclass(frozen=True, slots=True)
class Named:
    """A revision that a `part` of a question names beside the one of its path, and where it is opened. `pinned`: by its
    number, so that it is the same for ever."""

    part: str
    revision: Revision
    pinned: bool
    api: Api


@dataclass(frozen=True, slots=True)
class Question:
    """One request about one revision, in one format. What it computes from other revisions too are those `beside`."""

    request: AnyRequest
    address: Address
    revision: Revision
    asked: Asked
    format: Format
    beside: tuple[Named, ...] = ()

    @property
    def options(self) -> Options:
        """How the answer is to be written; `meta` is added by whoever makes it."""
        return options_of(self.asked)

    @property
    def key(self) -> str:
        """What decides about the answer, as a hash: revisions, build, program, path, parameters, body and format."""
        path = self.request.scope["path"].partition(f"/{self.address.name}")[2].partition("/")[2]
        beside = [f"{one.part}={one.revision.hash}" for one in self.beside]
        method = "GET" if self.request.method == "HEAD" else self.request.method  # of which it asks the headers
        asked = (method, path, fingerprint(self.asked), self.format.name + self._tongue())
        parts = (self.revision.hash, BUILD, __version__, *asked, *beside)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _tongue(self) -> str:
        """What of the answer's language decides about it: only JSON says anything to people."""
        language = wanted_language(self.request.scope)
        return "" if self.format.name != "json" or language == ENGLISH else f" {language}"

    @property
    def etag(self) -> str:
        """The strong ETag of the answer."""
        return f'"{self.key}"'

    def headers(self) -> dict[str, str]:
        """What every answer about a revision says of itself."""
        revision = self.revision
        pinned = self.address.version == str(revision.number)
        lasting = all(one.pinned for one in self.beside)  # the same question may mean other revisions tomorrow
        headers = {
            "ETag": self.etag,
            "Cache-Control": FOREVER if pinned and lasting else A_MINUTE,
            "Vary": "Accept",
            "OpenSpending-Version": revision.id,
            "Link": f'<{root(revision)}>; rel="describedby"',
        }
        if lasting and not pinned and self.request.method != "POST":  # what a body asks has no such address
            asked_for = self.request.scope["raw_path"].decode("latin-1").partition("?")[0]
            rest = asked_for.partition("/datasets/")[2].split("/", 2)[2:]
            query = self.request.scope["query_string"].decode("latin-1")
            headers["Content-Location"] = "/".join([root(revision), *rest]) + (f"?{query}" if query else "")
        return headers


def root(revision: Revision) -> str:
    """The path of a revision in the API: what `@` names is stable for ever."""
    return f"/v1/datasets/{quote(revision.owner, safe='@+')}/{quote(revision.name, safe='')}@{revision.number}"


def unchanged(question: Question) -> Response[bytes] | None:
    """304 when the asker has this very answer already; nothing was computed for it. `*` is not looked at: whether the
    question has any answer is not known yet."""
    known = question.request.headers.get("if-none-match")
    if question.request.method == "POST" or not names_etag(known, question.etag):
        return None
    return Response(b"", status_code=304, headers=question.headers())


def answered(api: Api, question: Question, make: Callable[[Opened], Result]) -> Response[bytes] | Stream:
    """The answer to `question`: 304, or from the cache, or what `make` computes from the opened revision."""
    note(question.request.scope, format=question.format.name)
    options = question.options
    ready = _ready(api, question)
    if ready is not None:
        return ready
    result = make(api.cubes.opened(question.revision))
    if question.format.name != "json":
        return _streamed(question, result)
    language = wanted_language(question.request.scope)
    body, heard = spoken_json(result.body(), language, as_numbers=options.numbers == "number")
    kept = Kept(body, result.rows, str(result.meta["self"]), heard)
    if not closed(question.request.scope):
        api.cache.put(question.key, kept)
    return _whole(question, kept)


def _ready(api: Api, question: Question) -> Response[bytes] | None:
    """The answer that is known already; None when there is none, or when something is wrong with the question, which
    may differ from one that was answered by just that."""
    if question.asked.wrong:
        return None
    kept = api.cache.get(question.key)
    return unchanged(question) or (None if kept is None else _whole(question, kept))


def told(question: Question, make: Callable[[], Any]) -> Response[bytes]:
    """As `answered`, of what needs no facts and never changes: 304, or the JSON of what `make` finds."""
    return unchanged(question) or _json(exact_json(make()), question.headers())


def told_now(question: Question, found: Any, changing: str) -> Response[bytes]:
    """The JSON of `found`, which may be another in a minute although the revision stays; 304 when it is the same. What
    happens to it is told by the changelog at the path `changing`."""
    body = exact_json(found)
    headers = {**question.headers(), "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": A_MINUTE}
    headers["Link"] += f', <{changing}.atom>; rel="alternate"; type="application/atom+xml"'
    if names_etag(question.request.headers.get("if-none-match"), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return _json(body, headers)


def _json(body: bytes, headers: Mapping[str, str]) -> Response[bytes]:
    return Response(body, media_type="application/json", headers=dict(headers))


def _whole(question: Question, kept: Kept) -> Response[bytes]:
    note(question.request.scope, rows=kept.rows)
    if kept.spoken:
        speak(question.request.scope)
    headers = _at(question, kept.address)
    return Response(kept.body, media_type=question.format.content_type, headers=headers)


def _at(question: Question, address: str) -> dict[str, str]:
    """The headers; of an answer to a body, they say at which address it can be had without one."""
    return question.headers() | ({"Content-Location": address} if question.request.method == "POST" else {})


def _streamed(question: Question, result: Result) -> Stream:
    options = question.options
    meta = Options(bom=options.bom, safe=options.safe, numbers=options.numbers, meta=result.meta)
    table = result.table()
    note(question.request.scope, rows=table.rows or 0)
    headers = _at(question, str(result.meta["self"])) | {
        "Content-Type": question.format.content_type,
        "Content-Disposition": f'inline; filename="{_filename(question)}"',
    }
    return Stream(question.format.stream(table, meta), headers=headers)


def _filename(question: Question) -> str:
    last = question.request.scope["path"].rsplit("/", 1)[-1].partition(".")[0]
    revision = question.revision
    return f"{revision.name}-r{revision.number}-{re.sub('[^A-Za-z0-9_-]', '_', last)}.{question.format.name}"
