"""The APIs over httpx: by URL for everybody's scripts, in process for our own pages (which get no privileges).

Amounts arrive as `Decimal` (or `int`), never as binary floating point.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import quote

import httpx

from openspending.errors import BadQuery, NotFound, OpenSpendingError, Renamed, StoreError, Unauthorised, Withdrawn
from openspending.speaking import ENGLISH
from openspending.speaking.said import said

_IN_PROCESS: Final = "http://in-process"
_MOST = 10_000  # datasets of one answer
ASGIApp = Any  # httpx and Litestar each have their own name for it


class Told(str):
    """A text that somebody told in a `language`."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """The text."""
        told = super().__new__(cls, text)
        told.language = language
        return told


class ApiError(OpenSpendingError):
    """The API answered with an error; the text is what it said, `detail` the sentence of it that is for people,
    `language` the one that it is in, `errors` all that is wrong with what was asked, each with `pointer` or `parameter`
    and `detail`; `told` is all that it said in JSON."""

    def __init__(self, message: str, status: int, detail: str, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail
        self.language = detail.language if isinstance(detail, Told) else ENGLISH
        self.told = told or {}
        self.errors: Sequence[Mapping[str, Any]] = tuple(self.told.get("errors", ()))


class Client:
    """Asks the Read API and the DataStore's files; made with `by_url` or `in_process`. It asks as nobody, unless it was
    made with `asking_for`."""

    def __init__(self, http: httpx.AsyncClient, headers: Mapping[str, str] | None = None) -> None:
        self._http = http
        self._headers = dict(headers or {})
        self.tags: dict[str, str] = {}  # the ETags of what was asked without parameters, by path

    @classmethod
    def by_url(cls, url: str) -> Self:
        """A client of the OpenSpending at `url`, such as `https://openspending.example.org`."""
        return cls(_forgetful(httpx.AsyncClient(base_url=url, timeout=60)))

    @classmethod
    def in_process(cls, app: ASGIApp) -> Self:
        """A client of an ASGI application in this process; nothing goes over a network."""
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        logging.getLogger("httpx").addFilter(_goes_out)
        return cls(httpx.AsyncClient(transport=transport, base_url=_IN_PROCESS))

    def asking_for(self, visitor: Mapping[str, str]) -> Self:
        """The same client, asking with these headers: those that say who a visitor is, and with what they came."""
        return type(self)(self._http, visitor)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def datasets(self) -> list[dict[str, str]]:
        """The rows of the registry, in its order; none when nothing was published yet."""
        try:
            answer = await self._get("/data/registry/catalog.csv")
        except NotFound:
            return []
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))

    async def descriptor(self, owner: str, name: str, revision: int | None = None) -> dict[str, Any]:
        """The descriptor of a dataset's newest revision, or of `revision`. Raises NotFound."""
        file = "datapackage.json" if revision is None else f"r{revision}.datapackage.json"
        return exact_json(await self._get(f"/data/{quote(owner, safe='@')}/{quote(name, safe='')}/{file}"))

    async def tag(self, path: str) -> str:
        """The ETag of what the API has at `path` now; "" where there is none, or nobody can say."""
        try:
            answer = await self._http.head(path, headers=self._headers)
        except httpx.TransportError:
            return ""
        return answer.headers.get("etag", "") if answer.is_success else ""

    async def exists(self, path: str) -> bool:
        """Whether there is a file at `path`, such as `/data/{owner}/{name}/datapackage.json`."""
        return (await self._http.head(path, headers=self._headers)).is_success

    async def model(self, owner: str, name: str) -> dict[str, Any]:
        """The cube model of a dataset: measures, dimensions, hierarchies. Raises NotFound."""
        answer = exact_json(await self._get(cube_path(owner, name, "model")))
        model: dict[str, Any] = answer["model"]
        return model

    async def v1(self, owner: str, name: str, endpoint: str = "", **parameters: str) -> dict[str, Any]:
        """What `/v1` answers of a dataset: all that it says of it, or of its `endpoint`, such as `aggregate`. The name
        may have a version. Amounts are texts. Raises NotFound, ApiError."""
        given = {key: value for key, value in parameters.items() if value}
        return exact_json(await self._get(dataset_path(owner, name, endpoint), given))

    async def aggregate(self, owner: str, name: str, **parameters: str) -> dict[str, Any]:
        """The answer of the aggregate endpoint: `cells`, `summary`, `total_cell_count`, … Raises NotFound, ApiError."""
        return exact_json(await self._get(cube_path(owner, name, "aggregate"), parameters))

    async def fact(self, owner: str, name: str, rid: str, revision: int | None = None) -> dict[str, Any]:
        """One fact of the newest revision, or of `revision`, with all its fields. Raises NotFound."""
        return exact_json(await self._get(_fact_path(owner, name, rid, revision)))

    async def source_of_fact(self, owner: str, name: str, rid: str, revision: int | None = None) -> dict[str, Any]:
        """The publisher's own file around the row of a fact. Raises NotFound, ApiError."""
        return exact_json(await self._get(_fact_path(owner, name, rid, revision) + "/source", {"around": "3"}))

    async def saved_view(self, view: str) -> dict[str, Any]:
        """What was saved under an id: `dataset`, `revision`, and the `view` as a query string. Raises NotFound."""
        return exact_json(await self._get(f"/v1/views/{quote(view, safe='')}"))

    async def search(self, kind: Literal["lines", "datasets"], parameters: Mapping[str, str]) -> dict[str, Any]:
        """What `/v1/search` finds: lines, or datasets. Raises BadQuery, saying what is wrong with the parameters."""
        path = "/v1/search/lines" if kind == "lines" else "/v1/search"
        try:
            return exact_json(await self._get(path, parameters))
        except ApiError as refusal:
            if refusal.status != httpx.codes.BAD_REQUEST:
                raise
            raise BadQuery(refusal.detail) from refusal

    async def ask(self, path: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at a path of the APIs. Raises NotFound, Unauthorised, ApiError."""
        return exact_json(await self._get(path, parameters))

    async def change(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, if_match: str = ""
    ) -> dict[str, Any]:
        """What the APIs answer to a request that changes something; {} where they have nothing to say. `if_match` is
        the state that it builds on. Raises NotFound, Unauthorised, ApiError with all that is wrong."""
        answer = await self._send(method, path, body, {"If-Match": f'"{if_match}"'} if if_match else {})
        return exact_json(answer) if answer.content else {}

    async def put_bytes(self, path: str, content: bytes) -> None:
        """Send bytes to a path of the APIs. Raises as `change` does."""
        await self._sent("PUT", path, content, {"Content-Type": "application/octet-stream"})

    async def cookies_of(self, path: str) -> list[str]:
        """The headers Set-Cookie of the answer to a POST without a body. Raises Unauthorised, ApiError."""
        return (await self._send("POST", path, None)).headers.get_list("set-cookie")

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False, default=str).encode()
        return await self._sent(method, path, content, {"Content-Type": "application/json", **(headers or {})})

    async def _sent(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, content=content, headers={**self._headers, **headers})
        except httpx.TransportError as error:
            raise StoreError(said("The API does not answer: {name}.", name=type(error).__name__)) from error
        if not answer.is_success:
            raise _refusal(path, answer)
        return answer

    async def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:
        try:
            answer = await self._http.get(path, params=parameters, headers=self._headers)
        except httpx.TransportError as error:
            raise StoreError(said("The API does not answer: {name}.", name=type(error).__name__)) from error
        if not answer.is_success:
            raise _refusal(path, answer)
        if not parameters:
            self.tags[path] = answer.headers.get("etag", "")
        return answer


def _goes_out(record: logging.LogRecord) -> bool:
    """Whether a line of httpx's log is of a request that left this process. All others are parts of a page, whose
    addresses may name private datasets."""
    return _IN_PROCESS not in record.getMessage()


def _forgetful(http: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client without a memory for cookies: one visitor's must never be sent for another."""
    http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return http


def _refusal(path: str, answer: httpx.Response) -> OpenSpendingError:
    """What an answer that is none means, as the error that it was where it came from."""
    told: dict[str, Any] = {}
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        told = exact_json(answer)
    if "moved_to" in told:
        owner, _, name = str(told["moved_to"]).partition("/")
        return Renamed(str(told["detail"]), owner, name)
    if answer.status_code == httpx.codes.GONE and "reason" in told:
        return Withdrawn(str(told["detail"]), str(told["reason"]), str(told["withdrawn"]))
    if answer.status_code == httpx.codes.NOT_FOUND:
        return NotFound(str(told.get("detail") or f"There is no {path}."))
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return Unauthorised(str(told.get("detail", "Sign in again.")), "invalid_token")
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return StoreError(str(told.get("detail", "The API cannot work now.")))
    message = f"{path} answered {answer.status_code}: {answer.text[:300]}"
    detail = Told(str(told.get("detail", message)), answer.headers.get("content-language", ENGLISH))
    return ApiError(message, answer.status_code, detail, told)


def dataset_path(owner: str, name: str, endpoint: str = "") -> str:
    """Path in `/v1` of a dataset, whose name may have a version, or of an `endpoint` of it."""
    path = f"/v1/datasets/{quote(owner, safe='@')}/{quote(name, safe='@:')}"
    return f"{path}/{quote(endpoint, safe='/.')}" if endpoint else path


def cube_path(owner: str, name: str, endpoint: str) -> str:
    """Path of `endpoint` (model, aggregate, facts) of a dataset's cube."""
    return f"/api/3/cubes/{quote(f'{owner}:{name}', safe=':@')}/{endpoint}/"


def _fact_path(owner: str, name: str, rid: str, revision: int | None) -> str:
    version = "" if revision is None else f"@{revision}"
    return f"/v1/datasets/{quote(owner, safe='@')}/{quote(name, safe='')}{version}/facts/{quote(rid, safe='')}"


def exact_json(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object that was answered, numbers with a fraction as Decimal."""
    content: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
    return content
