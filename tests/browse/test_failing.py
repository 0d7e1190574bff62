"""Pages that cannot be made say so to people, and to programs as the APIs do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from litestar.testing import TestClient

from openspending import browse
from openspending.client import Client
from openspending.errors import StoreError
from openspending.webapp import webapp

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
