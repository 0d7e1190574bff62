"""The walk of `leaks`: every route × every asker, about a dataset in each state, beside one that never was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

from openspending.cli.leakasking import Answer, Request, ask, routes
from openspending.cli.leakjudging import as_twin, closed, difference, heard, of_dataset, of_withdrawn
from openspending.cli.leakscene import (
    ACTORS,
    EVERYTHING,
    INSIDERS,
    OF_HIDDEN,
    OF_PRIVATE,
    OF_WITHDRAWN,
    SUBJECTS,
    Scene,
    Subject,
)

READING: Final = ("GET", "HEAD")
_PARTS: Final = {"ref": "code", "kind": "mixed-sum"}  # of paths, beside those of a dataset
_QUERIES: Final = (  # the end of a path, and what it is asked
    ("/aggregate", "drilldown=code"),
    ("/facts", "pagesize=1"),
    ("/compare", "left=year:2026"),
    ("/receipt", "drilldown=code"),
    ("/source", "around=1"),
)
_MENTIONING: Final = (  # routes that are about no dataset of their path, asked about one
    ("/v1/datasets/{owner}/{name}/compare", "/v1/datasets/ministry/roads-open/compare?left={dataset}@1"),
    ("/v1/sql", "/v1/sql?query=SELECT%20*%20FROM%20%22{owner}%22.%22{name}%22"),
    ("/v1/sql/tables/{owner}/{name}", "/v1/sql/tables/{owner}/{name}@1"),
    ("/v1/usage", "/v1/usage?dataset={owner}/{name}&by=endpoint"),
    ("/v1/datasets", "/v1/datasets?owner={owner}&visibility=all"),
    ("/search/{kind}", "/search/package?q=%22{name}%22"),
    ("/search/{kind}", "/search/package?id=%22{owner}:{name}%22"),
    ("/v1/search", "/v1/search?owner={owner}&visibility=all"),
    ("/v1/search/lines", "/v1/search/lines?dataset={dataset}&visibility=all"),
    ("/v1/suggest", "/v1/suggest?q=r&dataset={dataset}&visibility=all"),
    ("/package/status", "/package/status?datapackage=https://open.example.org/data/{dataset}/datapackage.json"),
)
_CHANGING: Final = ("publish", "delete", "update_params", "run-hooks")  # what old clients do, by POST
_OF_ALL: Final = (  # further questions about everything
    ("/v1/datasets", "/v1/datasets?visibility=all&pagesize=10000"),
    ("/v1/datasets", "/v1/datasets?visibility=private&pagesize=10000"),
    ("/v1/changelog", "/v1/changelog?pagesize=10000"),
    ("/search/{kind}", "/search/package?size=10000"),
    ("/v1/usage", "/v1/usage?by=dataset|endpoint"),
    ("/v1/owners/{owner}/changelog.atom", "/v1/owners/ministry/changelog.atom"),
    ("/{owner}", "/ministry"),
    ("/v1/search", "/v1/search?visibility=all"),
    ("/v1/search", "/v1/search?visibility=private"),
    ("/v1/search/lines", "/v1/search/lines?visibility=all"),
)
_WORDS: Final = tuple(said[0].lower() for said in (OF_PRIVATE, OF_HIDDEN, OF_WITHDRAWN))  # an echo is no leak
_BY_WORD: Final = (  # where these are looked for: as they are, with a typo, by their beginning; and by amounts
    ("/v1/search", "/v1/search?q={word}&visibility=all"),
    ("/v1/search", "/v1/search?q={typo}&visibility=all"),
    ("/v1/search.atom", "/v1/search.atom?q={word}&visibility=all"),
    ("/v1/search/lines", "/v1/search/lines?q={word}&visibility=all"),
    ("/v1/search/lines", "/v1/search/lines?q={word}&visibility=private"),
    ("/v1/search/lines", "/v1/search/lines?q={typo}&visibility=all"),
    ("/v1/search/lines", "/v1/search/lines?q={start}*&visibility=all"),
    ("/v1/search/lines", "/v1/search/lines?from=1000&to=999999999&visibility=all"),
    ("/v1/search/lines.feed", "/v1/search/lines.feed?q={word}&visibility=all"),
    ("/v1/suggest", "/v1/suggest?q={start}&visibility=all"),
    ("/search", "/search?q={word}"),
    ("/search/{kind}", "/search/package?q={word}"),
)


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that an answer told: which request, of whom, about which dataset, and what it told."""

    request: Request
    state: str
    why: str


