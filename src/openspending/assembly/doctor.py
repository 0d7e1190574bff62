"""Examines a whole installation: stores, database, cache, settings, sign-in. Nothing is left behind or changed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from openspending.assembly.parts import open_store
from openspending.datastore.doctor import examine_stores
from openspending.datastore.findings import Check, Finding, Wrong, examine
from openspending.errors import NotFound
from openspending.settings import Settings

ROOM: Final = 1_000_000_000  # bytes that should be free where copies of derived files go
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_STARTED: Final = "Start `openspending serve` (or `serve identity`) once; it does that."


def examine_installation(settings: Settings) -> Iterator[Finding]:
    """What is right and wrong, one check after another."""
    yield from examine_stores(settings.public_url, settings.private_url, settings.s3)
    yield from examine("database", settings, DATABASE)
    yield from examine(str(settings.cache), settings, CACHE)
    yield from examine("settings", settings, SETTINGS)
    yield from examine("search", settings, SEARCH)
    yield from examine("sign-in", settings, SIGN_IN)


def _database(settings: Settings) -> None:
    from openspending.database.condition import forms, try_writing
    from openspending.database.engine import open_database
    from openspending.database.reachable import check

    if not _sqlite_is_there(settings.database_url):
        raise Wrong("There is no such file yet.", _STARTED)
    engine = open_database(settings.database_url)
    try:
        check(engine)
        form, newest = forms(engine)
        if form != newest:
            has = f"has the form {form}" if form else "is empty"
            raise Wrong(f"It {has}; the newest form is {newest}.", _STARTED)
        try_writing(engine)
    finally:
        engine.dispose()


def _sqlite_is_there(url: str) -> bool:
    """Whether the file is there; opening an SQLite database would make it. Of servers it is not asked."""
    scheme, _, path = url.partition(":///")
    return scheme != "sqlite" or Path(path).is_file()


def _cache(settings: Settings) -> None:
    folder = settings.cache
    while not folder.exists():  # it is made when something is to be kept
        folder = folder.parent
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise Wrong(f"Only {free / 1e9:.1f} GB are free.", "Make room there, or set OS_CACHE to a folder with more.")


def _base_url(settings: Settings) -> None:
    parts = urlsplit(settings.base_url)
    if not settings.base_url:
        if settings.oidc is not None or settings.host not in _LOCAL:
            raise Wrong(
                "Others reach this OpenSpending, but it does not know by which address.",
                "Set OS_BASE_URL to it, such as https://openspending.example.org.",
            )
    elif parts.scheme != "https" and parts.hostname not in _LOCAL:
        raise Wrong(
            "OS_BASE_URL is not https: cookies of signed-in people could be read on the way.",
            "Put TLS in front, and set OS_BASE_URL to the https address.",
        )


def _search(settings: Settings) -> None:
    from openspending.analytics.search.postgres import open_postgres

    if settings.search_url:
        with closing(open_postgres(settings.search_url, "public")) as index:
            index.records()


def _issuer(settings: Settings) -> None:
    from openspending.identity.provider import Issuer, Provider

    if settings.oidc is None:
        return
    with closing(Provider(Issuer(settings.oidc.issuer, settings.oidc.client_id))) as provider:
        if not provider.keys():
            raise Wrong("The issuer publishes no keys.", "See that OS_OIDC_ISSUER is right.")


def _public_keys(settings: Settings) -> None:
    from openspending.database.engine import open_database
    from openspending.identity.keys import Keys
    from openspending.identity.tokens import JWKS_KEY

    engine = open_database(settings.database_url)
    try:
        known = [one.kid for one in Keys(engine, lambda _: None, "").listed()]
    finally:
        engine.dispose()
    try:
        published = open_store(settings).public.get(JWKS_KEY)
    except NotFound:
        published = b""
    for kid in known:  # none is known before the first sign-in
        if f'"{kid}"'.encode() not in published:
            raise Wrong(f"The key {kid} signs access tokens, but its public half is not in {JWKS_KEY}.")


DATABASE: Final = (
    Check(
        "SQL database",
        "It answers, has the newest form and can be written.",
        _database,
        lambda _: "See that OS_DATABASE_URL is right, and that its user owns the database.",
        stops=True,
    ),
    Check(
        "public keys",
        "Every component can verify access tokens.",
        _public_keys,
        lambda _: "openspending keys publish",
    ),
)
CACHE: Final = (
    Check(
        "cache",
        "It can be written, and there is room.",
        _cache,
        lambda _: "Make the folder writable for this process, or set OS_CACHE to another.",
    ),
)
SETTINGS: Final = (Check("address", "Cookies are safe with it.", _base_url),)
SEARCH: Final = (
    Check(
        "search index",
        "Its server answers, or it is in the cache.",
        _search,
        lambda _: (
            "See that OS_SEARCH_URL is right, and that this machine reaches it; without it the index is in OS_CACHE."
        ),
    ),
)
SIGN_IN: Final = (
    Check(
        "issuer",
        "It answers, or people sign in by one-time links.",
        _issuer,
        lambda _: "See that OS_OIDC_ISSUER is right, and that this machine reaches it.",
    ),
)
