"""Pages that cannot be made say so to people, and to programs as the APIs do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from openspending import browse
from openspending.client import Client
from openspending.errors import StoreError, TooOften
from openspending.webapp import webapp
from tests.browse.reading import Browser

pytestmark = pytest.mark.slow

PERSON = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "es"}


class Unreachable(Client):
    """A client whose API does not answer, or answers what nobody expects."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def asking_for(self, visitor: Any) -> Unreachable:  # noqa: ARG002 - whoever it is
        return self

    async def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:  # noqa: ARG002
        raise self._error


def pages(error: Exception) -> TestClient[Any]:
    return TestClient(webapp(browse.routes(Unreachable(error)), dict), raise_server_exceptions=False)


def test_a_page_without_its_data_says_so_in_words() -> None:
    with pages(StoreError("The API does not answer.")) as asked:
        answer = asked.get("/", headers=PERSON)
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "private, no-store")
        assert "Esta página no se puede mostrar" in answer.text
        assert "minuto" in answer.text
        program = asked.get("/")
        assert (program.status_code, program.json()["detail"]) == (503, "The API does not answer.")


def test_our_own_mistakes_are_told_by_their_number_alone() -> None:
    with pages(KeyError("secret")) as asked:
        answer = asked.get("/", headers={**PERSON, "X-Request-ID": "abc123"})
        assert answer.status_code == 500
        assert "abc123" in answer.text
        assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/a/b/c/d", "/ministry/budget-2015/nothing"])
def test_an_address_of_nothing_is_a_page_for_people_and_a_problem_for_programs(browser: Browser, path: str) -> None:
    answer = browser.get(path, headers=PERSON)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "private, no-store")
    assert ("Aquí no hay nada" in answer.text, answer.headers["content-language"]) == (True, "es")
    assert f'value="{path.strip("/").replace("/", " ")}"' in answer.text
    assert 'role="search"' in answer.text
    for other in (browser.get(path), browser.get(f"/v1{path}", headers=PERSON), browser.get("/v1/x", headers=PERSON)):
        assert (other.status_code, other.headers["content-type"]) == (404, "application/problem+json")


def test_what_is_wrong_with_an_address_is_said_kindly_in_the_readers_language(browser: Browser) -> None:
    answer = browser.post("/", headers=PERSON)
    assert (answer.status_code, "no se le puede enviar nada" in answer.text) == (405, True)
    assert "GET" in answer.headers["allow"]
    program = browser.post("/")
    assert (program.status_code, program.json()["status"]) == (405, 405)
    hostile = browser.get("/%22%3E%3Cscript%3E/x/y/z", headers=PERSON)
    assert (hostile.status_code, "<script>" in hostile.text) == (404, False)
    old = browser.get("/api/3/nothing", headers=PERSON)
    assert (old.status_code, old.headers["content-type"]) == (404, "application/json")


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    with pages(TooOften("Too many requests.", 7)) as asked:
        answer = asked.get("/", headers=PERSON)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert "Espere 7 segundos" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/search?q=health", "/demo", "/demo/mexico-2015", "/demo/mexico-2015/view", "/x"]
)
def test_pages_answer_head_as_get_without_the_body(browser: Browser, path: str) -> None:
    whole, head = browser.get(path), browser.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    for name in ("content-type", "cache-control", "content-language"):
        assert head.headers[name] == whole.headers[name]