@dataclass(slots=True)
class Walk:
    """What was asked, and what was found: for each template and actor the number of requests and of answers with
    data."""

    scene: Scene
    asked: dict[tuple[str, str], int] = field(default_factory=dict)
    shown: dict[tuple[str, str], int] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    _known: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    async def go(self) -> None:
        """Ask everything, the owner first: what caches keep for one, they must not tell others."""
        templates = await routes(self.scene.app)
        for who in ACTORS:
            for subject in SUBJECTS:
                for request in self._about(templates, subject, who):
                    await self._judge(request, subject)
            for request in self._of_all(templates, who):
                await self._judge_all(request)

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return sum(self.asked.values())

    async def _ask(self, request: Request) -> Answer:
        place = request.template, request.who
        self.asked[place] = self.asked.get(place, 0) + 1
        return await ask(self.scene.app, request, self.scene.tokens.get(request.who))

    async def _twin(self, request: Request, subject: Subject) -> Answer:
        """The answer to the same request about what never was, which is asked for once."""
        body = as_twin(request.body.decode(), subject).encode()
        twin = replace(request, address=as_twin(request.address, subject), body=body)
        key = (twin.method, twin.address, twin.who, *twin.headers.values(), body.decode())
        if key not in self._known:
            self._known[key] = await self._ask(twin)
        return self._known[key]

    async def _judge(self, request: Request, subject: Subject) -> None:
        answer = await self._ask(request)
        told = self._wrong(request, subject, answer)
        if told is None and self._must_be_alike(request, subject):
            told = difference(answer, await self._twin(request, subject), subject, echoed=_echoed(request))
        if told is not None:
            self.leaks.append(Leak(request, subject.state, told))
        etag = answer.headers.get("etag")
        if etag and request.who == "owner" and not request.headers and subject.state in {"private", "hidden"}:
            await self._with_etag(request, subject, etag)

    def _wrong(self, request: Request, subject: Subject, answer: Answer) -> str | None:
        """What an answer tells though it must not, whatever others are told."""
        if subject.state == "public":
            return None
        good = answer.status in {200, 206, 304} and request.method in (*READING, "POST")
        if good:
            place = request.template, request.who
            self.shown[place] = self.shown.get(place, 0) + 1
        if subject.state == "withdrawn":
            return heard(answer, subject.words) or of_withdrawn(request, answer)
        if request.who not in INSIDERS:
            return heard(answer, subject.words)
        if closed(answer) or not ((of_dataset(request) and good) or heard(answer, subject.words)):
            return None
        return f"may be kept by others: Cache-Control is “{answer.headers.get('cache-control', '')}”"

    def _must_be_alike(self, request: Request, subject: Subject) -> bool:
        """Whether the asker must be told the same as of what never was."""
        return request.who not in INSIDERS and subject.state not in {"public", "withdrawn"}

    async def _with_etag(self, request: Request, subject: Subject, etag: str) -> None:
        """Whether anybody else is told “unchanged” of the answer that its owner got."""
        for who in ("stranger", "nobody"):
            await self._judge(replace(request, who=who, headers={"if-none-match": etag}), subject)

    async def _judge_all(self, request: Request) -> None:
        answer = await self._ask(request)
        told = heard(answer, OF_WITHDRAWN if request.who in INSIDERS and closed(answer) else EVERYTHING)
        ids = (self.scene.job, *self.scene.views)
        said = next((one for one in (*ids, *_WORDS) if one in request.address), None)
        if told is None and request.who not in INSIDERS and said is not None:
            other = said[::-1] if said in _WORDS else "0" * len(said)
            subject = Subject("all", said, said, (other, other))
            told = difference(answer, await self._twin(request, subject), subject, echoed=_echoed(request))
        if told is not None:
            self.leaks.append(Leak(request, "all", told))

    def _about(self, templates: Sequence[tuple[str, tuple[str, ...]]], subject: Subject, who: str) -> Iterator[Request]:
        """Every request about a dataset that `who` makes. Insiders change nothing: they could."""
        first = subject.state in {SUBJECTS[0].state, "withdrawn"}
        for template, methods in templates:
            if not _names_a_dataset(template):
                continue
            addresses = list(self._addresses(template, subject))
            for method in (one for one in methods if one != "OPTIONS"):
                if who in INSIDERS and method not in READING and not _asks_by_body(template, method):
                    continue
                chosen = addresses if first and method == "GET" else addresses[:1]
                for address in addresses if template == "/data/{path}" and method == "GET" else chosen:
                    yield Request(template, method, address, who, body=b"" if method in READING else b"{}")
        for template, address in _MENTIONING:
            dataset = f"{subject.owner}/{subject.name}"
            yield Request(template, "GET", address.format(owner=subject.owner, name=subject.name, dataset=dataset), who)
        for word in () if who in INSIDERS else _CHANGING:
            template = f"/package/{word}"
            yield Request(template, "POST", f"{template}?id={subject.owner}:{subject.name}", who, body=b"{}")
        if who not in INSIDERS:
            body = json.dumps({"dataset": f"{subject.owner}/{subject.name}", "view": "chart=table"}).encode()
            yield Request("/v1/views", "POST", "/v1/views", who, body=body)

    def _addresses(self, template: str, subject: Subject) -> Iterator[str]:
        """A path with its parts filled in: with the query that fits, with one that is wrong, and with a version."""
        if template == "/data/{path}":
            for key in self.scene.keys[subject.owner, subject.name]:
                yield f"/data/{subject.owner}/{subject.name}/{quote(key)}"
            return
        path = _filled(template, subject, subject.name, self.scene.rid)
        fitting = next((query for end, query in _QUERIES if re.sub(r"\.\w+$", "", template).endswith(end)), "")
        yield f"{path}?{fitting}" if fitting else path
        yield f"{path}?zzzz=1"
        if "{owner}/{name}" in template:
            yield _filled(template, subject, f"{subject.name}@1", self.scene.rid)

    def _of_all(self, templates: Sequence[tuple[str, tuple[str, ...]]], who: str) -> Iterator[Request]:
        """Every question that is about no single dataset."""
        for template, methods in templates:
            if "GET" in methods and not _names_a_dataset(template):
                path = template.replace("{job}", self.scene.job)
                for view in self.scene.views if "{view}" in path else ("",):
                    yield Request(template, "GET", re.sub(r"\{\w+\}", "x", path.replace("{view}", view)), who)
        for template, address in _OF_ALL:
            yield Request(template, "GET", address, who)
        for template, address in _BY_WORD:
            for word in _WORDS:
                asked = address.format(word=word, typo=f"{word}z", start=word[:4])
                yield Request(template, "GET", asked, who)
        for key in sorted(self.scene.store.public.list()):
            if key.partition("/")[0] in {"registry", "changelog", "usage", "identity"}:
                yield Request("/data/{path}", "GET", f"/data/{key}", who)


def _names_a_dataset(template: str) -> bool:
    return "{owner}" in template or template == "/data/{path}" or re.match(r"/api/3/\w+/\{name\}", template) is not None


def _echoed(request: Request) -> bool:
    return request.template.startswith(("/v1/search", "/search")) and "q=" in request.address


def _asks_by_body(template: str, method: str) -> bool:
    return method == "POST" and template.endswith(("/aggregate", "/facts", "/compare"))


def _filled(template: str, subject: Subject, name: str, rid: str) -> str:
    cube = {"name": f"{subject.owner}:{name}"} if template.startswith("/api/3/") else {}
    parts = {"owner": subject.owner, "name": name, "file": f"{name}.png", "rid": rid, **_PARTS, **cube}
    path = re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], "x"), template)
    slashed = template.startswith("/api/3/cubes/") and "{path}" not in template
    return f"{path}/" if slashed else path
