"""Fetches a publisher's files by URL: http and https only, bounded in size and time, and never from inside our network.

A name is resolved once; every address it has must be public, and the connection goes to an address so checked, so a
name that changes its address in between gains nothing. Each redirect is checked anew. A file appears only when it is
complete. Whoever fetched a URL before gives the validators that came with it; what has not changed is not sent again.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import unquote

import httpx

from openspending.errors import OpenSpendingError
from openspending.speaking.said import said

REDIRECTS: Final = 5
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# public by their number, but answered by a cloud provider's own machinery
METADATA: Final = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("169.254.169.254")})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


_CODINGS: Final = ("identity", "gzip", "x-gzip", "deflate")
_LONGEST_NAME: Final = 120
_LAST_PORT: Final = 65535
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the version of a file that it sent, to ask later whether it is still that one."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The question, as headers of a request."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL answered. If it has not `changed`, nothing was written, and there is no hash. `name` is what the file
    is called, safe as the name of a file."""

    changed: bool
    etag: str | None
    last_modified: str | None
    sha256: str | None
    name: str

    @property
    def validators(self) -> Validators:
        """To be given with the next request for the same URL."""
        return Validators(self.etag, self.last_modified)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Called as `fetcher(url, path)`. `allow_private_hosts` is for testing against a server on this machine."""

    allow_private_hosts: bool = False
    limit: int = 4 * 1024**3  # bytes of one file
    patience: int = 1800  # seconds for one file
    connect_timeout: int = 10  # seconds
    read_timeout: int = 60  # seconds without a byte

    def __call__(self, url: str, path: Path) -> None:
        """Write what `url` answers to `path`. Raises Unreachable, which says why not."""
        self.fetch(url, path)

    def fetch(self, url: str, path: Path, known: Validators | None = None) -> Fetched:
        """Write what `url` answers to `path`, unless it is still the version of which `known` was said. Raises
        Unreachable, which says why not; then nothing is written."""
        timeout = httpx.Timeout(self.read_timeout, connect=self.connect_timeout)
        # no proxy from the environment: it would resolve names for itself
        with httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as http, explained():
            return self._follow(http, url, path, known or Validators())

    def _follow(self, http: httpx.Client, url: str, path: Path, known: Validators) -> Fetched:
        deadline = time.monotonic() + self.patience
        place = parsed(url)
        for _ in range(REDIRECTS + 1):
            request = self.checked(place)
            request["headers"] |= known.headers()
            with http.stream("GET", **request) as answer:
                if not answer.has_redirect_location:
                    return self._take(answer, path, deadline, known, _name(answer, url, place))
                following = place.join(answer.headers["location"])
                if place.scheme == "https" and following.scheme != "https":
                    raise Unreachable(said("it redirects from https to {scheme}", scheme=following.scheme))
                place = parsed(str(following))
        raise Unreachable(said("it redirects more than {redirects} times", redirects=REDIRECTS))

    def _take(self, answer: httpx.Response, path: Path, deadline: float, known: Validators, name: str) -> Fetched:
        """The answer, its body written to `path` if it has one."""
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        if known.headers() and answer.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(False, etag or known.etag, modified or known.last_modified, None, name)
        if answer.status_code != httpx.codes.OK:
            raise Unreachable(
                said(
                    "the server answers {status_code} {reason_phrase}",
                    status_code=answer.status_code,
                    reason_phrase=answer.reason_phrase,
                )
            )
        part = path.with_name(f"{path.name}.part")
        try:
            sha256 = self._write(answer, part, deadline)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return Fetched(True, etag, modified, sha256, name)

    def checked(self, place: httpx.URL) -> Request:
        """The request to an address of the URL's host that was checked, under the name that the URL gave. Raises
        Unreachable."""
        address = self._address(place.host, place.port or {"http": 80, "https": 443}[place.scheme])
        return Request(
            url=place.copy_with(host=str(address)),
            headers={
                "Host": place.netloc.decode("ascii"),
                "User-Agent": "OpenSpending",
                "Accept": "*/*",
                "Accept-Encoding": "gzip",
            },
            extensions={"sni_hostname": place.host} if place.scheme == "https" else {},
        )

    def _address(self, host: str, port: int) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(said("the host {host} cannot be found", host=host)) from None
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not self.allow_private_hosts and not all(is_public(one) for one in addresses):
            raise Unreachable(said("the host {host} is not on the public internet", host=host))
        return min(addresses, key=lambda one: one.version)  # IPv4 is what every server has

    def _write(self, answer: httpx.Response, path: Path, deadline: float) -> str:
        coded = answer.headers.get("content-encoding", "identity").strip().lower()
        if coded not in _CODINGS:
            # a body packed twice grows a million times before anything of it can be counted
            raise Unreachable(said("it is packed as {coded}, which was not asked for", coded=coded))
        written = 0
        sha256 = hashlib.sha256()
        with path.open("wb") as file:
            for block in answer.iter_bytes():
                written += len(block)
                if written > self.limit:
                    raise Unreachable(said("it is larger than {limit} bytes", limit=self.limit))
                if time.monotonic() > deadline:
                    raise Unreachable(said("it takes longer than {patience} seconds", patience=self.patience))
                file.write(block)
                sha256.update(block)
        return sha256.hexdigest()


def is_public(address: Address) -> bool:
    """Whether `address` is on the public internet; IPv4 inside IPv6 counts as the IPv4 address it stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in METADATA


