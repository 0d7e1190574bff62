"""The settings: read from the environment once, checked all together, then frozen. Nothing below knows an environment.

`TABLE` says what there is; `docs/settings.md` is tested against it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from openspending.datastore.addresses import ANONYMOUS, DEFAULT_REGION, S3Access, endpoint_url, locations
from openspending.errors import BadSettings


class Setting(NamedTuple):
    """One environment variable: its name, what holds without it (in words), and what it is for."""

    name: str
    default: str
    help: str


TABLE: Final = (
    Setting(
        "OS_DATA", "./data", "Folder of the embedded DataStore, used when no bucket is named. `--data` wins over it."
    ),
    Setting(
        "OS_STORAGE_BUCKET_NAME",
        "the folder `public` in OS_DATA",
        "The public store: a bucket's name, or a URL (`s3://bucket/prefix`, `file:///path`).",
    ),
    Setting(
        "OS_PRIVATE_BUCKET_NAME",
        "the public store's name with `-private`",
        "The private store, written in the same way. It must not be the public one, nor lie in it.",
    ),
    Setting(
        "OS_ACCESS_KEY_ID", "none", "Access key for the buckets; without it a public bucket can be read, nothing more."
    ),
    Setting("OS_SECRET_ACCESS_KEY", "none", "Secret key that belongs to the access key. It is never printed."),
    Setting(
        "OS_S3_HOSTNAME",
        "Amazon S3",
        "The S3 server: a host (https is assumed) or a URL such as `http://localhost:9000`.",
    ),
    Setting(
        "OS_S3_PUBLIC_HOSTNAME",
        "OS_S3_HOSTNAME",
        "What browsers call the S3 server, where that is another name: signed URLs have it.",
    ),
    Setting("OS_REGION", DEFAULT_REGION, "Region of the buckets."),
    Setting(
        "OS_CACHE",
        "the folder `cache` in OS_DATA",
        "Folder for copies of derived files; it may be deleted at any time.",
    ),
    Setting("OS_HOST", "127.0.0.1", "Address that `serve` listens on; `0.0.0.0` is all of them."),
    Setting("OS_PORT", "8000", "Port that `serve` listens on; 0 takes a free one."),
    Setting("OS_MEMORY_LIMIT", "1GB", "Memory that the database engine of `serve` may use, such as `512MB` or `4GB`."),
    Setting(
        "OS_RESULT_CACHE",
        "64MB",
        "Memory for answers of `/v1` that were given before; `0MB` keeps none. An answer is kept under its revision "
        "and its query, so none is ever stale.",
    ),
    Setting(
        "OS_QUERY_SECONDS", "30", "Seconds that one query of the Read API may take; what takes longer is answered 422."
    ),
    Setting("OS_THREADS", "the number of processors", "Threads that the database engine of `serve` may use."),
    Setting("OS_SQL_PROCESSES", "2", "Questions in SQL that are answered at once, each by a process; `0`: none ever."),
    Setting("OS_SQL_SECONDS", "10", "Seconds that an answer to SQL may take."),
    Setting("OS_SQL_MEMORY", "512MB", "Memory that an answer to SQL may take."),
    Setting("OS_SQL_ROWS", "100000", "Rows that an answer to SQL may have; one with more is refused, never cut short."),
    Setting(
        "OS_DATABASE_URL",
        "the file `openspending.sqlite` in OS_DATA",
        "The SQL database of accounts, uploads and jobs: `sqlite:////path/to/file` or "
        "`postgresql://user:password@host/name`. Its password is never printed.",
    ),
    Setting(
        "OS_SEARCH_URL",
        "an index of the program's own, in OS_CACHE",
        "An existing PostgreSQL to keep the search index in: `postgresql://user:password@host/name`. Its password is "
        "never printed.",
    ),
    Setting(
        "OS_BASE_URL",
        "the address that `serve` listens on",
        "Where people reach this OpenSpending, such as `https://openspending.example.org`; sign-in needs it behind a "
        "proxy.",
    ),
    Setting(
        "OS_API_URL",
        "the APIs of the same process",
        "Where `serve browse`, alone, reaches the APIs, such as `http://gateway:8000`.",
    ),
    Setting("OS_OIDC_ISSUER", "none", "The OpenID Connect issuer that people sign in with; none: by one-time links."),
    Setting("OS_OIDC_CLIENT_ID", "none", "What the issuer calls this OpenSpending."),
    Setting("OS_OIDC_CLIENT_SECRET", "none", "The secret for that, if the issuer gave one. It is never printed."),
    Setting("OS_OIDC_NAME", "OpenID", "What the sign-in button calls the issuer."),
    Setting("OS_UPLOAD_SIZE", "20GB", "Size that one uploaded file may have."),
    Setting("OS_QUOTA", "100GB", "Bytes of uploads and source files that one owner may keep."),
    Setting(
        "OS_WORKERS", "2", "Jobs, such as imports, that one process does at once; `0`: `serve` leaves them to `work`."
    ),
    Setting(
        "OS_TOKEN_IN_QUERY",
        "no",
        "`yes` lets clients of the old API send a token as the parameter `jwt`; it then stands in logs and histories.",
    ),
    Setting(
        "OS_ALLOW_PRIVATE_HOSTS",
        "no",
        "`yes` lets imports and webhooks reach hosts of this machine and network. For tests.",
    ),
)


@dataclass(frozen=True, slots=True)
class Oidc:
    """Who signs people in: an OpenID Connect issuer, and what it knows this OpenSpending by."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    name: str = "OpenID"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. The stores are URLs: `s3://bucket[/prefix]`, `file:///path` or `memory://`."""

    data: Path
    public_url: str
    private_url: str
    cache: Path
    s3: S3Access = ANONYMOUS
    host: str = "127.0.0.1"
    port: int = 8000
    memory_limit: str = "1GB"
    threads: int = 1
    query_seconds: int = 30
    result_cache: int = 64_000_000  # bytes
    sql_processes: int = 2
    sql_seconds: int = 10
    sql_memory: int = 512_000_000  # bytes
    sql_rows: int = 100_000
    database_url: str = field(default="", repr=False)
    search_url: str = field(default="", repr=False)
    base_url: str = ""
    api_url: str = ""
    oidc: Oidc | None = None
    upload_size: int = 20_000_000_000  # bytes
    quota: int = 100_000_000_000  # bytes
    workers: int = 2
    token_in_query: bool = False
    allow_private_hosts: bool = False


