"""What is counted of requests that do not go as they should."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from openspending.datastore.objects import ObjectStore
from openspending.read_api.measuring import Measured
from openspending.read_api.metrics import Metrics
from openspending.usage.counts import Count, Key, from_csv
from openspending.usage.ledger import Ledger


async def nothing_comes() -> Any:
    await asyncio.Event().wait()


async def sent_on(_: Any) -> None:
    """A connection that takes everything."""


async def broken(_: Any) -> None:
    raise ConnectionResetError


def scope(**further: Any) -> Any:
    return {"type": "http", "method": "GET", "path": "/", "headers": [], **further}


def count(app: Any, send: Any = sent_on, **further: Any) -> Mapping[Key, Count]:
    """What a request to `app` is counted as."""
    public = ObjectStore.open("memory://")
    ledger = Ledger(public)
    with suppress(ConnectionResetError, ZeroDivisionError):
        asyncio.run(Measured(app, ledger, Metrics({}))(scope(**further), nothing_comes, send))
    ledger.close()
    (key,) = public.list("usage")
    return from_csv(public.get(key))


async def two_parts(_: Any, __: Any, send: Any) -> None:
    headers = [(b"content-type", b"text/csv; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})
    await send({"type": "http.response.body", "body": b"678", "more_body": False})


async def fails(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"12", "more_body": True})
    raise ZeroDivisionError


async def silent(_: Any, __: Any, ___: Any) -> None:
    raise ZeroDivisionError


def test_all_parts_of_an_answer_count() -> None:
    ((key, found),) = count(two_parts).items()
    assert (key.format, key.status, found.calls, found.bytes) == ("csv", "2xx", 1, 8)


def test_what_was_not_taken_is_not_counted_as_sent() -> None:
    ((key, found),) = count(two_parts, broken).items()
    assert (found.calls, found.bytes) == (1, 0)
    assert key.status == "none"


def test_an_answer_that_breaks_off_counts_as_far_as_it_went() -> None:
    ((key, found),) = count(fails).items()
    assert (key.status, found.calls, found.bytes) == ("2xx", 1, 2)


def test_a_request_without_an_answer_is_counted_too() -> None:
    ((key, found),) = count(silent).items()
    assert (key.endpoint, key.format, key.status, key.agents, found.calls) == ("none", "none", "none", "program", 1)


def test_headers_that_are_no_text_do_no_harm() -> None:
    ((key, _),) = count(two_parts, headers=[(b"user-agent", b"\xff\xfe\x00bot")]).items()
    assert key.agents == "bot"


def test_a_media_type_that_nobody_knows_is_other() -> None:
    async def odd(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/made-up")]})

    ((key, _),) = count(odd).items()
    assert key.format == "other"


def test_errors_go_on_to_the_server() -> None:
    measured = Measured(silent, Ledger(ObjectStore.open("memory://")), Metrics({}))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(measured(scope(), nothing_comes, sent_on))