class Request(TypedDict):
    """Arguments of one httpx request."""

    url: httpx.URL
    headers: dict[str, str]
    extensions: dict[str, str]


class Unreachable(OpenSpendingError):
    """Why a URL was not fetched, as the end of a sentence; whoever asked for it says which URL."""


@contextmanager
def explained() -> Iterator[None]:
    """Turns every way in which fetching fails into Unreachable."""
    try:
        yield
    except httpx.TimeoutException:
        raise Unreachable(said("the server does not answer in time")) from None
    except httpx.ConnectError:
        raise Unreachable(said("no server answers there")) from None
    except httpx.RemoteProtocolError as error:
        raise Unreachable(said("the answer is incomplete or broken: {error}", error=error)) from None
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Unreachable(said("it leads to what is no valid URL: {error}", error=error)) from None
    except httpx.HTTPError as error:
        raise Unreachable(str(error) or type(error).__name__) from None


def parsed(url: str) -> httpx.URL:
    """The URL, if it is one of http or https without a password in it. Raises Unreachable."""
    try:
        place = httpx.URL(url)
        host = place.host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Unreachable(said("it is no valid URL: {error}", error=error)) from None
    if place.scheme not in {"http", "https"} or not host:
        raise Unreachable(said("only http and https are fetched"))
    if (place.port or 0) > _LAST_PORT:
        raise Unreachable(said("there is no port {port}", port=place.port))
    if place.userinfo:
        raise Unreachable(said("it contains a name or password"))
    return place


def _name(answer: httpx.Response, url: str, place: httpx.URL) -> str:
    """What the file is called: by the answer, else by the URL that was asked for, else by the one that answered."""
    said = Message()
    said["content-disposition"] = answer.headers.get("content-disposition", "")
    paths = (httpx.URL(url).path, place.path)
    names = [safe_name(one) for one in (said.get_filename() or "", *(unquote(path) for path in paths))]
    return next((one for one in names if "." in one), next((one for one in names if one), "data"))


def safe_name(name: str) -> str:
    """The last part of `name` without what is unsafe in the name of a file; empty if nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = _UNSAFE.sub("_", last).strip(" .")
    if len(plain) <= _LONGEST_NAME:
        return plain
    suffix = Path(plain).suffix[:12]
    return plain[: _LONGEST_NAME - len(suffix)] + suffix