def read_settings(environment: Mapping[str, str] | None = None, *, data: Path | None = None) -> Settings:
    """The settings of `environment` (the process's own when None); `data` wins over `OS_DATA`.

    Raises BadSettings with everything that is wrong, one line each. Empty variables count as absent.
    """
    given = {name: value for name, value in (os.environ if environment is None else environment).items() if value}
    wrong: list[str] = []
    folder = (data or Path(given.get("OS_DATA", "data"))).expanduser().absolute()
    public, private = _stores(given, folder, wrong)
    settings = Settings(
        data=folder,
        public_url=public,
        private_url=private,
        cache=Path(given.get("OS_CACHE", folder / "cache")).expanduser().absolute(),
        s3=_s3(given, wrong),
        host=given.get("OS_HOST", "127.0.0.1"),
        port=_whole_number(given, "OS_PORT", 8000, range(65536), wrong),
        memory_limit=_memory(given.get("OS_MEMORY_LIMIT", "1GB"), wrong),
        query_seconds=_whole_number(given, "OS_QUERY_SECONDS", 30, range(1, 3601), wrong),
        result_cache=_bytes(given, "OS_RESULT_CACHE", "64MB", wrong),
        threads=_whole_number(given, "OS_THREADS", os.cpu_count() or 1, range(1, 1025), wrong),
        sql_processes=_whole_number(given, "OS_SQL_PROCESSES", 2, range(257), wrong),
        sql_seconds=_whole_number(given, "OS_SQL_SECONDS", 10, range(1, 3601), wrong),
        sql_memory=_bytes(given, "OS_SQL_MEMORY", "512MB", wrong),
        sql_rows=_whole_number(given, "OS_SQL_ROWS", 100_000, range(1, 10_000_001), wrong),
        database_url=given.get("OS_DATABASE_URL", f"sqlite:///{folder / 'openspending.sqlite'}"),
        search_url=_search(given, wrong),
        base_url=_address(given, "OS_BASE_URL", wrong),
        api_url=_address(given, "OS_API_URL", wrong),
        oidc=_oidc(given, wrong),
        upload_size=_bytes(given, "OS_UPLOAD_SIZE", "20GB", wrong),
        quota=_bytes(given, "OS_QUOTA", "100GB", wrong),
        workers=_whole_number(given, "OS_WORKERS", 2, range(65), wrong),
        token_in_query=_yes(given, "OS_TOKEN_IN_QUERY", wrong),
        allow_private_hosts=_yes(given, "OS_ALLOW_PRIVATE_HOSTS", wrong),
    )
    if wrong:
        raise BadSettings("\n".join(wrong))
    return settings


def _stores(given: Mapping[str, str], folder: Path, wrong: list[str]) -> tuple[str, str]:
    """URLs of the public and the private store."""
    public = given.get("OS_STORAGE_BUCKET_NAME")
    private = given.get("OS_PRIVATE_BUCKET_NAME") or (None if public else (folder / "private").as_uri())
    given_urls = {"OS_STORAGE_BUCKET_NAME": public, "OS_PRIVATE_BUCKET_NAME": private}
    unknown = {
        name: url for name, url in given_urls.items() if url and not re.match(r"(s3|file|memory)://|[^:]+$", url)
    }
    wrong.extend(f"{name} is “{url}”; it must be a bucket's name, s3://… or file:///…" for name, url in unknown.items())
    try:
        return locations(public or (folder / "public").as_uri(), private)
    except BadSettings as error:
        wrong.append(f"OS_STORAGE_BUCKET_NAME, OS_PRIVATE_BUCKET_NAME: {error}")
        return "", ""


def _s3(given: Mapping[str, str], wrong: list[str]) -> S3Access:
    """The S3 server and its keys."""
    keys = ("OS_ACCESS_KEY_ID", "OS_SECRET_ACCESS_KEY")
    missing = [name for name in keys if name not in given]
    if len(missing) == 1:
        wrong.append(f"{missing[0]} is missing; the access key and its secret go together.")
    endpoint, public = (_server(given, name, wrong) for name in ("OS_S3_HOSTNAME", "OS_S3_PUBLIC_HOSTNAME"))
    region, (access_key, secret_key) = given.get("OS_REGION", DEFAULT_REGION), map(given.get, keys)
    return S3Access(endpoint, region, access_key, secret_key, public_endpoint=public)


def _server(given: Mapping[str, str], name: str, wrong: list[str]) -> str | None:
    """The URL of an S3 server."""
    host = given.get(name)
    try:
        return endpoint_url(host)
    except BadSettings:
        wrong.append(f"{name} is “{host}”; it must be a host or a URL such as http://localhost:9000.")
        return None


def _oidc(given: Mapping[str, str], wrong: list[str]) -> Oidc | None:
    """The issuer; None where none is named."""
    issuer, client = _address(given, "OS_OIDC_ISSUER", wrong), given.get("OS_OIDC_CLIENT_ID")
    if bool(issuer) != bool(client):
        wrong.append("OS_OIDC_ISSUER and OS_OIDC_CLIENT_ID go together; one of them is missing.")
    if not issuer or not client:
        return None
    return Oidc(issuer, client, given.get("OS_OIDC_CLIENT_SECRET"), given.get("OS_OIDC_NAME", "OpenID"))


def _address(given: Mapping[str, str], name: str, wrong: list[str]) -> str:
    """The URL without a slash at its end; "" where there is none."""
    text = given.get(name, "")
    if text and not re.fullmatch(r"https?://[^/?#\s@]+(/[^?#\s]*)?", text):
        wrong.append(f"{name} is “{text}”; it must be a URL such as https://openspending.example.org.")
    return text.rstrip("/")


def _search(given: Mapping[str, str], wrong: list[str]) -> str:
    """The URL of the search server; "" where there is none. It may hold a password, so it is never repeated."""
    text = given.get("OS_SEARCH_URL", "")
    if text and not re.fullmatch(r"postgres(ql)?://[^/?#\s]*/[^/?#\s]+(\?[^#\s]*)?", text):
        wrong.append("OS_SEARCH_URL must be postgresql://user:password@host/name.")
    return text


def _yes(given: Mapping[str, str], name: str, wrong: list[str]) -> bool:
    text = given.get(name, "no")
    if text not in ("yes", "no"):
        wrong.append(f"{name} is “{text}”; it must be yes or no.")
    return text == "yes"


def _whole_number(given: Mapping[str, str], name: str, default: int, allowed: range, wrong: list[str]) -> int:
    text = given.get(name)
    if text is None:
        return default
    if re.fullmatch(r"[0-9]{1,8}", text) and int(text) in allowed:
        return int(text)
    wrong.append(f"{name} is “{text}”; it must be a whole number from {allowed.start} to {allowed.stop - 1}.")
    return default


def _memory(text: str, wrong: list[str]) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,6} ?[KMGT]i?B", text):
        wrong.append(f"OS_MEMORY_LIMIT is “{text}”; it must be a size such as 512MB or 4GB.")
    return text


def _bytes(given: Mapping[str, str], name: str, default: str, wrong: list[str]) -> int:
    text = given.get(name, default)
    found = re.fullmatch(r"([0-9]{1,7}) ?([KMG])B", text)
    if found is None:
        wrong.append(f"{name} is “{text}”; it must be a size such as 64MB.")
        return 0
    return int(found[1]) * {"K": 1_000, "M": 1_000_000, "G": 1_000_000_000}[found[2]]
